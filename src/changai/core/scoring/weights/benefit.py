"""Benefit of the doubt: every unit is weighed as suits it best, within limits, and compared with all under its weights.

Source: Cherchye, Moesen & Van Puyenbroeck (2004); OECD/JRC Handbook (2008), table 19.
"""

from __future__ import annotations

import numpy as np

from changai.core.scoring.fixedpoint import Floats

_ZERO = 1e-11


def benefit_of_the_doubt(matrix: Floats, low: float, high: float) -> Floats:
    """Return for every unit the best score its own weights can give it, 1 where nobody beats it under them.

    :param matrix: units x indicators, normalised, nothing below zero
    :param low: the least share of the total weight an indicator may have
    :param high: the greatest share
    :raises ValueError: when the values or the shares are impossible
    """
    count = matrix.shape[1]
    if not 0 <= low <= 1 / count <= high <= 1:
        raise ValueError("权重下限不能高于平均份额，上限不能低于平均份额")
    if matrix.min() < 0 or not (matrix.max(axis=0) > 0).all():
        raise ValueError("数值不能为负，每个指标至少有一个单位大于零")
    identity, whole = np.eye(count), np.ones((count, count))
    rows = np.vstack([matrix, low * whole - identity, identity - high * whole])
    limits = np.concatenate([np.ones(len(matrix)), np.zeros(2 * count)])
    return np.array([_greatest(row, rows, limits) for row in matrix])


def _greatest(aim: Floats, rows: Floats, limits: Floats) -> float:
    """Return the maximum of aim . w over rows . w <= limits and w >= 0, where w = 0 is allowed and the whole bounded.

    The simplex method; with Bland's choice it cannot run in circles.
    """
    count, size = rows.shape
    tableau = np.zeros((count + 1, size + count + 1))
    tableau[:count, :size], tableau[:count, -1] = rows, limits
    tableau[:count, size:-1] = np.eye(count)
    tableau[-1, :size] = -aim
    basis = np.arange(size, size + count)
    while (tableau[-1, :-1] < -_ZERO).any():
        enters = int(np.flatnonzero(tableau[-1, :-1] < -_ZERO)[0])
        column = tableau[:count, enters]
        ratios = np.where(column > _ZERO, tableau[:count, -1] / np.where(column > _ZERO, column, 1.0), np.inf)
        ties = np.flatnonzero(ratios <= ratios.min() + _ZERO)
        leaves = int(ties[np.argmin(basis[ties])])
        tableau[leaves] /= tableau[leaves, enters]
        others = np.arange(count + 1) != leaves
        tableau[others] -= np.outer(tableau[others, enters], tableau[leaves])
        basis[leaves] = enters
    return float(tableau[-1, -1])
