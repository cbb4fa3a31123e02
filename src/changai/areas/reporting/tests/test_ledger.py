"""The obligations ledger: exemptions, more time, locks, closed units, late claims, and the counts of it all."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from changai.areas.organisations.models import Level, Lineage, Unit
from changai.areas.reporting import actions, jobs, queries
from changai.areas.reporting.actions import FormEntry, opening
from changai.areas.reporting.jobs import lay_out, list_months, open_month, watch
from changai.areas.reporting.models import Form, Obligation, Report
from changai.areas.reporting.policies import has_arrived
from changai.areas.reporting.rules.calendar import Days
from changai.areas.reporting.rules.moves import WITH_UNIT
from changai.areas.reporting.rules.standings import Standing
from changai.areas.reporting.tests.make import (
    IN_TIME,
    OCTOBER,
    OFFICER,
    OPENED,
    TOO_LATE,
    accept,
    fill,
    head_of,
    liaison_of,
    make_claim,
    make_form,
    make_office,
    make_report,
    make_unit,
    send_back,
    sign,
    submit,
    the_office,
)
from changai.areas.reporting.tests.test_views import signed_in
from changai.core.errors import ActionRefused, Invalid, NotAllowed, NotVisible, RecordMoved
from changai.core.periods import Month
from changai.foundation.actors import MACHINE, Role
from changai.foundation.notices.models import Notice

pytestmark = pytest.mark.django_db
DUE = date(2026, 11, 5)
LATER = date(2026, 11, 20)
LOCKED_AT = datetime(2026, 11, 17, 2, tzinfo=UTC)


def owed(report: Report) -> Obligation:
    return Obligation.objects.get(pk=report.obligation_id)


def kinds(obligation: Obligation) -> list[str]:
    return [event.kind for event in queries.events_of(obligation)]


def closed(unit: Unit, *, heir: Unit | None = None) -> Unit:
    Unit.objects.filter(pk=unit.pk).update(closed_on=date(2026, 11, 1))
    if heir is not None:
        Lineage.objects.create(
            kind="merged", source=unit, target=heir, happened_on=date(2026, 11, 1), reason="合并"
        )
    return unit


# --- exemption ---


def test_an_exemption_is_taken_back_with_time_to_report() -> None:
    report = make_report(make_unit())
    actions.exempt_obligation(OFFICER, report.obligation_id, reason="机构调整", at=OPENED)
    with pytest.raises(Invalid, match="不能早于今天"):
        actions.restore_obligation(OFFICER, report.obligation_id, due_on=DUE, reason="恢复", at=TOO_LATE)
    actions.restore_obligation(OFFICER, report.obligation_id, due_on=LATER, reason="调整已完成", at=TOO_LATE)
    obligation = owed(report)
    assert (obligation.exempted_at, obligation.release, obligation.due_on) == (None, "", LATER)
    assert kinds(obligation) == ["owed", "exempted", "restored"]
    with pytest.raises(RecordMoved, match="不是免报"):
        actions.restore_obligation(OFFICER, report.obligation_id, due_on=LATER, reason="再来", at=TOO_LATE)
    sign(report, at=TOO_LATE)
    assert queries.rates(OCTOBER).on_time == 1


# --- more time ---


def test_a_unit_asks_for_more_time_and_the_office_grants_it() -> None:
    report = make_report(make_unit())
    liaison = liaison_of(report.obligation.unit)
    asked = actions.ask_extension(
        liaison, report.obligation_id, wanted_on=LATER, reason="等统计局数据", at=IN_TIME
    )
    assert queries.rates(OCTOBER).rows_of("asking")[0].unit_id == report.obligation.unit_id
    with pytest.raises(RecordMoved, match="不必重复申请"):
        actions.ask_extension(liaison, report.obligation_id, wanted_on=LATER, reason="再申请", at=IN_TIME)
    actions.grant_extension(OFFICER, asked.pk, due_on=date(2026, 11, 12), at=IN_TIME)
    obligation = owed(report)
    assert (obligation.due_on, obligation.times_extended) == (date(2026, 11, 12), 1)
    assert kinds(obligation) == ["owed", "asked", "extended"]
    with pytest.raises(RecordMoved, match="已由办公室甲办理（同意）"):
        actions.refuse_extension(OFFICER, asked.pk, answer="不同意", at=IN_TIME)


def test_a_refused_request_tells_why_and_the_day_stands() -> None:
    report = make_report(make_unit())
    liaison = liaison_of(report.obligation.unit)
    asked = actions.ask_extension(
        liaison, report.obligation_id, wanted_on=LATER, reason="人手不足", at=IN_TIME
    )
    with pytest.raises(Invalid, match="不同意的原因"):
        actions.refuse_extension(OFFICER, asked.pk, answer=" ", at=IN_TIME)
    actions.refuse_extension(OFFICER, asked.pk, answer="已提前一周通知", at=IN_TIME)
    assert owed(report).due_on == DUE
    assert Notice.objects.filter(sentence__contains="已提前一周通知").exists()


@pytest.mark.parametrize(("wanted_on", "reason"), [(DUE, "原因"), (LATER, " "), (date(2026, 11, 8), "原因")])
def test_what_cannot_be_asked_is_refused(wanted_on: date, reason: str) -> None:
    report = make_report(make_unit())
    with pytest.raises(Invalid):
        actions.ask_extension(
            liaison_of(report.obligation.unit), report.obligation_id, wanted_on=wanted_on, reason=reason, at=TOO_LATE
        )  # fmt: skip


def test_only_the_unit_itself_asks_and_only_the_office_answers() -> None:
    report = make_report(make_unit())
    with pytest.raises(NotVisible):
        actions.ask_extension(
            liaison_of(make_unit()), report.obligation_id, wanted_on=LATER, reason="代办", at=IN_TIME
        )
    with pytest.raises(NotAllowed):
        actions.ask_extension(OFFICER, report.obligation_id, wanted_on=LATER, reason="代办", at=IN_TIME)
    head = head_of(report.obligation.unit)
    asked = actions.ask_extension(head, report.obligation_id, wanted_on=LATER, reason="外出", at=IN_TIME)
    with pytest.raises(NotAllowed):
        actions.grant_extension(head, asked.pk, due_on=LATER, at=IN_TIME)
    actions.withdraw_extension(head, asked.pk, at=IN_TIME)
    assert kinds(owed(report)) == ["owed", "asked", "withdrawn"]


def test_more_time_given_by_the_office_itself_answers_an_open_request() -> None:
    report = make_report(make_unit())
    liaison = liaison_of(report.obligation.unit)
    asked = actions.ask_extension(liaison, report.obligation_id, wanted_on=LATER, reason="等数据", at=IN_TIME)
    actions.extend_obligation(OFFICER, report.obligation_id, due_on=LATER, reason="同意", at=IN_TIME)
    asked.refresh_from_db()
    assert (asked.outcome, asked.granted_on) == ("granted", LATER)


# --- late until, locked ---


def dated_form() -> Form:
    the_office()
    form = actions.create_form(
        OFFICER, FormEntry("台账", ("county",), [], late_day=10, locks_day=15), at=OPENED
    )
    return actions.issue_form(OFFICER, form.pk, at=OPENED)


def test_after_the_last_day_for_late_reports_a_sheet_is_locked_until_more_time_is_given() -> None:
    report = make_report(make_unit(), dated_form())
    watch(datetime(2026, 11, 10, 2, tzinfo=UTC))
    assert owed(report).locked_at is None
    watch(datetime(2026, 11, 11, 2, tzinfo=UTC))
    watch(datetime(2026, 11, 11, 3, tzinfo=UTC))
    assert kinds(owed(report)) == ["owed", "locked"]
    with pytest.raises(RecordMoved, match="已锁定；确需报送的，请申请延期"):
        fill(report, at=datetime(2026, 11, 11, 4, tzinfo=UTC))
    now = datetime(2026, 11, 12, 2, tzinfo=UTC)
    actions.extend_obligation(OFFICER, report.obligation_id, due_on=LATER, reason="防汛", at=now)
    sign(report, at=now)
    assert queries.rates(OCTOBER).on_time == 1


def test_what_was_returned_is_locked_on_the_lock_day_unless_the_reviewer_gave_longer() -> None:
    form = dated_form()
    units = [make_unit(), make_unit(), make_unit()]
    first, second, third = (make_report(unit, form) for unit in units)
    for report in (first, second, third):
        sign(report)
    send_back(first)
    send_back(second)
    Report.objects.filter(pk=second.pk).update(return_due_on=date(2026, 11, 18))
    watch(datetime(2026, 11, 16, 2, tzinfo=UTC))
    assert [owed(one).locked_at is not None for one in (first, second, third)] == [True, False, False]
    assert accept(third, at=datetime(2026, 11, 16, 4, tzinfo=UTC)).status == "accepted"
    watch(datetime(2026, 11, 19, 2, tzinfo=UTC))
    assert owed(second).locked_at is not None


def test_a_locked_report_that_was_returned_gets_more_time_and_its_arrival_stands() -> None:
    report = make_report(make_unit(), dated_form())
    liaison, now, day = liaison_of(report.obligation.unit), LOCKED_AT, date(2026, 11, 25)
    send_back(sign(report))
    watch(now)
    with pytest.raises(RecordMoved, match="请申请延期"):
        fill(report, at=now)
    asked = actions.ask_extension(liaison, report.obligation_id, wanted_on=day, reason="补正", at=now)
    with pytest.raises(RecordMoved, match="请办理延期"):
        actions.exempt_obligation(OFFICER, report.obligation_id, reason="试点", at=now)
    actions.grant_extension(OFFICER, asked.pk, due_on=day, at=now)
    obligation = owed(report)
    assert (obligation.locked_at, obligation.due_on, obligation.awaited_on) == (None, DUE, day)
    with pytest.raises(Invalid, match="尚在报送期限内"):
        actions.close_period(OFFICER, obligation.period_id, at=now)
    report.refresh_from_db()
    sign(report, at=now)
    accept(report, at=now)
    assert queries.rates(OCTOBER).on_time == 1
    with pytest.raises(RecordMoved, match="已经报送"):
        actions.extend_obligation(OFFICER, report.obligation_id, due_on=LATER, reason="补正", at=now)


def test_moving_the_lock_day_of_the_month_opens_what_was_returned() -> None:
    form = dated_form()
    report = make_report(make_unit(), form)
    send_back(sign(report))
    watch(LOCKED_AT)
    days = Days(date(2026, 10, 25), DUE, date(2026, 11, 10), date(2026, 11, 28))
    actions.plan_month(OFFICER, form.pk, month=OCTOBER, days=days, version=0, at=LOCKED_AT)
    assert owed(report).locked_at is None
    assert Notice.objects.filter(sentence__contains="已解除锁定").exists()
    report.refresh_from_db()
    assert fill(report, at=LOCKED_AT).status == "returned"


def test_the_pages_of_a_locked_returned_sheet_lead_on() -> None:
    unit = make_unit()
    report = make_report(unit, dated_form())
    send_back(sign(report))
    watch(LOCKED_AT)
    page = reverse("reporting:obligation", args=[report.obligation_id])
    with time_machine.travel(LOCKED_AT, tick=False):
        liaison, office = signed_in(Role.UNIT_LIAISON, unit), signed_in(Role.OFFICE_OFFICER, make_office())
        assert page in liaison.get(reverse("reporting:sheet", args=[report.pk])).text
        assert "wanted_on" in liaison.get(page).text
        shown = office.get(page).text
    assert reverse("reporting:settle", args=[report.obligation_id, "extend"]) in shown
    assert reverse("reporting:settle", args=[report.obligation_id, "exempt"]) not in shown


def test_a_mistyped_year_is_refused_and_a_day_not_reached_is_moved_forward_again() -> None:
    units, form = [make_unit(), make_unit()], dated_form()
    late, returned = (make_report(unit, form) for unit in units)
    sign(returned)
    far = date(2206, 11, 25)
    extend, liaison = actions.extend_obligation, liaison_of(late.obligation.unit)
    with pytest.raises(Invalid, match="请核对年份"):
        extend(OFFICER, late.obligation_id, due_on=far, reason="防汛", at=IN_TIME)
    with pytest.raises(Invalid, match="请核对年份"):
        actions.ask_extension(liaison, late.obligation_id, wanted_on=far, reason="防汛", at=IN_TIME)
    with pytest.raises(Invalid) as refused:
        actions.return_report(
            OFFICER, returned.pk, reason="数字有误请核对", marks={}, due_on=far, version=returned.version, at=IN_TIME
        )  # fmt: skip
    assert "请核对年份" in refused.value.faults[0]
    extend(OFFICER, late.obligation_id, due_on=date(2027, 1, 20), reason="防汛", at=IN_TIME)
    extend(OFFICER, late.obligation_id, due_on=LATER, reason="月份录错", at=IN_TIME)
    obligation = owed(late)
    assert (obligation.due_on, obligation.late_until, obligation.times_extended) == (LATER, LATER, 1)
    with pytest.raises(Invalid, match="不能早于本期统一的应报日期"):
        extend(OFFICER, late.obligation_id, due_on=date(2026, 11, 4), reason="提前", at=IN_TIME)


# --- closed units ---


def test_what_was_returned_to_a_unit_closed_since_is_passed_on_or_ended() -> None:
    form, units, heir = make_form(), [make_unit(), make_unit()], make_unit()
    passed, ended = (make_report(unit, form) for unit in units)
    for report in (passed, ended):
        send_back(sign(report))
        closed(report.obligation.unit)
    accept(sign(make_report(heir, form)))
    now = datetime(2026, 11, 17, 2, tzinfo=UTC)
    assert queries.orphaned(OFFICER).count() == 2
    with pytest.raises(Invalid, match="应报尚未处理"):
        actions.close_period(OFFICER, passed.obligation.period_id, at=now)
    actions.transfer_obligation(OFFICER, passed.obligation_id, unit_id=heir.pk, reason="合并", at=now)
    actions.end_obligation(OFFICER, ended.obligation_id, reason="职能取消", at=now)
    actions.close_period(OFFICER, passed.obligation.period_id, at=now)


def test_what_a_closed_unit_owes_is_taken_over_and_never_lost() -> None:
    form, old, heir = make_form(), make_unit(), make_unit()
    report, own = make_report(old, form), make_report(heir, form)
    with pytest.raises(Invalid, match="没有撤销"):
        actions.transfer_obligation(OFFICER, report.obligation_id, unit_id=heir.pk, reason="合并", at=IN_TIME)
    closed(old, heir=heir)
    assert queries.heirs_of(old)[0] == heir
    with pytest.raises(Invalid, match="已撤销单位的应报尚未处理"):
        actions.close_period(OFFICER, own.obligation.period_id, at=datetime(2026, 12, 20, tzinfo=UTC))
    actions.transfer_obligation(OFFICER, report.obligation_id, unit_id=heir.pk, reason="合并", at=IN_TIME)
    passed_on = owed(report)
    assert (passed_on.release, passed_on.successor_id) == ("transferred", own.obligation_id)
    assert kinds(owed(own)) == ["owed", "taken_over"]
    counted = queries.rates(OCTOBER)
    assert (counted.owed, counted.exempt, len(counted.rows)) == (1, 1, 2)


def test_a_successor_that_owed_nothing_yet_gets_a_sheet_of_its_own() -> None:
    form, old = make_form(), make_unit()
    report = make_report(old, form)
    heir = make_unit()
    closed(old)
    successor = actions.transfer_obligation(
        OFFICER, report.obligation_id, unit_id=heir.pk, reason="合并", at=TOO_LATE
    )
    assert (successor.unit_id, successor.due_on) == (heir.pk, TOO_LATE.date())
    assert Report.objects.filter(obligation=successor).exists()


def test_who_owes_nothing_cannot_take_over_and_the_end_is_said() -> None:
    form, old, heir = make_form(), make_unit(), make_unit()
    report, own = make_report(old, form), make_report(heir, form)
    actions.exempt_obligation(OFFICER, own.obligation_id, reason="试点", at=IN_TIME)
    closed(old)
    with pytest.raises(Invalid, match="不能承接"):
        actions.transfer_obligation(OFFICER, report.obligation_id, unit_id=heir.pk, reason="合并", at=IN_TIME)
    actions.end_obligation(OFFICER, report.obligation_id, reason="职能取消", at=IN_TIME)
    with pytest.raises(RecordMoved, match="本期报送已终止（职能取消）"):
        fill(report)


# --- items claimed after the opening ---


def test_an_item_claimed_later_joins_the_open_sheet_or_waits_for_the_next_month() -> None:
    form, open_unit, sent_unit = make_form(), make_unit(), make_unit()
    still_open, sent = make_report(open_unit, form), make_report(sent_unit, form)
    sign(sent)
    for unit in (open_unit, sent_unit):
        make_claim(unit, answered_at=IN_TIME, text="新办一期培训班")
    watch(IN_TIME + timedelta(minutes=10))
    watch(IN_TIME + timedelta(minutes=20))
    assert (still_open.task_lines.count(), sent.task_lines.count()) == (1, 0)
    sentences = list(
        Notice.objects.filter(sentence__contains="新办一期培训班").values_list("sentence", flat=True)
    )
    assert sorted(sentences) == [
        "2026年10月月报已报出，新认领的任务“新办一期培训班”从下月起报送。",
        "新认领的任务“新办一期培训班”已列入2026年10月月报。",
    ]


# --- the pages ---


def test_the_way_of_a_request_on_the_pages() -> None:
    report = make_report(make_unit("示范县"))
    unit = report.obligation.unit
    liaison, office = signed_in(Role.UNIT_LIAISON, unit), signed_in(Role.OFFICE_OFFICER, make_office())
    Obligation.objects.update(due_on=date(2030, 11, 5))
    page = reverse("reporting:obligation", args=[report.obligation_id])
    ask = reverse("reporting:ask_extension", args=[report.obligation_id])
    assert "申请延期" in liaison.get(page).text
    assert liaison.post(ask, {"wanted_on": "2030-11-01", "reason": "等数据"}).status_code == 422
    assert liaison.post(ask, {"wanted_on": "2030-11-20", "reason": "等数据"}).status_code == 303
    assert "撤回申请" in liaison.get(page).text
    assert "等数据" in office.get(reverse("reporting:waiting")).text
    asked = owed(report).requests.get()
    grant = reverse("reporting:grant_extension", args=[asked.pk])
    assert liaison.post(grant, {"due_on": "2030-11-20"}).status_code == 403
    assert office.post(grant, {"due_on": "2030-11-04"}).status_code == 422
    assert office.post(grant, {"due_on": "2030-11-20", "answer": "同意"}).status_code == 303
    assert "延至" in liaison.get(page).text
    assert "2030年11月20日" in liaison.get(page).text
    assert signed_in(Role.UNIT_LIAISON, make_unit()).get(page).status_code == 404


def test_closed_units_are_settled_from_the_list() -> None:
    form, old, heir = make_form(), make_unit("旧县"), make_unit("新区")
    report = make_report(old, form)
    make_report(heir, form)
    closed(old, heir=heir)
    office = signed_in(Role.OFFICE_OFFICER, make_office())
    assert "尚未处理" in office.get(reverse("reporting:board"), {"month": "2026-10"}).text
    assert "旧县" in office.get(reverse("reporting:waiting")).text
    settle = reverse("reporting:settle", args=[report.obligation_id, "transfer"])
    assert office.post(settle, {"unit_id": 0, "reason": "合并"}).status_code == 422
    assert office.post(settle, {"unit_id": heir.pk, "reason": "合并"}).status_code == 303
    unknown = reverse("reporting:settle", args=[report.obligation_id, "forget"])
    assert office.post(unknown, {"reason": "合并"}).status_code == 404
    assert "旧县" not in office.get(reverse("reporting:waiting")).text


# --- from the issue on ---


def rows_of(month: Month) -> dict[int, str]:
    """Return who is listed for a month, and how each was released: unit -> release."""
    return dict(Obligation.objects.filter(period__month=month.first_on).values_list("unit_id", "release"))


def test_the_rows_of_the_year_exist_from_the_issue_and_nothing_is_missing_before_the_opening() -> None:
    units = [make_unit(), make_unit()]
    form = dated_form()
    listed = Obligation.objects.filter(period__form=form)
    assert listed.count() == len(units) * 3  # October to December
    assert not Report.objects.exists()
    assert [kinds(row) for row in listed] == [["owed"]] * 6
    for number in range(3):
        counted = queries.rates(OCTOBER.plus(number))
        assert (counted.owed, counted.missing, counted.exempt) == (0, 0, 0)
    assert queries.owed_reports(date(2026, 12, 31)) == []
    assert list(queries.periods()) == []
    watch(datetime(2027, 2, 1, 2, tzinfo=UTC))
    assert not listed.filter(locked_at__isnull=False).exists()

    actions.open_period(OFFICER, form.pk, month=OCTOBER, at=OPENED)
    assert queries.rates(OCTOBER).missing == 2
    assert queries.rates(OCTOBER.plus(1)).owed == 0
    assert Report.objects.count() == 2


def test_listing_asks_the_database_no_more_for_many_units_than_for_few() -> None:
    form, asked = dated_form(), []
    for number, units in ((1, 2), (2, 12)):
        for _ in range(units):
            make_unit()
        with CaptureQueriesContext(connection) as sent:
            actions.list_owed(OFFICER, form.pk, month=OCTOBER.plus(number), at=OPENED)
        asked.append(len(sent))
    assert asked[0] == asked[1]


def test_what_was_settled_before_the_opening_holds_when_the_month_opens() -> None:
    exempt, late, gone, heir = (make_unit() for _ in range(4))
    form = dated_form()
    november = OCTOBER.plus(1)
    row = {
        unit: Obligation.objects.get(unit=unit, period__month=november.first_on)
        for unit in (exempt, late, gone)
    }
    actions.exempt_obligation(OFFICER, row[exempt].pk, reason="试点单位", at=OPENED)
    asked = actions.ask_extension(
        liaison_of(late), row[late].pk, wanted_on=date(2026, 12, 20), reason="年底轮岗", at=OPENED
    )
    actions.grant_extension(OFFICER, asked.pk, due_on=date(2026, 12, 18), at=OPENED)
    closed(gone, heir=heir)
    actions.transfer_obligation(OFFICER, row[gone].pk, unit_id=heir.pk, reason="合并", at=OPENED)
    actions.open_period(OFFICER, form.pk, month=november, at=datetime(2026, 11, 25, 1, tzinfo=UTC))
    counted = queries.rates(november)
    assert (counted.owed, counted.exempt, counted.extended) == (2, 2, 1)
    assert Obligation.objects.get(unit=late, period=row[late].period_id).due_on == date(2026, 12, 18)
    assert {one.release_label for one in counted.rows_of("exempt")} == {"免报", "转由承接单位报送"}


def test_the_list_follows_units_forms_and_days_until_the_month_opens() -> None:
    stays, goes = make_unit(), make_unit()
    form, november = dated_form(), OCTOBER.plus(1)
    comes = make_unit()
    Unit.objects.filter(pk=goes.pk).update(closed_on=date(2026, 11, 20))
    assert list_months(OPENED) == "已更新 5 项应报"
    assert list_months(OPENED) == "已更新 0 项应报"
    assert rows_of(OCTOBER) == {stays.pk: "", goes.pk: "", comes.pk: ""}
    assert rows_of(november) == {stays.pk: "", goes.pk: "ended", comes.pk: ""}
    Unit.objects.filter(pk=goes.pk).update(closed_on=None)
    list_months(OPENED)
    assert rows_of(november)[goes.pk] == ""

    days = Days(date(2026, 11, 26), date(2026, 12, 9), date(2026, 12, 12), None)
    actions.plan_month(OFFICER, form.pk, month=november, days=days, version=0, at=OPENED)
    found = Obligation.objects.filter(period__month=november.first_on)
    assert set(found.values_list("due_on", "late_until")) == {(date(2026, 12, 9), date(2026, 12, 12))}
    actions.unplan_month(OFFICER, form.pk, month=november, at=OPENED)
    assert set(found.values_list("due_on", "late_until")) == {(date(2026, 12, 5), date(2026, 12, 10))}

    draft = actions.revise_form(OFFICER, form.pk, at=OPENED)
    entry = FormEntry("台账", ("member",), [], due_day=8)
    actions.edit_form(OFFICER, draft.pk, entry, version=draft.version, at=OPENED)
    make_unit(level=Level.MEMBER)
    actions.issue_form(OFFICER, draft.pk, from_month=november, at=OPENED)
    assert set(rows_of(OCTOBER).values()) == {""}
    assert sorted(rows_of(november).values()) == ["", "ended", "ended", "ended"]
    assert found.get(release="").due_on == date(2026, 12, 8)
    actions.retire_form(OFFICER, draft.pk, at=OPENED)
    assert set(rows_of(november).values()) == {"ended"}


def test_a_large_citys_month_is_laid_out_piece_by_piece_and_opens_at_once(monkeypatch: Any) -> None:
    monkeypatch.setattr(opening, "SHEETS_AT_ONCE", 2)
    units = [make_unit() for _ in range(5)]
    form = dated_form()
    begun = actions.open_period(OFFICER, form.pk, month=OCTOBER, at=OPENED)
    assert begun.opened_at is None
    assert [(sheets, ready) for _period, sheets, ready in queries.months_being_opened()] == [(5, 2)]
    assert list(queries.visible_to(OFFICER)) == []
    assert queries.rates(OCTOBER).owed == 0
    with pytest.raises(RecordMoved, match="正在开启"):
        actions.open_period(OFFICER, form.pk, month=OCTOBER, at=OPENED)
    office = signed_in(Role.OFFICE_OFFICER, make_office())
    assert "已准备 2 / 5 张报表" in office.get(reverse("reporting:board"), {"month": "2026-10"}).text
    claim = make_claim(units[0], answered_at=OPENED + timedelta(minutes=2))

    # Killed behind the second piece: what is laid out stays, the next run goes on with the rest.
    later = OPENED + timedelta(minutes=5)
    assert actions.lay_out_next(MACHINE, begun.pk, at=later).opened_at is None
    assert lay_out(later) == "已开启 1 个报告期"
    assert lay_out(later) == "已开启 0 个报告期"
    with pytest.raises(RecordMoved, match="已经开启"):
        actions.lay_out_next(MACHINE, begun.pk, at=later)
    assert queries.rates(OCTOBER).owed == 5
    assert Report.objects.count() == 5
    watch(later)
    assert Report.objects.get(obligation__unit=units[0]).task_lines.get().claim == claim
    assert Notice.objects.filter(sentence__contains="开始填报").count() == 5


def test_what_is_not_open_yet_is_seen_and_settled_on_the_board() -> None:
    unit = make_unit("示范县")
    dated_form()
    office, liaison = signed_in(Role.OFFICE_OFFICER, make_office()), signed_in(Role.UNIT_LIAISON, unit)
    board = office.get(reverse("reporting:board"), {"month": "2026-12"}).text
    assert "不计未报" in board
    assert "示范县" in board
    row = Obligation.objects.get(period__month=date(2026, 12, 1))
    page = reverse("reporting:obligation", args=[row.pk])
    for client in (office, liaison):
        shown = client.get(page).text
        assert "尚未开启" in shown
        assert "查看月报" not in shown
    settle = reverse("reporting:settle", args=[row.pk, "exempt"])
    assert office.post(settle, {"reason": "年底撤并"}).status_code == 303
    assert "年底撤并" in office.get(reverse("reporting:board"), {"month": "2026-12", "tab": "coming"}).text


# --- whatever happens, the counts add up ---


COUNTED = (
    "owed", "arrived", "on_time", "late", "missing", "returned", "accepted", "exempt", "extended", "asking", "locked",
)  # fmt: skip
ISSUED = datetime(2026, 10, 12, 1, tzinfo=UTC)
MONTHS = [OCTOBER, OCTOBER.plus(1), OCTOBER.plus(2)]


class Ledger(RuleBasedStateMachine):
    """A form from its issue on: units are exempted, extended, closed, moved and merged while its months open."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.at = ISSUED

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @initialize()
    def issue_the_form(self) -> None:
        over = make_unit(level=Level.MEMBER)
        self.units = [make_unit(parent=over if n % 2 else None) for n in range(5)]
        the_office()
        entry = FormEntry("台账", ("county",), [], late_day=10, locks_day=15)
        self.form = actions.issue_form(OFFICER, actions.create_form(OFFICER, entry, at=ISSUED).pk, at=ISSUED)
        self.owed_first = set(Obligation.objects.values_list("pk", flat=True))
        assert len(self.owed_first) == len(self.units) * len(MONTHS)

    def try_to(self, act: Any, *arguments: Any, **named: Any) -> None:
        try:
            with transaction.atomic():
                act(OFFICER, *arguments, at=self.at, **named)
        except ActionRefused:
            pass

    def row(self, number: int) -> Obligation:
        rows = Obligation.objects.order_by("unit", "period__month")
        found = list(rows.select_related("unit", "report", "period"))
        return found[number % len(found)]

    @rule(days=st.integers(1, 9))
    def time_passes(self, days: int) -> None:
        self.at += timedelta(days=days)
        for run in (list_months, open_month, lay_out, watch):
            run(self.at)
        assert queries.lists_to_renew(self.at.date()) == []
        assert queries.months_being_opened() == []

    @rule()
    def the_opening_is_interrupted(self) -> None:
        """The month is ordered, and nothing more of it is laid out before time passes."""
        self.try_to(actions.open_period, self.form.pk, month=Month.of(self.at.date()))

    @rule(number=st.integers(0, 29))
    def exempt(self, number: int) -> None:
        self.try_to(actions.exempt_obligation, self.row(number).pk, reason="免报")

    @rule(number=st.integers(0, 29), days=st.integers(0, 9))
    def restore(self, number: int, days: int) -> None:
        due_on = self.at.date() + timedelta(days=days)
        self.try_to(actions.restore_obligation, self.row(number).pk, due_on=due_on, reason="恢复")

    @rule(number=st.integers(0, 29), days=st.integers(0, 60))
    def extend(self, number: int, days: int) -> None:
        due_on = self.at.date() + timedelta(days=days)
        self.try_to(actions.extend_obligation, self.row(number).pk, due_on=due_on, reason="延期")

    @rule(number=st.integers(0, 29), days=st.integers(0, 60), granted=st.booleans())
    def ask(self, number: int, days: int, granted: bool) -> None:  # noqa: FBT001
        row, wanted = self.row(number), self.at.date() + timedelta(days=days)
        try:
            asked = actions.ask_extension(
                liaison_of(row.unit), row.pk, wanted_on=wanted, reason="等数据", at=self.at
            )
        except ActionRefused:
            return
        if granted:
            self.try_to(actions.grant_extension, asked.pk, due_on=wanted)
        else:
            self.try_to(actions.refuse_extension, asked.pk, answer="不同意")

    @rule(number=st.integers(0, 29))
    def close_a_unit(self, number: int) -> None:
        Unit.objects.filter(pk=self.row(number).unit_id).update(closed_on=self.at.date())

    @rule()
    def found_a_unit(self) -> None:
        make_unit(founded_on=self.at.date())

    @rule(number=st.integers(0, 29), other=st.integers(0, 9))
    def move_a_unit(self, number: int, other: int) -> None:
        level = Level.MEMBER if other < 3 else Level.COUNTY
        Unit.objects.filter(pk=self.row(number).unit_id).update(position=other, level=level)

    @rule(number=st.integers(0, 29), other=st.integers(0, 29))
    def transfer(self, number: int, other: int) -> None:
        heir = self.row(other).unit_id if other < 24 else make_unit(level=Level.MEMBER).pk
        self.try_to(actions.transfer_obligation, self.row(number).pk, unit_id=heir, reason="合并")

    @rule(number=st.integers(0, 29))
    def end(self, number: int) -> None:
        self.try_to(actions.end_obligation, self.row(number).pk, reason="职能取消")

    @rule(month=st.sampled_from(MONTHS), later=st.integers(0, 9))
    def plan(self, month: Month, later: int) -> None:
        now = queries.calendar_month(self.form, month)
        due_on = now.days.due_on + timedelta(days=later)
        days = Days(now.days.opens_on, due_on, max(due_on, now.days.late_until or due_on), None)
        self.try_to(actions.plan_month, self.form.pk, month=month, days=days, version=now.version)

    def open_report(self, number: int) -> Report | None:
        row = self.row(number)
        return getattr(row, "report", None) if row.period.opened_at else None

    @rule(number=st.integers(0, 29))
    def report(self, number: int) -> None:
        if report := self.open_report(number):
            try:
                with transaction.atomic():
                    if report.status == "returned":
                        submit(report, at=self.at)
                    else:
                        sign(report, at=self.at)
            except ActionRefused:
                pass

    @rule(number=st.integers(0, 29), returned=st.booleans())
    def review(self, number: int, returned: bool) -> None:  # noqa: FBT001
        if report := self.open_report(number):
            try:
                with transaction.atomic():
                    if returned:
                        send_back(report, at=IN_TIME)
                    else:
                        accept(report, at=self.at)
            except ActionRefused:
                pass

    @invariant()
    def counts_add_up_and_what_is_not_open_is_neither_missing_nor_reminded_nor_locked(self) -> None:
        counted = [queries.rates(month) for month in MONTHS]
        for counts in counted:
            assert counts.owed == counts.arrived + counts.missing
            assert counts.arrived == counts.on_time + counts.late
            assert counts.owed + counts.exempt == len(counts.rows)
            assert sum(len(counts.rows_of(standing)) for standing in Standing) == len(counts.rows)
            for rate in (counts.completeness_percent, counts.punctuality_percent):
                assert rate is None or 0 <= rate <= 100
        ahead = Obligation.objects.filter(period__opened_at__isnull=True)
        names = set(ahead.values_list("pk", flat=True))
        assert not ahead.filter(locked_at__isnull=False).exists()
        assert not names & {item.obligation_id for item in queries.owed_reports(self.at.date())}
        assert not names & {row.obligation_id for counts in counted for row in counts.rows}
        assert not queries.visible_to(OFFICER).filter(obligation__in=names).exists()

    @rule(number=st.integers(0, 4))
    def somebody_opens_every_count(self, number: int) -> None:
        """The city, a member unit over counties or a county: every count opens to exactly the rows it counted."""
        unit = self.units[number]
        counts = queries.rates(OCTOBER, actor=[None, OFFICER, liaison_of(unit.parent or unit)][number % 3])
        for name in COUNTED:
            named = list(counts.named(name).values_list("pk", flat=True))
            assert len(set(named)) == len(named) == getattr(counts, name), name
            assert named == [row.obligation_id for row in counts.rows_of(name)]

    @invariant()
    def what_is_locked_can_be_opened(self) -> None:
        """Nobody stands before a sheet he can neither send nor ask more time for."""
        locked = Obligation.objects.filter(locked_at__isnull=False, exempted_at__isnull=True)
        row = locked.select_related("unit", "report").exclude(requests__outcome="").first()
        if row is None or not row.unit.is_open:
            return
        with transaction.atomic():
            day = self.at.date() + timedelta(days=3)
            actions.ask_extension(liaison_of(row.unit), row.pk, wanted_on=day, reason="补正", at=self.at)
            actions.extend_obligation(OFFICER, row.pk, due_on=day, reason="补正", at=self.at)
            assert owed(row.report).locked_at is None
            transaction.set_rollback(True)

    @invariant()
    def no_row_is_lost_or_double(self) -> None:
        if not hasattr(self, "form"):
            return
        rows = {row.pk: row for row in Obligation.objects.select_related("report", "period")}
        assert self.owed_first <= set(rows)
        assert len({(row.period_id, row.unit_id) for row in rows.values()}) == len(rows)
        for row in rows.values():
            if row.period.opened_at is not None and row.release != "ended":
                assert row.report is not None
            steps, last = 0, row
            while last.release == "transferred":
                assert last.successor_id is not None
                last, steps = rows[last.successor_id], steps + 1
                assert steps <= len(rows), "a transfer leads back to itself"
            if row.exempted_at and has_arrived(row):
                assert row.release in {"transferred", "ended"}, "what arrived is counted"
                assert row.report.status in WITH_UNIT


def test_whatever_happens_to_a_form_and_its_months_the_rows_add_up(monkeypatch: Any) -> None:
    monkeypatch.setattr(opening, "SHEETS_AT_ONCE", 2)
    monkeypatch.setattr(jobs, "_BREATH", 0)
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Ledger,
        settings=settings(
            max_examples=10, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
