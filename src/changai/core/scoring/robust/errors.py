"""Errors in the figures themselves, pushed through the rules: steps and caps make their effect anything but linear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from changai.core.scoring.evaluation import Task
from changai.core.scoring.fixedpoint import Floats, Integers, half_up_floats, tolerance
from changai.core.scoring.frames import Frame, Reading
from changai.core.scoring.ranking import competition_rank
from changai.core.scoring.scorecard import Scorecard


@dataclass(frozen=True, slots=True)
class FactError:
    """The error of one field: standard deviation in its own unit, relative to the value, and its rounding step."""

    sd: float = 0.0
    relative: float = 0.0
    step: float = 0.0

    def perturb(self, values: Floats, generator: np.random.Generator) -> Floats:
        """Return the values with one draw of the error; what was not negative stays so."""
        size = self.sd + self.relative * np.abs(values)
        moved = values + size * generator.standard_normal(values.shape)
        moved = moved + self.step * (generator.random(values.shape) - 0.5)
        return np.where(values >= 0, np.maximum(moved, 0.0), moved)


class ErrorFrame(Frame):
    """A pass that reads some fields with an error of one draw; its exact passes see the same erroneous values."""

    def __init__(self, frame: Frame, errors: Mapping[str, FactError], generator: np.random.Generator) -> None:
        super().__init__(frame.facts, exempt=frame.exempt, period=frame.period)
        self._errors = errors
        self._generator = generator
        self._later: dict[str, ErrorFrame] = {}

    def at(self, period: str) -> Frame:
        if period not in self._later:
            self._later[period] = ErrorFrame(super().at(period), self._errors, self._generator)
        return self._later[period]

    def exactly(self, places: NDArray[np.intp]) -> Frame:
        return _ErroneousExactly(self, places)

    def _load(self, field: str) -> Reading:
        reading = super()._load(field)
        error = self._errors.get(field)
        if error is None:
            return reading
        values = error.perturb(reading.values, self._generator)
        return replace(reading, values=values, magnitude=float(np.abs(values).max(initial=0.0)))


class _ErroneousExactly(Frame):
    def __init__(self, whole: ErrorFrame, places: NDArray[np.intp]) -> None:
        super().__init__(whole.facts, places=places, exempt=whole.exempt, cohort=whole, period=whole.period)
        self._whole = whole

    @property
    def _chosen(self) -> NDArray[np.intp]:
        return np.arange(self.size) if self.places is None else self.places

    def _load(self, field: str) -> Reading:
        whole = self._whole.read(field.partition("@")[0] if self.period else field)
        values = np.empty(self.size, dtype=object)
        values[:] = [Fraction(value) for value in whole.values[self._chosen]]
        return Reading(values, whole.statuses[self._chosen], 0.0, 0.0)


def error_ranks(
    card: Scorecard, errors: Mapping[str, FactError], *, draws: int = 1000, seed: int = 0
) -> Integers:
    """Return draws x units ranks (0: not ranked) with erroneous figures; statuses and exemptions stay.

    :raises KeyError: when an error names a field the table does not read.
    """
    unknown = set(errors) - set(card.table.fields())
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    generator = np.random.default_rng(seed)
    ranks = np.empty((draws, len(card.units)), dtype=np.int64)
    for draw in range(draws):
        ranks[draw] = competition_rank([_total(card, errors, generator)], card.ranked)
    return ranks


def _total(card: Scorecard, errors: Mapping[str, FactError], generator: np.random.Generator) -> Integers:
    points = card.points.copy()
    shared: dict[int, ErrorFrame] = {}
    for row, task in enumerate(card.leaf_tasks):
        if errors.keys() & set(task.rule.fields()):
            frame = shared.setdefault(id(task.frame), ErrorFrame(task.frame, errors, generator))
            points[row] = np.where(card.statuses[row] == 0, _points(task, frame, card.scale), points[row])
    return card.total_of(points)


def _points(task: Task, frame: Frame, scale: int) -> Integers:
    reading = task.rule.points(frame, task.full)
    return half_up_floats(reading.values * scale, tolerance(reading.magnitude * scale))
