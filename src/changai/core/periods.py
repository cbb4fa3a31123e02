"""Months as values: the reporting period of the programme."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_WRITTEN = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month. `str()` is `2026-10`, `label` is `2026年10月`."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 12:
            raise ValueError(f"month out of range: {self.number}")

    @classmethod
    def of(cls, day: date) -> "Month":
        """Return the month that contains `day`."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, written: str) -> "Month":
        """Return the month written `YYYY-MM`.

        :raises ValueError: when it is written otherwise
        """
        match = _WRITTEN.fullmatch(written)
        if match is None:
            raise ValueError(f"not a month: {written!r}")
        return cls(int(match[1]), int(match[2]))

    @property
    def first_on(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_on(self) -> date:
        return date(self.year, self.number, calendar.monthrange(self.year, self.number)[1])

    @property
    def label(self) -> str:
        return f"{self.year}年{self.number}月"

    def plus(self, months: int) -> "Month":
        """Return the month `months` later (earlier when negative)."""
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)

    def until(self, last: "Month") -> Iterator["Month"]:
        """Yield this month and all after it up to and including `last`."""
        month = self
        while month <= last:
            yield month
            month = month.plus(1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"
