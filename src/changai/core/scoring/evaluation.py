"""From rules to integer points: float64 for all, fractions for the few that float64 cannot decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from changai.core.scoring.decimals import half_up
from changai.core.scoring.facts import Facts
from changai.core.scoring.fixedpoint import (
    Floats,
    Integers,
    Mask,
    half_up_floats,
    is_decided,
    near_tie,
    tolerance,
)
from changai.core.scoring.frames import Frame, Reading, either
from changai.core.scoring.rules import Rule


@dataclass(frozen=True, slots=True)
class Task:
    """One rule to evaluate with its full mark, on a float pass over all units."""

    rule: Rule
    full: Fraction
    frame: Frame

    def exact_frame(self, place: int) -> Frame:
        """Return the exact pass over one unit, which stands at place 0 of it."""
        return self.frame.exactly(np.array([place]))


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Tasks x units: integer points (0 where there is no accepted value) and statuses."""

    points: Integers
    statuses: NDArray[np.int8]
    exactly_decided: int


def evaluate(tasks: Sequence[Task], facts: Facts, scale: int) -> Evaluated:
    """Return the points of every task in units of 1/scale, each rounded half-up once."""
    count = len(facts.units)
    raw = np.empty((len(tasks), count))
    lifts = np.empty((len(tasks), 1))
    statuses = np.empty((len(tasks), count), dtype=np.int8)
    doubts: list[tuple[int, Mask]] = []
    for row, task in enumerate(tasks):
        reading = task.rule.points(task.frame, task.full)
        raw[row] = reading.values
        raw[row] *= scale
        statuses[row] = reading.statuses
        lifts[row] = lift = tolerance(reading.magnitude * scale)
        doubt = _doubt(reading, raw[row], lift, scale)
        if doubt is not None and doubt.any():
            doubts.append((row, doubt))
    accepted = statuses == 0
    raw[~accepted] = 0.0
    points = half_up_floats(raw, lifts)
    return Evaluated(
        points, statuses, sum(_decide(tasks[row], points[row], doubt, scale) for row, doubt in doubts)
    )


def _doubt(reading: Reading, scaled: Floats, lift: float, scale: int) -> Mask | None:
    # The scaled value is a multiple of 1/grain as well, so the grain serves both before and after scaling.
    if is_decided(reading.grain, reading.magnitude * scale):
        return reading.doubt
    doubt = either(reading.doubt, near_tie(scaled, lift))
    return None if doubt is None else doubt & reading.usable


def _decide(task: Task, points: Integers, doubt: Mask, scale: int) -> int:
    places = np.flatnonzero(doubt)
    exact = task.rule.points(task.frame.exactly(places), task.full).values
    points[places] = [half_up(value * scale) for value in exact]
    return len(places)
