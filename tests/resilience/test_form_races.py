"""Forms issued and extensions decided by two at once, on PostgreSQL: one outcome, told plainly to the other."""

from datetime import date

import pytest

from changai.areas.reporting import actions
from changai.areas.reporting.models import Form, Obligation, ObligationEvent, Period, Report
from changai.areas.reporting.tests.make import (
    IN_TIME,
    OCTOBER,
    OFFICER,
    OPENED,
    liaison_of,
    make_form,
    make_report,
    make_unit,
)
from changai.core.errors import ActionRefused, AlreadyDone
from tests.resilience.test_races import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
LATER = date(2026, 11, 20)


def statuses(outcomes: list[object]) -> list[int]:
    return sorted(outcome.status for outcome in outcomes if isinstance(outcome, ActionRefused))


def test_a_form_issued_by_two_at_once_is_issued_once() -> None:
    make_unit()
    form = make_form(issued=False)
    outcomes = at_once(*[lambda: actions.issue_form(OFFICER, form.pk, at=OPENED)] * 4)
    assert statuses(outcomes) == [409, 409, 409]


def test_a_form_revised_by_two_at_once_has_one_next_version() -> None:
    form = make_form()
    outcomes = at_once(*[lambda: actions.revise_form(OFFICER, form.pk, at=OPENED)] * 4)
    assert statuses(outcomes) == [409, 409, 409]
    assert Form.objects.filter(supersedes=form).count() == 1


def test_a_month_opened_by_two_at_once_asks_every_unit_once() -> None:
    units = [make_unit() for _ in range(3)]
    form = make_form()
    outcomes = at_once(*[lambda: actions.open_period(OFFICER, form.pk, month=OCTOBER, at=OPENED)] * 4)
    assert statuses(outcomes) == [409, 409, 409]
    opened = Period.objects.get(opened_at__isnull=False)
    assert (opened.obligations.count(), Report.objects.count()) == (len(units), len(units))


def test_a_request_granted_and_refused_at_once_has_one_answer() -> None:
    report = make_report(make_unit())
    liaison = liaison_of(report.obligation.unit)
    asked = actions.ask_extension(
        liaison, report.obligation_id, wanted_on=LATER, reason="等统计局数据", at=IN_TIME
    )
    outcomes = at_once(
        lambda: actions.grant_extension(OFFICER, asked.pk, due_on=LATER, at=IN_TIME),
        lambda: actions.refuse_extension(OFFICER, asked.pk, answer="不同意", at=IN_TIME),
        lambda: actions.grant_extension(OFFICER, asked.pk, due_on=LATER, at=IN_TIME),
    )
    assert statuses(outcomes) == [409, 409]
    asked.refresh_from_db()
    obligation = Obligation.objects.get(period__opened_at__isnull=False)
    assert asked.outcome in {"granted", "refused"}
    assert obligation.times_extended == (1 if asked.outcome == "granted" else 0)
    answers = ObligationEvent.objects.filter(kind__in=["extended", "refused"])
    assert answers.count() == 1


def test_the_same_press_five_times_asks_once() -> None:
    report = make_report(make_unit())
    liaison = liaison_of(report.obligation.unit)
    outcomes = at_once(
        *[
            lambda: actions.ask_extension(
                liaison, report.obligation_id, wanted_on=LATER, reason="等数据", at=IN_TIME, once="one-press"  # type: ignore[call-arg]
            )
        ]
        * 5
    )  # fmt: skip
    assert sum(isinstance(outcome, AlreadyDone) for outcome in outcomes) == 4
    assert report.obligation.requests.count() == 1


def test_a_report_signed_while_it_is_exempted_is_one_of_both() -> None:
    from changai.areas.reporting.actions import exempt_obligation, sign_report
    from changai.areas.reporting.tests.make import fill, head_of, submit

    report = submit(fill(make_report(make_unit())))
    outcomes = at_once(
        lambda: sign_report(head_of(report.obligation.unit), report.pk, version=report.version, at=IN_TIME),
        lambda: exempt_obligation(OFFICER, report.obligation_id, reason="机构调整", at=IN_TIME),
    )
    assert statuses(outcomes) == [409]
    obligation = Obligation.objects.select_related("report").get(report__isnull=False)
    assert (obligation.exempted_at is None) == (obligation.report.first_arrived_at is not None)
