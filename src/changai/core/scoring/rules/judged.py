"""Rules whose value is a person's judgement or another body's score."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from changai.core.scoring.codec import INTEGER, NUMBER, TEXT, choice, mapping, optional, pair, sequence
from changai.core.scoring.decimals import show
from changai.core.scoring.fixedpoint import Array
from changai.core.scoring.frames import Frame, Reading, worst_status
from changai.core.scoring.measures import MEASURE, Measure, Sampled
from changai.core.scoring.rules.base import ZERO, Demand, Flaw, Rule, Span, once
from changai.core.scoring.rules.ramps import Linear
from changai.core.scoring.statuses import REPORTED, VOID
from changai.core.scoring.voice import Voice

_HUNDRED = Fraction(100)


@dataclass(frozen=True)
class Reviewed(Rule):
    """The points a reviewer gave inside [lo, hi]; without `hi`, up to the full mark.

    The reviewer's reason travels as the note of the fact.
    """

    field: Annotated[str, TEXT]
    lo: Annotated[Fraction, NUMBER] = ZERO
    hi: Annotated[Fraction | None, optional(NUMBER)] = None

    def fields(self) -> tuple[str, ...]:
        return (self.field,)

    def span(self, full: Fraction) -> Span:
        return Span(self.lo, full if self.hi is None else self.hi)

    def flaws(self, full: Fraction) -> Iterator[Flaw]:
        if self.hi is not None and self.hi < self.lo:
            yield Flaw("hi 小于 lo", "hi lies below lo")

    def demands(self, full: Fraction) -> tuple[Demand, ...]:
        span = self.span(full)
        return (Demand(self.field, lowest=span.lowest, highest=span.highest),)

    def points(self, frame: Frame, full: Fraction) -> Reading:
        return frame.read(self.field)

    def explain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        span = self.span(full)
        given = voice.points(frame.read(self.field).values[place])
        lowest, highest = voice.points(span.lowest or ZERO), voice.points(span.highest or ZERO)
        told = voice.pick(
            f"经核定为 {given}（核定范围 {lowest}至 {highest}）",
            f"reviewed at {given} (allowed: {lowest} to {highest})",
        )
        reason = frame.note(self.field, place)
        return voice.join([told, voice.pick(f"理由：{reason}", f"reason: {reason}") if reason else ""])


@dataclass(frozen=True)
class Imported(Rule):
    """引用折算: another assessment's score, out of `out_of`, converted to this full mark."""

    field: Annotated[str, TEXT]
    out_of: Annotated[Fraction, NUMBER] = _HUNDRED
    full: Annotated[Fraction | None, optional(NUMBER)] = None

    def fields(self) -> tuple[str, ...]:
        return (self.field,)

    def span(self, full: Fraction) -> Span:
        return Span(ZERO, self._mark(full))

    def flaws(self, full: Fraction) -> Iterator[Flaw]:
        if self.out_of <= 0:
            yield Flaw("out_of 须大于 0", "out_of must be positive")

    def demands(self, full: Fraction) -> tuple[Demand, ...]:
        return (Demand(self.field, lowest=ZERO, highest=self.out_of),)

    def points(self, frame: Frame, full: Fraction) -> Reading:
        reading, rate = frame.read(self.field), self._mark(full) / self.out_of
        grain = frame.grain(reading.grain * rate.denominator)
        magnitude = reading.magnitude * float(rate)
        return Reading(reading.values * reading.number(rate), reading.statuses, grain, magnitude)

    def explain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        score, mark = frame.read(self.field).values[place], self._mark(full)
        points = score * mark / self.out_of
        label = voice.label(self.field)
        told = voice.pick(
            f"{label} {show(score)} 分（满分 {show(self.out_of)} 分）",
            f"{label} {show(score)} of {show(self.out_of)}",
        )
        sums = f"{show(score)}×{show(mark)}/{show(self.out_of)} {voice.equals(points)} {show(points)}"
        return voice.join([told, voice.pick("折算", "converted"), sums])

    def _mark(self, full: Fraction) -> Fraction:
        return full if self.full is None else self.full


