"""The page that checks papers typed elsewhere: what it tells, what it refuses, and that it keeps nothing."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from changai.documents.checking.tests.breakages import OURS
from changai.documents.checking.tests.breaking import both, broken, half_of, in_face, valued
from changai.documents.docx import render_docx
from changai.foundation import quarantine
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]


def upload(client: Client, **files: bytes) -> Any:
    given = [SimpleUploadedFile(f"{name}.docx", content) for name, content in files.items()]
    return client.post(reverse("briefings:check"), {"file": given})


def test_deviations_are_told_by_where_the_requirement_comes_from(officer: Actor, signed_in: SignIn) -> None:
    ours = render_docx(OURS["official"])
    wrong = broken(ours, both(in_face("示范市总工会文件", "黑体"), half_of("关于全市", valued("w:sz", 36))))
    client = signed_in(officer)
    before = AuditEvent.objects.count()
    answer = upload(client, 通报=wrong, 通知=ours)
    page = answer.text
    assert answer.status_code == 200
    assert "共 2 项不符，其中 1 项必须改" in page
    assert page.index("国家标准（GB/T 9704—2012）") < page.index("惯例")
    assert "小2号" in page
    assert page.count("没有发现不符之处。") == 1
    assert AuditEvent.objects.count() == before
    assert not quarantine.is_kept(quarantine.digest_of(wrong))
    found = answer.context["signed"]
    sheet: Any = client.post(reverse("briefings:checked_workbook"), {"found": found})
    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(sheet.content)).active.rows]
    assert ["通报.docx", "国标", "标题", "工作情况的通报", "小2号", "2号", "7.3.1", 1] in rows
    tampered = client.post(reverse("briefings:checked_workbook"), {"found": found + "x"})
    assert tampered.status_code == 422


def test_a_file_that_is_none_is_refused_and_the_others_are_checked(officer: Actor, signed_in: SignIn) -> None:
    torn = render_docx(OURS["unsealed"])[:-30]
    answer = upload(signed_in(officer), 坏=torn, 好=render_docx(OURS["unsealed"]))
    assert answer.status_code == 422
    assert "坏.docx：文件不完整" in answer.text
    assert "没有发现不符之处。" in answer.text
    assert quarantine.kept(quarantine.digest_of(torn)) == torn
    assert signed_in(officer).post(reverse("briefings:check")).status_code == 422


def test_only_those_who_write_papers_check_them(everybody: dict[Role, Actor], signed_in: SignIn) -> None:
    for role, actor in everybody.items():
        expected = 200 if role in (Role.OFFICE_OFFICER, Role.OFFICE_HEAD) else 403
        assert signed_in(actor).get(reverse("briefings:check")).status_code == expected, role


def test_the_list_of_papers_leads_here(officer: Actor, signed_in: SignIn) -> None:
    assert reverse("briefings:check") in signed_in(officer).get(reverse("briefings:index")).text
