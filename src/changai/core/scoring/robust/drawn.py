"""Weights drawn around the nominal ones, group by group down the tree.

In each group of siblings W ~ Dirichlet(c * w0), whose mean is w0 and whose variance is w0 (1 - w0) / (c + 1).
"""

from __future__ import annotations

import numpy as np

from changai.core.scoring.fixedpoint import Floats
from changai.core.scoring.model import Node, Table


def spread_to_concentration(rho: float, siblings: int) -> float:
    """Return c for which an average weight 1/siblings has the relative standard deviation `rho`.

    c = (1 - w) / (w rho^2) - 1 with w = 1 / siblings; infinite for rho = 0.

    :raises ValueError: when rho is negative, no number, or so large that no such distribution exists.
    """
    if rho == 0 or siblings < 2:
        return float("inf")
    concentration = (siblings - 1) / rho**2 - 1
    if not rho > 0 or not concentration > 0:
        raise ValueError(f"no Dirichlet distribution of {siblings} weights has the relative spread {rho}")
    return concentration


def concentration_of_experts(weights: Floats) -> float:
    """Return c from the weights several experts gave one group (experts x siblings), by moments.

    c = sum w (1 - w) / sum s^2 - 1, with s^2 the variance of each weight across experts; infinite when all agree.

    :raises ValueError: when there are fewer than two experts, or they differ more than any Dirichlet distribution.
    """
    if len(weights) < 2:
        raise ValueError("the weights of at least two experts are needed")
    mean = weights.mean(axis=0)
    variance = float(weights.var(axis=0, ddof=1).sum())
    if variance == 0:
        return float("inf")
    concentration = float((mean * (1 - mean)).sum()) / variance - 1
    if concentration <= 0:
        raise ValueError("the experts differ more than weights around a common mean can")
    return concentration


def nominal_weights(table: Table) -> Floats:
    """Return the share of the full mark of each leaf."""
    return np.array([float(leaf.points / table.full) for leaf in table.leaves])


def draw_weights(table: Table, *, rho: float, draws: int, seed: int) -> Floats:
    """Return draws x leaves weights, each row summing to 1; the same seed gives the same rows.

    :raises ValueError: as `spread_to_concentration`.
    """
    generator = np.random.default_rng(seed)
    columns: list[Floats] = []

    def descend(nodes: tuple[Node, ...], above: Floats) -> None:
        shares = _group(nodes, rho, draws, generator)
        for place, node in enumerate(nodes):
            weight = above * shares[:, place]
            if node.children:
                descend(node.children, weight)
            else:
                columns.append(weight)

    descend(table.nodes, np.ones(draws))
    return np.stack(columns, axis=1)


def _group(nodes: tuple[Node, ...], rho: float, draws: int, generator: np.random.Generator) -> Floats:
    nominal = np.array([float(node.points) for node in nodes])
    nominal = nominal / nominal.sum()
    concentration = spread_to_concentration(rho, len(nodes))
    if np.isinf(concentration):
        return np.broadcast_to(nominal, (draws, len(nodes)))
    gammas = generator.standard_gamma(concentration * nominal, size=(draws, len(nodes)))
    total = gammas.sum(axis=1, keepdims=True)
    # With a very small concentration every gamma of a row can underflow; such a row keeps the nominal weights.
    return np.where(total > 0, gammas / np.where(total > 0, total, 1.0), nominal)
