"""The calendar of forms: days of their own for one month, more time for an open one, one picture of the year."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from changai.areas.reporting import actions, queries
from changai.areas.reporting.actions import FormEntry
from changai.areas.reporting.jobs import open_month, watch
from changai.areas.reporting.models import Form, Obligation, Period
from changai.areas.reporting.rules.calendar import Days, day_faults, shortening
from changai.areas.reporting.tests.make import (
    IN_TIME,
    OCTOBER,
    OFFICER,
    OPENED,
    liaison_of,
    make_form,
    make_office,
    make_report,
    make_unit,
    the_office,
)
from changai.areas.reporting.tests.test_views import signed_in
from changai.core.errors import Invalid, NotAllowed, RecordMoved
from changai.core.periods import Month
from changai.foundation.actors import Role
from changai.foundation.notices.models import Notice

pytestmark = pytest.mark.django_db
LATER = Days(date(2026, 10, 28), date(2026, 11, 9), date(2026, 11, 12), date(2026, 11, 20))
DAYS = st.dates(date(2026, 9, 20), date(2027, 1, 10))


def dated_form() -> Form:
    the_office()
    entry = FormEntry("台账", ("county",), [], late_day=10, locks_day=15)
    return actions.issue_form(OFFICER, actions.create_form(OFFICER, entry, at=OPENED).pk, at=OPENED)


def test_a_month_opens_on_the_day_planned_for_it_and_has_the_days_planned() -> None:
    make_unit()
    form = make_form()
    actions.plan_month(OFFICER, form.pk, month=OCTOBER, days=LATER, version=0, at=OPENED)
    open_month(datetime(2026, 10, 27, 2, tzinfo=UTC))
    assert not Period.objects.filter(opening_at__isnull=False).exists()
    open_month(datetime(2026, 10, 28, 2, tzinfo=UTC))
    period = Period.objects.get(opened_at__isnull=False)
    assert (period.due_on, period.late_until, period.locks_on) == (
        LATER.due_on,
        LATER.late_until,
        LATER.locks_on,
    )


def test_a_month_planned_to_open_after_its_end_opens_then_and_no_other_does() -> None:
    make_unit()
    planned, other = make_form(), make_form()
    days = Days(date(2026, 11, 3), date(2026, 11, 12))
    actions.plan_month(OFFICER, planned.pk, month=OCTOBER, days=days, version=0, at=OPENED)
    open_month(datetime(2026, 10, 31, 2, tzinfo=UTC))
    open_month(datetime(2026, 11, 3, 2, tzinfo=UTC))
    assert [(p.form_id, p.due_on) for p in queries.periods().order_by("opened_at")] == [
        (other.pk, date(2026, 11, 5)),
        (planned.pk, date(2026, 11, 12)),
    ]


def test_an_open_month_only_gets_more_time_and_its_units_are_told() -> None:
    form = dated_form()
    report = make_report(make_unit(), form)
    of_november = make_report(make_unit(), form, month=OCTOBER.plus(1))
    long_until = date(2026, 11, 25)
    actions.extend_obligation(OFFICER, report.obligation_id, due_on=long_until, reason="防汛", at=IN_TIME)
    shorter = Days(date(2026, 10, 25), date(2026, 11, 4), date(2026, 11, 10), date(2026, 11, 15))
    with pytest.raises(Invalid, match="只能推后"):
        actions.plan_month(OFFICER, form.pk, month=OCTOBER, days=shorter, version=0, at=IN_TIME)
    actions.plan_month(OFFICER, form.pk, month=OCTOBER, days=LATER, version=0, at=IN_TIME)
    assert Obligation.objects.get(pk=report.obligation_id).due_on == long_until
    assert Obligation.objects.get(pk=of_november.obligation_id).due_on == date(2026, 12, 5)
    assert Period.objects.get(month=OCTOBER.first_on).due_on == LATER.due_on


def test_more_time_for_all_opens_what_was_locked_and_is_told() -> None:
    form = dated_form()
    report = make_report(make_unit(), form)
    watch(datetime(2026, 11, 12, 2, tzinfo=UTC))
    days = Days(date(2026, 10, 25), date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20))
    actions.plan_month(
        OFFICER, form.pk, month=OCTOBER, days=days, version=0, at=datetime(2026, 11, 13, 2, tzinfo=UTC)
    )
    obligation = Obligation.objects.get(pk=report.obligation_id)
    assert (obligation.due_on, obligation.late_until, obligation.locked_at) == (
        date(2026, 11, 18), date(2026, 11, 19), None,
    )  # fmt: skip
    assert Notice.objects.filter(sentence__contains="推后到11月18日").exists()


def test_two_who_move_one_month_do_not_overwrite_each_other() -> None:
    form = make_form()
    actions.plan_month(OFFICER, form.pk, month=OCTOBER, days=LATER, version=0, at=OPENED)
    with pytest.raises(RecordMoved, match="刚被他人改动"):
        actions.plan_month(OFFICER, form.pk, month=OCTOBER, days=LATER, version=0, at=OPENED)
    actions.unplan_month(OFFICER, form.pk, month=OCTOBER, at=OPENED)
    assert queries.days_of(form, OCTOBER).due_on == date(2026, 11, 5)
    with pytest.raises(RecordMoved, match="没有另定日期"):
        actions.unplan_month(OFFICER, form.pk, month=OCTOBER, at=OPENED)
    with pytest.raises(NotAllowed):
        actions.plan_month(liaison_of(make_unit()), form.pk, month=OCTOBER, days=LATER, version=0, at=OPENED)


@given(DAYS, DAYS, st.none() | DAYS, st.none() | DAYS)
def test_days_without_a_fault_are_in_order_and_near_their_month(
    opens: date, due: date, late: date | None, locks: date | None
) -> None:
    days = Days(opens, due, late, locks)
    if not day_faults(OCTOBER, days):
        given_days = [day for day in (opens, due, late, locks) if day is not None]
        assert given_days == sorted(given_days)
        assert OCTOBER.first_on <= opens
        assert days.last_on <= OCTOBER.plus(2).last_on


@given(DAYS, DAYS, DAYS)
def test_an_open_month_never_loses_time(before: date, after: date, today: date) -> None:
    refused = shortening(Days(OPENED.date(), before), Days(OPENED.date(), after), today)
    if not refused:
        assert after >= before


def test_a_month_due_on_a_weekend_is_marked_as_one_due_on_a_holiday_is() -> None:
    form = make_form()
    assert form.due_day == 5
    told = {month: queries.calendar_month(form, Month(2026, month)).rest_day for month in (9, 10, 11)}
    assert told == {9: "国庆节", 10: "", 11: "周末"}  # 5 October, Thursday 5 November, Saturday 5 December


def test_the_year_is_one_picture_and_a_month_is_moved_below_it() -> None:
    make_unit()
    form = dated_form()
    client = signed_in(Role.OFFICE_OFFICER, make_office())
    page = reverse("reporting:calendar")
    assert "这一年没有在用的报表" in client.get(page, {"year": 2020}).text
    year = client.get(page, {"year": 2030}).text
    assert year.count('class="calendar-fill"') >= 12
    month = f"{page}?year=2030&form={form.pk}&month=2030-10"
    assert 'role="slider"' in client.get(month).text
    days = {
        "opens_on": "2030-10-26", "due_on": "2030-11-08", "late_until": "2030-11-12", "locks_on": "", "version": 0,
    }  # fmt: skip
    assert client.post(month, days | {"due_on": "2030-10-01"}).status_code == 422
    assert client.post(month, days | {"due_on": "不知道"}).status_code == 422
    assert client.post(month, days).status_code == 303
    assert client.post(month, days).status_code == 409
    assert "另定日期" in client.get(month).text
    unplan = reverse("reporting:unplan", args=[form.pk, "2030-10"])
    assert client.post(unplan).status_code == 303
    assert client.post(reverse("reporting:unplan", args=[form.pk, "x"])).status_code == 404
    assert client.get(page, {"form": form.pk, "month": "13"}).status_code == 404
    assert signed_in(Role.UNIT_LIAISON, make_unit()).get(page).status_code == 403
