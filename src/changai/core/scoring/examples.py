"""What a rule does, shown on made-up figures: the points and sentences are the engine's own."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from changai.core.scoring.decimals import decimal_places, show
from changai.core.scoring.facts import Facts
from changai.core.scoring.findings import Refused
from changai.core.scoring.measures import Difference, Growth, Measure, Ratio, Value
from changai.core.scoring.model import Field, Node, Scheme, Table
from changai.core.scoring.rules import (
    Checklist,
    Escalating,
    Imported,
    Linear,
    PerItem,
    PerStep,
    Reviewed,
    Rule,
    Tiers,
    WithinTarget,
)
from changai.core.scoring.scorecard import score
from changai.core.scoring.statuses import Status
from changai.core.scoring.voice import Language

MOST_EXAMPLES = 6
_DENOMINATORS = (100, 1000, 10000)
_FINEST = 4
_SPREAD = (Fraction(100), Fraction(90), Fraction(80), Fraction(80), Fraction(60))
_ZERO, _ONE = Fraction(0), Fraction(1)

Given = dict[str, Fraction]


@dataclass(frozen=True)
class Example:
    """Made-up figures of one unit, each as (field, what it is), with the points and the sentence they give."""

    figures: tuple[tuple[str, str], ...]
    points: str
    sentence: str


def examples(
    rule: Rule, points: Fraction, fields: Sequence[Field] = (), lang: Language = "zh"
) -> tuple[Example, ...]:
    """Return a few cases of a rule worth `points`, those where something changes first of all.

    Empty when the rule does not hold together. A rule that compares units is shown on five units at once.
    """
    given = _cases(rule, points)[:MOST_EXAMPLES]
    units = [f"例{number}" for number in range(1, len(given) + 1)]
    known = {field.name: field for field in fields}
    declared = tuple(known.get(name, Field(name, name)) for name in rule.fields())
    table = Table("例", (Node("1", "例", points, rule),), points, void="zero")
    rows = [
        (unit, name, _decimal(value), Status.REPORTED)
        for unit, case in zip(units, given, strict=True)
        for name, value in case.items()
    ]
    try:
        card = score(Scheme("例", {"例": table}, fields=declared), "例", Facts.from_rows(rows, units=units))
    except Refused:
        return ()
    found = []
    for unit, case in zip(units, given, strict=True):
        leaf = card.leaves(unit)[0]
        figures = tuple((name, show(value)) for name, value in case.items())
        found.append(Example(figures, leaf.points_text, leaf.sentence(lang)))
    return tuple(found)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _cases(rule: Any, points: Fraction) -> list[Given]:
    if isinstance(rule, PerItem | Checklist):
        return _counted(rule, points)
    if isinstance(rule, Reviewed | Imported):
        top = rule.out_of if isinstance(rule, Imported) else points if rule.hi is None else rule.hi
        low = _ZERO if isinstance(rule, Imported) else rule.lo
        return [{rule.field: value} for value in dict.fromkeys((top, (top + low) / 2, low))]
    if isinstance(rule, Escalating):
        return [{rule.field: Fraction(count)} for count in range(len(rule.losses) + 1)]
    measure = getattr(rule, "of", None)
    if isinstance(measure, Measure):
        solved = [_solved(measure, value) for value in _values(rule)]
        return [case for case in solved if case is not None]
    return [dict.fromkeys(rule.fields(), value) for value in (_ZERO, _ONE, Fraction(10))]


def _values(rule: Any) -> tuple[Fraction, ...]:
    """Return the values of the measure where the rule turns, and one between each two."""
    if isinstance(rule, Linear):
        edges = [value for value, _share in rule.knots]
        middles = [(low + high) / 2 for low, high in itertools.pairwise(edges)]
        return tuple(sorted({*edges, *middles}, reverse=True))
    if isinstance(rule, Tiers):
        finest = max((decimal_places(bound) or 0 for bound in rule.bounds), default=0)
        least = Fraction(1, 10**finest)
        beyond = [rule.bounds[-1] + least if rule.descending else rule.bounds[0] - least]
        return tuple(sorted({*rule.bounds, *beyond}, reverse=not rule.descending))
    if isinstance(rule, PerStep):
        away = rule.step if rule.side == "above" else -rule.step
        return tuple(rule.target + away * times for times in (_ZERO, Fraction(1, 2), _ONE, Fraction(4)))
    if isinstance(rule, WithinTarget):
        return (rule.target, rule.target * Fraction(5, 4), rule.target * 2)
    return _SPREAD


def _solved(measure: Measure, value: Fraction) -> Given | None:
    """Return figures for which the measure has the value."""
    if isinstance(measure, Value):
        return {measure.field: value} if value >= 0 else None
    if isinstance(measure, Ratio):
        for below in _DENOMINATORS:
            above = value * below / measure.times
            if above >= 0 and above.denominator == 1:
                return {measure.num: above, measure.den: Fraction(below)}
        return None
    if isinstance(measure, Growth):
        now = 100 + value * 100 / measure.times
        return {measure.cur: now, measure.prev: Fraction(100)} if _is_plain(now) else None
    if isinstance(measure, Difference) and _is_plain(value):
        first, second = measure.fields()[:2]
        return {first: value + 100, second: Fraction(100)}
    return None


def _is_plain(value: Fraction) -> bool:
    places = decimal_places(value)
    return places is not None and places <= _FINEST


def _counted(rule: PerItem | Checklist, points: Fraction) -> list[Given]:
    names = rule.fields()
    nothing = dict.fromkeys(names, _ZERO)
    if isinstance(rule, Checklist):
        steps = [dict(nothing)]
        for name in names:
            steps.append({**steps[-1], name: _ONE})
        return [steps[0], *steps[1:][-MOST_EXAMPLES + 1 :]]
    single = [{**nothing, name: _ONE} for name in names]
    largest = min(abs(each) for _name, each in rule.items)
    many = -(-points // largest) + 1
    cases = [nothing, *single, {**nothing, names[0]: Fraction(3)}, {**nothing, names[0]: Fraction(many)}]
    return cases if len(cases) <= MOST_EXAMPLES else [*cases[: MOST_EXAMPLES - 1], cases[-1]]
