"""The class average of a measure."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from changai.core.scoring.frames import Frame
    from changai.core.scoring.measures import Measure

# An exact mean over thousands of unlike denominators has thousands of digits; sentences round it anyway.
EXACTLY_TOLD = 64


def mean_float(frame: Frame, measure: Measure) -> float:
    """Return the mean over the accepted units of a float pass, 0 when there is none.

    Its denominator has no useful bound, so whoever compares with it says so (grain infinity) and near ties are
    decided exactly.
    """
    reading = measure.read(frame)
    usable = reading.usable
    return float(reading.values[usable].mean()) if usable.any() else 0.0


def mean_exact(frame: Frame, measure: Measure) -> Fraction:
    """Return the exact mean over the accepted units of the cohort of a pass."""
    key = ("mean", measure)
    cohort = frame.cohort
    if key not in cohort.memory:
        places = np.flatnonzero(measure.read(cohort).usable)
        values = measure.read(cohort.exactly(places)).values
        cohort.memory[key] = Fraction(sum(values), len(values)) if len(values) else Fraction(0)
    found: Fraction = cohort.memory[key]
    return found


def mean_told(frame: Frame, measure: Measure) -> Fraction:
    """Return the mean for a sentence: exact for a small cohort, else as close as float64 has it."""
    if int(measure.read(frame.cohort).usable.sum()) <= EXACTLY_TOLD:
        return mean_exact(frame, measure)
    return Fraction(mean_float(frame.cohort, measure)).limit_denominator(10**9)
