import io
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from changai.areas.organisations.models import Unit
from changai.areas.registers.training.models import TrainingClass
from changai.areas.registers.training.tests.make import make_class
from changai.foundation.actors import Actor, Role

SignIn = Callable[[Actor], Client]
LIST = "training:list"
ROW = ["焊工班", "技能提升培训", "2026-10-20", 40, 50, 45]


@pytest.fixture
def unit(liaison: Actor, signed_in: SignIn) -> Client:
    return signed_in(liaison)


def upload(client: Client, *rows: list[Any]) -> Any:
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("training:template")).content))
    sheet = book.active
    first = next(row[0].row for row in sheet.iter_rows() if row[0].value == "班次名称") + 1
    for offset, row in enumerate(rows):
        for column, value in enumerate(row, start=1):
            sheet.cell(first + offset, column).value = value
    written = io.BytesIO()
    book.save(written)
    file = SimpleUploadedFile("班次.xlsx", written.getvalue())
    return client.post(reverse("training:import"), {"file": file}, follow=True)


def test_each_sees_the_classes_they_reach(
    everybody: dict[Role, Actor], liaison: Actor, other_liaison: Actor, signed_in: SignIn
) -> None:
    make_class(liaison)
    make_class(other_liaison, title="乙局的班")
    seen = {
        Role.UNIT_LIAISON: 1,
        Role.UNIT_HEAD: 1,
        Role.COUNTY_REVIEWER: 0,
        Role.LEADER: 2,
        Role.OFFICE_OFFICER: 2,
    }
    for role, count in seen.items():
        assert signed_in(everybody[role]).get(reverse(LIST)).context["listing"].count == count
    assert signed_in(everybody[Role.AUDIT_ADMINISTRATOR]).get(reverse(LIST)).status_code == 404


def test_the_list_is_narrowed_sorted_and_counted(liaison: Actor, unit: Client, unit_a: Unit) -> None:
    make_class(liaison)
    make_class(liaison, title="钳工班", held_on=date(2026, 9, 1), kind="safety", persons=9, certified=0)
    for asked, titles in (
        ({"month": "2026-09"}, ["钳工班"]),
        ({"kind": "skill"}, ["焊工技能提升班"]),
        ({"q": "钳"}, ["钳工班"]),
        ({"sort": "persons"}, ["钳工班", "焊工技能提升班"]),
        ({"state": "cancelled"}, []),
        ({"month": "九月", "unit": "x"}, ["焊工技能提升班", "钳工班"]),
    ):
        listing = unit.get(reverse(LIST), asked).context["listing"]
        assert [row.title for row in listing] == titles
    assert "59" in unit.get(reverse(LIST)).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_rows(
    liaison: Actor, unit: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        make_class(liaison, title=f"第{number}期")
    with django_assert_max_num_queries(14):
        unit.get(reverse(LIST))


def test_a_class_is_entered_and_cancelled_on_its_pages(unit: Client) -> None:
    typed = {
        "title": "焊工班", "kind": "skill", "held_on": "2026-10-20", "hours": 40, "persons": 50, "certified": 45,
    }  # fmt: skip
    assert unit.post(reverse("training:add"), typed | {"certified": 51}).status_code == 422
    assert unit.post(reverse("training:add"), typed).status_code == 303
    assert "已在名册中" in unit.post(reverse("training:add"), typed).content.decode()
    row = TrainingClass.objects.get()
    cancel = reverse("training:cancel", args=[row.pk])
    assert unit.post(cancel, {"version": 1, "reason": ""}).status_code == 422
    assert unit.post(cancel, {"version": 1, "reason": "重复"}).status_code == 303
    assert unit.post(cancel, {"version": 1, "reason": "重复"}).status_code == 409
    assert "重复" in unit.get(reverse(LIST)).content.decode()


def test_a_workbook_is_previewed_then_entered_once(liaison: Actor, unit: Client) -> None:
    preview = upload(unit, ROW, ["钳工班", "岗位安全培训", date(2026, 10, 21), "８", 30, None])
    assert "可登记" in preview.content.decode()
    assert not TrainingClass.objects.exists()
    confirm = preview.redirect_chain[0][0] + "confirm/"
    assert unit.post(confirm).status_code == 303
    assert list(TrainingClass.objects.order_by("hours").values_list("title", "hours", "certified")) == [
        ("钳工班", 8, 0), ("焊工班", 40, 45),
    ]  # fmt: skip
    again = unit.post(confirm)
    assert (again.status_code, TrainingClass.objects.count()) == (422, 2)


def test_every_fault_names_its_cell_and_nothing_is_entered(liaison: Actor, unit: Client) -> None:
    make_class(liaison, title="已有班")
    rows = [
        ROW,
        ROW,
        ["已有班", *ROW[1:]],
        ["", "跳舞", "2026-13-01", "#N/A", "约50", 1],
        ["多证班", "技能提升培训", "2026-10-20", 8, 5, 6],
    ]
    preview = upload(unit, *rows)
    page = preview.content.decode()
    for said in ("同一班次", "已在名册中", "应为技能提升培训", "#N/A", "约50", "不能多于培训人数"):
        assert said in page
    assert "确认登记" not in page
    assert unit.post(preview.redirect_chain[0][0] + "confirm/").status_code == 422
    assert TrainingClass.objects.count() == 1


def test_what_is_listed_is_exported(liaison: Actor, unit: Client) -> None:
    make_class(liaison)
    make_class(liaison, title="=1+1", held_on=date(2026, 9, 1))
    answer = unit.get(reverse("training:export"), {"month": "2026-09"})
    cells = [
        cell for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows() for cell in row
    ]
    assert [cell.data_type for cell in cells if cell.value == "=1+1"] == ["s"]
    assert not [cell for cell in cells if cell.value == "焊工技能提升班"]


def test_the_office_reads_and_does_not_enter(officer: Actor, signed_in: SignIn) -> None:
    client = signed_in(officer)
    assert client.get(reverse("training:add")).status_code == 403
    assert client.get(reverse("training:import")).status_code == 403
    assert client.get(reverse(LIST)).status_code == 200


def test_the_dialog_asks_for_the_reason_only(liaison: Actor, unit: Client) -> None:
    make_class(liaison)
    page = unit.get(reverse(LIST)).content.decode()
    dialog = page[page.index("<dialog") : page.index("</dialog>")]
    assert 'name="reason"' in dialog
    assert 'name="month"' not in dialog
