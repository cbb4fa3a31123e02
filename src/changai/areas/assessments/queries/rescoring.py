"""Scoring again: which indicators have anything new to say, and who moved."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from changai.areas.assessments.models import Round
from changai.areas.assessments.queries.frozen import Frozen, Place, card_of, fields_of
from changai.areas.assessments.queries.kept import kept_leaves, kept_result, kept_score
from changai.areas.organisations.models import Unit
from changai.core import scoring

Exemptions = list[dict[str, str]]


@dataclass(frozen=True)
class Rescored:
    """What scoring came to, worked out before anything is written.

    `scores` are the columns of every unit by its code; `leaves` those of the indicators that have anything new to
    say. `moves` are the units whose points, place or grade are others than before (see `FactsVersion.moves`).
    """

    version: int
    frozen: list[Frozen] = field(repr=False)
    exemptions: Exemptions
    digest: str
    result: dict[str, Any] = field(repr=False)
    units: list[Unit] = field(repr=False)
    scores: dict[str, dict[str, Any]] = field(repr=False)
    leaves: dict[str, list[dict[str, Any]]] = field(repr=False)
    moves: list[dict[str, Any]] = field(repr=False)


def rescored(round_: Round, frozen: list[Frozen], units: list[Unit], exemptions: Exemptions) -> Rescored:
    """Return what scoring these figures comes to; sentences are made only where something changed.

    :raises FactsRefused: when an accepted figure cannot be what its rule takes it for
    """
    card = card_of(round_, frozen, exemptions)
    before = _card_before(round_, card)
    stale = None if before is None else _stale(round_, before, card, frozen, exemptions)
    by_unit = fields_of(frozen)
    leaves = {
        code: kept_leaves(card, code, by_unit.get(code, {}), only=None if stale is None else stale[code])
        for code in card.units
        if stale is None or stale.get(code)
    }
    return Rescored(
        version=round_.version,
        frozen=frozen,
        exemptions=exemptions,
        digest=card.digest,
        result=kept_result(card),
        units=units,
        scores={code: kept_score(card, code) for code in card.units},
        leaves=leaves,
        moves=[] if before is None else list(_moves(before, card)),
    )


def _card_before(round_: Round, card: scoring.Scorecard) -> scoring.Scorecard | None:
    """Return the scorecard of the result that is kept, or None when it cannot be built upon."""
    if round_.scored_at is None:
        return None
    try:
        before = card_of(round_, round_.frozen_facts)
    except scoring.FactsRefused:
        return None
    return before if before.units == card.units else None


def _stale(
    round_: Round,
    before: scoring.Scorecard,
    card: scoring.Scorecard,
    frozen: list[Frozen],
    exemptions: Exemptions,
) -> dict[str, set[str]]:
    """Return the codes of the indicators, by unit, whose row must be written anew.

    A rule that compares units, or a mean of them, speaks of all units: one changed figure makes every sentence stale.
    """
    touched = _changed_cells(round_.frozen_facts, frozen)
    stale: dict[str, set[str]] = {unit: set() for unit in card.units}
    _mark_changed(stale, before, card)
    for row in (*round_.exemptions, *exemptions):
        if (row in round_.exemptions) != (row in exemptions):
            stale[row["unit"]] |= {leaf.code for leaf in card.table.leaves}
    for leaf in card.table.leaves:
        rule = leaf.rule
        if rule is None:
            continue
        hit = {unit for unit, name in touched if name in rule.fields()}
        for unit in card.units if hit and rule.reads_relative() else hit:
            stale[unit].add(leaf.code)
    extras: list[scoring.Bonus | scoring.Penalty] = [*card.table.bonus, *card.table.penalty]
    names = {name for item in extras for name in item.rule.fields()}
    hit = {unit for unit, name in touched if name in names}
    if hit and any(item.rule.reads_relative() for item in extras):
        hit = set(card.units)
    for unit in hit:
        stale[unit] |= {item.code for item in extras}
    return stale


def _changed_cells(before: list[Frozen], after: list[Frozen]) -> set[Place]:
    kept = {(row["unit"], row["field"]): row for row in before}
    return {(row["unit"], row["field"]) for row in after if kept.get((row["unit"], row["field"])) != row}


def _mark_changed(stale: dict[str, set[str]], before: scoring.Scorecard, card: scoring.Scorecard) -> None:
    moved = (
        (before.points != card.points) | (before.statuses != card.statuses) | (before.removed != card.removed)
    )
    for row, place in np.argwhere(moved):
        stale[card.units[int(place)]].add(card.table.leaves[int(row)].code)


def _moves(before: scoring.Scorecard, card: scoring.Scorecard) -> Iterator[dict[str, Any]]:
    """Yield the units whose points, place or grade changed, those who now stand first before the others."""
    for row in card.standings():
        was = before.of(row.unit)
        if (was.total, was.rank, was.grade) == (row.total, row.rank, row.grade):
            continue
        place = card.facts.place(row.unit)
        leaves = [
            {
                "code": leaf.code,
                "name": leaf.name,
                "points": [
                    before.text(int(before.points[number, place])),
                    card.text(int(card.points[number, place])),
                ],
            }
            for number, leaf in enumerate(card.table.leaves)
            if before.points[number, place] != card.points[number, place]
        ]
        yield {
            "unit": row.unit,
            "total": [before.text(was.total), card.text(row.total)],
            "rank": [was.rank, row.rank],
            "grade": [was.grade or "", row.grade or ""],
            "leaves": leaves,
        }


def result_of(round_: Round) -> dict[str, Any]:
    """Return the whole result of a round as it is printed, sentences and all, made from the frozen figures."""
    return card_of(round_, round_.frozen_facts).result()
