"""Pages of indicator systems as the cast meets them."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.tests.make import make_dictionary, make_draft, make_issued, workbook
from changai.foundation.actors import Actor

SignIn = Callable[[Actor], Client]


@pytest.fixture(autouse=True)
def dictionary(db: None) -> None:
    make_dictionary()


def upload(client: Client, content: bytes, name: str = "指标.xlsx", once: str = "") -> object:
    return client.post(reverse("schemes:load"), {"file": SimpleUploadedFile(name, content), "once": once})


def test_the_office_uploads_looks_and_issues(
    signed_in: SignIn, officer: Actor, office_head: Actor, liaison: Actor
) -> None:
    office, head, unit = signed_in(officer), signed_in(office_head), signed_in(liaison)
    answer = upload(office, workbook())
    version = SchemeVersion.objects.get()
    address = reverse("schemes:scheme", args=[version.pk])
    assert (answer.status_code, answer["Location"]) == (303, address)
    page = office.get(address).content.decode()
    assert "技能培训人次、培训任务数" in page
    assert version.digest in page
    assert "issue-scheme" not in page
    assert unit.get(address).status_code == 404
    assert "issue-scheme" in head.get(address).content.decode()
    issue = reverse("schemes:issue", args=[version.pk])
    assert office.post(issue, {"version": 1}).status_code == 403
    assert head.post(issue, {"version": 7}).status_code == 409
    assert head.post(issue, {"version": 1}).status_code == 303
    assert head.post(issue, {"version": 2}).status_code == 409
    page = unit.get(address).content.decode()
    assert office_head.name in page
    assert "检查提示" not in page


def test_faults_are_listed_beside_the_form_and_nothing_is_kept(signed_in: SignIn, officer: Actor) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    column = next(cell.column_letter for cell in book["指标表"][3] if cell.value == "评分规则")
    book["指标表"][f"{column}4"] = "看着给分"
    book["指标表"][f"{column}5"] = "看着给分"
    written = io.BytesIO()
    book.save(written)
    answer = upload(signed_in(officer), written.getvalue())
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "指标表 第 4 行" in page
    assert "指标表 第 5 行" in page
    assert 'type="file"' in page
    assert not SchemeVersion.objects.exists()


def test_an_issued_version_cannot_be_loaded_over(
    signed_in: SignIn, officer: Actor, office_head: Actor
) -> None:
    issued = make_issued(officer, office_head)
    answer = upload(signed_in(officer), workbook())
    assert answer.status_code == 409
    assert "已印发，不能再修改" in answer.content.decode()
    assert SchemeVersion.objects.get().digest == issued.digest


def test_the_same_press_twice_loads_once(signed_in: SignIn, officer: Actor) -> None:
    client = signed_in(officer)
    upload(client, workbook(), once="k1")
    assert upload(client, workbook(), once="k1").status_code == 303
    assert SchemeVersion.objects.get().version == 1


def test_no_file_is_told(signed_in: SignIn, officer: Actor) -> None:
    assert signed_in(officer).post(reverse("schemes:load"), {}).status_code == 422


def test_workbooks_leave_as_downloads(
    signed_in: SignIn, officer: Actor, liaison: Actor, office_head: Actor
) -> None:
    issued = make_issued(officer, office_head)
    answer = signed_in(liaison).get(reverse("schemes:workbook", args=[issued.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert "指标表" in openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames
    assert signed_in(liaison).get(reverse("schemes:blank")).status_code == 403
    assert signed_in(officer).get(reverse("schemes:blank")).status_code == 200


def test_strangers_and_administrators_find_nothing(
    signed_in: SignIn, officer: Actor, liaison: Actor, audit_administrator: Actor, visitor: Client
) -> None:
    draft = make_draft(officer)
    for name in ("scheme", "workbook"):
        address = reverse(f"schemes:{name}", args=[draft.pk])
        assert signed_in(liaison).get(address).status_code == 404
        assert signed_in(audit_administrator).get(address).status_code == 404
        assert visitor.get(address).status_code == 302
    assert signed_in(audit_administrator).get(reverse("schemes:index")).status_code == 404
    assert signed_in(liaison).get(reverse("schemes:load")).status_code == 403


def test_the_list_does_not_grow_in_queries(
    signed_in: SignIn, officer: Actor, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(6):
        make_draft(officer, version=f"{number}.0")
    client = signed_in(officer)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("schemes:index")).content.decode()
    assert page.count("测试指标体系") >= 6
