"""A panel's points: how many must judge, the trimmed mean, and how far the reviewers lie apart."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from statistics import pstdev

TRIM_ABOVE = 5
LEAST_PANEL, MOST_PANEL = 3, 15
# Who belongs to the unit judged stands aside: of the panel at least two must be left for a mean.
LEAST_FOR_ONE = 2
_CENT = Decimal("0.01")


def trimmed_mean(values: Sequence[Decimal], *, trim_above: int = TRIM_ABOVE) -> Decimal:
    """Return the mean of the values, half-up to two decimals; of more than `trim_above` the ends are dropped.

    :raises ValueError: for no values
    """
    if not values:
        raise ValueError("no values")
    kept = sorted(values)[1:-1] if len(values) > trim_above else list(values)
    return (sum(kept, Decimal(0)) / len(kept)).quantize(_CENT, rounding=ROUND_HALF_UP)


def panel_hindrance(named: int, thin: Sequence[str]) -> str:
    """Return why a panel's points cannot count as it stands, with what to do, or nothing.

    :param named: how many reviewers there are; none is no panel
    :param thin: the units that too few of them may judge, the reviewers of the own unit standing aside
    """
    if 0 < named < LEAST_PANEL:
        return (
            f"评审人员现有 {named} 名，至少 {LEAST_PANEL} 名的评分才能取平均计入，"
            "请增加评审人员；或者全部取消，改由办公室一人核定。"
        )
    if thin:
        told = "、".join(thin[:5]) + ("等" if len(thin) > 5 else "")
        return (
            f"评审{told}时，本单位的评审人员回避后不足 {LEAST_FOR_ONE} 名，评分不能计入，"
            "请增加其他单位的评审人员。"
        )
    return ""


def panel_words(values: Sequence[Decimal], recused: int = 0) -> str:
    """Return how a panel's points came about, as the reason of the judgement.

    :param recused: how many of the panel stood aside because the unit is their own
    """
    written = "、".join(f"{value.normalize():f}" for value in sorted(values))
    dropped = "，去掉一个最高分和一个最低分" if len(values) > TRIM_ABOVE else ""
    aside = f"；另有 {recused} 名为本单位人员，按规定回避" if recused else ""
    return f"{len(values)} 名评审人员分别评定（{written}）{dropped}后取平均{aside}"


def spread(values: Sequence[Decimal]) -> Decimal:
    """Return the standard deviation of the reviewers' points, two decimals."""
    return (
        Decimal(str(pstdev(values))).quantize(_CENT, rounding=ROUND_HALF_UP)
        if len(values) > 1
        else Decimal(0)
    )
