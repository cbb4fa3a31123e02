"""Rules with steps: bands, and points per whole or part step away from a target."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

import numpy as np

from changai.core.scoring.codec import FLAG, NUMBER, optional, sequence
from changai.core.scoring.fixedpoint import Mask
from changai.core.scoring.frames import Frame, Reading, either
from changai.core.scoring.measures import MEASURE, Measure
from changai.core.scoring.rules.base import ZERO, Demand, Flaw, Rule, Span, written_as
from changai.core.scoring.voice import Voice


@dataclass(frozen=True)
class Tiers(Rule):
    """Points of the best band reached.

    `bounds` increase. Ascending (more is better): band k is reached at `bounds[k]` or above (`strict`: only
    above).
    `descending` (less is better): band k is reached at `bounds[k]` or below. Give either `shares` of the
    full mark or
    `points`, one a bound; `otherwise` is the share (or points) when no band is reached.
    """

    of: Annotated[Measure, MEASURE]
    bounds: Annotated[tuple[Fraction, ...], sequence(NUMBER)]
    shares: Annotated[tuple[Fraction, ...], sequence(NUMBER)] = ()
    points_each: Annotated[tuple[Fraction, ...], sequence(NUMBER)] = ()
    strict: Annotated[bool, FLAG] = False
    descending: Annotated[bool, FLAG] = False
    otherwise: Annotated[Fraction, NUMBER] = ZERO
    full: Annotated[Fraction | None, optional(NUMBER)] = None

    def fields(self) -> tuple[str, ...]:
        return self.of.fields()

    def measures(self) -> tuple[Measure, ...]:
        return (self.of,)

    def levels(self, full: Fraction) -> tuple[tuple[Fraction, ...], Fraction]:
        """Return the points of each band, and the points when none is reached."""
        if self.points_each:
            return self.points_each, self.otherwise
        mark = full if self.full is None else self.full
        return tuple(share * mark for share in self.shares), self.otherwise * mark

    def span(self, full: Fraction) -> Span:
        levels, otherwise = self.levels(full)
        return Span(min((*levels, otherwise)), max((*levels, otherwise)))

    def flaws(self, full: Fraction) -> Iterator[Flaw]:
        if bool(self.shares) == bool(self.points_each):
            yield Flaw("shares 与 points_each 须且只须填一项", "give either shares or points_each")
        elif len(self.levels(full)[0]) != len(self.bounds) or not self.bounds:
            yield Flaw("分档界限与各档分值的个数不一致", "there must be one share for each bound")
        if any(later <= earlier for earlier, later in zip(self.bounds, self.bounds[1:], strict=False)):
            yield Flaw("分档界限须逐档递增", "bounds must increase")

    def demands(self, full: Fraction) -> tuple[Demand, ...]:
        # Bounds that are all whole may count things.
        broken = any(bound.denominator > 1 for bound in self.bounds)
        return (*super().demands(full), *(written_as(self.of, self.bounds) if broken else ()))

    def points(self, frame: Frame, full: Fraction) -> Reading:
        reading = self.of.read(frame)
        levels, otherwise = self.levels(full)
        values = frame.zeros() + reading.number(otherwise)
        doubt = reading.doubt
        for bound, level in self._from_worst(levels):
            reached, unsure = self._is_reached(reading, bound)
            values = np.where(reached, reading.number(level), values)
            doubt = either(doubt, unsure)
        every = (*levels, otherwise)
        grain = 1.0
        for level in every:
            grain = max(grain, float(level.denominator))
        return Reading(values, reading.statuses, frame.grain(grain), float(max(map(abs, every))), doubt)

    def explain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        value = self.of.read(frame).values[place]
        levels, otherwise = self.levels(full)
        told = voice.pick(
            f"未达到任何一档，按 {voice.points(otherwise)}计",
            f"no band reached, counted as {voice.points(otherwise)}",
        )
        for bound, level in self._from_worst(levels):
            if self._reaches(value, bound):
                told = self._band(bound, level, voice)
        return voice.join([self.of.tell(frame, place, voice), told])

    def regain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        value = self.of.read(frame).values[place]
        levels, otherwise = self.levels(full)
        bands = self._from_worst(levels)
        reached = [level for bound, level in bands if self._reaches(value, bound)]
        now = reached[-1] if reached else otherwise
        better = [band for band in bands if band[1] > now and not self._reaches(value, band[0])]
        if not better:
            return ""
        edge, given = voice.amount(better[0][0], self.of.unit), voice.points(better[0][1])
        return voice.pick(f"到 {edge} 一档可得 {given}", f"{given} at {edge}")

    def _from_worst(self, levels: tuple[Fraction, ...]) -> list[tuple[Fraction, Fraction]]:
        bands = list(zip(self.bounds, levels, strict=True))
        return bands[::-1] if self.descending else bands

    def _is_reached(self, reading: Reading, bound: Fraction) -> tuple[Mask, Mask | None]:
        upward = self.strict == self.descending
        passed, unsure = reading.reaches(bound) if upward else reading.exceeds(bound)
        return (~passed if self.descending else passed), unsure

    def _reaches(self, value: Fraction, bound: Fraction) -> bool:
        if value == bound:
            return not self.strict
        return (value < bound) == self.descending

    def _band(self, bound: Fraction, level: Fraction, voice: Voice) -> str:
        edge, given = voice.amount(bound, self.of.unit), voice.points(level)
        zh = {(False, False): "达到", (False, True): "高于", (True, False): "不高于", (True, True): "低于"}
        en = {
            (False, False): "at least",
            (False, True): "above",
            (True, False): "at most",
            (True, True): "below",
        }
        side = (self.descending, self.strict)
        return voice.pick(f"{zh[side]} {edge} 档，按 {given}计", f"{en[side]} {edge}, counted as {given}")
