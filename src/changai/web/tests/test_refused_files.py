"""One way for all uploads: a refused file is kept with its sentence, and the office can look at it."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import changai
from changai.areas.facts import jobs
from changai.areas.schemes.tests.make import make_dictionary, make_draft
from changai.documents.intake.tests.files import make_docx, make_xlsx
from changai.foundation import quarantine
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]
TORN = make_xlsx('<row r="1"><c r="A1"><v>1</v></c></row>')[:-40]
OTHER = make_xlsx('<row r="1"><c r="A1" t="str"><v>姓名</v></c></row>')
# Where each module that takes files in is shown to keep what it refuses.
SHOWN = {
    "areas/organisations/views/roster.py": "here",
    "areas/registers/training/views.py": "here",
    "areas/plans/views/papers.py": "here",
    "areas/schemes/views/starting.py": "here",
    "areas/schemes/views/trial.py": "here",
    "areas/facts/views/history.py": "here",
    "areas/briefings/views/checking.py": "here",
    "web/workdays.py": "here",
    "areas/reporting/views/workbook.py": "areas/reporting/tests/test_workbook_cases.py",
    "areas/reporting/views/merging.py": "areas/reporting/tests/test_merging.py",
    "areas/reporting/views/attaching.py": "areas/evidence/tests/test_actions.py",
    "areas/assessments/views/checking.py": "areas/evidence/tests/test_actions.py",
    "areas/assessments/views/objections.py": "areas/evidence/tests/test_actions.py",
    "areas/briefings/views/composing.py": "areas/briefings/tests/test_picturing.py",
}
PLAN = {"kind": "yearly", "year": "2026", "starts_on": "2026-01-01", "ends_on": "2026-12-31"}
DAY = {"on": "2026-11-02"}
# Page, name of the file, bytes, what else is sent, the words in the sentence.
UPLOADS: dict[str, tuple[str, str, bytes, dict[str, str], str]] = {
    "roster torn": ("organisations:roster", "机构表.xlsx", TORN, DAY, "文件不完整"),
    "roster of others": ("organisations:roster", "机构表.xlsx", OTHER, DAY, "没有找到"),
    "plan of the wrong kind": ("plans:upload", "要点.docx", OTHER, PLAN, "Excel"),
    "plan without words": ("plans:upload", "要点.docx", make_docx(""), PLAN, "文件中没有文字"),
    "scheme torn": ("schemes:load", "指标.xlsx", TORN, {}, "文件不完整"),
    "scheme of others": ("schemes:load", "指标.xlsx", OTHER, {}, "需要改正"),
    "scheme as broken JSON": ("schemes:load", "指标.json", b"{", {}, "需要改正"),
    "working days": ("web:workdays_load", "安排.txt", "今年不放假".encode(), {}, "没有"),
    "paper to check": ("briefings:check", "通知.docx", OTHER, {}, "实际是 Excel"),
    "old figures": ("facts:history", "历年.xls", TORN, {}, "只接收"),
}


def left(content: bytes) -> AuditEvent:
    """Return the one line that a refusal left."""
    line = AuditEvent.objects.get(act="import.rejected")
    assert quarantine.kept(line.detail["digest"]) == content
    return line


def test_every_module_that_takes_files_in_is_listed_here() -> None:
    source = Path(changai.__file__).parent
    reading = re.compile(r"request\.FILES|uploaded_files\(|\bstage\(")
    found = {
        str(file.relative_to(source))
        for file in source.rglob("*.py")
        if "tests" not in file.parts and "foundation" not in file.parts and reading.search(file.read_text())
    }
    assert found == set(SHOWN)
    assert all(where == "here" or (source / where).exists() for where in SHOWN.values())


@pytest.mark.parametrize("upload", UPLOADS)
def test_what_the_office_is_refused_is_kept(upload: str, officer: Actor, signed_in: SignIn) -> None:
    page, name, content, more, told = UPLOADS[upload]
    file = SimpleUploadedFile(name, content)
    answer = signed_in(officer).post(reverse(page), {"file": file, **more})
    assert answer.status_code == 422
    line = left(content)
    assert told in line.detail["sentence"], line.detail["sentence"]
    assert told in answer.text


def test_the_sheet_of_assumed_figures_is_kept_when_it_is_none(officer: Actor, signed_in: SignIn) -> None:
    make_dictionary()
    draft = make_draft(officer)
    file = SimpleUploadedFile("假设.xlsx", TORN)
    answer = signed_in(officer).post(reverse("schemes:trial", args=[draft.pk]), {"file": file})
    assert (answer.status_code, left(TORN).detail["ending"]) == (422, "xlsx")


def test_the_classes_a_unit_brings_are_kept_when_refused(liaison: Actor, signed_in: SignIn) -> None:
    file = SimpleUploadedFile("班次.xlsx", OTHER)
    assert signed_in(liaison).post(reverse("training:import"), {"file": file}).status_code == 422
    assert left(OTHER).unit_id == liaison.unit_id


def test_a_file_the_job_refuses_later_is_listed_too(officer: Actor, signed_in: SignIn) -> None:
    file = SimpleUploadedFile("历年.xlsx", OTHER)
    signed_in(officer).post(reverse("facts:history"), {"file": file})
    jobs.work_on_history(timezone.now())
    assert "没有找到表头" in left(OTHER).detail["sentence"]


def test_the_office_reads_the_reason_and_takes_the_file_out(
    everybody: dict[Role, Actor], signed_in: SignIn
) -> None:
    unit = signed_in(everybody[Role.UNIT_LIAISON])
    unit.post(reverse("training:import"), {"file": SimpleUploadedFile("班次.xlsx", OTHER)})
    line = left(OTHER)
    office = signed_in(everybody[Role.OFFICE_OFFICER])
    page, address = reverse("web:refused_files"), reverse("web:refused_file", args=[line.sequence])
    shown = office.get(page).text
    assert line.detail["sentence"] in shown
    assert line.actor_name in shown
    assert address in shown
    taken: Any = office.get(address)
    assert taken.content == OTHER
    assert taken.headers["Content-Disposition"].startswith("attachment")
    assert taken.headers["Content-Type"] == "application/octet-stream"
    assert AuditEvent.objects.filter(act="import.look").count() == 1
    assert "没有未接收的文件" in office.get(page, {"person": "别人"}).text
    assert unit.get(page).status_code == unit.get(address).status_code == 404
    assert office.get(reverse("web:refused_file", args=[line.sequence + 99])).status_code == 404


def test_after_thirty_days_the_reason_stays_and_the_file_is_gone(officer: Actor, signed_in: SignIn) -> None:
    office = signed_in(officer)
    office.post(reverse("schemes:load"), {"file": SimpleUploadedFile("指标.xlsx", TORN)})
    quarantine.sweep(before=timezone.now() + timedelta(days=1))
    line = AuditEvent.objects.get(act="import.rejected")
    assert "已过30天" in office.get(reverse("web:refused_files")).text
    assert office.get(reverse("web:refused_file", args=[line.sequence])).status_code == 409
