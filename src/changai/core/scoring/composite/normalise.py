"""Normalisations of a units x indicators matrix; `directions` are 1 (more is better) or -1.

Source: OECD/JRC Handbook on Constructing Composite Indicators (2008), step 5.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from changai.core.scoring.fixedpoint import Floats


def minmax(matrix: Floats, directions: Floats) -> Floats:
    """Return values from 0 (worst) to 1 (best); a constant indicator gives 0.5."""
    low, high = np.nanmin(matrix, axis=0), np.nanmax(matrix, axis=0)
    return goalposts(matrix, directions, low, high)


def goalposts(matrix: Floats, directions: Floats, low: Floats, high: Floats, *, clip: bool = False) -> Floats:
    """Return values from 0 to 1 between fixed bounds, turned round for direction -1; `clip` keeps them inside."""
    width = np.where(high > low, high - low, 1.0)
    rising: Floats = np.where(high > low, (matrix - low) / width, 0.5)
    scaled: Floats = np.where(directions > 0, rising, 1 - rising)
    return np.minimum(np.maximum(scaled, 0.0), 1.0) if clip else scaled


def zscore(matrix: Floats, directions: Floats) -> Floats:
    """Return standard scores with the sample standard deviation (n - 1); a constant indicator gives 0."""
    spread = np.nanstd(matrix, axis=0, ddof=1)
    scaled: Floats = (matrix - np.nanmean(matrix, axis=0)) / np.where(spread > 0, spread, 1.0)
    return scaled * directions


def rank(matrix: Floats, directions: Floats) -> Floats:
    """Return the number of units that are not better, from 1 (worst) up; ties share the mean."""
    turned = matrix * directions
    less = (turned[None, :, :] < turned[:, None, :]).sum(axis=1)
    equal = (turned[None, :, :] == turned[:, None, :]).sum(axis=1)
    ranks: Floats = less + (equal + 1) / 2
    return np.where(np.isnan(turned), np.nan, ranks)


def vector(matrix: Floats, directions: Floats) -> Floats:
    """Return values divided by the Euclidean length of their indicator; directions are left to the aggregation."""
    del directions
    length = np.sqrt(np.nansum(matrix**2, axis=0))
    return matrix / np.where(length > 0, length, 1.0)


def share_of_sum(matrix: Floats, directions: Floats) -> Floats:
    """Return shares of the indicator's sum (of the reciprocals for direction -1)."""
    useful = _upright(matrix, directions)
    total = np.nansum(useful, axis=0)
    return useful / np.where(total > 0, total, 1.0)


def share_of_best(matrix: Floats, directions: Floats) -> Floats:
    """Return value / best, or best / value for direction -1."""
    useful = _upright(matrix, directions)
    best = np.nanmax(useful, axis=0)
    return useful / np.where(best > 0, best, 1.0)


def ratio_to_mean(matrix: Floats, directions: Floats) -> Floats:
    """Return value / mean (of the reciprocals for direction -1)."""
    useful = _upright(matrix, directions)
    mean = np.nanmean(useful, axis=0)
    return useful / np.where(mean != 0, mean, 1.0)


def _upright(matrix: Floats, directions: Floats) -> Floats:
    safe = np.where(matrix != 0, matrix, np.nan)
    return np.where(directions > 0, matrix, 1 / safe)


NORMALISATIONS: dict[str, Callable[[Floats, Floats], Floats]] = {
    "minmax": minmax,
    "zscore": zscore,
    "rank": rank,
    "vector": vector,
    "sum": share_of_sum,
    "max": share_of_best,
    "mean": ratio_to_mean,
}


def normalise(matrix: Floats, directions: Floats, method: str) -> Floats:
    """Return the matrix normalised by the named method.

    :raises KeyError: for an unknown name.
    """
    return NORMALISATIONS[method](matrix, directions)
