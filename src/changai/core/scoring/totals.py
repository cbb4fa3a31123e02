"""The fixed order of operations from leaf points to the total, all in integers.

1 leaves -> 2 sharing out -> 3 regular -> 4 bonus -> 5 penalty -> 6 floor and ceiling -> 7 veto -> rounding of the
total where the table keeps fewer decimals -> 8 conversion.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from changai.core.scoring.fixedpoint import Integers, Mask, half_up_quotient
from changai.core.scoring.model import Penalty, Table


@dataclass(frozen=True, slots=True)
class Totals:
    """Integer columns over units; `veto` is what the vetoes took (0 or negative), `rounding` what the total gained."""

    regular: Integers
    bonus: Integers
    penalty: Integers
    veto: Integers
    rounding: Integers
    total: Integers
    converted: Integers | None


def add_up(
    table: Table, regular: Integers, bonus: Integers, penalty: Integers, vetoed: Mask, *, scale: int
) -> Totals:
    """Return the totals.

    `bonus` and `penalty` are items x units with each item already capped, `vetoed` vetoes x units.
    """
    extra = _capped(bonus.sum(axis=0), table.bonus_cap, scale)
    taken = -_capped(-worst_per_matter(table.penalty, penalty).sum(axis=0), table.penalty_cap, scale)
    before = _within(regular + extra + taken, table, scale)
    after = before
    for veto, concerned in zip(table.veto, vetoed, strict=True):
        if veto.effect == "zero":
            after = np.where(concerned, np.minimum(after, 0), after)
        elif veto.effect == "factor":
            # A negative total must not rise by being multiplied.
            factor = veto.factor or Fraction(0)
            after = np.where(concerned, np.minimum(after, _times(after, factor)), after)
    total = rounded_total(table, after, scale=scale)
    converted = None
    if table.conversion is not None:
        converted = _times(total, table.conversion.full / table.full)
    return Totals(regular, extra, taken, after - before, total - after, total, converted)


def rounded_total(table: Table, points: Integers, *, scale: int) -> Integers:
    """Return totals rounded half away from zero to the table's own decimals, still in the unit of account."""
    if table.total_decimals is None:
        return points
    grain = scale // 10**table.total_decimals
    rounded: Integers = half_up_quotient(points, np.full_like(points, grain)) * grain
    return rounded


def worst_per_matter(penalties: Sequence[Penalty], points: Integers) -> Integers:
    """Return the deductions with one matter counted once, by its largest deduction."""
    counted = points.copy()
    for matter in {item.matter for item in penalties if item.matter}:
        rows = [row for row, item in enumerate(penalties) if item.matter == matter]
        worst = np.argmin(points[rows], axis=0)
        for position, row in enumerate(rows):
            counted[row] = np.where(worst == position, points[row], 0)
    return counted


def _capped(points: Integers, cap: Fraction | None, scale: int) -> Integers:
    return points if cap is None else np.minimum(points, int(cap * scale))


def _within(points: Integers, table: Table, scale: int) -> Integers:
    if table.floor is not None:
        points = np.maximum(points, int(table.floor * scale))
    if table.ceiling is not None:
        points = np.minimum(points, int(table.ceiling * scale))
    return points


def _times(points: Integers, factor: Fraction) -> Integers:
    return half_up_quotient(points * factor.numerator, np.full_like(points, factor.denominator))
