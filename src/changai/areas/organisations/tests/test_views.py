import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from changai.areas.accounts.tests.make import FOUNDED, MOMENT
from changai.areas.organisations import queries
from changai.areas.organisations.actions import add_group, add_grouping, name_liaison, rename_unit, sort_unit
from changai.areas.organisations.models import Grouping, Unit
from changai.foundation.actors import Actor, Role

SignIn = Callable[[Actor], Client]


@pytest.fixture
def office(officer: Actor, signed_in: SignIn) -> Client:
    return signed_in(officer)


def workbook_of(client: Client) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(client.get(reverse("organisations:roster_export")).content))


def upload(client: Client, book: openpyxl.Workbook) -> Any:
    written = io.BytesIO()
    book.save(written)
    file = SimpleUploadedFile("机构表.xlsx", written.getvalue())
    return client.post(
        reverse("organisations:roster"), {"file": file, "on": str(timezone.localdate())}, follow=True
    )


def test_everybody_in_the_programme_sees_the_tree(
    everybody: dict[Role, Actor], signed_in: SignIn, visitor: Client
) -> None:
    address = reverse("organisations:tree")
    for role, actor in everybody.items():
        expected = 404 if role is Role.AUDIT_ADMINISTRATOR else 200
        assert signed_in(actor).get(address).status_code == expected
    assert visitor.get(address).status_code == 302


def test_the_page_of_a_day_shows_the_names_of_that_day(officer: Actor, office: Client, unit_a: Unit) -> None:
    rename_unit(officer, unit_a.pk, version=1, name="甲委", short_name="甲委", on=MOMENT.date(), at=MOMENT)
    page = reverse("organisations:unit", args=[unit_a.pk])

    assert "甲委</h2>" in office.get(page).content.decode().replace(" </h2>", "</h2>")
    before = office.get(page, {"on": "2025-01-01"}).content.decode()
    assert "甲局" in before
    assert "只供查阅" in before
    assert "由“甲局”改为“甲委”" in before