@dataclass(frozen=True)
class Grades(Rule):
    """The mean of several judges' grades; above `trim_above` grades one highest and one lowest are dropped.

    `scale` gives the share of each grade mark; without it the judges gave scores out of `out_of`. A judge
    who gave nothing is left out; with fewer than `least` grades the leaf has no value. `alike` "void": a judge who
    gave every unit the same (全部打满分或者打相同分数的按无效票处理) is left out too, told from two units on.
    """

    judges: Annotated[tuple[str, ...], sequence(TEXT)]
    scale: Annotated[tuple[tuple[str, Fraction], ...], mapping(NUMBER)] = ()
    out_of: Annotated[Fraction, NUMBER] = _HUNDRED
    trim_above: Annotated[int | None, optional(INTEGER)] = 5
    least: Annotated[int, INTEGER] = 1
    full: Annotated[Fraction | None, optional(NUMBER)] = None
    alike: Annotated[str, choice("count", "void")] = "count"

    def fields(self) -> tuple[str, ...]:
        return once(list(self.judges))

    def reads_relative(self) -> bool:
        return self.alike == "void"

    def may_be_void(self) -> bool:
        return self.alike == "void"

    def void_words(self, frame: Frame, place: int, voice: Voice) -> str:
        return voice.pick("有效票不足", "too few valid votes")

    def span(self, full: Fraction) -> Span:
        mark = full if self.full is None else self.full
        if not self.scale:
            return Span(ZERO, mark)
        return Span(min(each for _, each in self.scale) * mark, max(each for _, each in self.scale) * mark)

    def flaws(self, full: Fraction) -> Iterator[Flaw]:
        if not self.judges or self.least < 1:
            yield Flaw("judges 不能为空，least 不能小于 1", "judges must not be empty and least not below 1")
        if self.trim_above is not None and self.trim_above < 2:
            yield Flaw("trim_above 不能小于 2，否则去掉最高最低后没有分数", "trim_above must be at least 2")

    def demands(self, full: Fraction) -> tuple[Demand, ...]:
        if self.scale:
            marks = tuple(mark for mark, _ in self.scale)
            return tuple(Demand(name, marks=marks) for name in self.fields())
        return tuple(Demand(name, lowest=ZERO, highest=self.out_of) for name in self.fields())

    def points(self, frame: Frame, full: Fraction) -> Reading:
        mark = full if self.full is None else self.full
        readings = [frame.read(name) for name in self.judges]
        void = self._void_judges(frame)
        given = np.stack(
            [reading.usable & (name not in void) for name, reading in zip(self.judges, readings, strict=True)]
        )
        shares = np.stack([self._shares(frame, name) for name in self.judges])
        count = given.sum(axis=0)
        shares = np.where(given, shares, readings[0].number(ZERO))
        total = shares.sum(axis=0)
        trimmed = count > (len(self.judges) if self.trim_above is None else self.trim_above)
        ends = self._ends(shares, given)
        kept = np.where(trimmed, count - 2, np.maximum(count, 1))
        divisor = self._divisor(frame, kept)
        values = np.where(trimmed, total - ends, total) / divisor * readings[0].number(mark)
        statuses = np.where(count >= self.least, REPORTED, self._without_value(readings)).astype(np.int8)
        denominators = [each.denominator for _, each in self.scale] or [self.out_of.numerator]
        grain = math.lcm(*range(1, len(self.judges) + 1), *denominators, mark.denominator)
        columns = max(reading.grain for reading in readings)
        return Reading(values, statuses, frame.grain(grain * columns), float(mark) * len(self.judges))

    def explain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        mark = full if self.full is None else self.full
        voted = [name for name in self.judges if frame.read(name).usable[place]]
        void = [name for name in voted if name in self._void_judges(frame)]
        given = [name for name in voted if name not in void]
        shares = sorted(self._shares(frame, name)[place] for name in given)
        trimmed = self.trim_above is not None and len(shares) > self.trim_above
        kept = shares[1:-1] if trimmed else shares
        mean = Fraction(sum(kept), len(kept))
        stop = voice.pick("、", ", ")
        marks = stop.join(frame.marks(name)[place] for name in given)
        told = voice.pick(f"{len(given)} 人评定：{marks}", f"{len(given)} judges: {marks}")
        names = stop.join(voice.label(name) for name in void)
        left_out = voice.pick(
            f"{names}对各对象评分全部相同，按无效票处理", f"{names}: alike for all units, void"
        )
        values = stop.join(f"{voice.label(word)}={show(share * 100)}%" for word, share in self.scale)
        drop = voice.pick("去掉一个最高、一个最低", "one highest and one lowest dropped") if trimmed else ""
        share = f"{show(mean * 100)}%"
        average = voice.pick(
            f"平均 {voice.equals(mean * 100)} {share}", f"mean {voice.equals(mean * 100)} {share}"
        )
        sums = f"{show(mark)}×{share} {voice.equals(mean * mark)} {show(mean * mark)}"
        return voice.join([told, values, left_out if void else "", drop, average, sums])

    def _void_judges(self, frame: Frame) -> frozenset[str]:
        if self.alike == "count":
            return frozenset()
        known = frame.cohort.memory.get(("void judges", self))
        if known is None:
            found = (name for name in self.fields() if self._gave_all_the_same(frame.cohort, name))
            known = frame.cohort.memory["void judges", self] = frozenset(found)
        return frozenset(known)

    def _gave_all_the_same(self, cohort: Frame, name: str) -> bool:
        values = cohort.facts.column(cohort.name(name)).values
        given = [values[place] for place in np.flatnonzero(cohort.read(name).usable)]
        return len(given) > 1 and len(set(given)) == 1

    def _without_value(self, readings: list[Reading]) -> NDArray[np.int8]:
        worst = worst_status(readings)
        return np.where(worst == REPORTED, VOID, worst).astype(np.int8)

    @cached_property
    def _by_mark(self) -> dict[str, Fraction]:
        return dict(self.scale)

    def _shares(self, frame: Frame, name: str) -> Array:
        if not self.scale:
            reading = frame.read(name)
            shares_of: Array = reading.values / reading.number(self.out_of)
            return shares_of
        shares = [self._by_mark.get(mark, ZERO) for mark in frame.marks(name)]
        values = np.empty(len(shares), dtype=object)
        values[:] = shares
        return values if frame.exact else values.astype(np.float64)

    def _ends(self, shares: Array, given: NDArray[np.bool_]) -> Array:
        """Return the sum of the highest and lowest share given to each unit."""
        top = max((share for _, share in self.scale), default=Fraction(1)) + 1
        beyond: Any = top if shares.dtype == object else float(top)
        both: Array = shares.max(axis=0) + np.where(given, shares, beyond).min(axis=0)
        return both

    def _divisor(self, frame: Frame, kept: NDArray[np.int64]) -> Array:
        if not frame.exact:
            return kept.astype(np.float64)
        values = np.empty(len(kept), dtype=object)
        values[:] = [Fraction(int(count)) for count in kept]
        return values


