"""Rules made of rules."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Annotated

import numpy as np

from changai.core.scoring.codec import NUMBER, TEXT, optional, sequence
from changai.core.scoring.conditions import CONDITION, Condition
from changai.core.scoring.decimals import show
from changai.core.scoring.frames import Frame, Reading, common_grain, either, worst_status
from changai.core.scoring.measures import Measure
from changai.core.scoring.rules.base import ONE, RULE, ZERO, Demand, Flaw, Rule, Span, kept_within, once
from changai.core.scoring.rules.counts import clip, told_clip
from changai.core.scoring.voice import Voice


class Combined(Rule):
    """What all rules made of rules share."""

    @abstractmethod
    def parts_of(self) -> tuple[Rule, ...]:
        """Return the rules inside."""

    def condition(self) -> Condition | None:
        """Return the condition inside, None when there is none."""
        return None

    def fields(self) -> tuple[str, ...]:
        condition = self.condition()
        names = list(condition.fields()) if condition is not None else []
        return once([*names, *(name for part in self.parts_of() for name in part.fields())])

    def measures(self) -> tuple[Measure, ...]:
        condition = self.condition()
        own = condition.measures() if condition is not None else ()
        return (*own, *(measure for part in self.parts_of() for measure in part.measures()))

    def void_words(self, frame: Frame, place: int, voice: Voice) -> str:
        found = [super().void_words(frame, place, voice)]
        found += [part.void_words(frame, place, voice) for part in self.parts_of()]
        return next((told for told in found if told), "")

    def may_be_void(self) -> bool:
        return super().may_be_void() or any(part.may_be_void() for part in self.parts_of())

    def reads_relative(self) -> bool:
        condition = self.condition()
        relative = condition is not None and condition.reads_relative()
        return relative or any(part.reads_relative() for part in self.parts_of())

    def demands(self, full: Fraction) -> tuple[Demand, ...]:
        condition = self.condition()
        truths = () if condition is None else condition.truths()
        inside = (demand for part in self.parts_of() for demand in part.demands(full))
        return (*(Demand(name, is_truth=True) for name in truths), *inside)

    def flaws(self, full: Fraction) -> Iterator[Flaw]:
        if not self.parts_of():
            yield Flaw("parts 不能为空", "parts must not be empty")
        for part in self.parts_of():
            yield from part.flaws(full)


@dataclass(frozen=True)
class Fixed(Rule):
    """A fixed share of the full mark, whatever the facts: the branches of a condition."""

    share: Annotated[Fraction, NUMBER] = ONE

    def fields(self) -> tuple[str, ...]:
        return ()

    def span(self, full: Fraction) -> Span:
        return Span(self.share * full, self.share * full)

    def points(self, frame: Frame, full: Fraction) -> Reading:
        return frame.constant(self.share * full)

    def explain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        points = voice.points(self.share * full)
        return voice.pick(f"按 {points}计", f"counted as {points}")


@dataclass(frozen=True)
class Sum(Combined):
    """The sum of the parts, kept between floor and cap; a part's own `full` replaces the leaf's."""

    parts: Annotated[tuple[Rule, ...], sequence(RULE)]
    floor: Annotated[Fraction | None, optional(NUMBER)] = None
    cap: Annotated[Fraction | None, optional(NUMBER)] = None

    def parts_of(self) -> tuple[Rule, ...]:
        return self.parts

    def span(self, full: Fraction) -> Span:
        return kept_within(_added([part.span(full) for part in self.parts]), self.floor, self.cap)

    def points(self, frame: Frame, full: Fraction) -> Reading:
        readings = [part.points(frame, full) for part in self.parts]
        values = readings[0].values
        for reading in readings[1:]:
            values = values + reading.values
        grain = frame.grain(common_grain(*(reading.grain for reading in readings)))
        magnitude = sum(reading.magnitude for reading in readings)
        doubt = either(*(reading.doubt for reading in readings))
        return clip(Reading(values, worst_status(readings), grain, magnitude, doubt), self.floor, self.cap)

    def explain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        told, total = _numbered(self.parts, frame, place, full, voice)
        about = voice.about(total)
        whole = voice.pick(f"合计{about} {show(total)} 分", f"together {about}{show(total)} points")
        return voice.join([told + whole, told_clip(total, self.floor, self.cap, voice)])

    def regain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        ways = [part.regain(frame, place, full, voice) for part in self.parts]
        return voice.pick("；", "; ").join(way for way in ways if way)


@dataclass(frozen=True)
class Worst(Combined):
    """The lowest of the parts: 同一事项以最高扣分为限."""

    parts: Annotated[tuple[Rule, ...], sequence(RULE)]

    def parts_of(self) -> tuple[Rule, ...]:
        return self.parts

    def span(self, full: Fraction) -> Span:
        spans = [part.span(full) for part in self.parts]
        lowest = [span.lowest for span in spans]
        highest = [span.highest for span in spans if span.highest is not None]
        low = None if None in lowest else min(each for each in lowest if each is not None)
        return Span(low, min(highest) if highest else None)

    def points(self, frame: Frame, full: Fraction) -> Reading:
        readings = [part.points(frame, full) for part in self.parts]
        values = readings[0].values
        for reading in readings[1:]:
            values = np.minimum(values, reading.values)
        grain = frame.grain(max(reading.grain for reading in readings))
        magnitude = max(reading.magnitude for reading in readings)
        doubt = either(*(reading.doubt for reading in readings))
        return Reading(values, worst_status(readings), grain, magnitude, doubt)

    def explain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        told, _ = _numbered(self.parts, frame, place, full, voice)
        worst = min(part.points(frame, full).values[place] for part in self.parts)
        return told + voice.pick(
            f"取最低，为{voice.about(worst)} {show(worst)} 分",
            f"the lowest counts, {voice.about(worst)}{show(worst)} points",
        )


@dataclass(frozen=True)
class When(Combined):
    """`then` where the condition holds, `otherwise` where it does not.

    Only the branch taken needs its figures: 无场地不得分 asks nothing more of a unit without premises.
    """

    when: Annotated[Condition, CONDITION]
    then: Annotated[Rule, RULE]
    otherwise: Annotated[Rule, RULE]

    def parts_of(self) -> tuple[Rule, ...]:
        return (self.then, self.otherwise)

    def condition(self) -> Condition:
        return self.when

    def span(self, full: Fraction) -> Span:
        one, other = self.then.span(full), self.otherwise.span(full)
        low = None if one.lowest is None or other.lowest is None else min(one.lowest, other.lowest)
        high = None if one.highest is None or other.highest is None else max(one.highest, other.highest)
        return Span(low, high)

    def points(self, frame: Frame, full: Fraction) -> Reading:
        held = self.when.holds(frame)
        one, other = self.then.points(frame, full), self.otherwise.points(frame, full)
        values = np.where(held.mask, one.values, other.values)
        branch = np.where(held.mask, one.statuses, other.statuses)
        # An undecided condition leaves the branch unknown, so its own status stands.
        statuses = np.where(held.statuses > 0, held.statuses, branch).astype(np.int8)
        grain, magnitude = max(one.grain, other.grain), max(one.magnitude, other.magnitude)
        return Reading(values, statuses, grain, magnitude, either(held.doubt, one.doubt, other.doubt))

    def explain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        return voice.join(
            [
                self.when.tell(frame, place, voice),
                self._branch(frame, place).explain(frame, place, full, voice),
            ]
        )

    def regain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        return self._branch(frame, place).regain(frame, place, full, voice)

    def _branch(self, frame: Frame, place: int) -> Rule:
        return self.then if self.when.holds(frame).mask[place] else self.otherwise


@dataclass(frozen=True)
class Clip(Combined):
    """A rule kept between floor and cap."""

    of: Annotated[Rule, RULE]
    floor: Annotated[Fraction | None, optional(NUMBER)] = None
    cap: Annotated[Fraction | None, optional(NUMBER)] = None

    def parts_of(self) -> tuple[Rule, ...]:
        return (self.of,)

    def span(self, full: Fraction) -> Span:
        return kept_within(self.of.span(full), self.floor, self.cap)

    def points(self, frame: Frame, full: Fraction) -> Reading:
        return clip(self.of.points(frame, full), self.floor, self.cap)

    def explain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        total = self.of.points(frame, full).values[place]
        told = self.of.explain(frame, place, full, voice)
        return voice.join([told, told_clip(total, self.floor, self.cap, voice)])

    def regain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        return self.of.regain(frame, place, full, voice)


@dataclass(frozen=True)
class Multiply(Combined):
    """A rule's points times a factor; with `when` only for units where the condition holds: 扣分分值加倍."""

    of: Annotated[Rule, RULE]
    factor: Annotated[Fraction, NUMBER]
    when: Annotated[Condition | None, optional(CONDITION)] = None

    def parts_of(self) -> tuple[Rule, ...]:
        return (self.of,)

    def condition(self) -> Condition | None:
        return self.when

    def span(self, full: Fraction) -> Span:
        span = self.of.span(full)
        factors = [self.factor] if self.when is None else [self.factor, ONE]
        low = None if span.lowest is None else min(span.lowest * factor for factor in factors)
        high = None if span.highest is None else max(span.highest * factor for factor in factors)
        return Span(low, high)

    def flaws(self, full: Fraction) -> Iterator[Flaw]:
        if self.factor < 0:
            yield Flaw("factor 不能为负数", "factor must not be negative")
        yield from super().flaws(full)

    def points(self, frame: Frame, full: Fraction) -> Reading:
        reading = self.of.points(frame, full)
        grain = frame.grain(reading.grain * self.factor.denominator)
        magnitude = reading.magnitude * max(1.0, abs(float(self.factor)))
        times = reading.values * reading.number(self.factor)
        if self.when is None:
            return Reading(times, reading.statuses, grain, magnitude, reading.doubt)
        held = self.when.holds(frame)
        values = np.where(held.mask, times, reading.values)
        statuses = np.maximum(reading.statuses, held.statuses)
        return Reading(values, statuses, grain, magnitude, either(reading.doubt, held.doubt))

    def explain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        told = self.of.explain(frame, place, full, voice)
        points = self.of.points(frame, full).values[place]
        times = points * self.factor
        sums = f"{show(points)}×{show(self.factor)} {voice.equals(times)} {show(times)}"
        if self.when is None:
            return voice.join([told, sums])
        held = bool(self.when.holds(frame).mask[place])
        return voice.join([told, self.when.tell(frame, place, voice), sums if held else ""])

    def regain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        return self.of.regain(frame, place, full, voice)


