"""Rules whose value is a person's judgement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from changai.core.scoring.codec import NUMBER, TEXT, optional
from changai.core.scoring.frames import Frame, Reading
from changai.core.scoring.rules.base import ZERO, Demand, Flaw, Rule, Span
from changai.core.scoring.voice import Voice


@dataclass(frozen=True)
class Reviewed(Rule):
    """The points a reviewer gave inside [lo, hi]; without `hi`, up to the full mark.

    The reason travels as the note.
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
        unit = frame.facts.units[place if frame.places is None else int(frame.places[place])]
        reason = frame.facts.notes.get((unit, self.field), "")
        return voice.join([told, voice.pick(f"理由：{reason}", f"reason: {reason}") if reason else ""])
