"""Pages of review: routes, reasons, unlocking, acceptance in part."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from changai.areas.evidence.actions import keep_file
from changai.areas.evidence.models import EvidenceFile
from changai.areas.reporting import actions
from changai.areas.reporting.actions import Complaint
from changai.areas.reporting.models import ReturnReason, Unlocking
from changai.areas.reporting.rules.routes import PlannedStep
from changai.areas.reporting.tests.make import (
    IN_TIME,
    OFFICER,
    accept,
    liaison_of,
    make_field,
    make_form,
    make_office,
    make_report,
    make_unit,
    set_steps,
    sign,
)
from changai.areas.reporting.tests.test_views import at, signed_in
from changai.foundation.actors import Role

pytestmark = pytest.mark.django_db


def test_the_office_sets_a_route_row_by_row() -> None:
    form = make_form()
    department = make_unit(level="member")
    client = signed_in(Role.OFFICE_OFFICER, make_office())
    address = reverse("reporting:route", args=[form.pk, "all"])
    posted = {
        "form-TOTAL_FORMS": 8, "form-INITIAL_FORMS": 0, "version": 0,
        "form-0-stage": 1, "form-0-name": "行业审核", "form-0-post": "unit", "form-0-unit": department.pk,
        "form-1-stage": 2, "form-1-name": "审定", "form-1-post": "office",
    }  # fmt: skip

    assert "只有一个环节" in client.get(address).text
    assert "请选择单位" in client.post(address, posted | {"form-0-unit": ""}).text
    assert "不完整" in client.post(address, posted | {"form-0-stage": "x"}).text
    assert client.post(address, posted).status_code == 303
    page = client.get(address)
    assert 'value="行业审核"' in page.text
    assert "各类单位（已设）" in page.text
    assert client.get(reverse("reporting:route", args=[form.pk, "moon"])).status_code == 404
    assert client.post(reverse("reporting:drop_route", args=[form.pk, "all"])).status_code == 303


def test_the_office_keeps_the_reasons() -> None:
    client = signed_in(Role.OFFICE_OFFICER, make_office())
    address = at("reasons")

    assert client.post(address, {"words": "口径有误"}).status_code == 303
    assert "已经有了" in client.post(address, {"words": "口径有误"}).text
    reason = ReturnReason.objects.get(words="口径有误")
    change = {"words": "口径不对", "position": 1, "version": 1}
    assert client.post(at("change_reason", reason.pk), change).status_code == 303
    assert client.post(at("change_reason", reason.pk), change).status_code == 409
    assert client.post(at("change_reason", reason.pk), {}).status_code == 422
    assert "口径不对" in client.get(address).text


def test_an_accepted_report_is_unlocked_from_its_page_and_returned_in_part_from_the_desk() -> None:
    unit, good, bad = make_unit(), make_field(), make_field()
    report = accept(sign(make_report(unit, make_form(good, bad))))
    client = signed_in(Role.OFFICE_OFFICER, make_office())

    assert at("unlock", report.pk) in client.get(at("report", report.pk)).text
    posted = {
        "reason": "单位来函更正",
        "due_on": timezone.localdate() + timedelta(days=30),
        "version": report.version,
    }
    assert client.post(at("unlock", report.pk), posted | {"reason": "错"}).status_code == 422
    assert client.post(at("unlock", report.pk), posted).status_code == 303
    report.refresh_from_db()
    assert "解锁：单位来函更正" in signed_in(Role.UNIT_LIAISON, unit).get(at("sheet", report.pk)).text
    sign(report)
    marked = {
        f"remark:figure:{bad.pk}:value": "请核对", "words": "数据不符",
        "due_on": timezone.localdate() + timedelta(days=30),
        "version": report.version, "part": "1",
    }  # fmt: skip
    assert client.post(at("return", report.pk), marked).status_code == 303
    shown = client.get(at("report", report.pk)).text
    assert "部分采用，其余退回" in shown
    assert "该行已采用" in signed_in(Role.UNIT_LIAISON, unit).get(at("sheet", report.pk)).text


def test_the_second_person_settles_an_unlocking_on_the_page_of_the_report() -> None:
    report = accept(sign(make_report(make_unit(), make_form(make_field()))))
    actions.close_period(OFFICER, report.obligation.period_id, at=IN_TIME)
    office = make_office()
    first, second = signed_in(Role.OFFICE_OFFICER, office), signed_in(Role.OFFICE_HEAD, office)
    posted = {
        "reason": "单位来函更正",
        "due_on": timezone.localdate() + timedelta(days=30),
        "version": report.version,
    }
    assert "已提出，请办公室另一人确认" in first.post(at("unlock", report.pk), posted, follow=True).text
    waiting = Unlocking.objects.get()

    assert "待办公室另一人确认" in first.get(at("report", report.pk)).text
    assert first.post(at("confirm_unlocking", waiting.pk)).status_code == 403
    assert at("confirm_unlocking", waiting.pk) in second.get(at("report", report.pk)).text
    assert second.post(at("refuse_unlocking", waiting.pk), {"reason": ""}).status_code == 422
    assert second.post(at("confirm_unlocking", waiting.pk)).status_code == 303
    assert second.post(at("confirm_unlocking", waiting.pk)).status_code == 409


def test_a_department_opens_what_was_sent_with_the_report_and_nothing_else_of_the_unit(
    tmp_path: Path,
) -> None:
    department, town = make_unit(level="member"), make_unit(level="sub", parent=make_unit())
    form = make_form(make_field(), levels=("sub",))
    set_steps(form, PlannedStep(1, "行业审核", "unit", department.pk))
    report = make_report(town, form)
    liaison = liaison_of(town)
    with override_settings(EVIDENCE_FOLDER=tmp_path):
        sent, kept = (
            keep_file(
                liaison, unit_id=town.pk, name=f"{name}.pdf", content=f"%PDF-1.4 {name}".encode(), at=IN_TIME
            )
            for name in ("附件", "别的")
        )
        line = f"figure:{form.form_fields.get().field_id}"
        actions.attach_evidence(liaison, report.pk, line=line, evidence_id=sent.pk, at=IN_TIME)
        sign(report)
        client = signed_in(Role.COUNTY_REVIEWER, department)
        address = at("file", report.pk, sent.pk)

        assert address in client.get(at("review", report.pk)).text
        assert client.get(address).content == "%PDF-1.4 附件".encode()
        assert client.get(at("file", report.pk, kept.pk)).status_code == 404
        assert client.get(reverse("evidence:file", args=[sent.pk])).status_code == 404


def test_a_line_that_is_accepted_takes_no_evidence_and_no_confirmation(tmp_path: Path, settings: Any) -> None:
    settings.EVIDENCE_FOLDER = tmp_path
    unit, good, bad = make_unit(), make_field(), make_field()
    report = sign(make_report(unit, make_form(good, bad)))
    complaint = Complaint("数据与台账不符", {f"figure:{bad.pk}:value": "请核对"}, date(2026, 11, 20))
    actions.accept_part(OFFICER, report.pk, complaint=complaint, version=report.version, at=IN_TIME)
    client = signed_in(Role.UNIT_LIAISON, unit)
    taken, returned = (at("attachments", report.pk, f"figure:{field.pk}") for field in (good, bad))
    sheet = client.get(at("sheet", report.pk)).text
    assert returned in sheet
    assert taken not in sheet
    assert at("confirm", report.pk) not in sheet  # nothing on it comes from a register
    paper = SimpleUploadedFile("通知.pdf", b"%PDF-1.7\n%%EOF\n")
    for answer in (client.get(taken), client.post(taken, {"file": paper})):
        assert answer.status_code == 422
        assert "该行已采用" in answer.text
    assert not EvidenceFile.objects.exists()
    assert client.get(returned).status_code == 200
