"""What correcting frozen figures comes to, and the versions of frozen facts with who moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from changai.areas.assessments.models import FactsVersion, Objection, Round
from changai.areas.assessments.policies import sees_all
from changai.areas.assessments.queries.frozen import Frozen, written
from changai.areas.assessments.queries.judging import items_of
from changai.areas.assessments.queries.rescoring import Rescored, rescored
from changai.areas.organisations.models import Unit
from changai.areas.organisations.queries import names_on
from changai.areas.schemes.queries import scheme_of
from changai.core.errors import Invalid
from changai.core.periods import Month
from changai.core.scoring import NotAFigure, parse_value
from changai.core.scoring.statuses import Status
from changai.foundation.actors import Actor


@dataclass(frozen=True)
class Corrected:
    """Frozen figures with corrections, worked out before anything is written; `rescored` once there is a result."""

    version: int
    frozen: list[Frozen] = field(repr=False)
    corrections: list[dict[str, Frozen]]
    rescored: Rescored | None


def correction_of(
    round_: Round,
    units: list[Unit],
    unit: Unit,
    values: Mapping[str, str],
    *,
    by: str,
    at: datetime,
    trail: Mapping[str, Any] | None = None,
) -> Corrected | None:
    """Return what the round's frozen figures come to with other values of one unit, None without any change.

    `trail` is what the corrected rows tell beside value, person and moment: where the new figures come from.

    :raises Invalid: for a field the round does not read, or a value that is no figure
    :raises FactsRefused: when a rule cannot take a corrected figure
    """
    labels = scheme_of(round_.scheme).labels
    kept = {row["field"]: row for row in round_.frozen_facts if row["unit"] == unit.code}
    unknown = set(values) - set(kept)
    if unknown:
        raise Invalid("要更正的数据不在这次考核的冻结数据中，请刷新页面。")
    changed = {}
    for code, typed in values.items():
        after = _corrected_row(kept[code], typed, labels.get(code, code), by=by, at=at)
        if (after["value"], after["status"]) != (kept[code]["value"], kept[code]["status"]):
            changed[code] = after | dict(trail or {})
    if not changed:
        return None
    frozen = [
        changed.get(row["field"], row) if row["unit"] == unit.code else row for row in round_.frozen_facts
    ]
    return Corrected(
        version=round_.version,
        frozen=frozen,
        corrections=[{"before": kept[code], "after": row} for code, row in changed.items()],
        rescored=rescored(round_, frozen, units, round_.exemptions) if round_.scored_at else None,
    )


def changes_panel_points(round_: Round, came_to: Corrected) -> bool:
    """Return whether a correction puts other points in the place of those a panel gave."""
    judged = {item.field for item in items_of(round_)}
    changed = {row["after"]["field"] for row in came_to.corrections}
    return bool(judged & changed) and round_.panelists.exists()


def _corrected_row(row: Frozen, typed: str, label: str, *, by: str, at: datetime) -> Frozen:
    typed = typed.strip()
    if not typed:
        value, status = None, str(Status.NOT_REPORTED)
    else:
        try:
            value = written(parse_value(typed))
        except NotAFigure as fault:
            raise Invalid(f"“{label}”应填数字，现为“{typed[:20]}”，请改正。") from fault
        status = str(Status.REPORTED)
    trail: Frozen = {"corrected_by": by, "corrected_at": at.isoformat(), "was": row["value"]}
    return row | {"value": value, "status": status} | trail


@dataclass(frozen=True)
class Correction:
    """One corrected figure: whose, which, and what it said before and after; None is not reported.

    `registered` is the correction of the register (更正登记) it was taken from.
    """

    unit: str
    label: str
    before: str | None
    after: str | None
    registered: int | None = None


@dataclass(frozen=True)
class Mover:
    """One unit whose result changed: pairs before and after, and the indicators that did it."""

    unit: str
    total: tuple[str, str]
    rank: tuple[int | None, int | None]
    grade: tuple[str, str]
    leaves: tuple[dict[str, Any], ...]

    @property
    def is_new_grade(self) -> bool:
        return self.grade[0] != self.grade[1]

    @property
    def is_new_rank(self) -> bool:
        return self.rank[0] != self.rank[1]


@dataclass(frozen=True)
class Change:
    """One version of the frozen facts after the first, as it is shown: what was corrected, and who moved."""

    kept: FactsVersion
    corrections: tuple[Correction, ...]
    movers: tuple[Mover, ...]


def corrections_named(
    rows: Sequence[Mapping[str, Any]], names: Mapping[str, str], labels: Mapping[str, str]
) -> tuple[Correction, ...]:
    """Return kept corrections as they are shown, of the units in `names`."""
    return tuple(
        Correction(
            names[row["after"]["unit"]],
            labels.get(row["after"]["field"], row["after"]["field"]),
            row["before"]["value"],
            row["after"]["value"],
            row["after"].get("registered"),
        )
        for row in rows
        if row["after"]["unit"] in names
    )


def movers_named(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> tuple[Mover, ...]:
    """Return kept moves as they are shown, of the units in `names`."""
    return tuple(
        Mover(
            names[move["unit"]],
            tuple(move["total"]),
            tuple(move["rank"]),
            tuple(move["grade"]),
            tuple(move["leaves"]),
        )
        for move in rows
        if move["unit"] in names
    )


def names_read_by(actor: Actor, round_: Round, units: QuerySet[Unit]) -> dict[str, str]:
    """Return those of the units whose results the actor reads, by code: their names at the end of the round."""
    if not sees_all(actor):
        units = units.filter(path__startswith=actor.unit_path) if actor.unit_path else units.none()
    codes = dict(units.values_list("code", "pk"))
    named = names_on(codes.values(), Month.of(round_.last_month).last_on)
    return {code: named[pk] for code, pk in codes.items()}


def changes_of(actor: Actor, round_: Round) -> list[Change]:
    """Return every correction of a round's facts, the latest first; units read what concerns their own branch."""
    labels = scheme_of(round_.scheme).labels
    names = names_read_by(actor, round_, Unit.objects.filter(participations__round=round_))
    versions = round_.facts_versions.filter(number__gt=1).order_by("-number")
    found = [_change(kept, names, labels) for kept in versions]
    return [change for change in found if change.corrections or change.movers]


def change_by(objection: Objection) -> Change | None:
    """Return what deciding an objection corrected and moved for the unit that objected, or None."""
    kept, unit = objection.facts_version, objection.unit
    if kept is None:
        return None
    return _change(kept, {unit.code: unit.short_name}, scheme_of(objection.round.scheme).labels)


def _change(kept: FactsVersion, names: Mapping[str, str], labels: Mapping[str, str]) -> Change:
    """Return a version as it is shown to who reads the units of `names` (by code)."""
    return Change(kept, corrections_named(kept.corrections, names, labels), movers_named(kept.moves, names))