def test_the_page_asks_the_database_the_same_number_of_times_however_many_units(
    office: Client, unit_a: Unit, county: Unit, township: Unit, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(22):
        office.get(reverse("organisations:unit", args=[unit_a.pk]))


def test_a_change_goes_through_its_form(office: Client, unit_a: Unit, unit_b: Unit) -> None:
    address = reverse("organisations:change", args=[unit_a.pk, "rename"])
    assert "甲局" in office.get(address).content.decode()

    answer = office.post(address, {"version": 1, "name": "甲委", "short_name": "甲委", "on": "2026-01-01"})
    assert answer.status_code == 303
    unit_a.refresh_from_db()
    assert unit_a.name == "甲委"
    stale = office.post(address, {"version": 1, "name": "丙", "short_name": "丙", "on": "2026-02-01"})
    assert stale.status_code == 409
    tomorrow = office.post(address, {"version": 2, "name": "丙", "short_name": "丙", "on": "2099-01-01"})
    assert (tomorrow.status_code, "不能晚于今天" in tomorrow.content.decode()) == (422, True)


def test_units_are_merged_and_split_through_their_forms(office: Client, unit_a: Unit, unit_b: Unit) -> None:
    common = {"on": "2026-01-01", "reason": "示编〔2026〕1号"}
    merged = office.post(
        reverse("organisations:merge", args=[unit_a.pk]), common | {"version": 1, "source_ids": [unit_b.pk]}
    )
    parts = {"code_1": "p1", "name_1": "新一", "short_name_1": "新一", "code_2": "p2", "name_2": "新二局"}
    split = office.post(
        reverse("organisations:change", args=[unit_a.pk, "split"]),
        common | parts | {"version": 1, "ends": "on"},
    )
    assert (merged.status_code, split.status_code) == (303, 303)
    tree = office.get(reverse("organisations:tree")).content.decode()
    assert "新二局" in tree
    assert "乙局" not in tree


def test_only_the_office_opens_the_forms(liaison: Actor, signed_in: SignIn, unit_a: Unit) -> None:
    client = signed_in(liaison)
    assert client.get(reverse("organisations:change", args=[unit_a.pk, "rename"])).status_code == 403
    assert client.get(reverse("organisations:roster")).status_code == 403
    assert "更名" not in client.get(reverse("organisations:unit", args=[unit_a.pk])).content.decode()


def test_there_is_no_other_change(office: Client, unit_a: Unit) -> None:
    assert office.get(reverse("organisations:change", args=[unit_a.pk, "paint"])).status_code == 404


def test_what_is_exported_is_imported_without_a_change(officer: Actor, office: Client, unit_a: Unit) -> None:
    group = add_group(officer, add_grouping(officer, name="考核分类", at=MOMENT).pk, name="综合", at=MOMENT)
    sort_unit(officer, unit_a.pk, group_ids=[group.pk], at=MOMENT)
    name_liaison(officer, unit_a.pk, name="张三", telephone="0571-88880001", on=FOUNDED, at=MOMENT)

    preview = upload(office, workbook_of(office)).content.decode()
    assert "与现有机构一致" in preview
    assert "确认导入" not in preview


def test_an_import_is_previewed_then_confirmed(officer: Actor, office: Client, unit_a: Unit) -> None:
    add_group(officer, add_grouping(officer, name="考核分类", at=MOMENT).pk, name="综合", at=MOMENT)
    book = workbook_of(office)
    sheet = book.active
    row = next(cells[0].row for cells in sheet.iter_rows() if cells[1].value == "甲局")
    sheet.cell(row, 2).value = "甲委员会"
    sheet.cell(row, 9).value = "综合"
    city = Unit.objects.get(level="city").code
    sheet.append(["９０１", "新局", "", "成员单位", city, None, "王五", 88880002])

    preview = upload(office, book)
    page = preview.content.decode()
    assert "甲局 → 甲委员会" in page
    assert not Unit.objects.filter(name="新局").exists()

    fingerprint = preview.context["plan"].fingerprint
    address = preview.redirect_chain[0][0] + "confirm/"
    assert office.post(address, {"fingerprint": fingerprint}).status_code == 303
    new = Unit.objects.get(name="新局")
    liaison = queries.liaison_on(new, timezone.localdate())
    assert liaison is not None
    assert (new.code, new.short_name, liaison.name, liaison.telephone) == ("901", "新局", "王五", "88880002")
    assert [group.name for group in queries.groups_of(unit_a)] == ["综合"]
    assert office.post(address, {"fingerprint": fingerprint}).status_code == 409


def test_faults_are_shown_with_their_cells_and_nothing_can_be_confirmed(office: Client, unit_a: Unit) -> None:
    book = workbook_of(office)
    book.active.append(["902", "#N/A", "", "局", "不存在"])
    book.active.append([unit_a.code, "甲局", "甲局", "县区", ""])
    page = upload(office, book).content.decode()

    assert "确认导入" not in page
    assert page.count("有错误</span>") >= 2


def test_a_file_of_another_kind_is_refused_beside_its_field(office: Client, city_unit: Unit) -> None:
    file = SimpleUploadedFile("机构表.xlsx", b"not a workbook")
    answer = office.post(reverse("organisations:roster"), {"file": file, "on": "2026-01-01"})
    assert answer.status_code == 422
    assert "机构表.xlsx" in answer.content.decode()


def test_somebody_elses_upload_is_not_to_be_had(
    office: Client, office_head: Actor, signed_in: SignIn, unit_a: Unit
) -> None:
    address = upload(office, workbook_of(office)).redirect_chain[0][0]
    assert signed_in(office_head).get(address).status_code == 409


def test_groupings_and_names_are_kept_on_their_pages(office: Client, unit_a: Unit) -> None:
    office.post(reverse("organisations:add_grouping"), {"name": "考核分类"})
    grouping = Grouping.objects.get()
    office.post(reverse("organisations:add_group", args=[grouping.pk]), {"name": "综合"})
    group = grouping.groups.get()
    office.post(reverse("organisations:rename_group", args=[group.pk]), {"name": "综合部门"})
    office.post(
        reverse("organisations:change", args=[unit_a.pk, "sort"]),
        {"version": 1, f"grouping_{grouping.pk}": group.pk},
    )
    page = office.get(reverse("organisations:groups")).content.decode()
    assert "综合部门" in page
    assert "甲局" in page

    names = {
        "version": 1,
        "city_name": "样板市",
        "body_name": "联席会议",
        "office_name": "办",
        "office_short_name": "办",
    }
    assert office.post(reverse("organisations:city"), names).status_code == 303
    assert "联席会议" in office.get(reverse("organisations:tree")).content.decode()
    assert (
        office.post(reverse("organisations:city"), names | {"version": 2, "city_name": ""}).status_code == 422
    )
