"""Review steps that nobody can do: their unit has no reviewer who can sign in, or the office has too few people."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count

from changai.areas.accounts import queries as accounts
from changai.areas.organisations import queries as organisations
from changai.areas.reporting.models import Form, Route
from changai.areas.reporting.queries.composed import owing_units
from changai.areas.reporting.queries.reviewing import routes_of, steps_whose_turn_it_is
from changai.areas.reporting.rules import routes
from changai.areas.reporting.rules.routes import DEFAULT, REVIEWING_LEVELS, Above, PlannedStep
from changai.foundation.actors import OFFICE, Role

if TYPE_CHECKING:
    from changai.areas.organisations.models import Unit


@dataclass(frozen=True)
class Unmanned:
    """A step that stops the reports of so many units: `unit` has no reviewer, or (None) the office too few people."""

    step_name: str
    unit: "Unit | None"
    reports: int


def unmanned_steps(form: Form, *, on: date) -> list[Unmanned]:
    """Return the steps of a form's routes that would stop reports as people and units stand on a day."""
    owing = owing_units(form, on=on)
    units = {unit.pk: unit for unit in organisations.units_by_id(_line_ids(owing))}
    planned = {one.level: _planned(one) for one in routes_of(form)}
    named = {step.unit_id for steps in planned.values() for step in steps if step.unit_id is not None}
    units |= {unit.pk: unit for unit in organisations.units_by_id(named)}
    closed = frozenset(pk for pk, unit in units.items() if not unit.is_open)
    stopped: Counter[tuple[str, int | None]] = Counter()
    manned = _manned(units)
    office = accounts.holders_of(*OFFICE).count()
    for unit in owing:
        route = planned.get(unit.level) or planned.get("") or DEFAULT
        steps = routes.steps_for(route, unit.pk, _above(unit, units), closed)
        stopped.update(
            (step.name, step.unit_id) for step in steps if step.unit_id and step.unit_id not in manned
        )
        stopped.update((step.name, None) for step in _office_steps(steps)[office:])
    return [
        Unmanned(name, units[unit_id] if unit_id is not None else None, number)
        for (name, unit_id), number in sorted(stopped.items(), key=lambda item: (item[0][0], item[0][1] or 0))
    ]


def _planned(route: Route) -> list[PlannedStep]:
    return [PlannedStep(step.stage, step.name, step.post, step.unit_id) for step in route.steps.all()]


def _line_ids(owing: "Sequence[Unit]") -> set[int]:
    return {int(part) for unit in owing for part in unit.path.split(".") if part}


def _above(unit: "Unit", units: "Mapping[int, Unit]") -> list[Above]:
    line = [units[int(part)] for part in reversed(unit.path.split(".")[:-2]) if part]
    return [Above(one.pk, one.level in REVIEWING_LEVELS, one.is_open) for one in line]


def _manned(unit_ids: Mapping[int, object]) -> set[int]:
    return set(accounts.people_of(unit_ids, [Role.COUNTY_REVIEWER]).values_list("unit_id", flat=True))


def _office_steps(steps: Sequence[PlannedStep]) -> list[PlannedStep]:
    return [step for step in steps if step.post == routes.OFFICE]


@dataclass(frozen=True)
class Stuck:
    """So many signed reports of a form that wait for a unit without a reviewer."""

    form_id: int
    unit_name: str
    reports: int


def stuck_reviews() -> list[Stuck]:
    """Return what waits today for a unit that has no reviewer who can sign in."""
    reviewers = accounts.holders_of(Role.COUNTY_REVIEWER).order_by().values("unit")
    waiting = steps_whose_turn_it_is().filter(post=routes.UNIT, unit__closed_on__isnull=True)
    form = "submission__report__obligation__period__form"
    rows = waiting.exclude(unit__in=reviewers).order_by("unit__position", form)
    counted = rows.values_list(form, "unit__short_name").annotate(reports=Count("pk"))
    return [Stuck(*row) for row in counted]
