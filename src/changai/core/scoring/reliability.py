"""How far several items measure one thing: Cronbach's alpha, as information beside a table or an index."""

from __future__ import annotations

import numpy as np

from changai.core.scoring.fixedpoint import Floats


def cronbach_alpha(points: Floats) -> float | None:
    """Return k / (k - 1) (1 - sum of variances / variance of the sum) for items x units, None where undefined."""
    count, units = points.shape
    if count < 2 or units < 2:
        return None
    whole = float(points.sum(axis=0).var(ddof=1))
    return None if whole == 0 else count / (count - 1) * (1 - float(points.var(axis=1, ddof=1).sum()) / whole)


def alpha_without_each(points: Floats) -> list[float | None]:
    """Return for each item the alpha of the others: where it is higher, the item measures something else."""
    return [cronbach_alpha(np.delete(points, place, axis=0)) for place in range(len(points))]


def with_rest(points: Floats) -> list[float]:
    """Return for each item its correlation with the sum of the others, 0 where either does not vary."""
    total = points.sum(axis=0)
    return [correlation(item, total - item) for item in points]


def correlation(first: Floats, second: Floats) -> float:
    """Return Pearson's r of two rows, 0 where either does not vary or there are fewer than two values."""
    if len(first) < 2 or first.std() == 0 or second.std() == 0:
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])
