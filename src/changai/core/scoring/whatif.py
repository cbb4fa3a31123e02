"""What if: the same units with other figures, points or rules, on copies; and what a unit could still gain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from changai.core.scoring.facts import Facts
from changai.core.scoring.model import Node, Scheme
from changai.core.scoring.rules import Rule
from changai.core.scoring.scorecard import Scorecard
from changai.core.scoring.statuses import Status
from changai.core.scoring.totals import rounded_total
from changai.core.scoring.voice import Language


@dataclass(frozen=True, slots=True)
class LeafChange:
    """One leaf whose points changed, with both sentences."""

    code: str
    before: int
    after: int
    sentence_before: str
    sentence_after: str


@dataclass(frozen=True, slots=True)
class UnitChange:
    """One unit before and after; places are None where a unit is not ranked."""

    unit: str
    total_before: int
    total_after: int
    rank_before: int | None
    rank_after: int | None
    leaves: tuple[LeafChange, ...]


@dataclass(frozen=True, slots=True)
class Gain:
    """What one leaf could still give a unit: points to the full mark, how, and the place with them (all else equal)."""

    code: str
    name: str
    points: int
    how: str
    rank: int | None


def with_facts(facts: Facts, changes: Mapping[tuple[str, str], Any]) -> Facts:
    """Return a copy of the facts in which each (unit, field) has the new accepted value.

    :raises KeyError: when a unit is not in the facts.
    :raises FactsRefused: when a value is no figure.
    """
    for unit, _ in changes:
        facts.place(unit)
    kept = [
        (unit, name, fact.value, fact.status, fact.note)
        for name in facts.columns
        for unit in facts.units
        if (unit, name) not in changes
        for fact in (facts.fact(unit, name),)
    ]
    new = [(unit, name, value, Status.REPORTED) for (unit, name), value in changes.items()]
    return Facts.from_rows([*kept, *new], units=facts.units)


def edit(
    scheme: Scheme, category: str, code: str, *, points: Fraction | None = None, rule: Rule | None = None
) -> Scheme:
    """Return a copy of the scheme with one leaf's points or rule changed.

    Points of its ancestors and the full mark of the table follow by the same amount, so that the sums still hold.

    :raises KeyError: when the table has no such leaf.
    """
    table = scheme.tables[category]
    leaf = next((each for each in table.leaves if each.code == code), None)
    if leaf is None:
        raise KeyError(code)
    shift = Fraction(0) if points is None else points - leaf.points
    nodes = tuple(_edited(node, code, shift, rule) for node in table.nodes)
    changed = replace(table, nodes=nodes, full=table.full + shift)
    return replace(scheme, tables={**scheme.tables, category: changed})


def compare(before: Scorecard, after: Scorecard, lang: Language = "zh") -> list[UnitChange]:
    """Return the units of both cards whose total or place differs, in the order of the first card."""
    found = []
    for unit in before.units:
        if unit not in after.units:
            continue
        old, new = before.of(unit), after.of(unit)
        leaves = _leaf_changes(before, after, unit, lang)
        if leaves or (old.total, old.rank) != (new.total, new.rank):
            found.append(UnitChange(unit, old.total, new.total, old.rank, new.rank, leaves))
    return found


def nearest_gains(card: Scorecard, unit: str, lang: Language = "zh") -> list[Gain]:
    """Return what each leaf below its full mark could still give, the largest first.

    Ranks suppose nobody else moves.
    """
    place = card.facts.place(unit)
    exact = int(card.totals.total[place] - card.totals.rounding[place])
    others = np.delete(card.totals.total[card.ranked], np.flatnonzero(np.flatnonzero(card.ranked) == place))
    gains = []
    for leaf in card.leaves(unit):
        missing = leaf.full - leaf.points
        if missing > 0 and leaf.status is not Status.NOT_APPLICABLE:
            reached = rounded_total(card.table, np.array([exact + missing]), scale=card.scale)
            rank = 1 + int((others > reached).sum()) if card.ranked[place] else None
            gains.append(Gain(leaf.code, leaf.name, missing, leaf.regain(lang), rank))
    return sorted(gains, key=lambda gain: -gain.points)


def _edited(node: Node, code: str, shift: Fraction, rule: Rule | None) -> Node:
    if all(leaf.code != code for leaf in node.leaves()):
        return node
    children = tuple(_edited(child, code, shift, rule) for child in node.children)
    new_rule = rule if rule is not None and not node.children else node.rule
    return replace(node, points=node.points + shift, children=children, rule=new_rule)


def _leaf_changes(before: Scorecard, after: Scorecard, unit: str, lang: Language) -> tuple[LeafChange, ...]:
    new = {leaf.code: leaf for leaf in after.leaves(unit)}
    found = []
    for leaf in before.leaves(unit):
        other = new.get(leaf.code)
        if other is not None and (leaf.points, leaf.full) != (other.points, other.full):
            told = leaf.sentence(lang), other.sentence(lang)
            found.append(LeafChange(leaf.code, leaf.points, other.points, *told))
    return tuple(found)
