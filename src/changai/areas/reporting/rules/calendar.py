"""The days of a month of a form: when it opens, is due, is taken late, is locked."""

from dataclasses import dataclass
from datetime import date, timedelta

from changai.areas.reporting.rules.standings import due_date
from changai.core.periods import Month

# A month may be due so many months after it at the latest.
LATEST_AFTER = 2
# A day given to one unit lies so many days after today, or after the day it has, at the most.
MOST_DAYS_GIVEN = 92


@dataclass(frozen=True)
class Days:
    """The four days of a month; the last two None while the office closes the month itself."""

    opens_on: date
    due_on: date
    late_until: date | None = None
    locks_on: date | None = None

    @property
    def last_on(self) -> date:
        """The last day of the picture."""
        return max(day for day in (self.due_on, self.late_until, self.locks_on) if day is not None)


def days_by_rule(
    month: Month, *, opens_day: int, due_day: int, late_day: int | None, locks_day: int | None
) -> Days:
    """Return the days of a month as the form's own days say."""
    return Days(
        month.first_on.replace(day=opens_day),
        due_date(month, due_day),
        due_date(month, late_day) if late_day else None,
        due_date(month, locks_day) if locks_day else None,
    )


def day_faults(month: Month, days: Days) -> list[str]:
    """Return what is wrong with the days of a month, a sentence each."""
    faults = []
    latest = month.plus(LATEST_AFTER).last_on
    if not month.first_on <= days.opens_on <= latest or days.last_on > latest:
        faults.append(f"{month.label}的各日期应在{month.first_on:%Y-%m-%d}至{latest:%Y-%m-%d}之间。")
    if days.due_on < days.opens_on:
        faults.append("截止日期不能早于开始填报日期。")
    if days.late_until is not None and days.late_until < days.due_on:
        faults.append("迟报受理日期不能早于截止日期。")
    if days.locks_on is not None and days.locks_on < max(days.due_on, days.late_until or days.due_on):
        faults.append("锁定日期不能早于截止日期和迟报受理日期。")
    return faults


def latest_given(now_on: date, today: date) -> date:
    """Return the latest day that may be given to a unit which has until `now_on`."""
    return max(now_on, today) + timedelta(days=MOST_DAYS_GIVEN)


def fault_of_given(day: date, now_on: date, today: date) -> str:
    """Return why a day cannot be given to a unit, or nothing: a mistyped year would keep the month from closing."""
    latest = latest_given(now_on, today)
    return f"日期最晚可定在{latest:%Y-%m-%d}，请核对年份和月份。" if day > latest else ""


def fault_of_resending(day: date, today: date) -> str:
    """Return why a report cannot be asked again by a day, or nothing."""
    return "重报期限不能早于今天。" if day < today else fault_of_given(day, today, today)


def shortening(before: Days, after: Days, today: date) -> str:
    """Return why days of an open month cannot be moved so, or nothing: nobody loses time that was given."""
    if after.due_on < before.due_on:
        return f"本期已开启，截止日期只能推后，不能早于{before.due_on:%Y-%m-%d}。"
    if after.due_on != before.due_on and after.due_on < today:
        return "推后的截止日期不能早于今天。"
    for name, was, now in (
        ("迟报受理", before.late_until, after.late_until),
        ("锁定", before.locks_on, after.locks_on),
    ):
        if now is not None and (was is None or now < was):
            return f"本期已开启，{name}日期只能推后或取消，不能提前。"
    return ""
