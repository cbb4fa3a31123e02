"""The spans people assess over: a year, half a year, a quarter, a month, and what each is called."""

from collections.abc import Iterator
from dataclasses import dataclass

from changai.core.periods import Month

YEAR, HALF, QUARTER, MONTH = 12, 6, 3, 1
_NUMERALS = "一二三四"
_HALVES = ("上半年", "下半年")
MONTHS_OFFERED = 12


@dataclass(frozen=True)
class Span:
    """The months `first` to `last`, both included. `str()` is `2026-07:2026-09`."""

    first: Month
    last: Month

    def __str__(self) -> str:
        return f"{self.first}:{self.last}"

    @classmethod
    def parse(cls, written: str) -> "Span":
        """Return the span written `2026-07:2026-09`.

        :raises ValueError: when it is written otherwise
        """
        first, _colon, last = written.partition(":")
        return cls(Month.parse(first), Month.parse(last))

    @property
    def months(self) -> int:
        return (self.last.year - self.first.year) * 12 + self.last.number - self.first.number + 1

    @property
    def is_whole(self) -> bool:
        """Whether it is a whole year, half, quarter or month as calendars have them."""
        return self.months in {YEAR, HALF, QUARTER, MONTH} and (self.first.number - 1) % self.months == 0

    @property
    def label(self) -> str:
        """What people call it: 2026年度, 2026年上半年, 2026年第三季度, 2026年9月, 2026年9月至10月."""
        first, last = self.first, self.last
        place = (first.number - 1) // self.months
        if self.is_whole:
            if self.months == YEAR:
                return f"{first.year}年度"
            if self.months == HALF:
                return f"{first.year}年{_HALVES[place]}"
            return f"{first.year}年第{_NUMERALS[place]}季度" if self.months == QUARTER else first.label
        end = last.label if last.year != first.year else f"{last.number}月"
        return f"{first.label}至{end}"


def spans_of(months: int, today: Month) -> Iterator[Span]:
    """Yield the spans of so many months that have begun, the latest first: of this year and the last, or the last
    twelve months.
    """
    if months == MONTH:
        for back in range(MONTHS_OFFERED):
            yield Span(today.plus(-back), today.plus(-back))
        return
    first = Month(today.year, 1 + (today.number - 1) // months * months)
    while first.year >= today.year - 1:
        yield Span(first, first.plus(months - 1))
        first = first.plus(-months)


def usual_span(today: Month) -> Span:
    """Return the latest quarter that is over."""
    return next(span for span in spans_of(QUARTER, today) if span.last < today)
