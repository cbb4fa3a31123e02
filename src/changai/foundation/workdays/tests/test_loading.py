"""The shipped years, and loading one over them."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from changai.core.errors import Invalid, NotAllowed
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.models import AuditEvent
from changai.foundation.workdays.actions import load_work_year, read_arrangement
from changai.foundation.workdays.queries import known_years, loadings_of, shipped_plans, work_calendar

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
OFFICE = Actor(1, "李办", Role.OFFICE_OFFICER, 1, "1.")
YEAR = {
    "year": 2027,
    "source": "测试用安排",
    "holidays": [{"name": "元旦", "first": "2027-01-01", "last": "2027-01-03"}],
    "workdays": [],
}


def test_the_shipped_years_have_as_many_days_off_as_announced():
    """The weekdays off less the weekend days worked are the statutory days: 11 until 2024, 13 since 2025."""
    gained = {
        plan.year: sum(day.weekday() < 5 for holiday in plan.holidays for day in holiday.days())
        - len(plan.workdays)
        for plan in shipped_plans()
    }
    assert gained == {2024: 11, 2025: 13, 2026: 13}


def test_working_days_of_a_shipped_year():
    calendar = work_calendar()
    assert calendar.years == {2024, 2025, 2026}
    assert not calendar.is_workday(date(2026, 2, 16))
    assert calendar.is_workday(date(2026, 10, 10))
    assert [calendar.count(date(year - 1, 12, 31), date(year, 12, 31)) for year in (2024, 2025, 2026)] == [
        251,
        248,
        248,
    ]


def test_a_loaded_year_holds_over_what_was_known(django_assert_num_queries):
    before = work_calendar()
    assert before.note(date(2027, 1, 4)) == "2027年放假安排尚未载入，按周末推算。"
    load_work_year(OFFICE, json.dumps(YEAR), at=NOW)
    with django_assert_num_queries(1):
        calendar = work_calendar()
    assert not calendar.is_workday(date(2027, 1, 1))
    assert calendar.note(date(2027, 1, 4)) == ""
    assert work_calendar(NOW - timedelta(hours=1)).is_workday(date(2027, 1, 1))
    assert work_calendar(NOW) == calendar
    assert [known.loaded_by_name for known in known_years()] == ["李办", "", "", ""]
    assert AuditEvent.objects.get(act="workyear.load").detail["year"] == 2027


def test_a_later_loading_replaces_the_earlier_which_stays():
    load_work_year(OFFICE, json.dumps(YEAR), at=NOW)
    changed = YEAR | {"workdays": ["2027-01-09"]}
    load_work_year(OFFICE, json.dumps(changed), at=NOW + timedelta(days=1))
    assert work_calendar().is_workday(date(2027, 1, 9))
    assert not work_calendar(NOW).is_workday(date(2027, 1, 9))
    assert [row.replaced_at is None for row in loadings_of(2027)] == [True, False]


def test_a_shipped_year_can_be_corrected():
    longer = next(plan for plan in shipped_plans() if plan.year == 2026).as_json()
    longer["holidays"][1]["last"] = "2026-02-24"
    load_work_year(OFFICE, json.dumps(longer), at=NOW)
    assert not work_calendar().is_workday(date(2026, 2, 24))


def test_what_holds_already_is_not_loaded_again():
    with pytest.raises(Invalid, match="与现用的相同"):
        load_work_year(OFFICE, json.dumps(shipped_plans()[-1].as_json()), at=NOW)


def test_only_the_office_loads():
    with pytest.raises(NotAllowed):
        load_work_year(Actor(2, "张三", Role.UNIT_LIAISON, 2, "2."), json.dumps(YEAR), at=NOW)


@pytest.mark.parametrize("text", ["{", "", "{" + "[" * 5000, "x" * 20_001])
def test_what_is_no_arrangement_is_refused(text):
    with pytest.raises(Invalid):
        read_arrangement(text)
