"""Weights from rotated principal components, as published indices derive them; advice only, like all statistics."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from changai.core.scoring.fixedpoint import Floats
from changai.core.scoring.weights.advice import correlations

LEAST_SHARE = 0.10
_STILL = 1e-12


@dataclass(frozen=True, slots=True)
class Factors:
    """Principal components of the correlations of a units x indicators matrix, the kept ones rotated.

    `shares` are the eigenvalues' parts of the whole variance; `loadings` (indicators x kept components) are rotated,
    their signs are arbitrary; `explained` is the variance each rotated component stands for.
    """

    eigenvalues: Floats
    shares: Floats
    loadings: Floats
    explained: Floats

    @property
    def weights(self) -> Floats:
        """Return weights that sum to 1: each indicator's squared loading on the component it belongs to.

        A squared loading counts as a share of its component, the component by its share of what all explain.
        Source: Nicoletti, Scarpetta & Boylaud (2000); OECD/JRC Handbook (2008), table 18.
        """
        squared = self.loadings**2
        belongs = squared.max(axis=1)
        found: Floats = belongs / belongs.sum()
        return found


def factors(matrix: Floats, *, least: float = LEAST_SHARE) -> Factors:
    """Return the components that each explain more than `least` of the variance, rotated by varimax.

    The first component is always kept; a constant indicator correlates with nothing.
    """
    values, vectors = np.linalg.eigh(correlations(matrix))
    order = np.argsort(values)[::-1]
    values, vectors = np.maximum(values[order], 0.0), vectors[:, order]
    shares = values / values.sum()
    keep = shares > least
    keep[0] = True
    rotated = varimax(vectors[:, keep] * np.sqrt(values[keep]))
    return Factors(values, shares, rotated, (rotated**2).sum(axis=0))


def varimax(loadings: Floats, *, rounds: int = 500) -> Floats:
    """Return the loadings turned so that each component loads few indicators; rows are normalised while turning.

    Source: Kaiser (1958).
    """
    length = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    rows = np.divide(loadings, length, out=np.zeros_like(loadings), where=length > 0)
    turn, before = np.eye(loadings.shape[1]), 0.0
    for _ in range(rounds):
        turned = rows @ turn
        target = turned**3 - turned * (turned**2).mean(axis=0)
        left, sizes, right = np.linalg.svd(rows.T @ target)
        turn = left @ right
        if sizes.sum() <= before * (1 + _STILL):
            break
        before = float(sizes.sum())
    found: Floats = (rows @ turn) * length
    return found
