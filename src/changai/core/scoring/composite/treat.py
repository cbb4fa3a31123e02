"""Outliers and gaps of a raw matrix, the way published indices treat them.

Source: COINr documentation; Saisana et al.; OECD/JRC Handbook steps 3 and 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from changai.core.scoring.fixedpoint import Floats

MOST_SKEW = 2.0
MOST_KURTOSIS = 3.5
MOST_WINSORISED = 5


def skewness(values: Floats) -> float:
    """Return the adjusted sample skewness G1 (as spreadsheets print it)."""
    known = values[~np.isnan(values)]
    count = len(known)
    centred = known - known.mean()
    spread = np.sqrt((centred**2).sum() / (count - 1))
    if count < 3 or spread == 0:
        return 0.0
    return float(count / ((count - 1) * (count - 2)) * ((centred / spread) ** 3).sum())


def kurtosis(values: Floats) -> float:
    """Return the adjusted sample excess kurtosis G2."""
    known = values[~np.isnan(values)]
    count = len(known)
    centred = known - known.mean()
    spread = np.sqrt((centred**2).sum() / (count - 1))
    if count < 4 or spread == 0:
        return 0.0
    fourth = float(((centred / spread) ** 4).sum())
    first = count * (count + 1) / ((count - 1) * (count - 2) * (count - 3)) * fourth
    return first - 3 * (count - 1) ** 2 / ((count - 2) * (count - 3))


def is_outlying(values: Floats) -> bool:
    """Return whether both |skewness| and kurtosis pass the limits."""
    return abs(skewness(values)) >= MOST_SKEW and kurtosis(values) >= MOST_KURTOSIS


def treat(values: Floats, *, most: int = MOST_WINSORISED) -> tuple[Floats, str]:
    """Return one indicator treated, and how: "none", "winsorised k" or "log".

    Up to `most` values are pulled in to the next one, on the side of the skew, until the limits hold; if they never
    do, the original is put on a log scale after moving its minimum to 1 % of its range.
    """
    if not is_outlying(values):
        return values, "none"
    pulled = values.copy()
    for count in range(1, most + 1):
        pulled = _winsorised(values, count)
        if not is_outlying(pulled):
            return pulled, f"winsorised {count}"
    low, high = np.nanmin(values), np.nanmax(values)
    return np.log(values - low + 0.01 * (high - low)), "log"


def denominate(matrix: Floats, names: Sequence[str], sizes: Mapping[str, Floats]) -> Floats:
    """Return the matrix with each indicator divided by the size it is told in (per head, per area); "" leaves it as is.

    A size of zero gives NaN: the ratio does not exist, and a gap is filled or refused like any other.

    :raises KeyError: when a name has no sizes
    """
    divided = matrix.copy()
    for column, name in enumerate(names):
        if name:
            size = sizes[name]
            divided[:, column] /= np.where(size != 0, size, np.nan)
    return divided


def impute_by_group(matrix: Floats, groups: Sequence[str]) -> Floats:
    """Return the matrix with gaps filled by the mean of the unit's group, or of all units where the group has none."""
    filled = matrix.copy()
    labels = np.array(groups)
    for column in range(matrix.shape[1]):
        gaps = np.flatnonzero(np.isnan(matrix[:, column]))
        for row in gaps:
            peers = matrix[labels == labels[row], column]
            known = peers[~np.isnan(peers)]
            everyone = matrix[~np.isnan(matrix[:, column]), column]
            source = known if len(known) else everyone
            filled[row, column] = source.mean() if len(source) else np.nan
    return filled


def _winsorised(values: Floats, count: int) -> Floats:
    """Return the values with the `count` most extreme on the skewed side set to the next one."""
    upward = skewness(values) > 0
    known = np.sort(values[~np.isnan(values)])
    edge = known[-count - 1] if upward else known[count]
    pulled: Floats = np.minimum(values, edge) if upward else np.maximum(values, edge)
    return pulled
