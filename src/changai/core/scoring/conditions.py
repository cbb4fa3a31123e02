"""Conditions a rule can hang on: yes/no figures and comparisons, and their combination."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from changai.core.scoring import codec
from changai.core.scoring.averages import mean_exact, mean_float, mean_told
from changai.core.scoring.codec import NUMBER, TEXT, choice, sequence
from changai.core.scoring.fixedpoint import Mask
from changai.core.scoring.frames import Frame, Reading, either
from changai.core.scoring.measures import MEASURE, Measure
from changai.core.scoring.voice import Voice

SIDES = ("at_least", "above", "at_most", "below")
_WORDS = {
    "zh": {"at_least": "不低于", "above": "高于", "at_most": "不高于", "below": "低于"},
    "en": {"at_least": "at least", "above": "above", "at_most": "at most", "below": "below"},
}
_SIDE = choice(*SIDES)
CONDITIONS: dict[str, type[Condition]] = {}
CONDITION = codec.family(CONDITIONS, "condition")


class Held(NamedTuple):
    """For every unit whether the condition holds, the status of what it read, where float64 is unsure."""

    mask: Mask
    statuses: NDArray[np.int8]
    doubt: Mask | None


class Condition(ABC):
    """Holds or does not hold for a unit."""

    is_relative: ClassVar[bool] = False

    @abstractmethod
    def fields(self) -> tuple[str, ...]:
        """Return the fields the condition reads."""

    @abstractmethod
    def holds(self, frame: Frame) -> Held:
        """Return for every unit of the pass whether the condition holds."""

    @abstractmethod
    def tell(self, frame: Frame, place: int, voice: Voice) -> str:
        """Return what the condition found for one unit; `frame` is an exact pass."""

    def truths(self) -> tuple[str, ...]:
        """Return the fields that must be yes/no figures."""
        return ()

    def measures(self) -> tuple[Measure, ...]:
        """Return the measures the condition compares."""
        return ()

    def reads_relative(self) -> bool:
        """Return whether another unit's figures can turn the condition."""
        return self.is_relative


@dataclass(frozen=True)
class Yes(Condition):
    """A yes/no figure is yes."""

    field: Annotated[str, TEXT]

    def fields(self) -> tuple[str, ...]:
        return (self.field,)

    def truths(self) -> tuple[str, ...]:
        return (self.field,)

    def holds(self, frame: Frame) -> Held:
        reading = frame.read(self.field)
        return Held((reading.values != 0).astype(bool), reading.statuses, None)

    def tell(self, frame: Frame, place: int, voice: Voice) -> str:
        label = voice.label(self.field)
        if frame.read(self.field).values[place]:
            return voice.pick(f"{label}：是", f"{label}: yes")
        return voice.pick(f"{label}：否", f"{label}: no")


@dataclass(frozen=True)
class Compare(Condition):
    """A measure stands on one side of a fixed bound."""

    of: Annotated[Measure, MEASURE]
    side: Annotated[str, _SIDE]
    bound: Annotated[Fraction, NUMBER]

    def fields(self) -> tuple[str, ...]:
        return self.of.fields()

    def measures(self) -> tuple[Measure, ...]:
        return (self.of,)

    def holds(self, frame: Frame) -> Held:
        reading = self.of.read(frame)
        mask, doubt = _stands(reading, self.side, self.bound)
        return Held(mask, reading.statuses, either(reading.doubt, doubt))

    def tell(self, frame: Frame, place: int, voice: Voice) -> str:
        value = self.of.read(frame).values[place]
        bound = voice.amount(self.bound, self.of.unit)
        return voice.join([self.of.tell(frame, place, voice), _told(value, self.bound, bound, voice)])


