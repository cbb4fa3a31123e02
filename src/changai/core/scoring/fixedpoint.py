"""Rounding of whole arrays, half away from zero, without ever deciding a tie by a binary error.

An exact value with reduced denominator q lies at least 1/(2q) away from a tie it does not hit. A float64
expression whose
intermediate results stay below a magnitude M is wrong by at most k * 2^-53 * M after k operations. So
lifting every value by
2^-40 * max(1, M) before `floor` decides ties exactly while q * max(1, M) < 2^39; outside that bound
`in_doubt` names the
values that exact arithmetic must decide.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]
Array: TypeAlias = NDArray[Any]

SNAP = 2.0**-40
DECIDED_BELOW = 2.0**39
NEAR = 1e-6


def tolerance(magnitude: float) -> float:
    """Return how far a float64 value of this magnitude is lifted before it is compared or rounded."""
    return SNAP * max(1.0, magnitude)


def is_decided(grain: float, magnitude: float) -> bool:
    """Return whether a comparison at `tolerance(magnitude)` is exact for denominators up to `grain`."""
    return grain * max(1.0, magnitude) < DECIDED_BELOW


def half_up_floats(values: Floats, lift: float | Floats) -> Integers:
    """Return the nearest integers of `values`, halves away from zero; `lift` comes from `tolerance`."""
    rounded: Integers = np.floor(np.abs(values) + (0.5 + lift)).astype(np.int64)
    return np.where(values < 0, -rounded, rounded)


def near_tie(values: Floats, lift: float) -> Mask:
    """Return which values lie so close to a half that only exact arithmetic may round them."""
    near: Mask = np.abs(np.abs(values) % 1.0 - 0.5) <= max(NEAR, 2 * lift)
    return near


def half_up_quotient(numerators: Integers, denominators: Integers) -> Integers:
    """Return numerators / denominators (positive) rounded half away from zero, in integers throughout."""
    rounded: Integers = (2 * np.abs(numerators) + denominators) // (2 * denominators)
    return np.where(numerators < 0, -rounded, rounded)


def largest_remainder(shares: list[Fraction], total: int) -> list[int]:
    """Return integers in proportion to `shares` that sum to `total` exactly (Hamilton's method).

    Seats left after rounding down go to the largest remainders, among equals to the earlier item.

    :raises ValueError: when a share is negative or all are zero.
    """
    whole = sum(shares)
    if whole <= 0 or min(shares) < 0:
        raise ValueError("shares must not be negative and must not all be zero")
    exact = [share * total / whole for share in shares]
    seats = [quota.numerator // quota.denominator for quota in exact]
    by_remainder = sorted(range(len(exact)), key=lambda place: (seats[place] - exact[place], place))
    for place in by_remainder[: total - sum(seats)]:
        seats[place] += 1
    return seats
