"""Counting in working days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from changai.core.workdays.years import YearPlan

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True)
class WorkCalendar:
    """The plans of some years, at most one a year. Days of other years are counted by their weekday."""

    plans: tuple[YearPlan, ...] = ()

    @classmethod
    def of(cls, plans: Iterable[YearPlan]) -> "WorkCalendar":
        """Return a calendar of the plans; of two for one year the later one holds."""
        by_year = {plan.year: plan for plan in plans}
        return cls(tuple(by_year[year] for year in sorted(by_year)))

    @cached_property
    def _off(self) -> dict[date, str]:
        return {
            day: holiday.name for plan in self.plans for holiday in plan.holidays for day in holiday.days()
        }

    @cached_property
    def _worked(self) -> frozenset[date]:
        return frozenset(day for plan in self.plans for day in plan.workdays)

    @cached_property
    def years(self) -> frozenset[int]:
        """The years whose arrangement is known."""
        return frozenset(plan.year for plan in self.plans)

    def is_workday(self, day: date) -> bool:
        """Return whether people work on the day."""
        if day in self._worked:
            return True
        return day not in self._off and day.weekday() < _SATURDAY

    def name_of(self, day: date) -> str:
        """Return what is special about the day: the holiday's name, 调休上班, or nothing."""
        return "调休上班" if day in self._worked else self._off.get(day, "")

    def on_or_after(self, day: date) -> date:
        """Return the day itself when it is a working day, else the next one."""
        while not self.is_workday(day):
            day += _ONE_DAY
        return day

    def on_or_before(self, day: date) -> date:
        """Return the day itself when it is a working day, else the last one before it."""
        while not self.is_workday(day):
            day -= _ONE_DAY
        return day

    def plus(self, day: date, workdays: int) -> date:
        """Return the working day that is `workdays` after `day` (before it when negative).

        A day off counts as the moment between its neighbours: one working day after a Sunday is the Monday, one
        before it the Friday. With 0 it is the day itself, or the next working day. From a working day, going there
        and back leads to it again.
        """
        if not workdays:
            return self.on_or_after(day)
        step = _ONE_DAY if workdays > 0 else -_ONE_DAY
        left = abs(workdays)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def count(self, after: date, until: date) -> int:
        """Return how many working days lie after the one day up to and including the other; negative backwards.

        `count(d, plus(d, n)) == n` for every working day d, and `count(a, b) + count(b, c) == count(a, c)`.
        """
        if until < after:
            return -self.count(until, after)
        span = (until - after).days
        return sum(self.is_workday(after + timedelta(days=number)) for number in range(1, span + 1))

    def week_ends_on(self, day: date) -> date:
        """Return the last day of the working week that `day` lies in: its Sunday.

        Nothing left to work until then - a weekend, a week of holidays - the week that follows is meant.
        """
        working = self.on_or_after(day)
        return working + timedelta(days=6 - working.weekday())

    def note(self, *days: date) -> str:
        """Return the remark that must stand beside days counted without an arrangement, or nothing."""
        unknown = sorted({day.year for day in days} - self.years)
        if not unknown:
            return ""
        return f"{'、'.join(map(str, unknown))}年放假安排尚未载入，按周末推算。"
