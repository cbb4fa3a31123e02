"""Rules that count: so much for each occurrence, for each step short of a target, for each item proved."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

import numpy as np

from changai.core.scoring.codec import NUMBER, TEXT, Kind, choice, mapping, optional
from changai.core.scoring.decimals import show
from changai.core.scoring.fixedpoint import Array, Mask, is_decided, tolerance
from changai.core.scoring.frames import Frame, Reading, either, worst_status
from changai.core.scoring.measures import MEASURE, Measure
from changai.core.scoring.rules.base import ONE, ZERO, Demand, Flaw, Rule, Span, kept_within
from changai.core.scoring.voice import Voice

FULL = "full"

START = Kind(
    lambda source, report: FULL if source == FULL else NUMBER.read(source, report),
    lambda value: FULL if value == FULL else NUMBER.write(value),
    lambda: {"anyOf": [{"const": FULL}, NUMBER.schema()]},
)


@dataclass(frozen=True)
class PerItem(Rule):
    """start + sum of (points each x count), kept between `floor` and `cap`.

    每少一项扣0.5分，扣完为止: items {"missing": "-0.5"}, start "full", floor 0. 每项加1分，最高5分: start
    0, cap 5.
    """

    items: Annotated[tuple[tuple[str, Fraction], ...], mapping(NUMBER)]
    start: Annotated[Fraction | str, START] = FULL
    floor: Annotated[Fraction | None, optional(NUMBER)] = None
    cap: Annotated[Fraction | None, optional(NUMBER)] = None
    counter: Annotated[str, TEXT] = "项"

    def fields(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.items)

    def span(self, full: Fraction) -> Span:
        start = start_points(self.start, full)
        lowest = None if any(each < 0 for _, each in self.items) else start
        highest = None if any(each > 0 for _, each in self.items) else start
        return kept_within(Span(lowest, highest), self.floor, self.cap)

    def flaws(self, full: Fraction) -> Iterator[Flaw]:
        if not self.items:
            yield Flaw("items 不能为空", "items must not be empty")
        yield from _crossed(self.floor, self.cap)

    def demands(self, full: Fraction) -> tuple[Demand, ...]:
        return tuple(Demand(name, lowest=ZERO) for name, _ in self.items)

    def points(self, frame: Frame, full: Fraction) -> Reading:
        start = start_points(self.start, full)
        columns = [(frame.read(name), each) for name, each in self.items]
        values = frame.zeros() + columns[0][0].number(start)
        for column, each in columns:
            values = values + column.values * column.number(each)
        magnitude = abs(float(start)) + sum(column.magnitude * abs(float(each)) for column, each in columns)
        denominator = math.lcm(start.denominator, *(each.denominator for _, each in columns))
        denominator = math.lcm(
            denominator, *(edge.denominator for edge in (self.floor, self.cap) if edge is not None)
        )
        grain = frame.grain(denominator * max(column.grain for column, _ in columns))
        statuses = worst_status([column for column, _ in columns])
        return clip(Reading(values, statuses, grain, magnitude), self.floor, self.cap)

    def explain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        start = start_points(self.start, full)
        told, sums, total = [], [] if start == 0 else [show(start)], start
        for name, each in self.items:
            count = frame.read(name).values[place]
            total += each * count
            if count:
                told.append(self._item(name, count, each, voice))
                sums.append(f"{'+' if each * count > 0 else '-'}{_product(count, abs(each))}")
        if not told:
            nothing = (
                voice.pick("无扣分情形", "nothing to deduct")
                if start
                else voice.pick("无加分情形", "nothing to add")
            )
            return f"{nothing}{voice.bracket(self._names(voice))}"
        arithmetic = f"{''.join(sums).removeprefix('+')} {voice.equals(total)} {show(total)}"
        if arithmetic.startswith(f"{show(total)} "):
            arithmetic = ""
        return voice.join([*told, arithmetic, told_clip(total, self.floor, self.cap, voice)])

    def regain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        counted = [(name, each, frame.read(name).values[place]) for name, each in self.items]
        found = [(name, count) for name, each, count in counted if each < 0 and count]
        if not found:
            return ""
        total = start_points(self.start, full) + sum(each * count for _, each, count in counted)
        lost = -sum((each * count for _, each, count in counted if each < 0), ZERO)
        kept = total if self.floor is None else max(total, self.floor)
        back = voice.points(total + lost - kept)
        if voice.lang == "en":
            return f"without {', '.join(f'{voice.label(name)} {show(count)}' for name, count in found)}: {back} more"
        names = "、".join(f"{voice.label(name)}（现 {show(count)} {self.counter}）" for name, count in found)
        return f"{names}{'均' if len(found) > 1 else ''}降为 0 时，可少扣 {back}"

    def _item(self, name: str, count: Fraction, each: Fraction, voice: Voice) -> str:
        verb = voice.pick("加" if each > 0 else "扣", "adds" if each > 0 else "deducts")
        amount = voice.points(abs(each))
        zh = f"{voice.label(name)} {show(count)} {self.counter}，每{self.counter}{verb} {amount}"
        return voice.pick(zh, f"{voice.label(name)}: {show(count)}, each {verb} {amount}")

    def _names(self, voice: Voice) -> str:
        counted = [f"{voice.label(name)} 0 {self.counter}" for name, _ in self.items]
        return voice.pick("、", ", ").join(
            counted if voice.lang == "zh" else [f"{voice.label(n)}: 0" for n, _ in self.items]
        )


@dataclass(frozen=True)
class PerStep(Rule):
    """start + per x (steps away from `target` on one side), kept between `floor` and `cap`.

    不低于20%得1分，每低1%扣0.05分: target 20, side "below", per -0.05, start "full", floor 0. `counting`
    says what
    part of a step is worth: "exact" in proportion, "whole" only complete steps, "started" every step begun.
    """

    of: Annotated[Measure, MEASURE]
    target: Annotated[Fraction, NUMBER]
    per: Annotated[Fraction, NUMBER]
    step: Annotated[Fraction, NUMBER] = ONE
    side: Annotated[str, choice("below", "above")] = "below"
    counting: Annotated[str, choice("exact", "whole", "started")] = "exact"
    start: Annotated[Fraction | str, START] = FULL
    floor: Annotated[Fraction | None, optional(NUMBER)] = None
    cap: Annotated[Fraction | None, optional(NUMBER)] = None

    def fields(self) -> tuple[str, ...]:
        return self.of.fields()

    def measures(self) -> tuple[Measure, ...]:
        return (self.of,)

    def span(self, full: Fraction) -> Span:
        start = start_points(self.start, full)
        free = Span(None, start) if self.per < 0 else Span(start, None)
        return kept_within(free, self.floor, self.cap)

    def flaws(self, full: Fraction) -> Iterator[Flaw]:
        if self.step <= 0:
            yield Flaw("step 须大于 0", "step must be positive")
        yield from _crossed(self.floor, self.cap)

    def points(self, frame: Frame, full: Fraction) -> Reading:
        reading, start = self.of.read(frame), start_points(self.start, full)
        steps, doubt = self._steps(reading)
        values = steps * reading.number(self.per) + reading.number(start)
        rate = abs(float(self.per / self.step))
        magnitude = (reading.magnitude + abs(float(self.target))) * rate + abs(float(start))
        constants = (self.per / self.step, self.target * self.per / self.step, start, self.per)
        grain = reading.grain * math.lcm(*(number.denominator for number in constants))
        exact = Reading(values, reading.statuses, frame.grain(grain), magnitude, either(reading.doubt, doubt))
        return clip(exact, self.floor, self.cap)

    def explain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        value, start = self.of.read(frame).values[place], start_points(self.start, full)
        fact, target = self.of.tell(frame, place, voice), voice.amount(self.target, self.of.unit)
        away = max(ZERO, self.target - value if self.side == "below" else value - self.target)
        if away == 0:
            side = voice.pick(
                "不低于" if self.side == "below" else "不高于",
                "at least" if self.side == "below" else "at most",
            )
            return voice.join(
                [
                    fact,
                    f"{side} {target}",
                    voice.pick(f"按 {voice.points(start)}计", f"counted as {voice.points(start)}"),
                ]
            )
        steps = self._count(away / self.step)
        total = start + steps * self.per
        sign = "+" if self.per > 0 else "-"
        arithmetic = (
            f"{show(start)}{sign}{_product(steps, abs(self.per))} {voice.equals(total)} {show(total)}"
        )
        return voice.join(
            [
                fact,
                self._distance(away, target, voice),
                arithmetic,
                told_clip(total, self.floor, self.cap, voice),
            ]
        )

    def regain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        value = self.of.read(frame).values[place]
        if self.per > 0 or (value >= self.target if self.side == "below" else value <= self.target):
            return ""
        target = voice.amount(self.target, self.of.unit)
        zh = f"{'提高' if self.side == 'below' else '降'}到 {target} 即不扣分"
        return voice.pick(zh, f"no deduction at {target}")

    def _steps(self, reading: Reading) -> tuple[Array, Mask | None]:
        target, step = reading.number(self.target), reading.number(self.step)
        away = (target - reading.values) if self.side == "below" else (reading.values - target)
        steps = np.maximum(away, reading.number(ZERO)) / step
        if self.counting == "exact":
            return steps, None
        if reading.is_exact:
            counted = np.empty(len(steps), dtype=object)
            counted[:] = [self._count(each) for each in steps]
            return counted, None
        magnitude = (reading.magnitude + abs(float(self.target))) / float(self.step)
        lift = tolerance(magnitude)
        counted = np.floor(steps + lift) if self.counting == "whole" else np.ceil(steps - lift)
        grain = reading.grain * self.step.numerator * self.step.denominator * self.target.denominator
        if is_decided(grain, magnitude):
            return counted, None
        return counted, np.abs(steps - np.rint(steps)) <= max(1e-6, 2 * lift)

    def _count(self, steps: Fraction) -> Fraction:
        if self.counting == "exact":
            return steps
        return Fraction(math.floor(steps) if self.counting == "whole" else math.ceil(steps))

    def _distance(self, away: Fraction, target: str, voice: Voice) -> str:
        distance = voice.distance(away, self.of.unit)
        step = voice.distance(self.step, self.of.unit)
        side = "低" if self.side == "below" else "高"
        verb = "加" if self.per > 0 else "扣"
        given = voice.points(abs(self.per))
        parts = {"exact": "", "whole": "（不足一档不计）", "started": "（不足一档按一档计）"}
        zh = f"比 {target} {side} {distance}，每{side} {step} {verb} {given}{parts[self.counting]}"
        word = {"exact": "", "whole": ", complete steps only", "started": ", every step begun"}[self.counting]
        where = "below" if self.side == "below" else "above"
        adds = "adds" if self.per > 0 else "deducts"
        return voice.pick(zh, f"{distance} {where} {target}, each {step} {adds} {given}{word}")


@dataclass(frozen=True)
class Checklist(Rule):
    """The sum of the points of the items that are proved. Every item is a yes/no figure."""

    items: Annotated[tuple[tuple[str, Fraction], ...], mapping(NUMBER)]
    cap: Annotated[Fraction | None, optional(NUMBER)] = None

    def fields(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.items)

    def span(self, full: Fraction) -> Span:
        total = sum((each for _, each in self.items), ZERO)
        return kept_within(Span(ZERO, total), None, self.cap)

    def flaws(self, full: Fraction) -> Iterator[Flaw]:
        if not self.items or any(each <= 0 for _, each in self.items):
            yield Flaw(
                "清单不能为空，各项分值须大于 0",
                "the checklist must not be empty and every item must be worth something",
            )

    def demands(self, full: Fraction) -> tuple[Demand, ...]:
        return tuple(Demand(name, is_truth=True) for name, _ in self.items)

    def points(self, frame: Frame, full: Fraction) -> Reading:
        columns = [(frame.read(name), each) for name, each in self.items]
        values = frame.zeros()
        for column, each in columns:
            values = values + (column.values != 0) * column.number(each)
        denominator = math.lcm(*(each.denominator for _, each in self.items))
        total = float(sum(each for _, each in self.items))
        statuses = worst_status([column for column, _ in columns])
        return clip(Reading(values, statuses, frame.grain(denominator), total), None, self.cap)

    def explain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        proved, absent, total = [], [], ZERO
        for name, each in self.items:
            if frame.read(name).values[place]:
                proved.append(f"{voice.label(name)}{voice.bracket(voice.points(each))}")
                total += each
            else:
                absent.append(voice.label(name))
        stop = voice.pick("、", ", ")
        has = voice.pick("已落实：", "done: ") + stop.join(proved) if proved else ""
        lacks = voice.pick("未落实：", "not done: ") + stop.join(absent) if absent else ""
        both = voice.pick("；", "; ").join(part for part in (has, lacks) if part)
        return voice.join([both, told_clip(total, None, self.cap, voice)])

    def regain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        absent = [(name, each) for name, each in self.items if not frame.read(name).values[place]]
        ways = []
        for name, each in absent:
            label, points = voice.label(name), voice.points(each)
            ways.append(voice.pick(f"落实{label}，可得 {points}", f"{label}: {points}"))
        return voice.pick("；", "; ").join(ways)


def clip(reading: Reading, floor: Fraction | None, cap: Fraction | None) -> Reading:
    """Return the reading kept between floor and cap."""
    values = reading.values
    if floor is not None:
        values = np.maximum(values, reading.number(floor))
    if cap is not None:
        values = np.minimum(values, reading.number(cap))
    return Reading(values, reading.statuses, reading.grain, reading.magnitude, reading.doubt)


def told_clip(total: Fraction, floor: Fraction | None, cap: Fraction | None, voice: Voice) -> str:
    """Return what is said when a total was kept at its floor or cap, empty when it was not."""
    if floor is not None and total < floor:
        if floor == 0:
            return voice.pick("扣完为止", "no less than 0")
        return voice.pick(f"最低按 {show(floor)} 分计", f"no less than {show(floor)}")
    if cap is not None and total > cap:
        return voice.pick(f"最高按 {show(cap)} 分计", f"no more than {show(cap)}")
    return ""


def start_points(start: Fraction | str, full: Fraction) -> Fraction:
    """Return the points a rule starts from."""
    return full if isinstance(start, str) else start


def _crossed(floor: Fraction | None, cap: Fraction | None) -> Iterator[Flaw]:
    if floor is not None and cap is not None and floor > cap:
        yield Flaw("floor 大于 cap", "floor lies above cap")


def _product(count: Fraction, each: Fraction) -> str:
    return show(count) if each == 1 else f"{show(count)}×{show(each)}"
