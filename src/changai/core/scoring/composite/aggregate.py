"""Aggregations of a normalised units x indicators matrix with weights that sum to 1. Higher is better everywhere."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from changai.core.scoring.fixedpoint import Floats


def arithmetic(matrix: Floats, weights: Floats) -> Floats:
    """Return the weighted mean over the indicators a unit has."""
    known = ~np.isnan(matrix)
    total = (known * weights).sum(axis=1)
    values: Floats = np.where(known, matrix, 0.0) @ weights / np.where(total > 0, total, np.nan)
    return values


def geometric(matrix: Floats, weights: Floats) -> Floats:
    """Return the weighted geometric mean; values must be positive (a zero makes the whole zero)."""
    known = ~np.isnan(matrix)
    total = (known * weights).sum(axis=1)
    with np.errstate(divide="ignore"):
        logs = np.where(known, np.log(np.where(known, matrix, 1.0)), 0.0)
    values: Floats = np.exp((logs * weights).sum(axis=1) / np.where(total > 0, total, np.nan))
    return values


def harmonic(matrix: Floats, weights: Floats) -> Floats:
    """Return the weighted harmonic mean; values must be positive."""
    with np.errstate(divide="ignore"):
        values: Floats = 1 / ((1 / matrix) @ weights)
    return values


def topsis(matrix: Floats, weights: Floats, directions: Floats) -> Floats:
    """Return closeness to the ideal, 0 to 1, of a vector-normalised matrix. Source: Hwang & Yoon (1981)."""
    weighted = matrix * weights * directions
    best, worst = weighted.max(axis=0), weighted.min(axis=0)
    to_best = np.sqrt(((weighted - best) ** 2).sum(axis=1))
    to_worst = np.sqrt(((weighted - worst) ** 2).sum(axis=1))
    whole = to_best + to_worst
    closeness: Floats = np.where(whole > 0, to_worst / np.where(whole > 0, whole, 1.0), 0.5)
    return closeness


def vikor(
    matrix: Floats, weights: Floats, directions: Floats, *, v: float = 0.5
) -> tuple[Floats, Floats, Floats]:
    """Return group utility S, individual regret R and compromise Q of a raw matrix; lower is better.

    Source: Opricovic & Tzeng (2007).
    """
    turned = matrix * directions
    best, worst = turned.max(axis=0), turned.min(axis=0)
    width = np.where(best > worst, best - worst, 1.0)
    regrets = weights * (best - turned) / width
    group, individual = regrets.sum(axis=1), regrets.max(axis=1)
    return group, individual, v * _unit(group) + (1 - v) * _unit(individual)


def copeland(matrix: Floats, weights: Floats) -> Floats:
    """Return wins minus losses against the other units, a pair being won by the greater weight of indicators."""
    better = outranking(matrix, weights)
    balance: Floats = np.sign(better - better.T).sum(axis=1)
    return balance


def borda(matrix: Floats, weights: Floats) -> Floats:
    """Return the weighted number of units beaten on each indicator, ties counting half."""
    beaten = (matrix[:, None, :] > matrix[None, :, :]).sum(axis=1)
    level = (matrix[:, None, :] == matrix[None, :, :]).sum(axis=1) - 1
    points: Floats = (beaten + level / 2) @ weights
    return points


def outranking(matrix: Floats, weights: Floats) -> Floats:
    """Return units x units: the weight of the indicators on which the row beats the column, ties split in halves."""
    greater = (matrix[:, None, :] > matrix[None, :, :]) @ weights
    equal = (matrix[:, None, :] == matrix[None, :, :]) @ weights
    found: Floats = greater + equal / 2
    np.fill_diagonal(found, 0.0)
    return found


AGGREGATIONS: dict[str, Callable[[Floats, Floats], Floats]] = {
    "arithmetic": arithmetic,
    "geometric": geometric,
    "harmonic": harmonic,
    "copeland": copeland,
    "borda": borda,
}


def _unit(values: Floats) -> Floats:
    width = float(values.max() - values.min())
    scaled: Floats = (values - values.min()) / (width if width > 0 else 1.0)
    return scaled
