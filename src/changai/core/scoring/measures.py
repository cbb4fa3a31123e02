"""Measures turn facts into one value per unit with its status."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Annotated, ClassVar

import numpy as np

from changai.core.scoring import codec
from changai.core.scoring.codec import NUMBER, TEXT
from changai.core.scoring.fixedpoint import Mask
from changai.core.scoring.frames import Frame, Reading, worst_status
from changai.core.scoring.statuses import REPORTED, VOID
from changai.core.scoring.voice import Voice

MEASURES: dict[str, type[Measure]] = {}
MEASURE = codec.family(MEASURES, "measure", plain_text=lambda name: Value(name))  # noqa: PLW0108 - Value comes later
_ONE = Fraction(1)
_HUNDRED = Fraction(100)


class Measure(ABC):
    """What a rule is applied to."""

    unit: str
    may_be_void: ClassVar[bool] = False

    @abstractmethod
    def fields(self) -> tuple[str, ...]:
        """Return the fields this measure reads."""

    @abstractmethod
    def read(self, frame: Frame) -> Reading:
        """Return the value and status of every unit of the pass."""

    def void_words(self, voice: Voice) -> str:
        """Return why this measure can have no value."""
        return voice.pick("分母为零", "the denominator is zero")

    @abstractmethod
    def tell(self, frame: Frame, place: int, voice: Voice) -> str:
        """Return the figures of one unit as a clause; `frame` is an exact pass."""


@dataclass(frozen=True)
class Value(Measure):
    """One field as it stands."""

    field: Annotated[str, TEXT]
    unit: Annotated[str, TEXT] = ""

    def fields(self) -> tuple[str, ...]:
        return (self.field,)

    def read(self, frame: Frame) -> Reading:
        return frame.read(self.field)

    def tell(self, frame: Frame, place: int, voice: Voice) -> str:
        amount = voice.amount(self.read(frame).values[place], self.unit or voice.unit(self.field))
        if self.field in voice.labels:
            return f"{voice.label(self.field)} {amount}"
        return voice.pick(f"实际 {amount}", f"actual {amount}")


@dataclass(frozen=True)
class Ratio(Measure):
    """num / den * times. A zero denominator is VOID, never a number."""

    num: Annotated[str, TEXT]
    den: Annotated[str, TEXT]
    times: Annotated[Fraction, NUMBER] = _ONE
    unit: Annotated[str, TEXT] = ""
    may_be_void: ClassVar[bool] = True

    def fields(self) -> tuple[str, ...]:
        return (self.num, self.den)

    def read(self, frame: Frame) -> Reading:
        above, below = frame.read(self.num), frame.read(self.den)
        return _quotient(frame, above.values * above.number(self.times), (above, below), self.times)

    def tell(self, frame: Frame, place: int, voice: Voice) -> str:
        value = self.read(frame).values[place]
        above = _named(self.num, frame, place, voice)
        below = _named(self.den, frame, place, voice)
        times = "" if self.times in (_ONE, _HUNDRED) else f"×{voice.amount(self.times)}"
        return f"{above}/{below}{times} {voice.equals(value)} {voice.amount(value, self.unit)}"


@dataclass(frozen=True)
class Growth(Measure):
    """(cur - prev) / prev * times.

    A previous value of zero or less is VOID: there is no growth to speak of.
    """

    cur: Annotated[str, TEXT]
    prev: Annotated[str, TEXT]
    times: Annotated[Fraction, NUMBER] = _HUNDRED
    unit: Annotated[str, TEXT] = "%"
    may_be_void: ClassVar[bool] = True

    def fields(self) -> tuple[str, ...]:
        return (self.cur, self.prev)

    def read(self, frame: Frame) -> Reading:
        now, before = frame.read(self.cur), frame.read(self.prev)
        change = (now.values - before.values) * now.number(self.times)
        reading = _quotient(frame, change, (now, before), self.times)
        statuses = np.where((before.values <= 0) & (reading.statuses == REPORTED), VOID, reading.statuses)
        return replace(reading, statuses=statuses.astype(np.int8))

    def tell(self, frame: Frame, place: int, voice: Voice) -> str:
        value = self.read(frame).values[place]
        now = _named(self.cur, frame, place, voice)
        before = _named(self.prev, frame, place, voice)
        return f"({now}-{before})/{before} {voice.equals(value)} {voice.amount(value, self.unit)}"

    def void_words(self, voice: Voice) -> str:
        return voice.pick("上期数不大于零，无法计算增幅", "the earlier figure is not above zero")


@dataclass(frozen=True)
class Difference(Measure):
    """minuend - subtrahend.

    With `least` a smaller result counts as `least` (a shortfall is never negative).
    """

    minuend: Annotated[str, TEXT]
    subtrahend: Annotated[str, TEXT]
    unit: Annotated[str, TEXT] = ""
    least: Annotated[Fraction | None, codec.optional(NUMBER)] = None

    def fields(self) -> tuple[str, ...]:
        return (self.minuend, self.subtrahend)

    def read(self, frame: Frame) -> Reading:
        first, second = frame.read(self.minuend), frame.read(self.subtrahend)
        values = first.values - second.values
        if self.least is not None:
            values = np.maximum(values, first.number(self.least))
        grain = frame.grain(max(first.grain, second.grain))
        return Reading(values, worst_status((first, second)), grain, first.magnitude + second.magnitude)

    def tell(self, frame: Frame, place: int, voice: Voice) -> str:
        value = self.read(frame).values[place]
        first = _named(self.minuend, frame, place, voice)
        second = _named(self.subtrahend, frame, place, voice)
        plain = frame.read(self.minuend).values[place] - frame.read(self.subtrahend).values[place]
        difference = f"{first}-{second} = {voice.amount(plain, self.unit)}"
        if plain == value:
            return difference
        return voice.join(
            [
                difference,
                voice.pick(
                    f"按 {voice.amount(value, self.unit)} 计", f"counted as {voice.amount(value, self.unit)}"
                ),
            ]
        )


@dataclass(frozen=True)
class Total(Measure):
    """The sum of several fields; `mean` divides by their number."""

    parts: Annotated[tuple[str, ...], codec.sequence(TEXT)]
    unit: Annotated[str, TEXT] = ""
    mean: Annotated[bool, codec.FLAG] = False

    def fields(self) -> tuple[str, ...]:
        return self.parts

    def read(self, frame: Frame) -> Reading:
        readings = [frame.read(name) for name in self.parts]
        values = readings[0].values
        for reading in readings[1:]:
            values = values + reading.values
        count = Fraction(len(readings) if self.mean else 1)
        grain = frame.grain(max(reading.grain for reading in readings) * float(count))
        magnitude = sum(reading.magnitude for reading in readings)
        return Reading(values / readings[0].number(count), worst_status(readings), grain, magnitude)

    def tell(self, frame: Frame, place: int, voice: Voice) -> str:
        value = self.read(frame).values[place]
        parts = "+".join(_named(name, frame, place, voice) for name in self.parts)
        whole = f"({parts})/{len(self.parts)}" if self.mean else parts
        return f"{whole} {voice.equals(value)} {voice.amount(value, self.unit)}"


@dataclass(frozen=True)
class Sampled(Measure):
    """A measure taken from a sample; fewer than `least` persons make it VOID."""

    of: Annotated[Measure, MEASURE]
    sample: Annotated[str, TEXT]
    least: Annotated[int, codec.INTEGER]
    may_be_void: ClassVar[bool] = True

    @property
    def unit(self) -> str:  # type: ignore[override]
        """Return the unit of the measure itself."""
        return self.of.unit

    def fields(self) -> tuple[str, ...]:
        return (*self.of.fields(), self.sample)

    def read(self, frame: Frame) -> Reading:
        reading, sample = self.of.read(frame), frame.read(self.sample)
        statuses = worst_status((reading, sample))
        enough, _ = sample.reaches(Fraction(self.least))
        statuses = np.where(~enough & (statuses == REPORTED), VOID, statuses).astype(np.int8)
        return replace(reading, statuses=statuses)

    def tell(self, frame: Frame, place: int, voice: Voice) -> str:
        persons = voice.amount(frame.read(self.sample).values[place])
        told = voice.pick(
            f"样本 {persons} 人（不少于 {self.least} 人）", f"sample {persons} (at least {self.least})"
        )
        return voice.join([self.of.tell(frame, place, voice), told])

    def void_words(self, voice: Voice) -> str:
        return voice.pick(f"样本不足 {self.least} 人", f"the sample is below {self.least}")


def _quotient(frame: Frame, above: np.ndarray, parts: tuple[Reading, Reading], times: Fraction) -> Reading:
    _, below = parts
    zero: Mask = (below.values == 0).astype(bool)
    divisor = np.where(zero, below.number(_ONE), below.values)
    values = above / divisor
    statuses = worst_status(parts)
    if zero.any():
        statuses = np.where(zero & (statuses == REPORTED), VOID, statuses).astype(np.int8)
    if frame.exact:
        return Reading(values, statuses, 0.0, 0.0)
    # num = a/10^k and den = b/10^k, so the reduced denominator of num/den*times divides b * den(times).
    grain = below.magnitude * max(part.grain for part in parts) * times.denominator
    least = float(np.abs(divisor).min(initial=np.inf))
    largest = sum(part.magnitude for part in parts) * float(abs(times)) / least if len(divisor) else 0.0
    return Reading(values, statuses, max(1.0, grain), largest)


def _named(field: str, frame: Frame, place: int, voice: Voice) -> str:
    amount = voice.amount(frame.read(field).values[place], voice.unit(field))
    return f"{voice.label(field)} {amount}" if field in voice.labels else amount


MEASURES.update({each.__name__: each for each in (Value, Ratio, Growth, Difference, Total, Sampled)})
