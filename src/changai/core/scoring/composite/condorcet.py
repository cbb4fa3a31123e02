"""The order of units with the greatest support pair by pair (Condorcet, Kemeny, Young & Levenglick), found exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from changai.core.scoring.composite.aggregate import outranking
from changai.core.scoring.fixedpoint import Floats, Integers

# Within a circle of this many units every order is weighed: 2^18 sets take a few seconds.
LARGEST_CIRCLE = 18
_TIE = 1e-9


@dataclass(frozen=True, slots=True)
class Kemeny:
    """The support of the best order, and the first and last place each unit takes over all orders that reach it."""

    support: float
    first: Integers
    last: Integers


def kemeny(matrix: Floats, weights: Floats) -> Kemeny:
    """Return the order that agrees with the greatest weight of indicators over all pairs of units.

    A group that beats all others pair by pair stands before them in every best order, so that only circles have to
    be searched. Source: Truchon (1998); OECD/JRC Handbook (2008), tables 35 to 37.

    :raises ValueError: when a circle has more units than can be searched
    """
    better = outranking(matrix, weights)
    first, last = np.zeros(len(better), dtype=np.int64), np.zeros(len(better), dtype=np.int64)
    support, above = 0.0, 0
    for circle in _circles(better):
        if len(circle) > LARGEST_CIRCLE:
            raise ValueError(f"{len(circle)} 个单位互有胜负，超过可以逐一比较的 {LARGEST_CIRCLE} 个")
        found = _searched(better[np.ix_(circle, circle)])
        first[circle], last[circle] = above + found.first, above + found.last
        support += found.support
        above += len(circle)
        rest = np.setdiff1d(np.arange(len(better)), circle)
        better[np.ix_(rest, circle)] = 0.0
        support += float(better[np.ix_(circle, rest)].sum())
        better[np.ix_(circle, rest)] = 0.0
    return Kemeny(support, first, last)


def _circles(better: Floats) -> list[NDArray[np.intp]]:
    """Return the groups of units that beat or equal each other directly or through others, the strongest first."""
    reaches = better >= better.T - _TIE
    for through in range(len(better)):
        reaches |= reaches[:, [through]] & reaches[[through], :]
    strength = reaches.sum(axis=1)
    return [np.flatnonzero(strength == size) for size in sorted(set(strength.tolist()), reverse=True)]


def _searched(better: Floats) -> Kemeny:
    """Return the best order of a few units by the best support of every set that may stand on top."""
    count = len(better)
    sets = np.arange(1 << count)
    placed = _steps(better, sets)
    upward = np.full(1 << count, -np.inf)
    downward = upward.copy()
    upward[0], downward[-1] = 0.0, 0.0
    sizes = (sets[:, None] >> np.arange(count) & 1).sum(axis=1)
    levels = [sets[sizes == size] for size in range(count + 1)]
    for level in levels[:-1]:
        for unit in range(count):
            top = level[level >> unit & 1 == 0]
            grown = top | 1 << unit
            upward[grown] = np.maximum(upward[grown], upward[top] + placed[unit][top])
    for level in reversed(levels[:-1]):
        for unit in range(count):
            top = level[level >> unit & 1 == 0]
            downward[top] = np.maximum(downward[top], placed[unit][top] + downward[top | 1 << unit])
    best = float(upward[-1])
    first, last = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    for unit in range(count):
        top = sets[sets >> unit & 1 == 0]
        whole = upward[top] + placed[unit][top] + downward[top | 1 << unit]
        places = sizes[top[whole >= best - _TIE]] + 1
        first[unit], last[unit] = places.min(), places.max()
    return Kemeny(best, first, last)


def _steps(better: Floats, sets: NDArray[np.int64]) -> list[Floats]:
    """Return for each unit and each set on top what the unit adds as the next one: its lead over all below it."""
    steps = []
    for unit in range(len(better)):
        gain: Floats = np.full(len(sets), float(better[unit].sum()))
        for other in range(len(better)):
            gain -= (sets >> other & 1) * better[unit, other]
        steps.append(gain)
    return steps
