"""Points by distance from the class average: a rule that compares a measure with the other units of the category."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

import numpy as np

from changai.core.scoring.averages import mean_exact, mean_float, mean_told
from changai.core.scoring.codec import NUMBER, choice, optional
from changai.core.scoring.decimals import show
from changai.core.scoring.fixedpoint import Array, Floats, tolerance
from changai.core.scoring.frames import Frame, Reading
from changai.core.scoring.measures import MEASURE, Measure
from changai.core.scoring.rules.base import ONE, ZERO, Flaw, Span, kept_within
from changai.core.scoring.rules.counts import FULL, START, clip, start_points, told_clip
from changai.core.scoring.rules.places import Relative
from changai.core.scoring.voice import Voice


@dataclass(frozen=True)
class RelativeToAverage(Relative):
    """start + per x (steps away from the class average, times `times`), kept between `floor` and `cap`.

    不低于平均值得2分, 每低1%扣0.1分. `basis` "points" counts steps in the measure's own unit (percentage points for
    a rate), "percent" in percent of the average.
    """

    of: Annotated[Measure, MEASURE]
    per: Annotated[Fraction, NUMBER]
    step: Annotated[Fraction, NUMBER] = ONE
    side: Annotated[str, choice("below", "above")] = "below"
    basis: Annotated[str, choice("points", "percent")] = "points"
    times: Annotated[Fraction, NUMBER] = ONE
    start: Annotated[Fraction | str, START] = FULL
    floor: Annotated[Fraction | None, optional(NUMBER)] = None
    cap: Annotated[Fraction | None, optional(NUMBER)] = None
    full: Annotated[Fraction | None, optional(NUMBER)] = None

    def span(self, full: Fraction) -> Span:
        start = start_points(self.start, self.mark(full))
        free = Span(None, start) if self.per < 0 else Span(start, None)
        return kept_within(free, self.floor, self.cap)

    def flaws(self, full: Fraction) -> Iterator[Flaw]:
        if self.step <= 0:
            yield Flaw("step 须大于 0", "step must be positive")
        if self.floor is not None and self.cap is not None and self.floor > self.cap:
            yield Flaw("floor 大于 cap", "floor lies above cap")

    def has_base(self, frame: Frame) -> bool:
        if self.basis == "points":
            return True
        average = mean_float(frame.cohort, self.of)
        if abs(average) > tolerance(self.of.read(frame.cohort).magnitude):
            return average * float(self.times) > 0
        return mean_exact(frame, self.of) * self.times > 0

    def fast(self, frame: Frame, reading: Reading, mark: Fraction) -> Reading:
        average, start = mean_float(frame, self.of) * float(self.times), start_points(self.start, mark)
        rate = float(self.per / self.step) * (100 / average if self.basis == "percent" else 1.0)
        away: Floats = average - reading.values if self.side == "below" else reading.values - average
        values: Array = np.maximum(away, 0.0) * rate + float(start)
        magnitude = (2 * reading.magnitude + abs(average)) * abs(rate) + abs(float(start))
        exact = Reading(values, reading.statuses, math.inf, magnitude, reading.doubt)
        return clip(exact, self.floor, self.cap)

    def exact_points(self, frame: Frame, place: int, mark: Fraction) -> Fraction:
        average = mean_exact(frame, self.of) * self.times
        distance = self._distance(self.of.read(frame).values[place], average)
        total = start_points(self.start, mark) + distance / self.step * self.per
        if self.floor is not None:
            total = max(total, self.floor)
        return total if self.cap is None else min(total, self.cap)

    def explain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        start, average = start_points(self.start, self.mark(full)), mean_told(frame, self.of) * self.times
        distance = self._distance(self.of.read(frame).values[place], average)
        facts = [self.of.tell(frame, place, voice), self._line(average, self.cohort_size(frame), voice)]
        if not distance:
            given = voice.points(start)
            return voice.join([*facts, voice.pick(f"按 {given}计", f"counted as {given}")])
        total = start + distance / self.step * self.per
        sign = "+" if self.per > 0 else "-"
        result = f"{show(start)}{sign}{show(abs(total - start))} {voice.equals(total)} {show(total)}"
        told = self._steps_told(distance, voice)
        return voice.join([*facts, told, result, told_clip(total, self.floor, self.cap, voice)])

    def _distance(self, value: Fraction, average: Fraction) -> Fraction:
        away = max(ZERO, average - value if self.side == "below" else value - average)
        return away * 100 / average if self.basis == "percent" else away

    def _steps_told(self, distance: Fraction, voice: Voice) -> str:
        show_distance = voice.distance if self.basis == "points" else voice.amount
        unit = self.of.unit if self.basis == "points" else "%"
        apart, step, given = (
            show_distance(distance, unit),
            show_distance(self.step, unit),
            voice.points(abs(self.per)),
        )
        side = "低" if self.side == "below" else "高"
        verb, english = ("加", "adds") if self.per > 0 else ("扣", "deducts")
        return voice.pick(
            f"{side} {apart}，每{side} {step} {verb} {given}",
            f"{apart} {self.side}, each {step} {english} {given}",
        )

    def _line(self, average: Fraction, count: int, voice: Voice) -> str:
        part = "" if self.times == 1 else f"×{show(self.times)}"
        shown = f"{part} {voice.equals(average)} {voice.amount(average, self.of.unit)}"
        return voice.pick(f"{count} 个参评对象平均值{shown}", f"average of {count} units{shown}")
