"""AHP with several experts: judgements in pairs, weights by the row geometric mean, consistency and disagreement.

Judgements are aggregated by the weighted geometric mean, the only mean that keeps them reciprocal; with the row
geometric mean it then makes no difference whether judgements or priorities are aggregated.
Source: Aczel & Saaty (1983); Barzilai & Golany (1994); Forman & Peniwati (1998).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np

from changai.core.scoring.fixedpoint import Floats, largest_remainder

MOST_ITEMS = 9

# Random indices by table; CR changes with the table, so its name is stored with every result.
RANDOM_INDEX: dict[str, dict[int, float]] = {
    "saaty-1980": {3: 0.58, 4: 0.90, 5: 1.12, 6: 1.24, 7: 1.32, 8: 1.41, 9: 1.45},
    "saaty-2008": {3: 0.52, 4: 0.89, 5: 1.11, 6: 1.25, 7: 1.35, 8: 1.40, 9: 1.45},
    "simulated-60000": {3: 0.524, 4: 0.887, 5: 1.112, 6: 1.250, 7: 1.342, 8: 1.405, 9: 1.451},
}
_TABLE = "simulated-60000"


@dataclass(frozen=True)
class Priorities:
    """The weights of one judgement matrix; `eigenvector` is shown beside the geometric mean, not used."""

    weights: Floats
    eigenvector: Floats
    lambda_max: float
    consistency_ratio: float
    table: str

    @property
    def threshold(self) -> float:
        """Return the largest acceptable ratio for this number of items: 0.05, 0.08, then 0.10."""
        return {3: 0.05, 4: 0.08}.get(len(self.weights), 0.10)

    @property
    def is_consistent(self) -> bool:
        """Return whether the judgements hang together well enough to be used."""
        return self.consistency_ratio <= self.threshold


@dataclass(frozen=True)
class Ahp:
    """The weights of a group of experts.

    The group's consistency ratio is small almost by construction and no evidence of agreement; `dispersion` (the
    geometric standard deviation of each weight across experts), `kendall_w` and `leave_one_out` are.
    """

    items: tuple[str, ...]
    group: Priorities
    experts: tuple[Priorities, ...]
    completed: tuple[int, ...]
    dispersion: Floats
    kendall_w: float | None
    leave_one_out: tuple[Floats, Floats]
    worst_triads: tuple[tuple[tuple[str, str, str], ...], ...]

    @property
    def weights(self) -> Floats:
        """Return the group's weights, summing to 1."""
        return self.group.weights

    def to_return(self) -> list[int]:
        """Return the experts (from 0) whose judgements should go back to them with their worst triads."""
        return [place for place, each in enumerate(self.experts) if not each.is_consistent]


def matrix_of(items: Sequence[str], judgements: Iterable[tuple[str, str, float]]) -> Floats:
    """Return the reciprocal matrix of judgements (a, b, how many times a outweighs b); NaN where nobody judged.

    :raises ValueError: for an unknown item, a judgement outside 1/9 to 9, or two that differ.
    """
    index = {item: place for place, item in enumerate(items)}
    matrix = np.full((len(items), len(items)), np.nan)
    np.fill_diagonal(matrix, 1.0)
    for first, second, value in judgements:
        if first not in index or second not in index or first == second:
            raise ValueError(f"“{first}”与“{second}”不是本组的两个不同指标")
        row, column = index[first], index[second]
        if not np.isnan(matrix[row, column]) and abs(matrix[row, column] - value) > 1e-9:
            raise ValueError(f"“{first}”与“{second}”判断了两次，且前后不一致")
        if not 1 / 9 - 1e-9 <= value <= 9 + 1e-9:
            raise ValueError(f"“{first}”比“{second}”的判断值 {value} 不在 1/9 至 9 之间")
        matrix[row, column], matrix[column, row] = value, 1 / value
    return matrix


def complete(matrix: Floats) -> Floats:
    """Return the matrix with missing judgements filled by the weights the given ones imply (log least squares).

    :raises ValueError: when the judgements do not connect all items.
    """
    known = ~np.isnan(matrix)
    if known.all():
        return matrix
    degree = known.sum(axis=1) - 1
    laplacian = np.diag(degree).astype(float) - (known & ~np.eye(len(matrix), dtype=bool))
    if np.linalg.matrix_rank(laplacian) < len(matrix) - 1:
        raise ValueError("已有判断不能把所有指标连在一起，无法补全")
    logs = np.where(known, np.log(np.where(known, matrix, 1.0)), 0.0)
    solved = np.linalg.lstsq(laplacian, logs.sum(axis=1), rcond=None)[0]
    weights = np.exp(solved - solved.mean())
    return np.where(known, matrix, weights[:, None] / weights[None, :])


def priorities(matrix: Floats, *, table: str = _TABLE) -> Priorities:
    """Return the weights of one complete reciprocal matrix."""
    means = np.exp(np.log(matrix).mean(axis=1))
    weights = means / means.sum()
    eigenvalues, vectors = np.linalg.eig(matrix)
    largest = int(np.argmax(eigenvalues.real))
    vector = np.abs(vectors[:, largest].real)
    lambda_max = float(eigenvalues[largest].real)
    ratio = consistency_ratio(lambda_max, len(matrix), table=table)
    return Priorities(weights, vector / vector.sum(), lambda_max, ratio, table)


