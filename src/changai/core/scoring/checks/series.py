"""Checks of one unit's own series: jumps between months, repeated values, last digits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import erfc, sqrt

import numpy as np

from changai.core.scoring.checks.flags import Flag, modified_z, two_sided
from changai.core.scoring.fixedpoint import Floats

LEAST_MONTHS = 8
LEAST_DIGITS = 60
LEAST_SIZE = 100
RECORD_TIMES = 3.0


def jumps(
    unit: str, indicator: str, values: Floats, *, cumulative: bool = False, peers: Floats | None = None
) -> Iterator[Flag]:
    """Yield one test per month-on-month change of log values against the unit's own history.

    :param cumulative: the series runs through the year and is differenced first
    :param peers: peers x months of the same series; their median change of the month is taken out first
    """
    series = np.diff(values, prepend=0.0) if cumulative else values
    if len(series) < LEAST_MONTHS or series.min() <= 0:
        return
    changes = np.diff(np.log(series))
    if peers is not None:
        months = np.diff(peers, axis=1, prepend=0.0) if cumulative else peers
        usual = np.diff(np.log(np.where(months > 0, months, np.nan)), axis=1)
        changes = changes - np.nan_to_num(np.nanmedian(usual, axis=0))
    for month, z in enumerate(modified_z(changes), start=2):
        before, after = series[month - 2], series[month - 1]
        yield Flag(
            unit,
            f"{indicator}（第 {month} 期）",
            "jump",
            float(z),
            two_sided(float(z), len(changes)),
            f"由 {before:g} 变为 {after:g}，与本单位以往的变化不同",
            f"changes from {before:g} to {after:g}, unlike its own history",
            "集中开班或集中结算、上月漏报后补报、季节因素",
            "work done in one batch, a late catch-up, the season",
        )


def records(
    unit: str, indicator: str, values: Floats, *, times: float = RECORD_TIMES
) -> Iterator[tuple[int, Flag]]:
    """Yield the place, counted from 0, and a flag of each value at least `times` the highest of all before it.

    Few months that vary much leave tests of chance no power; that a figure is several times what it ever was is plain
    without one. Needs eight values before, none of them missing.
    """
    for place in range(LEAST_MONTHS, len(values)):
        highest, value = float(values[:place].max()), float(values[place])
        if highest > 0 and value >= times * highest:
            yield (
                place,
                Flag(
                    unit,
                    f"{indicator}（第 {place + 1} 期）",
                    "record",
                    value / highest,
                    None,
                    f"数值 {value:g} 是此前各期最高值 {highest:g} 的 {value / highest:.1f} 倍",
                    f"{value:g} is {value / highest:.1f} times the highest before, {highest:g}",
                    "集中开班或集中结算、新设项目、统计口径调整",
                    "work done in one batch, a new project, a changed definition",
                ),
            )


def repeats(unit: str, indicator: str, values: Sequence[str], *, least: int = 3) -> Iterator[Flag]:
    """Yield a flag for the longest run of one and the same value over at least `least` periods.

    Only for figures that move by nature: plans, posts and other standing facts repeat honestly and are not passed in.
    """
    longest, start = 0, 0
    for place in range(1, len(values) + 1):
        if place == len(values) or values[place] != values[start]:
            longest = max(longest, place - start)
            start = place
    if longest >= least:
        yield Flag(
            unit,
            indicator,
            "repeat",
            float(longest),
            None,
            f"连续 {longest} 期数值相同",
            f"the same value {longest} periods running",
            "指标本身稳定、该期没有新增工作",
            "a stable figure, no new work in the period",
        )


def last_digits(unit: str, indicator: str, counts: Sequence[int]) -> Iterator[Flag]:
    """Yield one chi-square test of the last digits of raw counts.

    Only for counts of three digits and more, at least sixty of them, never for ratios: small counts and percentages
    have uneven last digits by nature.
    """
    large = [count for count in counts if count >= LEAST_SIZE]
    if len(large) < LEAST_DIGITS:
        return
    observed = np.bincount([count % 10 for count in large], minlength=10)
    expected = len(large) / 10
    statistic = float(((observed - expected) ** 2 / expected).sum())
    often = int(np.argmax(observed))
    yield Flag(
        unit,
        indicator,
        "last_digit",
        statistic,
        _chi_square_tail(statistic, 9),
        f"末位数字 {often} 出现 {int(observed[often])} 次（共 {len(large)} 个数）",
        f"the last digit {often} stands {int(observed[often])} times in {len(large)} figures",
        "按习惯取整、按整十下达任务",
        "honest rounding, plans set in tens",
    )


def _chi_square_tail(statistic: float, freedom: int) -> float:
    """Return the upper tail by the cube-root approximation. Source: Wilson & Hilferty (1931)."""
    part = 2 / (9 * freedom)
    deviate = ((statistic / freedom) ** (1 / 3) - (1 - part)) / sqrt(part)
    return erfc(deviate / sqrt(2)) / 2
