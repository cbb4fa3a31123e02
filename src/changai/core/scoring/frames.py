"""One pass over the facts, in float64 for speed or in fractions for proof.

Measures and rules do not know which.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from changai.core.scoring.facts import Column, Facts, exact
from changai.core.scoring.fixedpoint import NEAR, Array, Mask, is_decided, tolerance
from changai.core.scoring.statuses import NOT_APPLICABLE, REPORTED


@dataclass(frozen=True, slots=True)
class Reading:
    """Values of all units with what is needed to decide ties exactly.

    `values` is float64 or, in an exact pass, an object array of fractions. `grain` bounds the denominators
    of the true
    values and is 0 in an exact pass; `magnitude` bounds every intermediate result. `doubt` marks units
    whose value
    float64 could not settle.
    """

    values: Array
    statuses: NDArray[np.int8]
    grain: float
    magnitude: float
    doubt: Mask | None = None

    @property
    def is_exact(self) -> bool:
        """Return whether the values are fractions."""
        return self.values.dtype == object

    @property
    def usable(self) -> Mask:
        """Return which units have an accepted, defined value."""
        mask: Mask = self.statuses == REPORTED
        return mask

    def number(self, number: Fraction) -> Any:
        """Return a constant in the arithmetic of this reading."""
        return number if self.values.dtype == object else float(number)

    def reaches(self, bound: Fraction) -> tuple[Mask, Mask | None]:
        """Return which values are at least `bound`, and which of them float64 cannot decide (None: none)."""
        if self.is_exact:
            return (self.values >= bound).astype(bool), None
        edge = float(bound)
        lift = tolerance(max(self.magnitude, abs(edge)))
        above: Mask = self.values >= edge - lift
        return above, self._undecided(edge, bound.denominator, lift)

    def exceeds(self, bound: Fraction) -> tuple[Mask, Mask | None]:
        """Return which values are strictly above `bound`, and which of them float64 cannot decide."""
        if self.is_exact:
            return (self.values > bound).astype(bool), None
        edge = float(bound)
        lift = tolerance(max(self.magnitude, abs(edge)))
        above: Mask = self.values > edge + lift
        return above, self._undecided(edge, bound.denominator, lift)

    def _undecided(self, edge: float, denominator: int, lift: float) -> Mask | None:
        if is_decided(self.grain * denominator, max(self.magnitude, abs(edge))):
            return None
        near: Mask = np.abs(self.values - edge) <= max(NEAR * max(1.0, abs(edge)), 2 * lift)
        return near


class Frame:
    """The facts as one pass sees them: which units, and in which arithmetic."""

    def __init__(
        self,
        facts: Facts,
        *,
        places: NDArray[np.intp] | None = None,
        exempt: Mask | None = None,
        cohort: Frame | None = None,
        period: str = "",
    ) -> None:
        """Make a float pass over all units, or with `places` an exact pass over some of them.

        An exact pass takes what relative rules compare with from `cohort`, the float pass over all units.
        `exempt` marks units (of all facts) whose every figure is NOT_APPLICABLE in this pass.
        """
        self.facts = facts
        self.exempt = exempt
        self.period = period
        self.places = places
        self.exact = places is not None
        self.size = len(facts.units) if places is None else len(places)
        self.memory: dict[tuple[str, Any], Any] = {}
        self._cohort = cohort
        self._read: dict[str, Reading] = {}
        self._periods: dict[str, Frame] = {}

    @property
    def cohort(self) -> Frame:
        """Return the float pass over all units."""
        return self if self._cohort is None else self._cohort

    def exactly(self, places: NDArray[np.intp]) -> Frame:
        """Return the exact pass over some units, compared with all units of this pass."""
        return Frame(self.facts, places=places, exempt=self.exempt, cohort=self.cohort, period=self.period)

    def read(self, field: str) -> Reading:
        """Return the column of `field` for the units of this pass."""
        known = self._read.get(field)
        if known is None:
            known = self._read[field] = self._load(self.name(field))
        return known

    def at(self, period: str) -> Frame:
        """Return this pass for one period: a field `name` is read as `name@period`."""
        later = self._periods.get(period)
        if later is None:
            cohort = None if self._cohort is None else self._cohort.at(period)
            later = Frame(self.facts, places=self.places, exempt=self.exempt, cohort=cohort, period=period)
            self._periods[period] = later
        return later

    def name(self, field: str) -> str:
        """Return the name under which this pass looks the field up."""
        return f"{field}@{self.period}" if self.period else field

    def marks(self, field: str) -> list[str]:
        """Return the column of `field` as text, empty where there is no value."""
        values = self.facts.column(self.name(field)).values
        chosen = values if self.places is None else [values[place] for place in self.places]
        return ["" if value is None else str(value) for value in chosen]

    def note(self, field: str, place: int) -> str:
        """Return the note that came with the figure of one unit of this pass."""
        unit = self.facts.units[place if self.places is None else int(self.places[place])]
        return self.facts.notes.get((unit, self.name(field)), "")

    def zeros(self) -> Array:
        """Return a zero for every unit, in the arithmetic of this pass."""
        if not self.exact:
            return np.zeros(self.size)
        values = np.empty(self.size, dtype=object)
        values[:] = Fraction(0)
        return values

    def constant(self, number: Fraction) -> Reading:
        """Return the same accepted number for every unit."""
        values = self.zeros() + (number if self.exact else float(number))
        statuses = np.zeros(self.size, dtype=np.int8)
        return Reading(values, statuses, self.grain(number.denominator), abs(float(number)))

    def grain(self, bound: float) -> float:
        """Return `bound` in a float pass and 0 in an exact one, which needs no bound."""
        return 0.0 if self.exact else bound

    def _load(self, field: str) -> Reading:
        column = self.facts.column(field)
        statuses = column.statuses
        if self.exempt is not None:
            statuses = np.where(self.exempt, NOT_APPLICABLE, statuses).astype(np.int8)
        if self.places is None:
            return Reading(column.floats, statuses, column.grain, column.magnitude)
        return Reading(self._fractions(column, self.places), statuses[self.places], 0.0, 0.0)

    def _fractions(self, column: Column, places: NDArray[np.intp]) -> Array:
        values = np.empty(len(places), dtype=object)
        values[:] = [exact(column.values[place]) for place in places]
        return values


def worst_status(readings: Iterable[Reading]) -> NDArray[np.int8]:
    """Return for each unit the status that decides over several figures."""
    parts = [reading.statuses for reading in readings]
    return parts[0] if len(parts) == 1 else np.maximum.reduce(parts)


def either(*doubts: Mask | None) -> Mask | None:
    """Return which units are in doubt in any of the masks."""
    found: Mask | None = None
    for doubt in doubts:
        if doubt is not None:
            found = doubt if found is None else found | doubt
    return found


def common_grain(*grains: float) -> float:
    """Return a denominator bound of a sum of values with these bounds."""
    return math.prod(grain for grain in grains if grain > 1) if any(grains) else 0.0
