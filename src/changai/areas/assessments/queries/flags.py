"""Checks that order the review of figures. They ask for a look; they never change points, block or accuse."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from changai.areas.assessments.models import Round, SelfScore
from changai.areas.assessments.queries.histories import Noted, notes_of_files, notes_of_months
from changai.areas.assessments.queries.items import fields_of_item
from changai.areas.assessments.queries.rounds import assessed_units
from changai.areas.schemes.queries import scheme_of
from changai.areas.schemes.rules import MOST_DECIMALS
from changai.core import scoring
from changai.core.scoring.checks import FALSE_DISCOVERIES, Flag, Run, decide, outliers, self_scores

# Counts this large differ by orders of magnitude between units and are compared on a log scale.
LARGE_COUNT = 100


def flags_of(round_: Round, card: scoring.Scorecard, code: str) -> tuple[dict[str, list[str]], str]:
    """Return what the checks find of an indicator, of its figures over the months and of the self-scores, a sentence
    each by the code of the unit, and how much of it is chance.
    """
    units = assessed_units(round_)
    codes = fields_of_item(round_, code)
    families = [
        _among_peers(round_, card, codes),
        *notes_of_months(round_, units, codes),
        notes_of_files(round_, code),
    ]
    told: list[Flag] = []
    found: dict[str, list[str]] = defaultdict(list)
    for family in families:
        labels = {id(noted.flag): noted.label for noted in family}
        for flag in decide(noted.flag for noted in family).flags:
            if label := labels[id(flag)]:
                told.append(flag)
                sentence = f"{label}：{flag.zh}，需要核实。可能的正常原因：{flag.innocent_zh}。"
                found[flag.unit].append(sentence)
    whole = Run(sum(len(family) for family in families), tuple(told), FALSE_DISCOVERIES)
    return found, whole.words()


def _among_peers(round_: Round, card: scoring.Scorecard, codes: Sequence[str]) -> list[Noted]:
    """Return the tests of all figures of the round beside each other, those not among `codes` without a label."""
    tests, labels = [], scheme_of(round_.scheme).labels
    seen: set[str] = set()
    for leaf in card.table.leaves:
        for name in leaf.rule.fields() if leaf.rule else ():
            column = card.facts.column(name)
            known = np.flatnonzero((column.statuses == 0) & ~column.is_mark)
            if name in seen or not len(known):
                continue
            seen.add(name)
            values = column.floats[known]
            scale = "log" if values.min() > 0 and values.max() >= LARGE_COUNT else "linear"
            names = [card.units[int(place)] for place in known]
            label = labels.get(name, name) if name in codes else ""
            tests += [Noted(flag, label) for flag in outliers(names, name, values, scale=scale)]
    claims = self_scores(*_own_and_computed(round_, card))
    return tests + [Noted(flag, flag.indicator) for flag in claims]


def _own_and_computed(round_: Round, card: scoring.Scorecard) -> tuple[list[str], Any, Any]:
    """Return the units that scored themselves, their self-scores and their computed points, units x indicators in
    points; NaN where a unit gave none.
    """
    shape = len(card.units), len(card.table.leaves)
    own, computed = np.full(shape, np.nan), card.points.T / card.scale
    units = {code: place for place, code in enumerate(card.units)}
    leaves = {leaf.code: place for place, leaf in enumerate(card.table.leaves)}
    rows = SelfScore.objects.filter(participant__round=round_).values_list(
        "participant__unit__code", "code", "points_hundredths"
    )
    for unit, code, points in rows:
        if unit in units and code in leaves:
            own[units[unit], leaves[code]] = points / 10**MOST_DECIMALS
    given = ~np.isnan(own).all(axis=1)
    return [unit for unit, gave in zip(card.units, given, strict=True) if gave], own[given], computed[given]
