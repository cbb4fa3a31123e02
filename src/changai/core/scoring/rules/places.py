"""Relative rules: points by place, by proportion to the best, by distance from the class average.

A relative rule makes one unit's points move when another unit's figures are corrected; the sentence names
the cohort. With fewer than two units there is nothing to compare with and the leaf is VOID.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray

from changai.core.scoring.averages import mean
from changai.core.scoring.codec import FLAG, INTEGER, NUMBER, choice, optional, sequence
from changai.core.scoring.decimals import show
from changai.core.scoring.fixedpoint import Array, Integers, Mask, is_decided, tolerance
from changai.core.scoring.frames import Frame, Reading, either
from changai.core.scoring.measures import MEASURE, Measure
from changai.core.scoring.rules.base import ONE, ZERO, Flaw, Rule, Span
from changai.core.scoring.rules.counts import FULL, START, PerStep, clip, start_points, told_clip
from changai.core.scoring.statuses import REPORTED, VOID
from changai.core.scoring.voice import Voice

LEAST_COHORT = 2


class Relative(Rule):
    """A rule that compares a measure with the other units of the category."""

    is_relative: ClassVar[bool] = True
    of: Measure
    full: Fraction | None

    def fields(self) -> tuple[str, ...]:
        return self.of.fields()

    def measures(self) -> tuple[Measure, ...]:
        return (self.of,)

    def may_be_void(self) -> bool:
        return True

    def void_words(self, frame: Frame, place: int, voice: Voice) -> str:
        told = super().void_words(frame, place, voice)
        if told:
            return told
        if int(self.of.read(frame).usable.sum()) < LEAST_COHORT:
            return voice.pick("可比对象不足两个", "fewer than two units to compare")
        return voice.pick("比较的基数不大于零", "the base of the comparison is not above zero")

    def mark(self, full: Fraction) -> Fraction:
        """Return the rule's own full mark, or the leaf's."""
        return full if self.full is None else self.full

    def cohort(self, frame: Frame) -> Reading:
        """Return the measure; without at least two accepted units nobody has a defined value."""
        reading = self.of.read(frame)
        if int(reading.usable.sum()) >= LEAST_COHORT:
            return reading
        statuses = np.where(reading.statuses == REPORTED, VOID, reading.statuses).astype(np.int8)
        return Reading(reading.values, statuses, reading.grain, reading.magnitude, reading.doubt)


@dataclass(frozen=True)
class RankPoints(Relative):
    """Points by competition rank of the measure.

    争先进位 (第1名100%, 每降1位减5%): step 0.05. A table (第1至5名依次60、57、54…): `shares` for the first
    places, after them each further place loses `step`. Never below `least`. `lowest_first` gives place 1 to
    the smallest
    value. `only_above`: only units strictly above take part (with `lowest_first`, strictly below), the
    others get
    nothing.
    """

    of: Annotated[Measure, MEASURE]
    step: Annotated[Fraction, NUMBER] = Fraction(1, 20)
    shares: Annotated[tuple[Fraction, ...], sequence(NUMBER)] = ()
    least: Annotated[Fraction, NUMBER] = ZERO
    lowest_first: Annotated[bool, FLAG] = False
    only_above: Annotated[Fraction | None, optional(NUMBER)] = None
    full: Annotated[Fraction | None, optional(NUMBER)] = None

    def span(self, full: Fraction) -> Span:
        mark = self.mark(full)
        best = max((ONE, self.least) if not self.shares else (*self.shares, self.least))
        return Span(min(ZERO, self.least * mark), best * mark)

    def flaws(self, full: Fraction) -> Iterator[Flaw]:
        if self.step < 0:
            yield Flaw("step 不能为负数", "step must not be negative")
        if any(later > earlier for earlier, later in zip(self.shares, self.shares[1:], strict=False)):
            yield Flaw("位次分值须逐位不增", "the shares of places must not increase")

    def share(self, place: int) -> Fraction:
        """Return the share of the full mark for a place, 1 being the best."""
        if place <= len(self.shares):
            return max(self.shares[place - 1], self.least)
        last = self.shares[-1] if self.shares else ONE
        return max(last - self.step * (place - max(1, len(self.shares))), self.least)

    def points(self, frame: Frame, full: Fraction) -> Reading:
        reading, mark = self.cohort(frame), self.mark(full)
        ranks, doubt = self._ranks(reading)
        by_place = [self.share(place) * mark for place in range(1, len(ranks) + 2)]
        table = np.array([ZERO, *by_place], dtype=object)
        if not reading.is_exact:
            table = table.astype(np.float64)
        denominator = math.lcm(*(points.denominator for points in by_place))
        height = float(max(abs(points) for points in by_place))
        return Reading(table[ranks], reading.statuses, frame.grain(denominator), height, doubt)

    def explain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        reading = self.cohort(frame)
        ranks, _ = self._ranks(reading)
        rank, cohort = int(ranks[place]), int((ranks > 0).sum())
        fact = self.of.tell(frame, place, voice)
        if not rank:
            edge = voice.amount(self.only_above or ZERO, self.of.unit)
            zh = f"未{'低于' if self.lowest_first else '超过'} {edge}，不参加位次计分"
            return voice.join([fact, voice.pick(zh, f"not beyond {edge}, takes no place")])
        share = show(self.share(rank) * 100)
        given = voice.points(self.share(rank) * self.mark(full))
        told = voice.pick(
            f"在 {cohort} 个参评对象中列第 {rank} 位，按 {share}% 计 {given}",
            f"place {rank} of {cohort} units, {share}% counted as {given}",
        )
        return voice.join([fact, told])

    def regain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        reading = self.cohort(frame)
        ranks, _ = self._ranks(reading)
        ahead = [value for value, rank in zip(reading.values, ranks, strict=True) if 0 < rank < ranks[place]]
        if not ahead:
            return ""
        nearest = voice.amount((max if self.lowest_first else min)(ahead), self.of.unit)
        return voice.pick(f"前一位为 {nearest}", f"the unit before has {nearest}")

    def _ranks(self, reading: Reading) -> tuple[Integers, Mask | None]:
        """Return competition ranks among those who take part, 0 for the others."""
        part, doubt = reading.usable, reading.doubt
        if self.only_above is not None:
            beyond, unsure = (
                reading.reaches(self.only_above) if self.lowest_first else reading.exceeds(self.only_above)
            )
            part, doubt = part & (~beyond if self.lowest_first else beyond), either(doubt, unsure)
        values = -reading.values if self.lowest_first else reading.values
        ranks = np.zeros(len(values), dtype=np.int64)
        chosen = values[part]
        if reading.is_exact:
            numbers = sorted(chosen)
            ranks[part] = [1 + len(numbers) - bisect.bisect_right(numbers, value) for value in chosen]
            return ranks, None
        ordered = np.sort(chosen)
        ranks[part] = 1 + len(ordered) - np.searchsorted(ordered, chosen, side="right")
        return ranks, _any_doubt(either(doubt, None), ordered, reading)


@dataclass(frozen=True)
class ProportionToBest(Relative):
    """full x value / best value (标杆); with `lowest_first` full x best / value.

    A best of zero or less is VOID. `within`: only the first places get points.
    """

    of: Annotated[Measure, MEASURE]
    lowest_first: Annotated[bool, FLAG] = False
    within: Annotated[int | None, optional(INTEGER)] = None
    full: Annotated[Fraction | None, optional(NUMBER)] = None

    def span(self, full: Fraction) -> Span:
        return Span(ZERO, self.mark(full))

    def points(self, frame: Frame, full: Fraction) -> Reading:
        reading = self.cohort(frame)
        best = self._best(reading)
        statuses = reading.statuses
        if best is None:
            void = np.where(statuses == REPORTED, VOID, statuses).astype(np.int8)
            return Reading(frame.zeros(), void, 0.0, 0.0)
        values = self._shares(reading, best) * reading.number(self.mark(full))
        doubt = reading.doubt
        if self.within is not None:
            ranks, unsure = RankPoints(self.of, lowest_first=self.lowest_first)._ranks(reading)  # noqa: SLF001
            values, doubt = (
                np.where(ranks <= self.within, values, reading.number(ZERO)),
                either(doubt, unsure),
            )
        top = float(self.mark(full)) * 4
        return Reading(values, statuses, frame.grain(math.inf), top, doubt)

    def explain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        reading = self.cohort(frame)
        best, value = self._best(reading) or ONE, reading.values[place]
        cohort, mark = int(reading.usable.sum()), self.mark(full)
        edge = voice.amount(best, self.of.unit)
        told = voice.pick(f"{cohort} 个参评对象中最好为 {edge}", f"the best of {cohort} units is {edge}")
        exact = self._share(value, best) * mark
        low, high = (best, value) if self.lowest_first else (value, best)
        sums = f"{show(mark)}×{show(max(low, ZERO))}/{show(high)} {voice.equals(exact)} {show(exact)}"
        ranks, _ = RankPoints(self.of, lowest_first=self.lowest_first)._ranks(reading)  # noqa: SLF001
        out = self.within is not None and ranks[place] > self.within
        beyond = voice.pick(
            f"列第 {ranks[place]} 位，前 {self.within} 位之外不得分",
            f"place {ranks[place]}, only the first {self.within} score",
        )
        return voice.join([self.of.tell(frame, place, voice), told, beyond if out else sums])

    def _best(self, reading: Reading) -> Fraction | None:
        chosen = reading.values[reading.usable]
        if not len(chosen):
            return None
        best: Fraction = chosen.min() if self.lowest_first else chosen.max()
        return best if best > 0 else None

    def _shares(self, reading: Reading, best: Fraction) -> Array:
        if self.lowest_first:
            safe = np.where(reading.usable, reading.values, reading.number(ONE))
            inverse: Array = best / safe
            return inverse
        shares: Array = np.maximum(reading.values, reading.number(ZERO)) / best
        return shares

    def _share(self, value: Fraction, best: Fraction) -> Fraction:
        return best / value if self.lowest_first else max(value, ZERO) / best


@dataclass(frozen=True)
class RelativeToAverage(Relative):
    """start + per x (steps away from the class average, times `times`), kept between `floor` and `cap`.

    不低于平均值得2分, 每低1%扣0.1分. `basis` "points" counts steps in the measure's own unit (percentage
    points for a rate), "percent" in percent of the average.
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
        return PerStep(
            self.of, ZERO, self.per, self.step, start=self.start, floor=self.floor, cap=self.cap
        ).span(full)

    def flaws(self, full: Fraction) -> Iterator[Flaw]:
        yield from PerStep(self.of, ZERO, self.per, self.step, floor=self.floor, cap=self.cap).flaws(full)

    def points(self, frame: Frame, full: Fraction) -> Reading:
        reading, start = self.cohort(frame), start_points(self.start, self.mark(full))
        average = mean(reading) * reading.number(self.times)
        statuses = self._defined(reading, average)
        away = average - reading.values if self.side == "below" else reading.values - average
        distance = np.maximum(away, reading.number(ZERO))
        scale = reading.number(self.per / self.step)
        if self.basis == "percent":
            scale = scale * 100 / (average if average > 0 else reading.number(ONE))
        values = distance * scale + reading.number(start)
        magnitude = (2 * reading.magnitude + abs(float(average))) * abs(float(scale)) + abs(float(start))
        exact = Reading(values, statuses, frame.grain(math.inf), magnitude, reading.doubt)
        return clip(exact, self.floor, self.cap)

    def explain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        reading, start = self.cohort(frame), start_points(self.start, self.mark(full))
        average = mean(reading) * self.times
        value, count = reading.values[place], int(reading.usable.sum())
        fact, line = self.of.tell(frame, place, voice), self._line(average, count, voice)
        away = max(ZERO, average - value if self.side == "below" else value - average)
        if not away:
            return voice.join(
                [fact, line, voice.pick(f"按 {voice.points(start)}计", f"counted as {voice.points(start)}")]
            )
        distance = away * 100 / average if self.basis == "percent" else away
        total = start + distance / self.step * self.per
        verb = voice.pick("加" if self.per > 0 else "扣", "adds" if self.per > 0 else "deducts")
        side = voice.pick(
            "低" if self.side == "below" else "高", "below" if self.side == "below" else "above"
        )
        if self.basis == "percent":
            apart = voice.amount(distance, "%"), voice.amount(self.step, "%")
        else:
            apart = voice.distance(distance, self.of.unit), voice.distance(self.step, self.of.unit)
        amounts = (*apart, voice.points(abs(self.per)))
        zh = f"{side} {amounts[0]}，每{side} {amounts[1]} {verb} {amounts[2]}"
        told = voice.pick(zh, f"{amounts[0]} {side}, each {amounts[1]} {verb} {amounts[2]}")
        sign = "+" if self.per > 0 else "-"
        result = f"{show(start)}{sign}{show(abs(total - start))} {voice.equals(total)} {show(total)}"
        return voice.join([fact, line, told, result, told_clip(total, self.floor, self.cap, voice)])

    def _defined(self, reading: Reading, average: Fraction) -> NDArray[np.int8]:
        if self.basis == "points" or average > 0:
            return reading.statuses
        return np.where(reading.statuses == REPORTED, VOID, reading.statuses).astype(np.int8)

    def _line(self, average: Fraction, count: int, voice: Voice) -> str:
        shown = voice.amount(average, self.of.unit)
        sign = voice.equals(average)
        part = "" if self.times == 1 else f"×{show(self.times)}"
        return voice.pick(
            f"{count} 个参评对象平均值{part} {sign} {shown}", f"average of {count} units{part} {sign} {shown}"
        )


def _any_doubt(doubt: Mask | None, ordered: Array, reading: Reading) -> Mask | None:
    """Return everybody when anybody's place is unsure: one place moves the others."""
    gaps = np.diff(ordered)
    close = gaps <= tolerance(reading.magnitude)
    # Equal floats are equal numbers only while distinct numbers must lie further apart than the tolerance.
    unsure = bool((close & (gaps > 0)).any())
    unsure |= bool(close.any()) and not is_decided(reading.grain**2, reading.magnitude)
    if unsure or (doubt is not None and doubt.any()):
        return np.ones(len(reading.values), dtype=bool)
    return None
