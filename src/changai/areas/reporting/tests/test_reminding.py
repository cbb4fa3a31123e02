"""Who is told what is owed, once, and never what is not."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from changai.areas.accounts.actions import save_contact
from changai.areas.accounts.tests.make import make_person
from changai.areas.facts.tests.make import actor_of, make_unit
from changai.areas.reporting.actions import (
    close_period,
    confirm_unlocking,
    exempt_obligation,
    extend_obligation,
    save_reminder_plan,
    send_reminders,
    send_supervision,
    unlock_report,
)
from changai.areas.reporting.jobs import remind
from changai.areas.reporting.models import Reminder, ReminderDigest, ReminderRun, SupervisionNotice
from changai.areas.reporting.queries import coming_days, owed_reports, proposed_notices
from changai.areas.reporting.rules.reminding import DEFAULT_PLAN, Stage
from changai.areas.reporting.tests.make import OFFICER, accept, make_form, make_report, send_back, sign
from changai.core.errors import Invalid, NotAllowed, RecordMoved
from changai.foundation.actors import MACHINE, Actor, Role
from changai.foundation.notices.models import Delivery, Notice
from changai.foundation.notices.outbox import notices_for
from changai.foundation.workdays.actions import load_work_year
from changai.foundation.workdays.queries import known_years, work_calendar

pytestmark = pytest.mark.django_db
OFFICE = replace(OFFICER, person_id=1)
THREE_BEFORE = datetime(
    2026, 11, 2, 1, 30, tzinfo=UTC
)  # 09:30 in Shanghai, three working days before the 5th
DUE_DAY = datetime(2026, 11, 5, 1, 30, tzinfo=UTC)
FIVE_AFTER = datetime(2026, 11, 12, 1, 30, tzinfo=UTC)


@pytest.fixture
def report():
    unit = make_unit()
    make_person(Role.UNIT_LIAISON, unit, name="联络员")
    make_person(Role.UNIT_HEAD, unit, name="负责人")
    made = make_report(unit)
    Notice.objects.all().delete()
    return made


def people() -> list[str]:
    return [digest.person.name for digest in ReminderDigest.objects.order_by("pk")]


def test_the_liaison_is_told_three_working_days_before(report):
    run = send_reminders(MACHINE, at=THREE_BEFORE)
    assert (run.people, run.reports) == (1, 1)
    notice = Notice.objects.get()
    assert notice.sentence == "10月月度台账应于11月5日前报送，还有 3 个工作日，请抓紧办理。"
    assert notice.link == reverse("reporting:sheet", args=[report.pk])
    person = ReminderDigest.objects.get().person
    mine = Actor(person.pk, person.name, Role.UNIT_LIAISON, person.unit_id, "")
    assert list(notices_for(mine)) == [notice]
    assert not notices_for(Actor(person.pk + 999, "同岗", Role.UNIT_LIAISON, person.unit_id, ""))


def test_the_head_is_told_too_on_the_due_day(report):
    send_reminders(MACHINE, at=DUE_DAY)
    assert people() == ["联络员", "负责人"]


def test_five_days_after_the_unit_above_is_told_or_else_the_office(report):
    make_person(Role.OFFICE_OFFICER, name="办公室")
    send_reminders(MACHINE, at=FIVE_AFTER)
    assert people() == ["联络员", "负责人", "办公室"]
    assert "逾期未报，请督促" in ReminderDigest.objects.order_by("pk").last().sentence


def test_the_head_of_the_unit_above_is_told_before_the_office():
    county = make_unit()
    below = make_unit(level="enterprise", parent=county)
    make_person(Role.UNIT_HEAD, county, name="县负责人")
    make_person(Role.OFFICE_OFFICER, name="办公室")
    make_report(below, make_form(levels=("enterprise",)))
    send_reminders(MACHINE, at=FIVE_AFTER)
    assert people() == ["县负责人"]


def test_a_day_is_done_once(report):
    send_reminders(MACHINE, at=THREE_BEFORE)
    with pytest.raises(RecordMoved, match="已经发出"):
        send_reminders(MACHINE, at=THREE_BEFORE + timedelta(hours=2))
    assert remind(THREE_BEFORE + timedelta(hours=3)) == "今天的提醒已发出"
    assert Notice.objects.count() == 1


def test_a_worker_that_was_away_says_one_thing_and_no_old_ones(report):
    send_reminders(MACHINE, at=FIVE_AFTER)
    assert sorted(Reminder.objects.values_list("days", "was_missed")) == [
        (-7, True), (-3, True), (0, True), (1, True), (5, False),
    ]  # fmt: skip
    assert Notice.objects.count() == 2
    send_reminders(MACHINE, at=FIVE_AFTER + timedelta(days=1))
    assert Notice.objects.count() == 2


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 11, 2, 0, 30, tzinfo=UTC),  # 08:30
        datetime(2026, 11, 2, 10, 0, tzinfo=UTC),  # 18:00
        datetime(2026, 11, 7, 2, 0, tzinfo=UTC),  # a Saturday
    ],
)
def test_nothing_is_sent_in_quiet_hours_and_on_days_off(report, at):
    with pytest.raises(RecordMoved):
        send_reminders(MACHINE, at=at)
    assert remind(at) == "不在发送时段内"


def test_what_is_not_owed_is_never_spoken_of():
    exempt, delivered, closed, owing = make_unit(), make_unit(), make_unit(), make_unit()
    form = make_form()
    reports = {unit.pk: make_report(unit, form) for unit in (exempt, delivered, closed, owing)}
    exempt_obligation(OFFICER, reports[exempt.pk].obligation_id, reason="机构改革", at=THREE_BEFORE)
    sign(reports[delivered.pk])
    closed.closed_on = date(2026, 11, 1)
    closed.save()
    assert [row.unit_id for row in owed_reports(date(2026, 11, 2))] == [owing.pk]
    reports[owing.pk].obligation.period.closed_at = THREE_BEFORE
    reports[owing.pk].obligation.period.save()
    assert not owed_reports(date(2026, 11, 2))


def test_nobody_is_reminded_of_what_can_be_sent_no_more(report):
    type(report.obligation).objects.filter(pk=report.obligation_id).update(locked_at=DUE_DAY)
    assert send_reminders(MACHINE, at=FIVE_AFTER).people == 0
    assert proposed(date(2026, 11, 12)) == ["yellow"]


def test_a_returned_report_is_owed_again_by_its_own_day(report):
    send_back(sign(report))
    (owed,) = owed_reports(date(2026, 11, 6))
    assert (owed.kind, owed.due_on, owed.name) == ("return", date(2026, 11, 8), "10月月度台账（退回补正）")
    accept(sign(report))
    assert not owed_reports(date(2026, 11, 6))


def test_an_extension_starts_over(report):
    send_reminders(MACHINE, at=DUE_DAY)
    extend_obligation(OFFICER, report.obligation_id, due_on=date(2026, 11, 20), reason="系统升级", at=DUE_DAY)
    send_reminders(MACHINE, at=datetime(2026, 11, 17, 2, 0, tzinfo=UTC))
    assert "11月20日前报送，还有 3 个工作日" in Notice.objects.order_by("pk").last().sentence


def test_the_office_changes_the_rules(report):
    plan = DEFAULT_PLAN.as_json()
    changed = type(DEFAULT_PLAN)(
        (Stage(-2),), DEFAULT_PLAN.send_from, DEFAULT_PLAN.send_until, DEFAULT_PLAN.colours
    )
    save_reminder_plan(OFFICER, changed, version=0, at=THREE_BEFORE)
    assert send_reminders(MACHINE, at=THREE_BEFORE).people == 0
    with pytest.raises(RecordMoved):
        save_reminder_plan(OFFICER, changed, version=0, at=THREE_BEFORE)
    assert plan == DEFAULT_PLAN.as_json()


def test_the_preview_names_day_and_people(report):
    today = date(2026, 11, 2)
    coming = coming_days(DEFAULT_PLAN, today=today, calendar=work_calendar())
    assert [(day.day, len(day.digests)) for day in coming] == [
        (today, 1), (date(2026, 11, 5), 2), (date(2026, 11, 6), 2), (date(2026, 11, 12), 2),
    ]  # fmt: skip
    send_reminders(MACHINE, at=THREE_BEFORE)
    assert coming_days(DEFAULT_PLAN, today=today, calendar=work_calendar())[0].day == date(2026, 11, 5)


def proposed(day: date) -> list[str]:
    return [each.colour for each in proposed_notices(DEFAULT_PLAN, today=day, calendar=work_calendar())]


def test_colours_are_proposed_and_sent_by_a_person_only(report):
    assert (proposed(date(2026, 11, 5)), proposed(date(2026, 11, 6))) == ([], ["blue"])
    assert proposed(date(2026, 11, 12)) == ["yellow"]
    with pytest.raises(NotAllowed):
        send_supervision(MACHINE, report.obligation_id, colour="yellow", words="请速报", at=FIVE_AFTER)
    with pytest.raises(Invalid):
        send_supervision(OFFICE, report.obligation_id, colour="yellow", words=" ", at=FIVE_AFTER)
    with pytest.raises(Invalid):
        send_supervision(OFFICE, report.obligation_id, colour="pink", words="请速报", at=FIVE_AFTER)
    send_supervision(OFFICE, report.obligation_id, colour="yellow", words="请速报", at=FIVE_AFTER)
    assert proposed(date(2026, 11, 12)) == []
    assert proposed(date(2026, 11, 19)) == ["orange"]
    assert {notice.role for notice in Notice.objects.all()} == {"unit_liaison", "unit_head"}
    assert "【黄色督办提醒】10月月度台账逾期未报：请速报" in Notice.objects.first().sentence


def test_what_was_opened_again_in_a_closed_month_is_reminded_of_and_moved(report):
    at = datetime(2026, 11, 17, 2, tzinfo=UTC)
    accept(sign(report))
    close_period(OFFICER, report.obligation.period_id, at=at)
    report.refresh_from_db()
    asked = unlock_report(
        OFFICER, report.pk, reason="请补正重报", due_on=date(2026, 11, 25), version=report.version, at=at
    )
    assert owed_reports(at.date()) == []
    confirm_unlocking(actor_of(Role.OFFICE_HEAD, name="主任"), asked.pk, at=at)
    item = owed_reports(date(2026, 11, 26))[0]
    assert (item.name, item.due_on, item.kind) == ("10月月度台账（解锁重报）", date(2026, 11, 25), "return")
    later = date(2026, 12, 4)
    extend_obligation(OFFICER, report.obligation_id, due_on=later, reason="等统计数据", at=at)
    assert [item.due_on for item in owed_reports(later)] == [later]
    sign(report, at=at)
    assert owed_reports(later) == []


def test_no_notice_about_what_has_arrived(report):
    sign(report, at=datetime(2026, 11, 9, 2, 0, tzinfo=UTC))
    assert proposed(date(2026, 11, 12)) == []
    with pytest.raises(RecordMoved, match="不需督办"):
        send_supervision(OFFICE, report.obligation_id, colour="blue", words="请速报", at=FIVE_AFTER)


def signed_in(role: Role) -> Client:
    client = Client()
    client.force_login(make_person(role), backend="django.contrib.auth.backends.ModelBackend")
    return client


def _rows(answer: HttpResponse) -> list[tuple[object, ...]]:
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    return [row for row in sheet.iter_rows(values_only=True) if any(row)]


def test_the_pages(report, time_machine):
    time_machine.move_to(FIVE_AFTER)
    office = signed_in(Role.OFFICE_OFFICER)
    page = office.get(reverse("reporting:reminders")).content.decode()
    assert "已逾期 5 个工作日" in page
    send_reminders(MACHINE, at=FIVE_AFTER)
    run = ReminderRun.objects.get()
    sent = office.get(reverse("reporting:reminders_sent", args=[run.on_day.isoformat()]))
    assert "负责人" in sent.content.decode()
    assert office.get(reverse("reporting:reminders_sent", args=["x"])).status_code == 404
    assert office.get(reverse("reporting:reminders_sent", args=["2020-01-01"])).status_code == 404
    assert "黄色" in office.get(reverse("reporting:supervision")).content.decode()
    address = reverse("reporting:send_supervision", args=[report.obligation_id])
    assert office.post(address, {"colour": "yellow", "reason": "请速报"}).status_code == 303
    assert SupervisionNotice.objects.get().words == "请速报"
    assert "没有达到督办天数" in office.get(reverse("reporting:supervision")).content.decode()
    register = office.get(reverse("reporting:supervision_sent") + "?colour=yellow").content.decode()
    assert "仍未报送" in register
    assert reverse("briefings:press", args=[report.obligation_id]) in register
    assert (
        "没有符合条件" in office.get(reverse("reporting:supervision_sent") + "?colour=red").content.decode()
    )
    rows = _rows(office.get(reverse("reporting:supervision_export")))
    assert "请速报" in rows[-2]
    assert str(rows[-1][0]).startswith("填表人：")
    told = _rows(office.get(reverse("reporting:reminders_sent_export", args=[run.on_day.isoformat()])))
    assert any("已逾期 5 个工作日" in str(cell) for row in told for cell in row)
    assert office.get(reverse("reporting:reminders_sent_export", args=["x"])).status_code == 404
    assert signed_in(Role.UNIT_LIAISON).get(reverse("reporting:reminders")).status_code == 403


def test_the_rules_are_typed_on_a_page():
    office = signed_in(Role.OFFICE_OFFICER)
    address = reverse("reporting:reminder_rules")
    assert 'value="-7"' in office.get(address).content.decode()
    typed = {
        "version": "0", "send_from": "08:30", "send_until": "17:30", "days_0": "-5", "head_0": "on", "days_3": "2",
        "colour_blue": "2", "colour_yellow": "4", "colour_orange": "6", "colour_red": "8",
    }  # fmt: skip
    assert office.post(address, typed | {"days_3": "-5"}).status_code == 422
    assert office.post(address, typed | {"days_3": "99"}).status_code == 422
    assert office.post(address, typed).status_code == 303
    page = office.get(address).content.decode()
    assert 'value="-5"' in page
    assert 'value="-7"' not in page
    assert office.post(address, typed).status_code == 409  # from a page opened before


def test_who_chose_mail_gets_one_a_day_when_there_is_a_mail_server(report, settings):
    settings.EMAIL_ON = True
    person = make_person(Role.UNIT_LIAISON, report.obligation.unit, name="要邮件")
    save_contact(
        Actor(person.pk, "要邮件", Role.UNIT_LIAISON), email="a@city.example", wants_email=True, wants_message=True,
        at=THREE_BEFORE,
    )  # fmt: skip
    send_reminders(MACHINE, at=THREE_BEFORE)
    delivery = Delivery.objects.get()
    assert (delivery.channel, delivery.recipient) == ("email", "a@city.example")
    assert delivery.key == f"reminder:2026-11-02:{person.pk}:email"
    assert "10月月度台账，应报日期 11月5日，还有 3 个工作日" in delivery.text
    assert delivery.hours_from == DEFAULT_PLAN.send_from


@pytest.mark.parametrize(("form", "recipients"), [("json", ["要消息"]), ("wecom", ["工作群"])])
def test_a_gateway_reaches_people_and_a_robot_the_group(report, settings, form, recipients):
    settings.WEBHOOK = {"format": form}
    make_person(Role.UNIT_LIAISON, report.obligation.unit, login="要消息")
    report.obligation.unit.people.filter(login="要消息").update(wants_message=True)
    send_reminders(MACHINE, at=THREE_BEFORE)
    assert [delivery.recipient for delivery in Delivery.objects.all()] == recipients


def test_nothing_is_queued_while_nothing_is_switched_on(report):
    report.obligation.unit.people.update(wants_message=True, wants_email=True, email="a@city.example")
    send_reminders(MACHINE, at=THREE_BEFORE)
    assert not Delivery.objects.exists()


def test_a_holiday_loaded_without_a_network_moves_the_days_of_reminders(report):
    """The due day becomes a day off: who is told before it is told earlier, and nothing goes out on the day itself."""
    today = date(2026, 10, 26)

    def days() -> list[date]:
        return [each.day for each in coming_days(DEFAULT_PLAN, today=today, calendar=work_calendar())]

    assert date(2026, 11, 5) in days()
    known = next(one.plan for one in known_years() if one.plan.year == 2026)
    ours = {"name": "本地活动日", "first": "2026-11-05", "last": "2026-11-05"}
    written = known.as_json()
    written["holidays"].append(ours)
    load_work_year(OFFICER, json.dumps(written), at=THREE_BEFORE - timedelta(days=9))
    assert date(2026, 11, 5) not in days()
    assert date(2026, 11, 4) in days()  # 到期当天 is said on the working day before
    assert remind(DUE_DAY) == "不在发送时段内"
    saturday = datetime(2026, 11, 7, 2, 0, tzinfo=UTC)
    assert remind(saturday) == "不在发送时段内"
    written["workdays"].append("2026-11-07")
    load_work_year(OFFICER, json.dumps(written), at=THREE_BEFORE - timedelta(days=8))
    assert remind(saturday).startswith("已提醒")  # 调休
