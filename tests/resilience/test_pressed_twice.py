"""At the pages: a button pressed again, much later, or for something else; and the clock at the edge of the deadline.

F9 F10 F11 for submitting, signing, returning and importing; F21 for what arrives a millisecond before, at and after the
end of the due day. Twenty at once in threads of their own: test_pressed_at_once.py.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from changai.areas.accounts.models import Person
from changai.areas.facts import jobs
from changai.areas.facts.models import Fact, HistoryImport
from changai.areas.facts.tests.history_files import csv
from changai.areas.organisations.models import Unit
from changai.areas.reporting.models import Report, Submission, WorkbookImport
from changai.areas.reporting.tests.make import (
    IN_TIME,
    fill,
    make_claim,
    make_field,
    make_form,
    make_report,
    make_unit,
    sign,
    submit,
)
from changai.areas.reporting.tests.workbook_files import bring, changed, downloaded, put, signed_in
from changai.foundation.actors import Role
from changai.foundation.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
LATER = {
    "F9": timedelta(0),
    "F10 1 s": timedelta(seconds=1),
    "F10 1 h": timedelta(hours=1),
    "F10": timedelta(days=40),
}
AGAIN = "已受理（重复提交未重复计入）"
OTHER = "该提交编号已用于另一份内容，请刷新页面后重试"
Press = Callable[..., Any]


@pytest.fixture
def unit() -> Unit:
    return make_unit("甲县")


@pytest.fixture
def report(unit: Unit) -> Report:
    make_claim(unit)
    return make_report(unit, make_form(make_field("trained", name="培训人次")))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the server's clock."""
    return lambda moment: monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


def submitting(report: Report) -> tuple[Client, str, dict[str, Any], dict[str, Any], Callable[[], int]]:
    report = fill(report)
    client = signed_in(Role.UNIT_LIAISON, report.obligation.unit)
    lines = AuditEvent.objects.filter(act="report.submit")
    given = {"version": report.version}
    return client, reverse("reporting:submit", args=[report.pk]), given, {"version": 99}, lines.count


def signing(report: Report) -> tuple[Client, str, dict[str, Any], dict[str, Any], Callable[[], int]]:
    report = submit(fill(report))
    client = signed_in(Role.UNIT_HEAD, report.obligation.unit)
    given = {"version": report.version}
    address = reverse("reporting:sign", args=[report.pk])
    return client, address, given, {"version": 99}, Submission.objects.count


def returning(report: Report) -> tuple[Client, str, dict[str, Any], dict[str, Any], Callable[[], int]]:
    report = sign(report)
    client = signed_in(Role.OFFICE_OFFICER)
    given = {"version": report.version, "words": "请补充具体举措", "due_on": "2026-11-20"}
    lines = AuditEvent.objects.filter(act="report.return")
    address = reverse("reporting:return", args=[report.pk])
    return client, address, given, {"words": "请核对数据来源"}, lines.count


def importing(report: Report) -> tuple[Client, str, dict[str, Any], dict[str, Any], Callable[[], int]]:
    client = signed_in(Role.UNIT_LIAISON, report.obligation.unit)
    bring(client, report, changed(downloaded(client, report), put("数据", "本月数", 1, 412)))
    batch = WorkbookImport.objects.get()
    page = client.get(reverse("reporting:import", args=[batch.pk]))
    given = {"seen": page.context["seen"], "then": "fill"}
    lines = AuditEvent.objects.filter(act="report.import")
    address = reverse("reporting:import_take", args=[batch.pk])
    return client, address, given, {"then": "submit"}, lines.count


@pytest.mark.parametrize("act", [submitting, signing, returning, importing])
def test_f9_f10_f11_the_same_press_has_one_outcome_whenever_it_comes_again(
    act: Callable[..., Any], report: Report, clock: Callable[[datetime], None]
) -> None:
    clock(IN_TIME)
    client, address, given, different, count = act(report)
    person = Person.objects.get(pk=client.session["_auth_user_id"])
    first = client.post(address, {**given, "once": "one-press"})
    assert first.status_code == 303
    assert count() == 1
    for told, later in LATER.items():
        clock(IN_TIME + later)
        if later:
            client = signed_in_again(person)
        repeated = client.post(
            address,
            {**given, "once": "one-press"},
            headers={"referer": f"http://testserver{first['Location']}"},
        )
        assert (repeated.status_code, repeated["Location"].removeprefix("http://testserver")) == (
            303,
            first["Location"],
        ), told
        assert AGAIN in client.get(first["Location"]).text, told
        assert count() == 1
    before = Report.objects.values().get(pk=report.pk)
    refused = client.post(address, {**given, **different, "once": "one-press"})
    assert refused.status_code == 422, refused.text
    assert OTHER in refused.text
    assert (count(), Report.objects.values().get(pk=report.pk)) == (1, before)


def signed_in_again(person: Person) -> Client:
    """Return the person signed in anew: the session of then has ended."""
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_f9_an_upload_pressed_twice_is_one_preview(report: Report) -> None:
    client = signed_in(Role.UNIT_LIAISON, report.obligation.unit)
    content = changed(downloaded(client, report), put("数据", "本月数", 1, 412))
    address = reverse("reporting:workbook_upload", args=[report.pk])
    places = set()
    for _ in range(2):
        file = SimpleUploadedFile("十月.xlsx", content)
        places.add(client.post(address, {"file": file, "once": "one-press"})["Location"])
    assert places == {reverse("reporting:import", args=[WorkbookImport.objects.get().pk])}


