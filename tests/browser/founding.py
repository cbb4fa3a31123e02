"""Fills an empty data folder, in a process of its own: `python -m tests.browser.founding office|city|counties`.

`office` is an installation as the office finds it on its first working day: the city, the office, its people, the
three administrators and the field dictionary; everything else comes through the pages. `city` is the demonstration
city with two months of history, or with all six when its pictures are taken (CHANGAI_PICTURES=1). `counties` is a city
of six counties whose figures of the last two months the office has entered, and nothing else.
"""

import os
import sys
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import django

from tests.browser import counties

if TYPE_CHECKING:
    from changai.cli.demonstration.dictionary import FieldSeed
    from changai.foundation.actors import Actor

MONTHS = 6 if os.environ.get("CHANGAI_PICTURES") == "1" else 2
ASKED = (
    "training_persons",
    "training_certified",
    "union_members",
    "stations_new",
    "contract_due",
    "contract_signed",
)


def found_city(at: datetime) -> None:
    """Load the demonstration city."""
    from changai.cli import demonstration

    demonstration.load(now=at, months=MONTHS, say=print)
    (Path(os.environ["CHANGAI_DATA"]) / "demonstration").touch()


def found_office(at: datetime) -> None:
    """Set up the city, the office and its people, and the dictionary."""
    from changai.cli.demonstration import city

    _found_units([city.CITY, city.OFFICE], at)
    _write_dictionary(at)


def found_counties(at: datetime) -> None:
    """Set up the city of six counties, its people, its dictionary, and the figures of the last two months."""
    from changai.areas.facts.actions import Entered, enter_figures
    from changai.areas.facts.models import Field
    from changai.areas.organisations.models import Unit
    from changai.cli.demonstration import city
    from changai.cli.demonstration.dictionary import FIELDS

    _found_units([city.CITY, city.OFFICE, *counties.UNITS], at)
    officer = _officer()
    for seed in FIELDS:
        if seed.code in counties.FIELDS:
            _add_field(officer, replace(seed, source="office", source_key=""), at)
    fields = dict(Field.objects.values_list("code", "pk"))
    for unit in Unit.objects.filter(code__in=counties.FIGURES):
        for month, figures in zip(counties.months(at.date()), counties.FIGURES[unit.code], strict=True):
            entered = [Entered(fields[code], Decimal(value), None) for code, value in figures.items()]
            enter_figures(officer, unit.pk, month=month, figures=entered, at=at)


def _found_units(seeds: list[tuple[str, str, str, str, str]], at: datetime) -> None:
    """Set up units, the city first, name the city, and open an account for every post."""
    from changai.areas.organisations.actions import NewUnit, add_unit, save_city
    from changai.areas.organisations.models import Unit
    from changai.cli.demonstration import city
    from changai.cli.demonstration.people import open_accounts
    from changai.foundation.actors import MACHINE

    root: Unit | None = None
    for code, name, short_name, level, _ in seeds:
        unit = add_unit(
            MACHINE,
            NewUnit(code, name, short_name, level),
            parent_id=root.pk if root else None,
            on=city.FOUNDED_ON,
            at=at,
        )
        root = root or unit
    save_city(
        MACHINE,
        version=1,
        city_name="示范市",
        body_name="产业工人队伍建设改革协调小组",
        office_name="示范市产业工人队伍建设改革协调小组办公室",
        office_short_name="市产改办",
        at=at,
    )
    open_accounts(MACHINE, list(Unit.objects.all()), at=at)


def _officer() -> "Actor":
    from changai.areas.accounts.models import Person
    from changai.areas.accounts.queries import actor_of

    officer = actor_of(Person.objects.get(login="office"))
    assert officer
    return officer


def _add_field(officer: "Actor", seed: "FieldSeed", at: datetime) -> None:
    from changai.areas.facts.actions import FieldEntry, add_field

    entry = FieldEntry(
        name=seed.name,
        unit_of_measure=seed.unit_of_measure,
        decimals=0,
        definition=seed.definition,
        source=seed.source,
        source_key=seed.source_key,
        gathering=seed.gathering,
        valid_from=at.date().replace(year=at.year - 1, month=1, day=1),
    )
    add_field(officer, seed.code, entry, at=at)


def _write_dictionary(at: datetime) -> None:
    from changai.cli.demonstration.dictionary import FIELDS

    officer = _officer()
    for seed in FIELDS:
        if seed.source not in {"report", "register"} or seed.code in ASKED:
            _add_field(officer, seed, at)


def main(what: str) -> None:
    os.environ["CHANGAI_DEMONSTRATION"] = "1"  # opens accounts that share one password
    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    call_command("migrate", interactive=False, verbosity=0)
    {"office": found_office, "city": found_city, "counties": found_counties}[what](timezone.localtime())


if __name__ == "__main__":
    main(sys.argv[1])