@dataclass(frozen=True)
class CompareAverage(Condition):
    """A measure stands on one side of the class average times `times` plus `plus`."""

    is_relative: ClassVar[bool] = True

    of: Annotated[Measure, MEASURE]
    side: Annotated[str, _SIDE]
    times: Annotated[Fraction, NUMBER] = Fraction(1)
    plus: Annotated[Fraction, NUMBER] = Fraction(0)

    def fields(self) -> tuple[str, ...]:
        return self.of.fields()

    def measures(self) -> tuple[Measure, ...]:
        return (self.of,)

    def holds(self, frame: Frame) -> Held:
        reading = self.of.read(frame)
        if frame.exact:
            edge = mean_exact(frame, self.of) * self.times + self.plus
            return Held(_stands(reading, self.side, edge)[0], reading.statuses, None)
        line = mean_float(frame, self.of) * float(self.times) + float(self.plus)
        magnitude = 2 * max(reading.magnitude, abs(line))
        distance = Reading(reading.values - line, reading.statuses, np.inf, magnitude)
        mask, doubt = _stands(distance, self.side, Fraction(0))
        return Held(mask, reading.statuses, either(reading.doubt, doubt))

    def tell(self, frame: Frame, place: int, voice: Voice) -> str:
        value = self.of.read(frame).values[place]
        edge = mean_told(frame, self.of) * self.times + self.plus
        count, line = int(self.of.read(frame.cohort).usable.sum()), voice.amount(edge, self.of.unit)
        average = voice.pick(f"{count} 个对象的平均线 {line}", f"the line of {count} units, {line}")
        return voice.join([self.of.tell(frame, place, voice), _told(value, edge, average, voice)])


@dataclass(frozen=True)
class Both(Condition):
    """All parts hold."""

    parts: Annotated[tuple[Condition, ...], sequence(CONDITION)]

    def fields(self) -> tuple[str, ...]:
        return _fields(self.parts)

    def truths(self) -> tuple[str, ...]:
        return tuple(name for part in self.parts for name in part.truths())

    def measures(self) -> tuple[Measure, ...]:
        return tuple(each for part in self.parts for each in part.measures())

    def reads_relative(self) -> bool:
        return any(part.reads_relative() for part in self.parts)

    def holds(self, frame: Frame) -> Held:
        found = [part.holds(frame) for part in self.parts]
        return _joined(np.logical_and.reduce([each.mask for each in found]), found)

    def tell(self, frame: Frame, place: int, voice: Voice) -> str:
        return voice.join([part.tell(frame, place, voice) for part in self.parts])


@dataclass(frozen=True)
class OneOf(Both):
    """At least one part holds."""

    def holds(self, frame: Frame) -> Held:
        found = [part.holds(frame) for part in self.parts]
        return _joined(np.logical_or.reduce([each.mask for each in found]), found)


@dataclass(frozen=True)
class Not(Condition):
    """The part does not hold."""

    part: Annotated[Condition, CONDITION]

    def fields(self) -> tuple[str, ...]:
        return self.part.fields()

    def truths(self) -> tuple[str, ...]:
        return self.part.truths()

    def measures(self) -> tuple[Measure, ...]:
        return self.part.measures()

    def reads_relative(self) -> bool:
        return self.part.reads_relative()

    def holds(self, frame: Frame) -> Held:
        found = self.part.holds(frame)
        return Held(~found.mask, found.statuses, found.doubt)

    def tell(self, frame: Frame, place: int, voice: Voice) -> str:
        return self.part.tell(frame, place, voice)


CONDITIONS.update({each.__name__: each for each in (Yes, Compare, CompareAverage, Both, OneOf, Not)})


def _stands(reading: Reading, side: str, bound: Fraction) -> tuple[Mask, Mask | None]:
    mask, doubt = reading.reaches(bound) if side in ("at_least", "below") else reading.exceeds(bound)
    return (mask if side in ("at_least", "above") else ~mask), doubt


def _told(value: Fraction, bound: Fraction, shown: str, voice: Voice) -> str:
    words = _WORDS[voice.lang]
    if value == bound:
        return voice.pick(f"等于 {shown}", f"equal to {shown}")
    return f"{words['above' if value > bound else 'below']} {shown}"


def _joined(mask: Mask, found: list[Held]) -> Held:
    statuses = np.maximum.reduce([each.statuses for each in found])
    return Held(mask, statuses, either(*(each.doubt for each in found)))


def _fields(parts: tuple[Condition, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in parts for name in part.fields()))
