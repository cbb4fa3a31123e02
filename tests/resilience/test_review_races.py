"""Reviewers who press at the same moment, on PostgreSQL: every order has one outcome, every figure is in force once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from changai.areas.facts.models import Fact
from changai.areas.reporting import actions
from changai.areas.reporting.models import Report
from changai.areas.reporting.rules.routes import ABOVE, UNIT, PlannedStep
from changai.areas.reporting.tests.make import (
    IN_TIME,
    OFFICER,
    actor_of,
    make_field,
    make_form,
    make_report,
    make_unit,
    set_steps,
    sign,
)
from changai.core.errors import ActionRefused, AlreadyDone
from changai.foundation.actors import Role

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
ROUNDS = 20


def at_once(*orders: Callable[[], Any]) -> list[Any]:
    """Carry out the orders at the same moment, each on its own connection; return outcomes or refusals."""
    start = Barrier(len(orders))

    def carry_out(order: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return order()
        except ActionRefused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(orders)) as pool:
        return list(pool.map(carry_out, orders))


def test_two_steps_side_by_side_both_sign_and_the_report_is_accepted_once() -> None:
    county, department = make_unit(), make_unit(level="member")
    form = make_form(make_field(), levels=("sub",))
    set_steps(form, PlannedStep(1, "属地", ABOVE), PlannedStep(1, "行业", UNIT, department.pk))
    towns = [make_unit(level="sub", parent=county) for _ in range(ROUNDS)]
    for town in towns:
        make_report(town, form)
    reviewers = [actor_of(Role.COUNTY_REVIEWER, unit, unit.name) for unit in (county, department)]
    for town in towns:
        report = sign(make_report(town, form))
        outcomes = at_once(
            *[
                lambda who=who, report=report: actions.accept_report(
                    who, report.pk, version=report.version, at=IN_TIME
                )
                for who in reviewers
            ]
        )
        assert not [one for one in outcomes if isinstance(one, ActionRefused)]
        report.refresh_from_db()
        assert report.status == "accepted"
        assert Fact.objects.filter(unit=town).count() == 1


def test_f12_accepting_and_returning_at_once_has_one_outcome_and_the_other_is_told() -> None:
    form = make_form(make_field())
    units = [make_unit() for _ in range(ROUNDS)]
    for unit in units:
        make_report(unit, form)
    other = actor_of(Role.OFFICE_HEAD, name="办公室乙")
    for unit in units:
        report = sign(make_report(unit, form))
        outcomes = at_once(
            lambda report=report: actions.accept_report(
                OFFICER, report.pk, version=report.version, at=IN_TIME
            ),
            lambda report=report: actions.return_report(
                other, report.pk, reason="请核对数据来源", marks={}, due_on=date(2026, 11, 20),
                version=report.version, at=IN_TIME,
            ),
        )  # fmt: skip
        refused = [one for one in outcomes if isinstance(one, ActionRefused)]
        assert [one.status for one in refused] == [409]
        report.refresh_from_db()
        assert Fact.objects.filter(unit=unit).count() == (report.status == "accepted")
        assert report.submissions.exclude(outcome="").count() == 1


def test_the_bulk_button_pressed_twice_takes_every_report_once() -> None:
    form = make_form(make_field())
    units = [make_unit() for _ in range(ROUNDS)]
    for unit in units:
        make_report(unit, form)
    chosen = []
    for unit in units:
        report = sign(make_report(unit, form))
        chosen.append((report.pk, report.version))
    accept_all: Callable[..., Any] = actions.accept_reports

    same = at_once(*[lambda: accept_all(OFFICER, chosen, at=IN_TIME, once="one-press")] * 3)
    assert sum(isinstance(one, AlreadyDone) for one in same) == 2
    again = at_once(*[lambda: accept_all(OFFICER, chosen, at=IN_TIME)] * 2)

    assert all(outcome.refusal for outcomes in again for outcome in outcomes)
    assert Report.objects.filter(status="accepted").count() == ROUNDS
    assert Fact.objects.filter(is_current=True).count() == Fact.objects.count() == ROUNDS
