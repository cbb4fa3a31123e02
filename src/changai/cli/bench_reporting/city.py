"""A large city for the measurement: counties, their units, one form of many items, claimed measures, people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from changai.core.periods import Month
from changai.foundation.actors import Actor, Role

MONTH = Month(2026, 10)
OPENED = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)
DEADLINE = datetime(2026, 11, 5, 9, 0, tzinfo=UTC)  # 17:00 of the due day
UNITS_A_COUNTY = 50
FOUNDED = date(2020, 1, 1)
OFFICE = Actor(None, "办公室", Role.OFFICE_OFFICER)


@dataclass(frozen=True)
class LargeCity:
    """What the measurement works on: the ids of the units that report, and the form they owe."""

    unit_ids: list[int]
    form_id: int


def found_city(units: int, items: int) -> LargeCity:
    """Make a city whose `units` units below counties owe a form of `items` items, a sixth of them claimed tasks."""
    from changai.areas.reporting.actions import FormEntry, create_form, issue_form

    unit_ids = _make_units(units)
    tasks = items // 6
    _make_claims(unit_ids, tasks)
    fields = _make_fields(items - tasks)
    form = create_form(OFFICE, FormEntry("月度台账", ["sub"], fields), at=OPENED)
    issue_form(OFFICE, form.pk, at=OPENED)
    return LargeCity(unit_ids, form.pk)


def _make_units(units: int) -> list[int]:
    city = _insert([("000", "大市", "city", None)])[0]
    _insert([("001", "市产改办", "office", city)])
    counties = _insert(
        [(f"K{place:03d}", f"第{place}县", "county", city) for place in range(-(-units // UNITS_A_COUNTY))]
    )
    below = [
        (f"B{place:05d}", f"第{place}单位", "sub", counties[place // UNITS_A_COUNTY])
        for place in range(units)
    ]
    return [unit.pk for unit in _insert(below)]


def _insert(rows: list[tuple[str, str, str, Any]]) -> list[Any]:
    from changai.areas.organisations.models import Unit, UnitVersion

    made = Unit.objects.bulk_create(
        (
            Unit(
                code=code,
                name=name,
                short_name=name,
                level=level,
                parent=parent,
                position=place,
                founded_on=FOUNDED,
            )
            for place, (code, name, level, parent) in enumerate(rows)
        ),
        batch_size=500,
    )
    for unit in made:
        unit.path = f"{unit.parent.path if unit.parent else ''}{unit.pk}."
    Unit.objects.bulk_update(made, ["path"], batch_size=500)
    UnitVersion.objects.bulk_create(
        (
            UnitVersion(
                unit=unit, name=unit.name, short_name=unit.name, parent=unit.parent, valid_from=FOUNDED
            )
            for unit in made
        ),
        batch_size=500,
    )
    return made


def _make_claims(unit_ids: list[int], tasks: int) -> None:
    from changai.areas.plans.models import Clause, Measure, Plan
    from changai.areas.tasks.models import Claim

    plan = Plan.objects.create(
        kind="yearly", year=2026, name="工作要点", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31),
        source_digest="0" * 64, uploaded_at=OPENED, status="issued",
    )  # fmt: skip
    clause = Clause.objects.create(plan=plan, position=1, level=0, label="一、")
    measures = Measure.objects.bulk_create(
        Measure(plan=plan, clause=clause, position=place, code=f"M{place}", text=f"推进第{place}项工作")
        for place in range(tasks)
    )
    Claim.objects.bulk_create(
        (
            Claim(
                measure=measure, unit_id=unit_id, text=measure.text, part="lead", status="claimed",
                due_on=date(2026, 12, 31), offered_at=OPENED, answered_at=OPENED,
            )
            for measure in measures
            for unit_id in unit_ids
        ),
        batch_size=500,
    )  # fmt: skip


def _make_fields(figures: int) -> list[int]:
    from changai.areas.facts.models import Field

    fields = Field.objects.bulk_create(
        Field(
            code=f"bench.{place:03d}", name=f"数据项{place}", unit_of_measure="人次", definition="当月新增。",
            source="report", valid_from=FOUNDED,
        )
        for place in range(figures)
    )  # fmt: skip
    return [field.pk for field in fields]


def liaison_of(unit_id: int, path: str) -> Actor:
    """Return the unit's liaison officer as an actor."""
    return Actor(None, "联络员", Role.UNIT_LIAISON, unit_id, path)


def head_of(unit_id: int, path: str) -> Actor:
    """Return the unit's head as an actor."""
    return Actor(None, "负责人", Role.UNIT_HEAD, unit_id, path)