@dataclass(frozen=True)
class Accumulate(Combined):
    """A rule applied to each period and added up: a field `name` is read as `name@period`."""

    of: Annotated[Rule, RULE]
    periods: Annotated[tuple[str, ...], sequence(TEXT)]
    floor: Annotated[Fraction | None, optional(NUMBER)] = None
    cap: Annotated[Fraction | None, optional(NUMBER)] = None

    def parts_of(self) -> tuple[Rule, ...]:
        return (self.of,)

    def fields(self) -> tuple[str, ...]:
        return tuple(f"{name}@{period}" for period in self.periods for name in self.of.fields())

    def demands(self, full: Fraction) -> tuple[Demand, ...]:
        return tuple(
            replace(demand, field=f"{demand.field}@{period}")
            for period in self.periods
            for demand in self.of.demands(full)
        )

    def flaws(self, full: Fraction) -> Iterator[Flaw]:
        if not self.periods or len(set(self.periods)) < len(self.periods):
            yield Flaw("periods 不能为空或重复", "periods must not be empty or repeated")
        yield from self.of.flaws(full)

    def span(self, full: Fraction) -> Span:
        return kept_within(_added([self.of.span(full)] * len(self.periods)), self.floor, self.cap)

    def points(self, frame: Frame, full: Fraction) -> Reading:
        readings = [self.of.points(frame.at(period), full) for period in self.periods]
        values = readings[0].values
        for reading in readings[1:]:
            values = values + reading.values
        grain = frame.grain(common_grain(*(reading.grain for reading in readings)))
        magnitude = sum(reading.magnitude for reading in readings)
        doubt = either(*(reading.doubt for reading in readings))
        return clip(Reading(values, worst_status(readings), grain, magnitude, doubt), self.floor, self.cap)

    def explain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        parts, total = [], ZERO
        for period in self.periods:
            inside = frame.at(period)
            points = self.of.points(inside, full).values[place]
            total += points
            told = self.of.explain(inside, place, full, voice)
            colon = voice.pick("：", ": ")
            parts.append(f"{period}{colon}{told}{voice.pick('，计', ', counts')} {voice.points(points)}")
        about = voice.about(total)
        whole = voice.pick(f"累计{about} {show(total)} 分", f"together {about}{show(total)} points")
        return voice.join(
            [voice.pick("；", "; ").join([*parts, whole]), told_clip(total, self.floor, self.cap, voice)]
        )


def _numbered(
    parts: tuple[Rule, ...], frame: Frame, place: int, full: Fraction, voice: Voice
) -> tuple[str, Fraction]:
    told, total = [], ZERO
    for number, part in enumerate(parts, start=1):
        points = part.points(frame, full).values[place]
        total += points
        clause = part.explain(frame, place, full, voice)
        about = voice.about(points)
        given = voice.pick(f"得{about} {show(points)} 分", f"scores {about}{show(points)}")
        told.append(f"{voice.pick(f'（{number}）', f'({number}) ')}{voice.join([clause, given])}")
    stop = voice.pick("；", "; ")
    return voice.pick("其中：", "of which: ") + stop.join(told) + stop, total


def _added(spans: list[Span]) -> Span:
    lows, highs = [span.lowest for span in spans], [span.highest for span in spans]
    low = None if None in lows else sum((each for each in lows if each is not None), ZERO)
    return Span(low, None if None in highs else sum((each for each in highs if each is not None), ZERO))
