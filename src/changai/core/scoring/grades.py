"""Grade bands (等次): which band a unit reaches, and which condition decided."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from changai.core.scoring.decimals import show
from changai.core.scoring.facts import Facts
from changai.core.scoring.fixedpoint import Integers, Mask
from changai.core.scoring.model import Grade, Table
from changai.core.scoring.statuses import REPORTED
from changai.core.scoring.voice import Language, Voice

BELOW_MIN, CEILING, BARRED, QUOTA_FULL = range(1, 5)


@dataclass(frozen=True)
class Grading:
    """The grade index of every unit (-1: none) and, for each grade, why a unit did not get it (0: no reason).

    `positions` is the place of a unit among those who could still get the grade it was given.
    """

    grades: tuple[Grade, ...]
    given: Integers
    refused: Integers
    positions: Integers
    limits: tuple[int | None, ...]

    def name(self, place: int) -> str | None:
        """Return the grade of one unit, None when it has none."""
        index = int(self.given[place])
        return None if index < 0 else self.grades[index].name

    def reason(self, place: int, total: str, lang: Language) -> str:
        """Return which condition decided the grade of one unit, whose total is printed as `total`."""
        index = int(self.given[place])
        voice = Voice(lang)
        if index < 0:
            return ""
        told = [self._refusal(earlier, place, voice) for earlier in range(index)]
        reached = self._reached(index, place, total, voice)
        stop = voice.pick("；", "; ")
        return stop.join([*(part for part in told if part), reached])

    def _refusal(self, index: int, place: int, voice: Voice) -> str:
        why, grade = int(self.refused[index, place]), self.grades[index]
        if why == CEILING:
            return voice.pick(f"因一票否决不得评为“{grade.name}”", f'a veto bars "{grade.name}"')
        if why == BARRED:
            return voice.pick(f"有不得评为“{grade.name}”的情形", f'a stated circumstance bars "{grade.name}"')
        if why == QUOTA_FULL:
            limit = self.limits[index]
            return voice.pick(
                f"“{grade.name}”名额 {limit} 个已满", f'the {limit} places of "{grade.name}" are taken'
            )
        return ""

    def _reached(self, index: int, place: int, total: str, voice: Voice) -> str:
        grade, limit = self.grades[index], self.limits[index]
        edges = [each.min for each in self.grades[:index] if each.min is not None]
        if grade.min is not None:
            line = show(grade.min)
            told = voice.pick(f"总分 {total} 分，不低于 {line} 分", f"total {total} is not below {line}")
        elif edges and not self.refused[:index, place].max() > BELOW_MIN:
            line = show(edges[-1])
            told = voice.pick(f"总分 {total} 分，低于 {line} 分", f"total {total} is below {line}")
        else:
            told = voice.pick(f"总分 {total} 分", f"total {total}")
        if limit is not None:
            told += self._inside(grade, limit, int(self.positions[place]), voice)
        return told + voice.pick(f"，评为“{grade.name}”", f': graded "{grade.name}"')

    def _inside(self, grade: Grade, limit: int, position: int, voice: Voice) -> str:
        tie = (
            "（末位并列一并计入）"
            if grade.ties == "in" and position <= limit and self._is_tied(grade, limit)
            else ""
        )
        zh = f"，在可评“{grade.name}”的对象中列第 {position} 位，名额 {limit} 个{tie}"
        return voice.pick(
            zh, f', number {position} of those who may be graded "{grade.name}", {limit} places'
        )

    def _is_tied(self, grade: Grade, limit: int) -> bool:
        return int((self.given == self.grades.index(grade)).sum()) > limit


def grade_units(
    table: Table, facts: Facts, totals: Integers, places: Integers, ceilings: Integers, scale: int
) -> Grading:
    """Return the grades; units without a place get none.

    `ceilings` is, for each unit, the index of the best grade a veto leaves open (0: all). Grades are given
    best first;
    a quota takes candidates in the order of their places, so a barred unit takes none of it.
    """
    count = len(totals)
    ranked = places > 0
    given = np.full(count, -1, dtype=np.int64)
    refused = np.zeros((len(table.grades), count), dtype=np.int64)
    positions = np.zeros(count, dtype=np.int64)
    limits: list[int | None] = []
    for index, grade in enumerate(table.grades):
        limits.append(_limit(grade, int(ranked.sum())))
        why = refused[index]
        if grade.min is not None:
            why[totals < math.ceil(grade.min * scale)] = BELOW_MIN
        why[(why == 0) & (ceilings > index)] = CEILING
        why[(why == 0) & _barred(grade, facts)] = BARRED
        candidates = ranked & (given < 0) & (why == 0)
        before, upto = _standing(places, candidates)
        limit = limits[-1]
        # A tie at the edge of a quota is wholly in or wholly out.
        fits = limit is None or (before < limit if grade.ties == "in" else upto <= limit)
        taken = candidates & fits
        why[candidates & ~taken] = QUOTA_FULL
        given[taken] = index
        positions[taken] = before[taken] + 1
    return Grading(table.grades, given, refused, positions, tuple(limits))


def _limit(grade: Grade, ranked: int) -> int | None:
    limits = [] if grade.quota is None else [math.floor(grade.quota * ranked)]
    if grade.top is not None:
        limits.append(grade.top)
    return min(limits) if limits else None


def _standing(places: Integers, candidates: Mask) -> tuple[Integers, Integers]:
    """Return how many candidates stand before each unit, and how many before or level with it."""
    ordered = np.sort(places[candidates])
    before = np.searchsorted(ordered, places, side="left").astype(np.int64)
    return before, np.searchsorted(ordered, places, side="right").astype(np.int64)


def _barred(grade: Grade, facts: Facts) -> Mask:
    barred = np.zeros(len(facts.units), dtype=bool)
    for name in grade.bars:
        column = facts.column(name)
        barred |= (column.statuses == REPORTED) & (column.floats != 0)
    return barred
