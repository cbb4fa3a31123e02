"""Rules that give points in proportion between fixed values."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Annotated, NamedTuple

import numpy as np

from changai.core.scoring.codec import NUMBER, optional, pair, sequence
from changai.core.scoring.fixedpoint import Array, Mask
from changai.core.scoring.frames import Frame, Reading, either
from changai.core.scoring.measures import MEASURE, Measure
from changai.core.scoring.rules.base import ONE, ZERO, Demand, Flaw, Rule, Span, written_as
from changai.core.scoring.voice import Voice


class _Plan(NamedTuple):
    """A ramp worked out for one full mark: points at the knots, and bounds of its arithmetic."""

    values: tuple[Fraction, ...]
    points: tuple[Fraction, ...]
    slopes: tuple[Fraction, ...]
    denominator: int
    steepest: float
    at: np.ndarray
    height: np.ndarray


@dataclass(frozen=True)
class Linear(Rule):
    """Points in proportion between knots (value, share of the full mark); level outside the outer knots.

    `below` and `above` replace the share of the first and last knot for values strictly outside them.
    """

    of: Annotated[Measure, MEASURE]
    knots: Annotated[tuple[tuple[Fraction, Fraction], ...], sequence(pair(NUMBER, NUMBER))]
    full: Annotated[Fraction | None, optional(NUMBER)] = None
    below: Annotated[Fraction | None, optional(NUMBER)] = None
    above: Annotated[Fraction | None, optional(NUMBER)] = None

    def fields(self) -> tuple[str, ...]:
        return self.of.fields()

    def measures(self) -> tuple[Measure, ...]:
        return (self.of,)

    def span(self, full: Fraction) -> Span:
        outer = [share for share in (self.below, self.above) if share is not None]
        shares = [share * self._full(full) for share in [*(share for _, share in self.knots), *outer]]
        return Span(min(shares), max(shares))

    def flaws(self, full: Fraction) -> Iterator[Flaw]:
        values = [value for value, _ in self.knots]
        if len(values) < 2 or any(later <= earlier for earlier, later in itertools.pairwise(values)):
            yield Flaw(
                "knots 至少两点，且取值须逐点递增", "knots need at least two points with increasing values"
            )
        elif self.of.unit == "%" and max(abs(value) for value in values) <= ONE:
            yield Flaw(
                "数值以 % 计（95 表示 95%），而 knots 的取值不超过 1，请核对是否把 95% 写成了 0.95",
                "values are in percent (95 means 95%) but no knot lies above 1; was 95% written as 0.95?",
                is_warning=True,
            )

    def demands(self, full: Fraction) -> tuple[Demand, ...]:
        return (*super().demands(full), *written_as(self.of, [value for value, _ in self.knots]))

    def points(self, frame: Frame, full: Fraction) -> Reading:
        plan, reading = self._plan(full), self.of.read(frame)
        values = (
            self._exact_points(plan, reading)
            if frame.exact
            else np.interp(reading.values, plan.at, plan.height)
        )
        values, doubt = self._outside(plan, reading, values, full)
        top = max(reading.magnitude, *(abs(value) for value in map(float, plan.values)))
        magnitude = top * plan.steepest + float(max(map(abs, plan.points)))
        return Reading(
            values, reading.statuses, frame.grain(reading.grain * plan.denominator), magnitude, doubt
        )

    def explain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        plan, value = self._plan(full), self.of.read(frame).values[place]
        return voice.join([self.of.tell(frame, place, voice), self._comparison(plan, value, full, voice)])

    def regain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        plan, value = self._plan(full), self.of.read(frame).values[place]
        most = max(plan.points)
        best = [knot for knot, points in zip(plan.values, plan.points, strict=True) if points == most]
        # Outside an outer knot the ramp stays level unless `below` or `above` says otherwise.
        level_below = best[0] == plan.values[0] and self.below is None
        level_above = best[-1] == plan.values[-1] and self.above is None
        if (value >= best[0] or level_below) and (value <= best[-1] or level_above):
            return ""
        upward = value < best[0]
        edge, given = voice.amount(best[0] if upward else best[-1], self.of.unit), voice.points(most)
        return voice.pick(f"{'提高' if upward else '降'}到 {edge} 可得 {given}", f"{given} at {edge}")

    def _full(self, full: Fraction) -> Fraction:
        return full if self.full is None else self.full

    @cached_property
    def _plans(self) -> dict[Fraction, _Plan]:
        return {}

    def _plan(self, full: Fraction) -> _Plan:
        mark = self._full(full)
        plan = self._plans.get(mark)
        if plan is None:
            plan = self._plans[mark] = self._work_out(mark)
        return plan

    def _work_out(self, mark: Fraction) -> _Plan:
        values = tuple(value for value, _ in self.knots)
        points = tuple(share * mark for _, share in self.knots)
        segments = range(len(values) - 1)
        slopes = tuple((points[k + 1] - points[k]) / (values[k + 1] - values[k]) for k in segments)
        offsets = [points[k] - slopes[k] * values[k] for k in segments]
        denominator = math.lcm(*(number.denominator for number in (*slopes, *offsets)))
        at = np.array([float(value) for value in values])
        height = np.array([float(point) for point in points])
        return _Plan(
            values, points, slopes, denominator, max(abs(float(each)) for each in slopes), at, height
        )

    def _exact_points(self, plan: _Plan, reading: Reading) -> Array:
        inside = np.clip(reading.values, reading.number(plan.values[0]), reading.number(plan.values[-1]))
        result: Array = inside * 0 + plan.points[0]
        for start, points, slope in zip(plan.values, plan.points, plan.slopes, strict=False):
            result = np.where(inside >= start, points + (inside - start) * slope, result)
        return result

    def _outside(
        self, plan: _Plan, reading: Reading, values: Array, full: Fraction
    ) -> tuple[Array, Mask | None]:
        doubt = reading.doubt
        if self.below is not None:
            reached, unsure = reading.reaches(plan.values[0])
            values = np.where(reached, values, reading.number(self.below * self._full(full)))
            doubt = either(doubt, unsure)
        if self.above is not None:
            beyond, unsure = reading.exceeds(plan.values[-1])
            values = np.where(beyond, reading.number(self.above * self._full(full)), values)
            doubt = either(doubt, unsure)
        return values, doubt

    def _comparison(self, plan: _Plan, value: Fraction, full: Fraction, voice: Voice) -> str:
        first, last = plan.values[0], plan.values[-1]
        if value < first:
            points = plan.points[0] if self.below is None else self.below * self._full(full)
            return _beyond(first, points, self.of.unit, voice, zh="低于", en="below")
        if value > last:
            points = plan.points[-1] if self.above is None else self.above * self._full(full)
            return _beyond(last, points, self.of.unit, voice, zh="高于", en="above")
        for k, start in enumerate(plan.values):
            if value == start:
                return _beyond(start, plan.points[k], self.of.unit, voice, zh="达到", en="at")
        k = sum(value > start for start in plan.values) - 1
        low = f"{voice.amount(plan.values[k], self.of.unit)}（{voice.points(plan.points[k])}）"
        high = f"{voice.amount(plan.values[k + 1], self.of.unit)}（{voice.points(plan.points[k + 1])}）"
        if voice.lang == "en":
            low, high = (text.replace("（", " (").replace("）", ")") for text in (low, high))
        return voice.pick(f"在 {low}与 {high}之间按比例计", f"in proportion between {low} and {high}")


def _beyond(edge: Fraction, points: Fraction, unit: str, voice: Voice, *, zh: str, en: str) -> str:
    amount, given = voice.amount(edge, unit), voice.points(points)
    return voice.pick(f"{zh} {amount}，按 {given}计", f"{en} {amount}, counted as {given}")


def completion(of: Measure, *, target: Fraction = ONE, cap: Fraction = ONE) -> Linear:
    """Return 完成率按比例计分: full * min(value / target, cap)."""
    return Linear(of, ((ZERO, ZERO), (target * cap, cap)))


def efficacy(
    of: Measure, *, unacceptable: Fraction, satisfactory: Fraction, base: Fraction = Fraction(3, 5)
) -> Linear:
    """Return 功效系数法: base + (1 - base) * (x - unacceptable) / (satisfactory - unacceptable) of the mark.

    For a smaller-is-better figure `satisfactory` lies below `unacceptable`.
    """
    ends = sorted([(unacceptable, base), (satisfactory, ONE)])
    return Linear(of, tuple(ends))
