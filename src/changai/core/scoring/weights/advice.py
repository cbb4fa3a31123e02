"""Entropy, CRITIC and principal components as advice beside official points. They never write points.

Dispersion is not importance: these methods reward indicators with errors and outliers, give nothing to an indicator
on which everyone succeeds, and move from year to year.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from changai.core.scoring.fixedpoint import Floats
from changai.core.scoring.scorecard import Scorecard
from changai.core.scoring.voice import Language, Voice


@dataclass(frozen=True)
class Advice:
    """One method's weights with the range they take when units are drawn with replacement (5 to 95 %)."""

    method: str
    convention: str
    weights: Floats
    low: Floats
    high: Floats


def entropy(matrix: Floats) -> Floats:
    """Return entropy weights of a units x indicators matrix of values that are not negative.

    p = x / column sum, 0 log 0 = 0, e = -sum p ln p / ln n, w = (1 - e) / sum (1 - e); an indicator whose sum is
    zero, or on which nobody differs, gets nothing.
    """
    count = len(matrix)
    totals = matrix.sum(axis=0)
    shares = np.divide(matrix, totals, out=np.full_like(matrix, 1 / max(count, 1)), where=totals > 0)
    logs = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    spread = 1 + (shares * logs).sum(axis=0) / np.log(count) if count > 1 else np.zeros(matrix.shape[1])
    return _normal(np.where(spread > 1e-12, spread, 0.0))


def critic(matrix: Floats) -> Floats:
    """Return CRITIC weights: standard deviation of min-max values times the sum of 1 - r with the others.

    Source: Diakoulaki et al. (1995). A constant indicator gets nothing.
    """
    low, high = matrix.min(axis=0), matrix.max(axis=0)
    width = np.where(high > low, high - low, 1.0)
    scaled = (matrix - low) / width
    spread = scaled.std(axis=0, ddof=1) if len(matrix) > 1 else np.zeros(matrix.shape[1])
    return _normal(spread * (1 - correlations(scaled)).sum(axis=0))


def principal_components(matrix: Floats) -> Floats:
    """Return weights from the squared loadings of the components with eigenvalue above 1, weighted by variance."""
    eigenvalues, vectors = np.linalg.eigh(correlations(matrix))
    keep = eigenvalues > 1 if (eigenvalues > 1).any() else eigenvalues == eigenvalues.max()
    squared: Floats = (vectors[:, keep] ** 2) @ eigenvalues[keep]
    return _normal(squared)


def correlations(matrix: Floats) -> Floats:
    """Return Pearson correlations of the columns; a constant column correlates with nothing."""
    centred = matrix - matrix.mean(axis=0)
    length = np.sqrt((centred**2).sum(axis=0))
    unit = np.divide(centred, length, out=np.zeros_like(centred), where=length > 0)
    found: Floats = unit.T @ unit
    np.fill_diagonal(found, 1.0)
    return found


METHODS: dict[str, tuple[Callable[[Floats], Floats], str]] = {
    "entropy": (entropy, "score rates; 0 log 0 = 0; divided by ln n"),
    "critic": (critic, "min-max score rates; s.d. with n - 1; Pearson"),
    "pca": (principal_components, "correlation matrix; eigenvalues above 1; squared loadings"),
}


def advise(
    card: Scorecard, *, methods: tuple[str, ...] = ("entropy", "critic"), bootstrap: int = 500, seed: int = 0
) -> list[Advice]:
    """Return what each method would give the leaves, over the ranked units, with bootstrap ranges over units.

    :raises ValueError: when fewer than three units are ranked.
    """
    rates = card.points[:, card.ranked] / np.array(
        [[float(leaf.points * card.scale)] for leaf in card.table.leaves]
    )
    matrix = np.maximum(rates.T, 0.0)
    if len(matrix) < 3:
        raise ValueError("少于三个参加排名的对象，不足以计算")
    generator = np.random.default_rng(seed)
    samples = generator.integers(0, len(matrix), size=(bootstrap, len(matrix)))
    found = []
    for name in methods:
        method, convention = METHODS[name]
        drawn = np.stack([method(matrix[sample]) for sample in samples])
        low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
        found.append(Advice(name, convention, method(matrix), low, high))
    return found


def warning(lang: Language = "zh") -> str:
    """Return the sentence that stands beside every such table."""
    return Voice(lang).pick(
        "离散程度不等于重要程度：差距大的指标得到的权重大，人人做好的指标得不到权重，数据有误也会抬高权重。仅供研究，不作分值。",
        "Dispersion is not importance: indicators with wide gaps, even by error, gain weight, and what everyone "
        "does well gains none. For study only, never points.",
    )


def _normal(values: Floats) -> Floats:
    total = float(values.sum())
    return values / total if total > 0 else np.full(len(values), 1 / len(values))
