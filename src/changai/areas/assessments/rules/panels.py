"""A panel's points: the trimmed mean, and how far the reviewers lie apart."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from statistics import pstdev

TRIM_ABOVE = 5
LEAST_PANEL, MOST_PANEL = 2, 15
_CENT = Decimal("0.01")


def trimmed_mean(values: Sequence[Decimal], *, trim_above: int = TRIM_ABOVE) -> Decimal:
    """Return the mean of the values, half-up to two decimals; of more than `trim_above` the ends are dropped.

    :raises ValueError: for no values
    """
    if not values:
        raise ValueError("no values")
    kept = sorted(values)[1:-1] if len(values) > trim_above else list(values)
    return (sum(kept, Decimal(0)) / len(kept)).quantize(_CENT, rounding=ROUND_HALF_UP)


def panel_words(values: Sequence[Decimal]) -> str:
    """Return how a panel's points came about, as the reason of the judgement."""
    written = "、".join(f"{value.normalize():f}" for value in sorted(values))
    dropped = "，去掉一个最高分和一个最低分" if len(values) > TRIM_ABOVE else ""
    return f"{len(values)} 名评审人员分别评定（{written}）{dropped}后取平均"


def spread(values: Sequence[Decimal]) -> Decimal:
    """Return the standard deviation of the reviewers' points, two decimals."""
    return (
        Decimal(str(pstdev(values))).quantize(_CENT, rounding=ROUND_HALF_UP)
        if len(values) > 1
        else Decimal(0)
    )