@dataclass(frozen=True)
class Survey(Rule):
    """A survey's mean on knots as in Linear.

    A sample below `least` persons is VOID, and the sample is named.
    """

    of: Annotated[Measure, MEASURE]
    sample: Annotated[str, TEXT]
    least: Annotated[int, INTEGER]
    knots: Annotated[tuple[tuple[Fraction, Fraction], ...], sequence(pair(NUMBER, NUMBER))]
    full: Annotated[Fraction | None, optional(NUMBER)] = None

    def fields(self) -> tuple[str, ...]:
        return self._linear.fields()

    def measures(self) -> tuple[Measure, ...]:
        return (self._linear.of,)

    def span(self, full: Fraction) -> Span:
        return self._linear.span(full)

    def flaws(self, full: Fraction) -> Iterator[Flaw]:
        return self._linear.flaws(full)

    def demands(self, full: Fraction) -> tuple[Demand, ...]:
        return (*self._linear.demands(full), Demand(self.sample, lowest=ZERO, is_whole=True))

    def points(self, frame: Frame, full: Fraction) -> Reading:
        return self._linear.points(frame, full)

    def explain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        return self._linear.explain(frame, place, full, voice)

    def regain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        return self._linear.regain(frame, place, full, voice)

    @cached_property
    def _linear(self) -> Linear:
        return Linear(Sampled(self.of, self.sample, self.least), self.knots, self.full)
