"""Relative rules: what they have in common, points by place, and points by proportion to the best.

A relative rule makes one unit's points move when another unit's figures are corrected; the sentence names the
cohort. With fewer than two units there is nothing to compare with and the leaf is VOID.

Each rule works twice: vectorised on the float pass over all units, and for single units on exact values against
what the cohort came to (places, best value, average), which is settled exactly whatever float64 could not decide.
"""

from __future__ import annotations

import bisect
import math
from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray

from changai.core.scoring.codec import FLAG, INTEGER, NUMBER, optional, sequence
from changai.core.scoring.decimals import show
from changai.core.scoring.fixedpoint import Array, Integers, Mask, is_decided, tolerance
from changai.core.scoring.frames import Frame, Reading, either
from changai.core.scoring.measures import MEASURE, Measure
from changai.core.scoring.rules.base import ONE, ZERO, Flaw, Rule, Span
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
        if self.cohort_size(frame) < LEAST_COHORT:
            return voice.pick("可比对象不足两个", "fewer than two units to compare")
        return voice.pick("比较的基数不大于零", "the base of the comparison is not above zero")

    def mark(self, full: Fraction) -> Fraction:
        """Return the rule's own full mark, or the leaf's."""
        return full if self.full is None else self.full

    def cohort_size(self, frame: Frame) -> int:
        """Return how many units have an accepted value."""
        return int(self.of.read(frame.cohort).usable.sum())

    def points(self, frame: Frame, full: Fraction) -> Reading:
        reading = self.of.read(frame)
        comparable = self.cohort_size(frame) >= LEAST_COHORT and self.has_base(frame)
        statuses = reading.statuses
        if not comparable:
            statuses = np.where(statuses == REPORTED, VOID, statuses).astype(np.int8)
        reading = Reading(reading.values, statuses, reading.grain, reading.magnitude, reading.doubt)
        if not comparable:
            return Reading(frame.zeros(), statuses, 0.0, 0.0)
        if not frame.exact:
            return self.fast(frame, reading, self.mark(full))
        values = frame.zeros()
        for place in np.flatnonzero(reading.usable):
            values[place] = self.exact_points(frame, int(place), self.mark(full))
        return Reading(values, statuses, 0.0, 0.0)

    def has_base(self, frame: Frame) -> bool:
        """Return whether what the units are compared with makes a comparison possible."""
        del frame
        return True

    @abstractmethod
    def fast(self, frame: Frame, reading: Reading, mark: Fraction) -> Reading:
        """Return the points of all units of a float pass."""

    @abstractmethod
    def exact_points(self, frame: Frame, place: int, mark: Fraction) -> Fraction:
        """Return the exact points of one accepted unit of an exact pass."""