def test_f9_f11_old_figures_pressed_twice_are_one_file(unit: Unit) -> None:
    field = make_field("trained", name="培训人次")
    client = signed_in(Role.OFFICE_OFFICER)
    content = csv([(unit.code, unit.name, field.code, field.name, field.unit_of_measure, "2024-01", 5, "")])
    for _ in range(2):
        file = SimpleUploadedFile("历年.csv", content)
        brought = client.post(reverse("facts:history"), {"file": file, "once": "one-press"})
        assert brought["Location"] == reverse("facts:history_import", args=[HistoryImport.objects.get().pk])
    jobs.work_on_history(IN_TIME)
    batch = HistoryImport.objects.get()
    address = reverse("facts:history_take", args=[batch.pk])
    for _ in range(2):
        taken = client.post(address, {"content": batch.content_digest, "once": "two-presses"})
        assert taken.status_code == 303
    refused = client.post(address, {"content": "f" * 64, "once": "two-presses"})
    assert (refused.status_code, OTHER in refused.text) == (422, True)
    jobs.work_on_history(IN_TIME)
    jobs.work_on_history(IN_TIME)
    assert Fact.objects.get().value == 5


# The due day of October is the 5th of November; it ends at midnight in the city, 16:00 UTC.
DEADLINE = datetime(2026, 11, 5, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shift", "told", "other"), [(-1, "按时", "迟报"), (0, "迟报", "按时"), (1, "迟报", "按时")]
)
def test_f21_a_millisecond_around_the_deadline_decides_at_the_page(
    shift: int, told: str, other: str, report: Report, clock: Callable[[datetime], None]
) -> None:
    """F21 submission: what arrives after the end of the due day is 迟报, and never refused for it."""
    assert report.obligation.due_on == date(2026, 11, 5)
    report = submit(fill(report), at=DEADLINE - timedelta(hours=1))
    clock(DEADLINE + timedelta(milliseconds=shift))
    head = signed_in(Role.UNIT_HEAD, report.obligation.unit)
    answer = head.post(reverse("reporting:sign", args=[report.pk]), {"version": report.version}, follow=True)
    assert answer.status_code == 200
    receipt = answer.text[answer.text.index("应报日期") :]
    assert told in receipt[:400]
    assert other not in receipt[:400]
    report.refresh_from_db()
    assert report.first_arrived_at == DEADLINE + timedelta(milliseconds=shift)


@pytest.mark.parametrize("shift", [-1, 0, 1])
def test_f21_a_returned_report_keeps_its_first_arrival_whenever_it_comes_again(
    shift: int, report: Report, clock: Callable[[datetime], None]
) -> None:
    """F21 return: what was on time stays on time, though it is returned and mended around the deadline."""
    report = sign(report, at=DEADLINE - timedelta(hours=2))
    clock(DEADLINE + timedelta(milliseconds=shift))
    office = signed_in(Role.OFFICE_OFFICER)
    given = {"version": report.version, "words": "请补充具体举措", "due_on": "2026-11-20"}
    assert office.post(reverse("reporting:return", args=[report.pk]), given).status_code == 303
    report.refresh_from_db()
    report = submit(report, at=DEADLINE + timedelta(milliseconds=shift))
    head = signed_in(Role.UNIT_HEAD, report.obligation.unit)
    answer = head.post(reverse("reporting:sign", args=[report.pk]), {"version": report.version}, follow=True)
    assert "按时" in answer.text[answer.text.index("应报日期") :][:400]


@pytest.mark.parametrize("shift", [-1, 0, 1])
def test_f21_a_workbook_brought_before_the_deadline_is_taken_over_after_it(
    shift: int, report: Report, clock: Callable[[datetime], None]
) -> None:
    """F21 import: begun before and finished after the deadline is taken over; when locked it waits."""
    make_ready = (
        put("任务进展", "完成进度", 1, 80), put("任务进展", "进展情况", 1, "已办班三期。"),
        put("任务进展", "存在问题", 1, "师资不足。"), put("数据", "本月数", 1, 412),
    )  # fmt: skip
    clock(DEADLINE - timedelta(minutes=5))
    client = signed_in(Role.UNIT_LIAISON, report.obligation.unit)
    bring(client, report, changed(downloaded(client, report), *make_ready))
    batch = WorkbookImport.objects.get()
    page = client.get(reverse("reporting:import", args=[batch.pk]))
    given = {"seen": page.context["seen"], "then": "submit"}
    clock(DEADLINE + timedelta(milliseconds=shift))
    obligation = report.obligation
    address = reverse("reporting:import_take", args=[batch.pk])
    if shift > 0:
        type(obligation).objects.filter(pk=obligation.pk).update(locked_at=DEADLINE)
        locked = client.post(address, given)
        assert (locked.status_code, "请申请延期" in locked.text) == (409, True)
        assert WorkbookImport.objects.get().state == "open"
        type(obligation).objects.filter(pk=obligation.pk).update(locked_at=None)
    assert client.post(address, given).status_code == 303
    assert Report.objects.get().status == Report.Status.SUBMITTED
