"""Checks that order the review of figures. They ask for a look; they never change points, block or accuse."""

from collections import defaultdict
from typing import Any

import numpy as np

from changai.areas.assessments.models import Round, SelfScore
from changai.areas.assessments.queries.rounds import assessed_units
from changai.areas.schemes.queries import scheme_of
from changai.areas.schemes.rules import MOST_DECIMALS
from changai.core import scoring
from changai.core.scoring.checks import decide, outliers, self_scores

# Counts this large differ by orders of magnitude between units and are compared on a log scale.
LARGE_COUNT = 100


def flags_of(round_: Round, card: scoring.Scorecard, code: str) -> tuple[dict[str, list[str]], str]:
    """Return what the checks of all indicators find of this one and of the self-scores, and how much is chance."""
    tests, labels = [], scheme_of(round_.scheme).labels
    owner: dict[str, str] = {}
    for leaf in card.table.leaves:
        for name in leaf.rule.fields() if leaf.rule else ():
            column = card.facts.column(name)
            known = np.flatnonzero((column.statuses == 0) & ~column.is_mark)
            if name in owner or not len(known):
                continue
            owner[name] = leaf.code
            values = column.floats[known]
            scale = "log" if values.min() > 0 and values.max() >= LARGE_COUNT else "linear"
            names = [card.units[int(place)] for place in known]
            tests += list(outliers(names, name, values, scale=scale))
    tests += list(self_scores(card.units, *_own_and_computed(round_, card)))
    run = decide(tests)
    called = {unit.code: unit.short_name for unit in assessed_units(round_)}
    here = {name for name, leaf_code in owner.items() if leaf_code == code} | {"自评与复核"}
    found: dict[str, list[str]] = defaultdict(list)
    for flag in run.flags:
        if flag.indicator in here:
            label = labels.get(flag.indicator, flag.indicator)
            told = f"{label}：{flag.zh}，需要核实。可能的正常原因：{flag.innocent_zh}。"
            found[flag.unit].append(told.replace(flag.unit, called.get(flag.unit, flag.unit)))
    return found, run.words()


def _own_and_computed(round_: Round, card: scoring.Scorecard) -> tuple[Any, Any]:
    """Return self-scores and computed points, units x indicators in points; NaN where a unit gave none."""
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
    if not given.all():
        return np.zeros((0, 0)), np.zeros((0, 0))
    return own, computed
