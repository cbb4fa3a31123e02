"""What every rule can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from changai.core.scoring import codec
from changai.core.scoring.frames import Frame, Reading
from changai.core.scoring.measures import Measure, Sampled, Value
from changai.core.scoring.statuses import VOID
from changai.core.scoring.voice import Voice

ZERO = Fraction(0)
ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Span:
    """The lowest and highest points a rule can give; None where it has no bound."""

    lowest: Fraction | None
    highest: Fraction | None


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong inside a rule, in both languages."""

    zh: str
    en: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Demand:
    """What a rule asks of the values of one field: a range, whole yes/no values, or a mark out of a scale.

    `is_share` and `is_percent` ask for nothing: they tell how the rule writes 95 %, as 0.95 or as 95.
    """

    field: str
    lowest: Fraction | None = None
    highest: Fraction | None = None
    is_truth: bool = False
    is_whole: bool = False
    marks: tuple[str, ...] = ()
    is_share: bool = False
    is_percent: bool = False


class Rule(ABC):
    """Turns facts into points. `full` is the full mark of the leaf the rule stands on."""

    is_relative: ClassVar[bool] = False

    @abstractmethod
    def fields(self) -> tuple[str, ...]:
        """Return the fields the rule reads, each once, in reading order."""

    @abstractmethod
    def points(self, frame: Frame, full: Fraction) -> Reading:
        """Return unrounded points of every unit of the pass."""

    @abstractmethod
    def span(self, full: Fraction) -> Span:
        """Return the range of points."""

    @abstractmethod
    def explain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        """Return fact, comparison and arithmetic for one unit as a clause; `frame` is an exact pass."""

    def regain(self, frame: Frame, place: int, full: Fraction, voice: Voice) -> str:
        """Return how lost points can be won back, empty when the rule cannot say.

        `frame` is an exact pass.
        """
        del frame, place, full, voice
        return ""

    def flaws(self, full: Fraction) -> Iterator[Flaw]:
        """Yield what makes this rule unusable or doubtful."""
        del full
        return iter(())

    def demands(self, full: Fraction) -> tuple[Demand, ...]:
        """Return what accepted values of each field must satisfy."""
        del full
        return tuple(Demand(name) for name in self.fields())

    def may_be_void(self) -> bool:
        """Return whether a measure of this rule can be undefined."""
        return any(measure.may_be_void for measure in self.measures())

    def measures(self) -> tuple[Measure, ...]:
        """Return the measures the rule is applied to."""
        return ()

    def void_words(self, frame: Frame, place: int, voice: Voice) -> str:
        """Return why the rule has no value for a VOID unit; `frame` is an exact pass."""
        for measure in self.measures():
            if measure.may_be_void and measure.read(frame).statuses[place] == VOID:
                return measure.void_words(voice)
        return ""

    def reads_relative(self) -> bool:
        """Return whether another unit's figures can move this unit's points."""
        return self.is_relative


RULES: dict[str, type[Rule]] = {}
RULE = codec.family(RULES, "rule")


def written_as(measure: Measure, edges: Sequence[Fraction]) -> tuple[Demand, ...]:
    """Return how a rule with these knots or bounds takes 95 % of a single figure to be written, if that shows."""
    plain = measure.of if isinstance(measure, Sampled) else measure
    if not isinstance(plain, Value) or not edges:
        return ()
    most = max(abs(edge) for edge in edges)
    if most <= ONE and not plain.unit:
        return (Demand(plain.field, is_share=True),)
    return (Demand(plain.field, is_percent=True),) if plain.unit == "%" and most > ONE else ()


def kept_within(span: Span, floor: Fraction | None, cap: Fraction | None) -> Span:
    """Return the span after points are kept between floor and cap."""
    lowest, highest = span.lowest, span.highest
    if floor is not None:
        lowest = floor if lowest is None else max(lowest, floor)
    if cap is not None:
        highest = cap if highest is None else min(highest, cap)
    return Span(lowest, highest)


def once(names: list[str]) -> tuple[str, ...]:
    """Return the names without repetition, first place kept."""
    return tuple(dict.fromkeys(names))
