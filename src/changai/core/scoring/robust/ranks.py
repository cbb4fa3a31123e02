"""Ranks of many units under many weight vectors.

Scores are one matrix product. For large cohorts score and unit travel packed in one 32-bit key, so that a draw is
ranked by one vectorised sort; units with identical rows are ranked as one, so true ties stay ties.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from changai.core.scoring.fixedpoint import Floats

Ranks = NDArray[np.uint16] | NDArray[np.uint32]

PACKED_UNITS = 4096
_UNIT_BITS = 12
_SCORE_BITS = 20
_MAGIC = np.float32(2**23)
_ROWS = 128
_SAMPLE = 256
_TOP = np.float32(2**_SCORE_BITS - 1)
# Below this number of units the plain kernel is as fast and needs no care.
SMALL = 200
_TIE = 1e-9


def rank_draws(rates: Floats, fixed: Floats, weights: Floats) -> Ranks:
    """Return draws x units competition ranks of `weights @ rates + fixed`, 1 the best.

    :param rates: leaves x units, the score rate of each leaf
    :param fixed: what the weights do not move, per unit, on the same scale as the weighted rates
    :param weights: draws x leaves
    """
    if rates.shape[1] <= SMALL or rates.shape[1] > PACKED_UNITS:
        return plain_ranks(rates, fixed, weights)
    return packed_ranks(rates, fixed, weights)


def plain_ranks(rates: Floats, fixed: Floats, weights: Floats) -> NDArray[np.uint32]:
    """Return the ranks by float64 scores; scores closer than 1e-9 of the largest are ties."""
    ranks = np.empty((len(weights), rates.shape[1]), dtype=np.uint32)
    for first in range(0, len(weights), _ROWS):
        scores = weights[first : first + _ROWS] @ rates + fixed
        ranks[first : first + _ROWS] = _competition(scores)
    return ranks


def _competition(scores: Floats) -> NDArray[np.int64]:
    order = np.argsort(-scores, axis=1, kind="stable")
    ordered = np.take_along_axis(scores, order, axis=1)
    tie = _TIE * max(1.0, float(np.abs(scores).max(initial=0.0)))
    starts = np.ones(scores.shape, dtype=bool)
    starts[:, 1:] = ordered[:, :-1] - ordered[:, 1:] > tie
    positions = np.arange(scores.shape[1])
    first = np.maximum.accumulate(np.where(starts, positions, 0), axis=1) + 1
    ranks = np.empty(scores.shape, dtype=np.int64)
    np.put_along_axis(ranks, order, first, axis=1)
    return ranks


def packed_ranks(rates: Floats, fixed: Floats, weights: Floats) -> NDArray[np.uint16]:
    """Return the ranks by scores quantised to 2^-20 of their range; identical units share their rank exactly."""
    columns = np.vstack([rates, fixed])
    distinct, back, sizes = np.unique(columns, axis=1, return_inverse=True, return_counts=True)
    all_distinct = distinct.shape[1] == columns.shape[1]
    if all_distinct:
        distinct = columns
    units = distinct.shape[1]
    loss = _losses(distinct, weights)
    drawn = np.hstack([weights, np.ones((len(weights), 1))]).astype(np.float32)
    places = np.empty((len(weights), units), dtype=np.uint16)
    scores = np.empty((_ROWS, units), dtype=np.float32)
    keys = np.empty((_ROWS, units), dtype=np.uint32)
    ids = np.arange(units, dtype=np.uint32)
    for first in range(0, len(drawn), _ROWS):
        rows = min(_ROWS, len(drawn) - first)
        np.dot(drawn[first : first + rows], loss, out=scores[:rows])
        # The scale comes from a sample of the draws: what lies beyond its margin shares the end of the scale.
        np.clip(scores[:rows], np.float32(0), _TOP, out=scores[:rows])
        # Adding 2^23 leaves the rounded score in the low mantissa bits; the shift drops the exponent.
        np.add(scores[:rows], _MAGIC, out=scores[:rows])
        np.left_shift(scores[:rows].view(np.uint32), _UNIT_BITS, out=keys[:rows])
        np.bitwise_or(keys[:rows], ids, out=keys[:rows])
        keys[:rows].sort(axis=1)
        _spread(keys[:rows], sizes, places[first : first + rows])
    return places if all_distinct else places[:, back.reshape(-1)]


def _losses(columns: Floats, weights: Floats) -> NDArray[np.float32]:
    """Return the columns turned into losses of about 20 bits: near 0 for the best scores, rising as scores fall."""
    sample = weights[:: max(1, len(weights) // _SAMPLE)]
    scores = np.hstack([sample, np.ones((len(sample), 1))]) @ columns
    low, high = float(scores.min()), float(scores.max())
    margin = (high - low) / 4 + 1e-9
    scale = _TOP / (high - low + 2 * margin)
    loss = -columns * scale
    loss[-1] += (high + margin) * scale
    packed: NDArray[np.float32] = loss.astype(np.float32)
    return packed


def _spread(keys: NDArray[np.uint32], sizes: NDArray[np.int64], places: NDArray[np.uint16]) -> None:
    """Write the rank of every distinct unit of every row."""
    units = keys.shape[1]
    single = int(sizes.max()) == 1
    positions = np.arange(1, units + 1, dtype=np.uint16)
    ids, order = np.empty(units, dtype=np.uint32), np.empty(units, dtype=np.intp)
    for row in range(len(keys)):
        np.bitwise_and(keys[row], np.uint32(PACKED_UNITS - 1), out=ids)
        order[:] = ids
        if not single:
            positions = (np.cumsum(sizes[order]) - sizes[order] + 1).astype(np.uint16)
        places[row][order] = positions


def quantiles(ranks: Ranks, shares: tuple[float, ...]) -> NDArray[np.int64]:
    """Return shares x units: the smallest rank reached by at least this share of the draws (inverse CDF)."""
    draws, units = ranks.shape
    needed = np.ceil(np.array(shares) * draws - 1e-9).clip(1, draws)
    found = np.empty((len(shares), units), dtype=np.int64)
    for first in range(0, units, 64):
        block = np.ascontiguousarray(ranks[:, first : first + 64].T)
        for place, column in enumerate(block, start=first):
            counts = np.cumsum(np.bincount(column))
            found[:, place] = np.searchsorted(counts, needed, side="left")
    return found
