"""What hangs on a choice: places under each policy for absent figures, and Sobol indices of several choices together.

Source: Saisana, Saltelli & Tarantola (2005); OECD/JRC Handbook (2008), step 7; estimators of Saltelli et al. (2010) and
Jansen (1999).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from changai.core.scoring.fixedpoint import Floats, Integers
from changai.core.scoring.model import ABSENT, Node, Table
from changai.core.scoring.robust.ranks import plain_ranks
from changai.core.scoring.robust.report import score_rates
from changai.core.scoring.scorecard import Scorecard, score

SAMPLES = 1024


@dataclass(frozen=True, slots=True)
class SobolIndices:
    """For each input the share of the variance it explains alone (`first`), and with everything it takes part in."""

    inputs: tuple[str, ...]
    first: Floats
    total: Floats
    mean: float
    variance: float


def policy_places(card: Scorecard) -> dict[str, Integers]:
    """Return the places (0: none) the units would take under each policy for figures not reported, in every leaf."""
    found = {}
    for policy in ABSENT:
        table = replace(card.table, missing=policy, nodes=tuple(_without(node) for node in card.table.nodes))
        scheme = replace(card.scheme, tables={**card.scheme.tables, card.table.category: table})
        found[policy] = score(
            scheme, card.table.category, card.facts, not_applicable=card.exempt.reasons
        ).places
    return found


def sobol(
    function: Callable[[Floats], Floats], names: tuple[str, ...], *, samples: int, seed: int
) -> SobolIndices:
    """Return the indices of a function of uniform inputs in [0, 1]; it is given rows of inputs and returns values."""
    generator = np.random.default_rng(seed)
    one, other = generator.random((samples, len(names))), generator.random((samples, len(names)))
    at_one, at_other = function(one), function(other)
    everything = np.concatenate([at_one, at_other])
    variance = float(everything.var())
    first, total = np.zeros(len(names)), np.zeros(len(names))
    for place in range(len(names)):
        mixed = one.copy()
        mixed[:, place] = other[:, place]
        at_mixed = function(mixed)
        if variance > 0:
            first[place] = float((at_other * (at_mixed - at_one)).mean()) / variance
            total[place] = float(((at_one - at_mixed) ** 2).mean()) / 2 / variance
    return SobolIndices(names, first, total, float(everything.mean()), variance)


def rank_shift_indices(
    card: Scorecard, *, rho: float = 0.25, samples: int = SAMPLES, seed: int = 0
) -> SobolIndices:
    """Return which choice moves the places most: the weight of each first-level indicator, and the policy for gaps.

    The output is the mean absolute shift from the official places. Weights are drawn uniformly with relative standard
    deviation `rho` and scaled back to their sum; the last input chooses between zero points and sharing out.

    :raises ValueError: when no unit is ranked
    """
    places = np.flatnonzero(card.ranked)
    if not len(places):
        raise ValueError("no unit is ranked")
    official = card.places[places]
    zero, fixed = score_rates(card, places)
    shared, shared_fixed = _shared_out(card, places)
    groups, nominal = _groups(card.table)

    def shift(rows: Floats) -> Floats:
        factors = 1 + rho * sqrt(3) * (2 * rows[:, :-1] - 1)
        weights = np.maximum(factors, 0.0)[:, groups] * nominal
        weights = weights / weights.sum(axis=1, keepdims=True)
        ranks = np.where(
            (rows[:, -1] < 0.5)[:, None],
            plain_ranks(zero, fixed, weights).astype(np.int64),
            plain_ranks(shared, shared_fixed, weights).astype(np.int64),
        )
        shifts: Floats = np.abs(ranks - official).mean(axis=1)
        return shifts

    names = (*(node.code for node in card.table.nodes), "missing")
    return sobol(shift, names, samples=samples, seed=seed)


def _shared_out(card: Scorecard, places: np.ndarray) -> tuple[Floats, Floats]:
    table = replace(card.table, missing="reweight", nodes=tuple(_without(node) for node in card.table.nodes))
    scheme = replace(card.scheme, tables={**card.scheme.tables, card.table.category: table})
    other = score(scheme, card.table.category, card.facts, not_applicable=card.exempt.reasons)
    return score_rates(other, places)


def _groups(table: Table) -> tuple[Integers, Floats]:
    """Return for each leaf the first-level node it stands under, and its share of the full mark."""
    pairs = [
        (number, float(leaf.points / table.full))
        for number, node in enumerate(table.nodes)
        for leaf in node.leaves()
    ]
    return np.array([number for number, _ in pairs]), np.array([share for _, share in pairs])


def _without(node: Node) -> Node:
    """Return the branch without leaf policies of its own for figures not reported."""
    return replace(node, missing=None, children=tuple(_without(child) for child in node.children))
