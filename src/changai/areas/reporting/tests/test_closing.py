"""A large city's month is closed at once and counted into facts piece by piece, whatever interrupts it."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from changai.areas.facts.models import Fact
from changai.areas.organisations.models import Unit
from changai.areas.reporting import actions, queries
from changai.areas.reporting.actions import obliging
from changai.areas.reporting.jobs import count
from changai.areas.reporting.models import Form, Obligation, Period
from changai.areas.reporting.tests.make import (
    IN_TIME,
    OFFICER,
    TOO_LATE,
    accept,
    actor_of,
    liaison_of,
    make_claim,
    make_field,
    make_form,
    make_office,
    make_report,
    make_unit,
    sign,
    submit,
)
from changai.areas.reporting.tests.test_views import signed_in
from changai.core.errors import NotVisible, RecordMoved
from changai.foundation.actors import MACHINE, Role
from changai.foundation.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
HEAD = actor_of(Role.OFFICE_HEAD, name="办公室主任")


@pytest.fixture
def units() -> list[Unit]:
    """Seven units of which one sent its report, one sent it late, one is exempt and the others are silent."""
    asked = [make_field(), make_field()]
    make_field(source="ledger", source_key="ledger.missing")
    make_field(source="task", source_key="tasks.due")
    units, form = [make_unit() for _ in range(7)], make_form(*asked)
    make_claim(units[0], due_on=date(2026, 10, 20))
    reports = [make_report(unit, form) for unit in units]
    accept(sign(reports[0]))
    accept(sign(reports[3], at=TOO_LATE), at=TOO_LATE)
    actions.exempt_obligation(OFFICER, reports[5].obligation_id, reason="机构调整", at=IN_TIME)
    return units


@pytest.fixture
def period(units: list[Unit]) -> Period:
    return Form.objects.get().periods.get(opened_at__isnull=False)


def counted() -> tuple[list[Any], list[Any]]:
    """Return what the closing keeps: every figure with its origin, and every unit's record."""
    figures = Fact.objects.order_by("unit", "field", "pk").values_list(
        "unit", "field", "month", "value", "status", "origin_type", "origin_id", "origin_label", "is_current"
    )
    return list(figures), list(Obligation.objects.order_by("pk").values_list("pk", "record"))


def test_a_killed_count_goes_on_and_keeps_what_one_transaction_would(
    period: Period, monkeypatch: Any
) -> None:
    with transaction.atomic():
        assert actions.close_period(OFFICER, period.pk, at=TOO_LATE).counted_at == TOO_LATE
        whole = counted()
        transaction.set_rollback(True)
    assert counted() != whole

    monkeypatch.setattr(obliging, "UNITS_AT_ONCE", 2)
    closed = actions.close_period(OFFICER, period.pk, at=TOO_LATE)
    assert (closed.closed_at, closed.counted_at) == (TOO_LATE, None)
    assert actions.count_next(MACHINE, period.pk, at=TOO_LATE).counted_at is None
    between = counted()
    with monkeypatch.context() as killed:
        killed.setattr(obliging, "update_rows", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            count(TOO_LATE)
    assert counted() == between
    assert [(units, ready) for _period, units, ready in queries.months_being_counted()] == [(7, 2)]
    assert count(TOO_LATE) == "已计入 1 个报告期"
    assert counted() == whole
    assert count(TOO_LATE) == "已计入 0 个报告期"
    period.refresh_from_db()
    assert period.counted_at == TOO_LATE
    pieces = AuditEvent.objects.filter(act="period.count").order_by("pk")
    assert [line.detail["units"] for line in pieces] == [2, 2, 2, 1]


def test_nothing_is_taken_while_the_month_is_counted(
    units: list[Unit], period: Period, monkeypatch: Any
) -> None:
    monkeypatch.setattr(obliging, "UNITS_AT_ONCE", 3)
    actions.close_period(OFFICER, period.pk, at=TOO_LATE)
    silent = make_report(units[4])
    with pytest.raises(RecordMoved, match="本期报送已关闭，不再受理"):
        submit(silent, at=TOO_LATE)
    with pytest.raises(RecordMoved, match="已关闭"):
        actions.ask_extension(
            liaison_of(units[4]),
            silent.obligation_id,
            wanted_on=date(2026, 11, 20),
            reason="防汛",
            at=TOO_LATE,
        )
    with pytest.raises(RecordMoved, match="已经关闭"):
        actions.close_period(OFFICER, period.pk, at=TOO_LATE)
    actions.count_next(MACHINE, period.pk, at=TOO_LATE)
    office = signed_in(Role.OFFICE_OFFICER, make_office())
    board = office.get(reverse("reporting:board"), {"month": "2026-10"}).text
    assert "已计入 3 / 7 个单位，不再受理报送" in board
    assert "关闭本期" not in board
    page = reverse("reporting:record", args=[silent.obligation_id])
    assert "还没有统计到本单位" in office.get(page).text
    count(TOO_LATE)
    assert "还没有统计到本单位" not in office.get(page).text
    assert "个单位，不再受理报送" not in office.get(reverse("reporting:board"), {"month": "2026-10"}).text


def test_an_accepted_report_is_not_unlocked_before_its_month_is_counted(
    units: list[Unit], period: Period, monkeypatch: Any
) -> None:
    monkeypatch.setattr(obliging, "UNITS_AT_ONCE", 3)
    actions.close_period(OFFICER, period.pk, at=TOO_LATE)
    report = make_report(units[0])
    unlocking = actions.unlock_report(
        OFFICER, report.pk, reason="单位来函更正", due_on=date(2026, 11, 20), version=report.version, at=TOO_LATE
    )  # fmt: skip
    with pytest.raises(RecordMoved, match="正在计入数据"):
        actions.confirm_unlocking(HEAD, unlocking.pk, at=TOO_LATE)
    count(TOO_LATE)
    assert actions.confirm_unlocking(HEAD, unlocking.pk, at=TOO_LATE).reopened_at == TOO_LATE


def test_what_is_open_or_counted_is_not_counted(period: Period) -> None:
    with pytest.raises(NotVisible):
        actions.count_next(MACHINE, period.pk, at=TOO_LATE)
    actions.close_period(OFFICER, period.pk, at=TOO_LATE)
    with pytest.raises(RecordMoved, match="已经全部计入"):
        actions.count_next(MACHINE, period.pk, at=TOO_LATE)
