from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from changai.core.workdays import Holiday, WorkCalendar, YearPlan

PLAN = YearPlan(
    2026,
    "通知",
    "",
    None,
    (
        Holiday("元旦", date(2026, 1, 1), date(2026, 1, 3)),
        Holiday("春节", date(2026, 2, 15), date(2026, 2, 23)),
        Holiday("国庆节", date(2026, 10, 1), date(2026, 10, 7)),
    ),
    (date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 9, 20), date(2026, 10, 10)),
)
CALENDAR = WorkCalendar.of([PLAN])
days = st.dates(date(2025, 6, 1), date(2027, 6, 30))
workdays = days.filter(CALENDAR.is_workday)
amounts = st.integers(-60, 60)


@given(workdays, amounts)
def test_there_and_back_leads_to_the_same_working_day(day, amount):
    assert CALENDAR.plus(CALENDAR.plus(day, amount), -amount) == day


@given(workdays, amounts)
def test_the_count_is_what_was_added(day, amount):
    assert CALENDAR.count(day, CALENDAR.plus(day, amount)) == amount


@given(days, days, days)
def test_counts_add_up_and_grow_with_the_day(first, second, third):
    assert CALENDAR.count(first, second) + CALENDAR.count(second, third) == CALENDAR.count(first, third)
    if second <= third:
        assert CALENDAR.count(first, second) <= CALENDAR.count(first, third)


@given(days, amounts, amounts)
def test_more_working_days_lead_further(day, one, other):
    if one <= other:
        assert CALENDAR.plus(day, one) <= CALENDAR.plus(day, other)


@given(days, amounts)
def test_every_step_ends_on_a_working_day(day, amount):
    assert CALENDAR.is_workday(CALENDAR.plus(day, amount))


@given(days)
def test_the_working_week_ends_on_a_sunday_with_work_before_it(day):
    end = CALENDAR.week_ends_on(day)
    assert end.weekday() == 6
    assert end >= day
    assert CALENDAR.count(day - timedelta(days=1), end) > 0


def test_the_days_of_the_spring_festival_are_leapt_over():
    assert CALENDAR.plus(date(2026, 2, 13), 1) == date(2026, 2, 14)  # a Saturday worked
    assert CALENDAR.plus(date(2026, 2, 14), 1) == date(2026, 2, 24)
    assert CALENDAR.plus(date(2026, 2, 24), -2) == date(2026, 2, 13)
    assert CALENDAR.count(date(2026, 2, 14), date(2026, 2, 23)) == 0
    assert CALENDAR.name_of(date(2026, 2, 20)) == "春节"
    assert CALENDAR.name_of(date(2026, 2, 28)) == "调休上班"


def test_a_day_off_lies_between_its_neighbours():
    sunday = date(2026, 11, 22)
    assert CALENDAR.plus(sunday, 0) == CALENDAR.plus(sunday, 1) == date(2026, 11, 23)
    assert CALENDAR.plus(sunday, -1) == date(2026, 11, 20)
    assert CALENDAR.on_or_before(sunday) == date(2026, 11, 20)


def test_a_week_of_holidays_hands_on_to_the_next():
    assert CALENDAR.week_ends_on(date(2026, 10, 5)) == date(2026, 10, 11)  # Thursday is worked again
    assert CALENDAR.week_ends_on(date(2026, 2, 16)) == date(2026, 3, 1)
    assert CALENDAR.week_ends_on(date(2026, 11, 21)) == date(2026, 11, 29)  # on a Saturday, the week to come


def test_days_beyond_the_known_years_are_marked():
    assert CALENDAR.note(date(2026, 12, 31)) == ""
    assert CALENDAR.note(date(2027, 1, 8), date(2026, 12, 31)) == "2027年放假安排尚未载入，按周末推算。"
    assert CALENDAR.is_workday(date(2027, 1, 1))  # a Friday: nobody has announced it
    assert WorkCalendar().note(date(2026, 1, 1), date(2027, 1, 1)).startswith("2026、2027年")


def test_the_later_plan_of_a_year_holds():
    changed = YearPlan(2026, "通知", "", None, (Holiday("元旦", date(2026, 1, 1), date(2026, 1, 1)),), ())
    assert WorkCalendar.of([PLAN, changed]).is_workday(date(2026, 2, 20))
