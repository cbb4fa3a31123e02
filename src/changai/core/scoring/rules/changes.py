"""Rules about change: against last year, harsher each time, in inverse proportion, own plus subordinates."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

import numpy as np

from changai.core.scoring.codec import NUMBER, TEXT, optional, sequence
from changai.core.scoring.decimals import show
from changai.core.scoring.frames import Frame, Reading, either, worst_status
from changai.core.scoring.measures import MEASURE, Difference, Measure, Ratio
from changai.core.scoring.rules.base import ZERO, Demand, Flaw, Rule, Span
from changai.core.scoring.rules.counts import START, start_points, told_clip
from changai.core.scoring.voice import Voice


@dataclass(frozen=True)
class Escalating(Rule):
    """The full mark less the loss for this many occurrences; the last loss also stands for every further one.

    发现一次扣0.5分, 两次及以上不得分: losses ["0.5", "full"].
    """

    field: Annotated[str, TEXT]
    losses: Annotated[tuple[Fraction | str, ...], sequence(START)]
    counter: Annotated[str, TEXT] = "次"

    def fields(self) -> tuple[str, ...]:
        return (self.field,)

    def span(self, full: Fraction) -> Span:
        return Span(full - max(self._losses(full)), full - min(ZERO, *self._losses(full)))

    def flaws(self, full: Fraction) -> Iterator[Flaw]:
        losses = self._losses(full)
        if not losses or any(later < earlier for earlier, later in itertools.pairwise(losses)):
            yield Flaw("losses 不能为空，且须逐次不减", "losses must not be empty and must not decrease")

    def demands(self, full: Fraction) -> tuple[Demand, ...]:
        return (Demand(self.field, lowest=ZERO, is_whole=True),)

    def points(self, frame: Frame, full: Fraction) -> Reading:
        reading = frame.read(self.field)
        values = frame.zeros() + reading.number(full)
        losses = self._losses(full)
        for count, loss in enumerate(losses, start=1):
            reached, _ = reading.reaches(Fraction(count))
            values = np.where(reached, reading.number(full - loss), values)
        grain = frame.grain(float(math.lcm(full.denominator, *(loss.denominator for loss in losses))))
        return Reading(values, reading.statuses, grain, float(full) + float(max(losses)))

    def explain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        count = frame.read(self.field).values[place]
        losses = self._losses(full)
        label = voice.label(self.field)
        told = voice.pick(f"{label} {show(count)} {self.counter}", f"{label}: {show(count)}")
        if count < 1:
            return told
        loss = losses[min(int(count), len(losses)) - 1]
        more = voice.pick(
            "及以上" if count >= len(losses) else "", " or more" if count >= len(losses) else ""
        )
        at = min(int(count), len(losses))
        zh = f"{at} {self.counter}{more}扣 {voice.points(loss)}"
        return voice.join(
            [
                told,
                voice.pick(zh, f"{at}{more} costs {voice.points(loss)}"),
                f"{show(full)}-{show(loss)} = {show(full - loss)}",
            ]
        )

    def _losses(self, full: Fraction) -> tuple[Fraction, ...]:
        return tuple(start_points(loss, full) for loss in self.losses)


@dataclass(frozen=True)
class BaseChange(Rule):
    """base + up x increase (at most up_cap more), or base - down x decrease (at most down_cap less).

    每增1名加0.05分, 不超过0.5分; 每减1名扣0.1分, 不超过2分. The cap of the deduction may exceed the base:
    then the leaf must allow a score below 0 (`lowest`).
    """

    of: Annotated[Measure, MEASURE]
    base: Annotated[Fraction, NUMBER]
    up: Annotated[Fraction, NUMBER]
    up_cap: Annotated[Fraction, NUMBER]
    down: Annotated[Fraction, NUMBER]
    down_cap: Annotated[Fraction, NUMBER]

    def fields(self) -> tuple[str, ...]:
        return self.of.fields()

    def measures(self) -> tuple[Measure, ...]:
        return (self.of,)

    def span(self, full: Fraction) -> Span:
        return Span(self.base - self.down_cap, self.base + self.up_cap)

    def flaws(self, full: Fraction) -> Iterator[Flaw]:
        if min(self.up, self.up_cap, self.down, self.down_cap) < 0:
            yield Flaw(
                "up、down 及其上限都应写为不小于 0 的数", "up, down and their caps must not be negative"
            )
        if not isinstance(self.of, Difference):
            yield Flaw(
                "of 应为 Difference（本年减上年）",
                "of should be a Difference (this year less last)",
                is_warning=True,
            )

    def points(self, frame: Frame, full: Fraction) -> Reading:
        reading = self.of.read(frame)
        number = reading.number
        gain = np.minimum(np.maximum(reading.values, number(ZERO)) * number(self.up), number(self.up_cap))
        loss = np.minimum(
            np.maximum(-reading.values, number(ZERO)) * number(self.down), number(self.down_cap)
        )
        constants = (self.base, self.up, self.up_cap, self.down, self.down_cap)
        grain = frame.grain(reading.grain * math.lcm(*(each.denominator for each in constants)))
        magnitude = abs(float(self.base)) + reading.magnitude * float(max(self.up, self.down))
        return Reading(gain - loss + number(self.base), reading.statuses, grain, magnitude, reading.doubt)

    def explain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        change, fact = self.of.read(frame).values[place], self.of.tell(frame, place, voice)
        base = voice.pick(f"基础分 {show(self.base)}", f"base {show(self.base)}")
        if not change:
            return voice.join([fact, voice.pick(f"无增减，按 {show(self.base)} 分计", f"no change, {base}")])
        each, cap = (self.up, self.up_cap) if change > 0 else (self.down, self.down_cap)
        raw = abs(change) * each
        verb = voice.pick("加" if change > 0 else "扣", "adds" if change > 0 else "deducts")
        unit = self.of.unit or voice.pick("个单位", "unit")
        side = "增" if change > 0 else "减"
        told = voice.pick(
            f"每{side} 1 {unit}{verb} {voice.points(each)}", f"each {unit} {verb} {voice.points(each)}"
        )
        capped = (
            voice.pick(f"至多{verb} {voice.points(cap)}", f"at most {voice.points(cap)}") if raw > cap else ""
        )
        change_points = min(raw, cap)
        total = self.base + change_points if change > 0 else self.base - change_points
        sign = "+" if change > 0 else "-"
        sums = f"{show(self.base)}{sign}{show(change_points)} {voice.equals(total)} {show(total)}"
        return voice.join([fact, base, told, capped, sums])


@dataclass(frozen=True)
class WithinTarget(Rule):
    """The full mark up to `target`, beyond it full x target / value (less is better)."""

    of: Annotated[Measure, MEASURE]
    target: Annotated[Fraction, NUMBER]
    full: Annotated[Fraction | None, optional(NUMBER)] = None

    def fields(self) -> tuple[str, ...]:
        return self.of.fields()

    def measures(self) -> tuple[Measure, ...]:
        return (self.of,)

    def span(self, full: Fraction) -> Span:
        return Span(ZERO, full if self.full is None else self.full)

    def flaws(self, full: Fraction) -> Iterator[Flaw]:
        if self.target <= 0:
            yield Flaw("target 须大于 0", "target must be positive")

    def points(self, frame: Frame, full: Fraction) -> Reading:
        reading, mark = self.of.read(frame), full if self.full is None else self.full
        target = reading.number(self.target)
        values = reading.number(mark) * target / np.maximum(reading.values, target)
        numerator = reading.magnitude * reading.grain if reading.grain else 0.0
        grain = frame.grain(max(1.0, numerator) * mark.denominator * self.target.denominator)
        return Reading(values, reading.statuses, grain, float(mark), reading.doubt)

    def explain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        value, mark = self.of.read(frame).values[place], full if self.full is None else self.full
        fact, target = self.of.tell(frame, place, voice), voice.amount(self.target, self.of.unit)
        if value <= self.target:
            told = voice.pick(
                f"不高于 {target}，按 {voice.points(mark)}计",
                f"at most {target}, counted as {voice.points(mark)}",
            )
            return voice.join([fact, told])
        points = mark * self.target / value
        sums = f"{show(mark)}×{show(self.target)}/{show(value)} {voice.equals(points)} {show(points)}"
        return voice.join(
            [fact, voice.pick(f"高于 {target}，按比例计", f"above {target}, in inverse proportion"), sums]
        )

    def regain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        if self.of.read(frame).values[place] <= self.target:
            return ""
        target = voice.amount(self.target, self.of.unit)
        return voice.pick(f"降到 {target} 以内即得满分", f"full marks at {target} or less")


@dataclass(frozen=True)
class RollUp(Rule):
    """Own points + share x mean of the subordinate bodies' points (total / count), at most `cap`."""

    own: Annotated[str, TEXT]
    total: Annotated[str, TEXT]
    count: Annotated[str, TEXT]
    share: Annotated[Fraction, NUMBER] = Fraction(1, 2)
    cap: Annotated[Fraction | None, optional(NUMBER)] = None

    def fields(self) -> tuple[str, ...]:
        return (self.own, self.total, self.count)

    def measures(self) -> tuple[Measure, ...]:
        return (Ratio(self.total, self.count),)

    def span(self, full: Fraction) -> Span:
        return Span(ZERO, full if self.cap is None else self.cap)

    def demands(self, full: Fraction) -> tuple[Demand, ...]:
        return tuple(Demand(name, lowest=ZERO) for name in self.fields())

    def points(self, frame: Frame, full: Fraction) -> Reading:
        own, below = frame.read(self.own), Ratio(self.total, self.count).read(frame)
        values = own.values + below.values * below.number(self.share)
        most = own.number(full if self.cap is None else self.cap)
        grain = frame.grain(below.grain * own.grain * self.share.denominator)
        magnitude = own.magnitude + below.magnitude * abs(float(self.share))
        statuses = worst_status((own, below))
        return Reading(np.minimum(values, most), statuses, grain, magnitude, either(own.doubt, below.doubt))

    def explain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        own, share = frame.read(self.own).values[place], show(self.share * 100)
        below = Ratio(self.total, self.count)
        part = below.read(frame).values[place]
        total = own + part * self.share
        first = voice.pick(f"自身得 {voice.points(own)}", f"own {voice.points(own)}")
        second = voice.pick("下属单位平均：", "mean of subordinate bodies: ") + below.tell(
            frame, place, voice
        )
        third = voice.pick(f"按 {share}% 计入", f"{share}% of it counts")
        sums = f"{show(own)}+{show(part)}×{share}% {voice.equals(total)} {show(total)}"
        cap = full if self.cap is None else self.cap
        return voice.join([first, second, third, sums, told_clip(total, None, cap, voice)])
