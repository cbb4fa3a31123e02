"""What becomes of an indicator without an accepted value, and how its points are shared out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from changai.core.scoring.fixedpoint import Integers, Mask, half_up_quotient
from changai.core.scoring.model import Node, Table
from changai.core.scoring.statuses import NOT_APPLICABLE, NOT_REPORTED, PENDING, REJECTED, REPORTED, VOID


@dataclass(frozen=True, slots=True)
class Settled:
    """One leaf after the policies: points, which units have it removed, and which units are still open."""

    points: Integers
    removed: Mask
    open: Mask


def policies(table: Table, leaf: Node) -> Mapping[int, str]:
    """Return what the table does with each status: zero, full, average, reweight or open."""
    return {
        NOT_REPORTED: leaf.missing or table.missing,
        REJECTED: "zero",
        NOT_APPLICABLE: leaf.not_applicable or table.not_applicable,
        VOID: leaf.void or table.void or "open",
        PENDING: "open",
    }


def settle(points: Integers, statuses: NDArray[np.int8], full: int, policy: Mapping[int, str]) -> Settled:
    """Return the leaf with its policies applied; `full` is the full mark in units of account.

    The class average is the half-up mean of the accepted units; where nobody is accepted the leaf stays open.
    """
    accepted = statuses == REPORTED
    if accepted.all():
        nobody = np.zeros(len(points), dtype=bool)
        return Settled(points, nobody, nobody)
    settled = np.where(accepted, points, 0)
    concerned = {
        means: np.zeros(len(points), dtype=bool) for means in ("full", "average", "reweight", "open", "zero")
    }
    for status, means in policy.items():
        concerned["open" if means == "average" and not accepted.any() else means] |= statuses == status
    settled[concerned["full"]] = full
    if concerned["average"].any():
        settled[concerned["average"]] = class_average(points[accepted])
    return Settled(settled, concerned["reweight"], concerned["open"])


def class_average(points: Integers) -> int:
    """Return the half-up mean of integer points."""
    total, count = np.array([points.sum()]), np.array([len(points)])
    return int(half_up_quotient(total, count)[0])


@dataclass(frozen=True, slots=True)
class Branch:
    """A node's points, and how many of its points the unit is scored on after sharing out."""

    points: Integers
    applicable: Integers
    reweighted: Mask


class Tree:
    """Adds leaves up to the table, sharing out points of removed leaves at the nearest ancestor."""

    def __init__(self, table: Table, points: Integers, removed: Mask, scale: int) -> None:
        """`points` and `removed` are leaves x units, in the order of `table.leaves`."""
        self.branches: dict[str, Branch] = {}
        self.scale = scale
        self.cover = table.cover
        self._points, self._removed = points, removed
        self._row = 0
        parts = [self._branch(node) for node in table.nodes]
        self.root = self._join(parts, table.full)

    def _branch(self, node: Node) -> Branch:
        if node.children:
            branch = self._join([self._branch(child) for child in node.children], node.points)
        else:
            branch = self._leaf(node)
        self.branches[node.code] = branch
        return branch

    def _leaf(self, node: Node) -> Branch:
        points, removed = self._points[self._row], self._removed[self._row]
        self._row += 1
        full = int(node.points * self.scale)
        if not removed.any():
            return Branch(points, np.broadcast_to(np.int64(full), points.shape), removed)
        return Branch(
            np.where(removed, 0, points), np.where(removed, 0, full), np.zeros(len(points), dtype=bool)
        )

    def _join(self, parts: list[Branch], full_points: Fraction) -> Branch:
        full = int(full_points * self.scale)
        points: Integers = np.stack([part.points for part in parts]).sum(axis=0)
        applicable: Integers = np.stack([part.applicable for part in parts]).sum(axis=0)
        enough = applicable * self.cover.denominator >= full * self.cover.numerator
        shared: Mask = enough & (applicable < full) & (applicable > 0)
        if not shared.any():
            return Branch(points, applicable, shared)
        spread = half_up_quotient(points * full, np.maximum(applicable, 1))
        return Branch(np.where(shared, spread, points), np.where(shared, full, applicable), shared)


def plain_sum(points: Integers, removed: Mask) -> Integers:
    """Return the sum of the leaves that count, without sharing anything out."""
    total: Integers = np.where(removed, 0, points).sum(axis=0)
    return total
