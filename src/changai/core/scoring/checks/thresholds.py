"""A check of one threshold over many units: do suspiciously many stand just above it?"""

from __future__ import annotations

from collections.abc import Iterator
from math import comb

import numpy as np

from changai.core.scoring.checks.flags import Flag
from changai.core.scoring.fixedpoint import Floats

LEAST_NEAR = 12


def bunching(indicator: str, values: Floats, threshold: float, width: float) -> Iterator[Flag]:
    """Yield one test of all units together: those within `width` above the threshold against those as far below.

    Honest effort bunches too, because people work until the target is met: this is a pattern of many units and says
    nothing of any one. Needs twelve values near the threshold; nothing is tested with fewer.

    :raises ValueError: when the width is not above zero
    """
    if width <= 0:
        raise ValueError("the width must be above zero")
    above = int(np.count_nonzero((values >= threshold) & (values < threshold + width)))
    below = int(np.count_nonzero((values >= threshold - width) & (values < threshold)))
    near = above + below
    if near < LEAST_NEAR:
        return
    yield Flag(
        "全部对象",
        indicator,
        "bunching",
        above / near,
        _half_tail(above, near),
        f"刚达到 {threshold:g} 的有 {above} 个，差一点未达到的有 {below} 个（上下各 {width:g} 以内），"
        "属整体现象，不针对任何一个对象",
        f"{above} units stand just above {threshold:g} and {below} just below (within {width:g}); "
        "a pattern of all, not of any one unit",
        "大家都努力到达标为止、任务按目标值分解下达",
        "everyone works until the target is met, plans are handed down at the target",
    )


def _half_tail(above: int, near: int) -> float:
    """Return the chance of at least this many heads in so many tosses of a fair coin."""
    return sum(comb(near, count) for count in range(above, near + 1)) / (1 << near)
