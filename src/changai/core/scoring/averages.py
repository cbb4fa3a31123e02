"""The class average of a measure."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from changai.core.scoring.frames import Reading


def mean(reading: Reading) -> Any:
    """Return the mean over the accepted units, in the arithmetic of the reading; 0 when there is none.

    Its denominator has no useful bound, so whoever compares with it says so (grain infinity) and near ties
    are decided exactly.
    """
    usable = reading.usable
    count = int(usable.sum())
    if not count:
        return reading.number(Fraction(0))
    total = reading.values[usable].sum()
    return total / count
