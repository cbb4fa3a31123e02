"""What a trial run of a draft shows before it is issued. Pure; nothing of it is a result."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from changai.areas.schemes.rules.versions import reviewed_fields
from changai.core.burden import meter
from changai.core.scoring import Node, Reviewed, Scorecard, Table
from changai.core.scoring.audit import Audit, LeafAudit, audit
from changai.core.scoring.decimals import fixed

SATURATED = 0.95
MONTHS_A_YEAR = 12
# Influence this far from the nominal share is worth a look, in either direction.
DRIFT = 2.0
# A correlation with the other points this far below nothing goes against them; nearer to nothing it is chance.
AGAINST = -0.2


@dataclass(frozen=True)
class LeafTrial:
    """One indicator over all units. Shares are from 0 to 1; `notes` are keys of `NOTES`."""

    code: str
    name: str
    points: str
    nominal: float
    influence: float
    at_full: float
    missing: float
    lowest: str
    highest: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class UnitTrial:
    """One unit under the draft and under the version it is compared with; `moved` is places gained (negative: lost)."""

    unit: str
    total: str
    rank: int | None
    grade: str
    other_total: str
    other_rank: int | None
    gained: str
    moved: int

    @property
    def moved_down(self) -> int:
        return -self.moved


@dataclass(frozen=True)
class Doubled:
    """A figure that several indicators score."""

    field: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Costs:
    """What a table asks of one unit in a year: figures read, those filled in by hand, hours by the burden meter."""

    figures: int
    asked: int
    hours: Decimal


@dataclass(frozen=True)
class Trial:
    """A trial run of one table."""

    units: int
    leaves: tuple[LeafTrial, ...]
    doubled: tuple[Doubled, ...]
    redundant: tuple[tuple[str, str, float], ...]
    costs: Costs
    alpha: float | None
    relative: float
    spread: str

    def count(self, note: str) -> int:
        """Return how many indicators carry a note."""
        return sum(note in leaf.notes for leaf in self.leaves)


def trial_of(card: Scorecard, sources: Mapping[str, str]) -> Trial:
    """Return what a scored draft shows. `sources` says of each known field how it comes: `figure` when units fill it
    in by hand, `prefilled` when they only look over it, "" when they have nothing to do with it.
    """
    found = audit(card)
    totals = card.totals.total
    spread = int(totals.max() - totals.min()) if len(totals) else 0
    return Trial(
        units=len(card.units),
        leaves=tuple(_leaf(card, found, row, sources) for row in range(len(card.table.leaves))),
        doubled=_doubled(card.table),
        redundant=found.redundant,
        costs=costs_of(card.table, sources),
        alpha=found.cronbach_alpha,
        relative=found.relative_points,
        spread=fixed(spread, card.decimals),
    )


def costs_of(table: Table, sources: Mapping[str, str]) -> Costs:
    """Return what a table asks of one unit in a year of monthly sheets. A figure that nobody knows has to be asked."""
    judged = set(reviewed_fields(table))
    kinds = [sources.get(name, "figure") for name in table.fields() if name not in judged]
    asked = {kind: kinds.count(kind) for kind in ("figure", "prefilled")}
    sheets = 1 if any(asked.values()) else 0
    month = meter.Asked(asked, sheets).minutes
    return Costs(len(kinds), asked["figure"], meter.hours_of(month * MONTHS_A_YEAR))


def _leaf(card: Scorecard, found: Audit, row: int, sources: Mapping[str, str]) -> LeafTrial:
    leaf, told = card.table.leaves[row], found.leaves[row]
    points = card.points[row]
    notes = tuple(_notes(leaf, told, points, sources))
    return LeafTrial(
        leaf.code, leaf.name, fixed(int(leaf.points * card.scale), card.decimals), told.nominal, told.influence,
        told.at_full, told.not_reported, _text(points, card, np.min), _text(points, card, np.max), notes,
    )  # fmt: skip


def _notes(leaf: Node, told: LeafAudit, points: np.ndarray, sources: Mapping[str, str]) -> Iterator[str]:
    """Return what is worth a look at one indicator, as keys the page has words for."""
    fields = leaf.rule.fields() if leaf.rule else ()
    is_flat = len(points) > 1 and int(points.max()) == int(points.min())
    marks = {
        "unknown": any(name not in sources for name in fields) and not isinstance(leaf.rule, Reviewed),
        "unavailable": told.not_reported >= 1,
        "partly": 0 < told.not_reported < 1,
        "flat": is_flat,
        "saturated": not is_flat and told.at_full >= SATURATED,
        "cliff": told.near_step > 0,
        "against": not is_flat and told.with_rest < AGAINST,
        "relative": told.is_relative,
        "drift": not is_flat and _drifts(told.nominal, told.influence),
    }
    return (name for name, holds in marks.items() if holds)


def _drifts(nominal: float, influence: float) -> bool:
    return nominal > 0 and (influence > DRIFT * nominal or influence < nominal / DRIFT)


def _text(points: np.ndarray, card: Scorecard, pick: Callable[[np.ndarray], Any]) -> str:
    return fixed(int(pick(points)), card.decimals) if len(points) else ""


def _doubled(table: Table) -> tuple[Doubled, ...]:
    readers: dict[str, list[str]] = {}
    for leaf in table.leaves:
        for name in leaf.rule.fields() if leaf.rule else ():
            readers.setdefault(name, []).append(leaf.code)
    # Denominators such as a target serve several rates without counting anything twice.
    counted = Counter(name for leaf in table.leaves for name in (leaf.rule.fields()[:1] if leaf.rule else ()))
    return tuple(Doubled(name, tuple(codes)) for name, codes in readers.items() if counted[name] > 1)


def units_of(card: Scorecard, other: Scorecard | None) -> tuple[UnitTrial, ...]:
    """Return the units by their place under the draft, each with its place under the other version."""
    rows = []
    for score in card.standings():
        before = other.of(score.unit) if other is not None and score.unit in other.units else None
        moved = before.rank - score.rank if before and before.rank and score.rank else 0
        gained = _gain(card, other, score.total, before.total) if before and other else ""
        rows.append(
            UnitTrial(
                score.unit, card.total_text(score.total), score.rank, score.grade or "",
                other.total_text(before.total) if before and other else "", before.rank if before else None,
                gained, moved,
            )
        )  # fmt: skip
    return tuple(rows)


def _gain(card: Scorecard, other: Scorecard, total: int, before: int) -> str:
    gap = Fraction(total, card.scale) - Fraction(before, other.scale)
    return f"{float(gap):+.2f}" if gap else "0.00"