@dataclass(frozen=True)
class RankPoints(Relative):
    """Points by competition rank of the measure.

    争先进位 (第1名100%, 每降1位减5%): step 0.05. A table (第1至5名依次60、57、54…): `shares` for the first places,
    after them each further place loses `step`. Never below `least`. `lowest_first` gives place 1 to the smallest
    value. `only_above`: only units strictly above take part (with `lowest_first`, strictly below), the others get
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
        return Span(min(ZERO, self.least * mark), max(self._first, self.least) * mark)

    def flaws(self, full: Fraction) -> Iterator[Flaw]:
        if self.step < 0:
            yield Flaw("step 不能为负数", "step must not be negative")
        if any(later > earlier for earlier, later in pairwise(self.shares)):
            yield Flaw("位次分值须逐位不增", "the shares of places must not increase")

    def share(self, place: int) -> Fraction:
        """Return the share of the full mark for a place, 1 being the best."""
        if place <= len(self.shares):
            return max(self.shares[place - 1], self.least)
        last = self.shares[-1] if self.shares else ONE
        return max(last - self.step * (place - max(1, len(self.shares))), self.least)

    def fast(self, frame: Frame, reading: Reading, mark: Fraction) -> Reading:
        ranks, doubt = self._float_ranks(reading)
        listed = max(1, len(self.shares))
        last, step, least = (self.share(listed) * mark, self.step * mark, self.least * mark)
        values = np.maximum(float(last) - float(step) * (ranks - listed), float(least))
        head = [ZERO, *(self.share(place) * mark for place in range(1, listed + 1))]
        table = np.array([float(points) for points in head])
        values = np.where(ranks <= listed, table[np.minimum(ranks, listed)], values)
        grain = math.lcm(step.denominator, least.denominator, *(points.denominator for points in head))
        height = float(max(map(abs, (*head, least)))) + float(step) * len(ranks)
        return Reading(values, reading.statuses, float(grain), height, doubt)

    def exact_points(self, frame: Frame, place: int, mark: Fraction) -> Fraction:
        rank = self.rank(frame, place)
        return self.share(rank) * mark if rank else ZERO

    def rank(self, frame: Frame, place: int) -> int:
        """Return the place of one unit of an exact pass, 0 when it does not take part."""
        chosen = place if frame.places is None else int(frame.places[place])
        return int(self._ranks(frame)[chosen])

    def explain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        rank, taking_part = self.rank(frame, place), int((self._ranks(frame) > 0).sum())
        fact = self.of.tell(frame, place, voice)
        if not rank:
            edge = voice.amount(self.only_above or ZERO, self.of.unit)
            zh = f"未{'低于' if self.lowest_first else '超过'} {edge}，不参加位次计分"
            return voice.join([fact, voice.pick(zh, f"not beyond {edge}, takes no place")])
        share, given = show(self.share(rank) * 100), voice.points(self.share(rank) * self.mark(full))
        told = voice.pick(
            f"在 {taking_part} 个参评对象中列第 {rank} 位，按 {share}% 计 {given}",
            f"place {rank} of {taking_part} units, {share}% counted as {given}",
        )
        return voice.join([fact, told])

    def regain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        ranks, rank = self._ranks(frame), self.rank(frame, place)
        ahead = np.flatnonzero((ranks > 0) & (ranks < rank))
        if not len(ahead):
            return ""
        nearest = ahead[np.argmax(ranks[ahead])]
        value = self.of.read(frame.cohort.exactly(np.array([nearest]))).values[0]
        amount = voice.amount(value, self.of.unit)
        return voice.pick(f"前一位为 {amount}", f"the unit before has {amount}")

    @property
    def _first(self) -> Fraction:
        return self.shares[0] if self.shares else ONE

    def _ranks(self, frame: Frame) -> Integers:
        """Return the settled ranks of the whole cohort, 0 for those who take no part."""
        key = ("ranks", self)
        cohort = frame.cohort
        if key not in cohort.memory:
            ranks, doubt = self._float_ranks(self.of.read(cohort))
            cohort.memory[key] = ranks if doubt is None else self._exact_ranks(cohort)
        found: Integers = cohort.memory[key]
        return found

    def _exact_ranks(self, cohort: Frame) -> Integers:
        reading = self.of.read(cohort)
        places = np.flatnonzero(reading.usable)
        sign = -1 if self.lowest_first else 1
        values = [sign * value for value in self.of.read(cohort.exactly(places)).values]
        edge = None if self.only_above is None else sign * self.only_above
        ordered = sorted(value for value in values if edge is None or value > edge)
        ranks = np.zeros(len(reading.values), dtype=np.int64)
        for place, value in zip(places, values, strict=True):
            if edge is None or value > edge:
                ranks[place] = 1 + len(ordered) - bisect.bisect_right(ordered, value)
        return ranks

    def _float_ranks(self, reading: Reading) -> tuple[Integers, Mask | None]:
        part, doubt = reading.usable, reading.doubt
        if self.only_above is not None:
            beyond, unsure = self._beyond(reading, self.only_above)
            part, doubt = part & beyond, either(doubt, unsure)
        values = -reading.values if self.lowest_first else reading.values
        chosen = np.flatnonzero(part)
        order = chosen[np.argsort(values[chosen])]
        ordered = values[order]
        ranks = np.zeros(len(values), dtype=np.int64)
        ranks[order] = _from_top(ordered)
        return ranks, _everybody_in_doubt(doubt, ordered, reading)

    def _beyond(self, reading: Reading, edge: Fraction) -> tuple[Mask, Mask | None]:
        if not self.lowest_first:
            return reading.exceeds(edge)
        reached, unsure = reading.reaches(edge)
        return ~reached, unsure


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

    def has_base(self, frame: Frame) -> bool:
        return self.best(frame) > 0

    def best(self, frame: Frame) -> Fraction:
        """Return the exact best value of the cohort."""
        key = ("best", self)
        cohort = frame.cohort
        if key not in cohort.memory:
            reading = self.of.read(cohort)
            values = -reading.values if self.lowest_first else reading.values
            usable = np.where(reading.usable, values, -np.inf)
            near = np.flatnonzero(usable >= usable.max() - 2 * tolerance(reading.magnitude))
            candidates = self.of.read(cohort.exactly(near)).values
            cohort.memory[key] = min(candidates) if self.lowest_first else max(candidates)
        found: Fraction = cohort.memory[key]
        return found

    def fast(self, frame: Frame, reading: Reading, mark: Fraction) -> Reading:
        best = float(self.best(frame))
        if self.lowest_first:
            shares = best / np.where(reading.usable, reading.values, 1.0)
        else:
            shares = np.maximum(reading.values, 0.0) / best
        values, doubt = shares * float(mark), reading.doubt
        if self.within is not None:
            ranks, unsure = self._places._float_ranks(reading)  # noqa: SLF001 - the same module's ranking
            values, doubt = np.where(ranks <= self.within, values, 0.0), either(doubt, unsure)
        return Reading(values, reading.statuses, math.inf, 4 * float(mark), doubt)

    def exact_points(self, frame: Frame, place: int, mark: Fraction) -> Fraction:
        if self.within is not None and self._places.rank(frame, place) > self.within:
            return ZERO
        return self._share(self.of.read(frame).values[place], self.best(frame)) * mark

    def explain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        best, value = self.best(frame), self.of.read(frame).values[place]
        cohort, mark, edge = self.cohort_size(frame), self.mark(full), voice.amount(best, self.of.unit)
        told = [
            self.of.tell(frame, place, voice),
            voice.pick(f"{cohort} 个参评对象中最好为 {edge}", f"the best of {cohort} units is {edge}"),
        ]
        rank = self._places.rank(frame, place)
        if self.within is not None and rank > self.within:
            zh = f"列第 {rank} 位，前 {self.within} 位之外不得分"
            return voice.join([*told, voice.pick(zh, f"place {rank}, only the first {self.within} score")])
        exact = self._share(value, best) * mark
        low, high = (best, value) if self.lowest_first else (value, best)
        sums = f"{show(mark)}×{show(max(low, ZERO))}/{show(high)} {voice.equals(exact)} {show(exact)}"
        return voice.join([*told, sums])

    @property
    def _places(self) -> RankPoints:
        return RankPoints(self.of, lowest_first=self.lowest_first)

    def _share(self, value: Fraction, best: Fraction) -> Fraction:
        return best / value if self.lowest_first else max(value, ZERO) / best


def _from_top(ordered: Array) -> Integers:
    """Return 1 + the number of strictly greater values, for ascending values."""
    count = len(ordered)
    last = np.ones(count, dtype=bool)
    last[:-1] = ordered[1:] != ordered[:-1]
    ends = np.where(last, np.arange(count), count)
    ranks: Integers = count - np.minimum.accumulate(ends[::-1])[::-1]
    return ranks


def _everybody_in_doubt(doubt: Mask | None, ordered: Array, reading: Reading) -> NDArray[np.bool_] | None:
    """Return everybody when anybody's place is unsure: one place moves the others."""
    gaps = np.diff(ordered)
    close = gaps <= tolerance(reading.magnitude)
    # Equal floats are equal numbers only while distinct numbers must lie further apart than the tolerance.
    unsure = bool((close & (gaps > 0)).any())
    unsure = unsure or (bool(close.any()) and not is_decided(reading.grain**2, reading.magnitude))
    if unsure or (doubt is not None and bool(doubt.any())):
        return np.ones(len(reading.values), dtype=bool)
    return None