def consistency_ratio(lambda_max: float, items: int, *, table: str = _TABLE) -> float:
    """Return CR = ((lambda_max - n) / (n - 1)) / RI(n); 0 for fewer than three items."""
    if items < 3:
        return 0.0
    return max(0.0, (lambda_max - items) / (items - 1) / RANDOM_INDEX[table][items])


def ahp(
    items: Sequence[str],
    experts: Sequence[Floats],
    *,
    voices: Sequence[float] | None = None,
    table: str = _TABLE,
) -> Ahp:
    """Return the weights of a group of siblings from the experts' matrices (see `matrix_of`).

    :param voices: the weight of each expert, equal without it
    :raises ValueError: for more than nine items, no expert, or judgements that do not connect the items.
    """
    if not 2 <= len(items) <= MOST_ITEMS or not experts:
        raise ValueError(f"一组须有 2 至 {MOST_ITEMS} 个同级指标和至少一位专家")
    shares = np.ones(len(experts)) if voices is None else np.asarray(voices, dtype=float)
    shares = shares / shares.sum()
    matrices = [complete(matrix) for matrix in experts]
    logs = np.stack([np.log(matrix) for matrix in matrices])
    group = priorities(np.exp(np.tensordot(shares, logs, axes=1)), table=table)
    each = tuple(priorities(matrix, table=table) for matrix in matrices)
    missing = tuple(int(np.isnan(matrix).sum()) // 2 for matrix in experts)
    own = np.stack([one.weights for one in each])
    spread = np.exp(np.log(own).std(axis=0, ddof=1)) if len(each) > 1 else np.ones(len(items))
    triads = tuple(worst_triads(items, matrix) for matrix in matrices)
    return Ahp(tuple(items), group, each, missing, spread, kendall_w(own), _left_out(logs, shares), triads)


def worst_triads(items: Sequence[str], matrix: Floats, count: int = 3) -> tuple[tuple[str, str, str], ...]:
    """Return the triads that contradict themselves most: |log(a_ij a_jk a_ki)| largest, those without any left out."""
    found = []
    for i, j, k in combinations(range(len(items)), 3):
        clash = abs(np.log(matrix[i, j] * matrix[j, k] * matrix[k, i]))
        if clash > 1e-9:
            found.append((float(clash), (items[i], items[j], items[k])))
    return tuple(triad for _, triad in sorted(found, key=lambda each: -each[0])[:count])


def kendall_w(weights: Floats) -> float | None:
    """Return Kendall's coefficient of concordance of the experts' rankings (tied places averaged, corrected for ties).

    None for a single expert or when everyone ties everything.
    """
    judges, items = weights.shape
    if judges < 2:
        return None
    ranks = np.stack([_average_ranks(row) for row in weights])
    totals = ranks.sum(axis=0)
    ties = sum(
        float((counts**3 - counts).sum())
        for counts in (np.unique(row, return_counts=True)[1] for row in ranks)
    )
    most = judges**2 * (items**3 - items) - judges * ties
    return 12 * float(((totals - totals.mean()) ** 2).sum()) / most if most > 0 else None


def points_of(weights: Iterable[float], total: Fraction, step: Fraction) -> list[Fraction]:
    """Return points in proportion to weights, multiples of `step` that sum to `total` exactly (largest remainder).

    :raises ValueError: when `total` is not a multiple of `step`.
    """
    seats = total / step
    if seats.denominator != 1:
        raise ValueError(f"{total} 分不是 {step} 分的整数倍")
    shares = [Fraction(weight).limit_denominator(10**12) for weight in weights]
    return [step * count for count in largest_remainder(shares, int(seats))]


def global_weights(criteria: Floats, alternatives: Mapping[int, Floats] | Sequence[Floats]) -> Floats:
    """Return two-level priorities: criteria weights times the weights under each criterion."""
    columns = [np.asarray(alternatives[place]) for place in range(len(criteria))]
    combined: Floats = np.stack(columns, axis=1) @ criteria
    return combined


def _left_out(logs: Floats, shares: Floats) -> tuple[Floats, Floats]:
    """Return the lowest and highest weight of each item when one expert is left out."""
    if len(shares) < 2:
        only = priorities(np.exp(logs[0])).weights
        return only, only
    found = []
    for place in range(len(shares)):
        rest = np.delete(shares, place)
        found.append(
            priorities(
                np.exp(np.tensordot(rest / rest.sum(), np.delete(logs, place, axis=0), axes=1))
            ).weights
        )
    stacked = np.stack(found)
    return stacked.min(axis=0), stacked.max(axis=0)


def _average_ranks(values: Floats) -> Floats:
    rounded = np.round(values, 12)
    less = (rounded[None, :] < rounded[:, None]).sum(axis=1)
    equal = (rounded[None, :] == rounded[:, None]).sum(axis=1)
    ranks: Floats = less + (equal + 1) / 2
    return ranks
