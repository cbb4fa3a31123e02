"""Places among the units of one category."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from changai.core.scoring.fixedpoint import Integers, Mask


def competition_rank(keys: Sequence[Integers], ranked: Mask) -> Integers:
    """Return 1 + the number of ranked units that are strictly better; 0 for units that take no place.

    `keys` are integer scores, the first decides, each further one only among equals of those before. Equal
    units share
    the better place and the next place stays empty (1, 2, 2, 4).
    """
    places = np.zeros(len(ranked), dtype=np.int64)
    chosen = np.flatnonzero(ranked)
    if not len(chosen):
        return places
    rows = np.stack([-key[chosen] for key in keys])
    order = np.lexsort(rows[::-1])
    ordered = rows[:, order]
    starts = np.ones(len(chosen), dtype=bool)
    starts[1:] = (ordered[:, 1:] != ordered[:, :-1]).any(axis=0)
    first = np.maximum.accumulate(np.where(starts, np.arange(len(chosen)), 0))
    places[chosen[order]] = first + 1
    return places


def shared(places: Integers) -> Mask:
    """Return which ranked units share their place with another."""
    _, inverse, counts = np.unique(places, return_inverse=True, return_counts=True)
    together: Mask = (counts[inverse] > 1) & (places > 0)
    return together
