"""What a form costs those who fill it: cells, minutes and hours, estimated before it is issued and measured afterwards.

Nothing here counts a person: what is measured is the form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from statistics import median

# Minutes one thing of a kind takes, until there is history: to find the figure out and type it, to look over what is
# filled in already, to type one item of a breakdown, to tell of one task, to write a paragraph, to find a file.
MINUTES: Mapping[str, Decimal] = {
    "figure": Decimal(4),
    "prefilled": Decimal("0.5"),
    "part": Decimal(2),
    "task": Decimal(6),
    "words": Decimal(12),
    "attachment": Decimal(5),
}
# Opening the sheet, checking it, having it signed.
MINUTES_A_SHEET = Decimal(5)
# Cells of a kind that have to be filled; what is filled in already asks for none.
CELLS: Mapping[str, int] = {
    "figure": 1,
    "prefilled": 0,
    "part": 1,
    "task": 4,
    "words": 1,
    "attachment": 1,
}
# From so many filled sheets on the measured time is told instead of the estimate.
LEAST_HISTORY = 5
# A longer pause is no work on the sheet.
LONGEST_PAUSE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked in so many sheets: kind -> how often in all of them. The kinds are those of `MINUTES`."""

    counts: Mapping[str, int] = field(default_factory=dict)
    sheets: int = 1

    def __add__(self, other: Asked) -> Asked:
        kinds = {*self.counts, *other.counts}
        added = {kind: self.counts.get(kind, 0) + other.counts.get(kind, 0) for kind in kinds}
        return Asked(added, self.sheets + other.sheets)

    @property
    def cells(self) -> int:
        """The cells that have to be filled."""
        return sum(CELLS[kind] * number for kind, number in self.counts.items())

    @property
    def fields(self) -> int:
        """The figures of the sheets, filled in already or not."""
        return self.counts.get("figure", 0) + self.counts.get("prefilled", 0)

    @property
    def minutes(self) -> Decimal:
        """The estimated minutes for all sheets together."""
        spent = sum((MINUTES[kind] * number for kind, number in self.counts.items()), Decimal(0))
        return spent + MINUTES_A_SHEET * self.sheets

    @property
    def hours(self) -> Decimal:
        return hours_of(self.minutes)

    @property
    def minutes_a_sheet(self) -> Decimal:
        """The mean minutes of one sheet; nothing without a sheet."""
        return _whole(self.minutes / self.sheets) if self.sheets else Decimal(0)


NOTHING = Asked({}, 0)


def total(asked: Iterable[Asked]) -> Asked:
    """Return what is asked by all of them together."""
    whole = NOTHING
    for one in asked:
        whole += one
    return whole


def hours_of(minutes: Decimal) -> Decimal:
    """Return minutes as hours with one decimal, rounded half up."""
    return (minutes / 60).quantize(Decimal("0.1"), ROUND_HALF_UP)


def active_minutes(moments: Iterable[datetime]) -> Decimal:
    """Return how long a sheet was worked on: from the first cell to the last, pauses over ten minutes left out."""
    ordered = sorted(moments)
    worked = timedelta()
    for earlier, later in pairwise(ordered):
        pause = later - earlier
        worked += pause if pause <= LONGEST_PAUSE else timedelta()
    return Decimal(worked // timedelta(seconds=1)) / 60


def measured_minutes(sheets: Sequence[Decimal]) -> Decimal | None:
    """Return the median time of one sheet in whole minutes, None while too few were measured."""
    return _whole(median(sheets)) if len(sheets) >= LEAST_HISTORY else None


@dataclass(frozen=True, slots=True)
class YearLine:
    """What one body asks this year beside what it asked last year: it may fall, not rise (只减不增)."""

    this_year: Asked
    last_year: Asked

    @property
    def has_risen(self) -> bool:
        """Whether more cells or hours are asked than last year; without a last year there is nothing to compare."""
        before, now = self.last_year, self.this_year
        return before.sheets > 0 and (now.cells > before.cells or now.minutes > before.minutes)

    @property
    def change_percent(self) -> Decimal | None:
        """By how much the hours changed, in percent of last year's; None without a last year."""
        if not self.last_year.sheets:
            return None
        before, now = self.last_year.minutes, self.this_year.minutes
        return ((now - before) * 100 / before).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _whole(minutes: Decimal) -> Decimal:
    return minutes.quantize(Decimal(1), ROUND_HALF_UP)
