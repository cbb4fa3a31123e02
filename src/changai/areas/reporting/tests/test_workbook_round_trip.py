"""The sheet as a workbook: out, filled away from the system, back, previewed, taken over, submitted."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from changai.areas.organisations.models import Unit
from changai.areas.reporting import actions
from changai.areas.reporting.actions import CellEdit, Complaint, save_cells
from changai.areas.reporting.models import CellChange, FigurePart, Report, WorkbookImport
from changai.areas.reporting.queries.workbooks import read_import
from changai.areas.reporting.tests.make import (
    IN_TIME,
    OFFICER,
    head_of,
    liaison_of,
    make_claim,
    make_field,
    make_form,
    make_report,
    make_unit,
    sign,
)
from changai.areas.reporting.tests.test_narratives import make_sheet
from changai.areas.reporting.tests.workbook_files import (
    bring,
    changed,
    column_of,
    downloaded,
    heading_row,
    put,
    signed_in,
    take,
)
from changai.documents.workbooks import META_SHEET
from changai.foundation.actors import Role
from changai.foundation.audit.models import AuditEvent
from changai.foundation.audit.verifier import verify_chain

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Unit:
    return make_unit()


@pytest.fixture
def report(unit: Unit) -> Report:
    make_claim(unit)
    asked = make_field("trained", unit_of_measure="人", minimum=Decimal(0), maximum=Decimal(9999))
    known = make_field("known", source="register", source_key="training.persons")
    return make_report(unit, make_form(asked, known))


@pytest.fixture
def liaison(unit: Unit) -> Client:
    return signed_in(Role.UNIT_LIAISON, unit)


def refs(report: Report) -> tuple[str, str, str]:
    claim = report.task_lines.get().claim_id
    asked, known = report.figure_lines.order_by("position").values_list("field_id", flat=True)
    return f"task:{claim}", f"figure:{asked}", f"figure:{known}"


FILLED = (
    put("任务进展", "完成进度", 1, 80),
    put("任务进展", "进展情况", 1, "已办班三期。"),
    put("任务进展", "存在问题", 1, "师资不足。"),
    put("数据", "本月数", 1, 412),
    put("数据", "核对", 2, "核对无误"),
)


def test_the_workbook_is_prefilled_locked_and_signed(liaison: Client, report: Report, unit: Unit) -> None:
    content = downloaded(liaison, report)
    book = openpyxl.load_workbook(io.BytesIO(content))

    assert book.sheetnames == ["任务进展", "数据", "填表说明", META_SHEET]
    assert book[META_SHEET].sheet_state == "veryHidden"
    page = book["数据"]
    assert page.protection.sheet
    assert page.column_dimensions["A"].hidden
    value = page.cell(heading_row(page) + 1, column_of(page, "本月数"))
    assert not value.protection.locked
    assert page.cell(heading_row(page) + 1, column_of(page, "数据项")).protection.locked
    assert page.cell(heading_row(page) + 2, column_of(page, "本月数")).protection.locked
    rules = {str(rule.sqref): rule for rule in page.data_validations.dataValidation}
    assert rules[value.coordinate].error == "请填写 0 到 9999 之间的整数，不带单位。"
    assert any(rule.type == "list" and "核对无误" in rule.formula1 for rule in rules.values())
    assert page.page_setup.paperSize == 9
    assert unit.name in page["B2"].value


def test_filled_brought_previewed_and_submitted_in_one_press(
    liaison: Client, report: Report, unit: Unit
) -> None:
    task, asked, known = refs(report)
    preview = bring(liaison, report, changed(downloaded(liaison, report), *FILLED))

    assert "核对差异" in preview.text
    assert {cell.ref: (cell.old, cell.new) for cell in preview.context["changes"]} == {
        f"{task}:percent": ("", "80"),
        f"{task}:progress": ("", "已办班三期。"),
        f"{task}:problems": ("", "师资不足。"),
        f"{asked}:value": ("", "412"),
        f"{known}:confirm": ("", "核对无误"),
    }
    report.refresh_from_db()
    assert report.version == 1
    done = take(liaison, then="submit")
    assert "已写入 5 格" in done.text
    assert "已提交本单位负责人审签" in done.text
    report.refresh_from_db()
    assert report.status == Report.Status.SUBMITTED
    assert report.figure_lines.get(field_id=asked.split(":")[1]).value == 412
    assert set(CellChange.objects.values_list("origin", flat=True)) == {"workbook", "register"}
    batch = WorkbookImport.objects.get()
    assert batch.state == WorkbookImport.State.TAKEN
    assert batch.outcome["submitted"]
    assert verify_chain().is_whole


def test_good_cells_are_taken_and_bad_ones_come_back_coloured(liaison: Client, report: Report) -> None:
    task, asked, _known = refs(report)
    brought = changed(
        downloaded(liaison, report),
        *FILLED,
        put("数据", "本月数", 1, "约50"),
        put("任务进展", "完成进度", 1, "８５％"),
    )
    preview = bring(liaison, report, brought)

    (fault,) = preview.context["faults"]
    assert fault.address == "G4"
    assert fault.sentences[0].startswith(
        "工作表“数据”G4 单元格：填的是“约50”，应为数字（单位：人）。请填确切的数字"
    )
    (percent,) = [cell for cell in preview.context["changes"] if cell.ref == f"{task}:percent"]
    assert (percent.raw, percent.new, percent.is_put_right) == ("８５％", "85", True)
    assert "填的是“８５％”，已规范" in preview.text

    batch = WorkbookImport.objects.get()
    marked = liaison.get(reverse("reporting:import_marked", args=[batch.pk])).content
    page = openpyxl.load_workbook(io.BytesIO(marked))["数据"]
    assert page["G4"].value == "约50"
    assert page["G4"].fill.start_color.rgb == "FFF8CBAD"
    assert "请填确切的数字" in page["G4"].comment.text
    taken = take(liaison)
    assert "有错误未写入 1 格" in taken.text
    assert report.figure_lines.get(field_id=asked.split(":")[1]).value is None
    assert report.task_lines.get().percent == 85

    mended = bring(liaison, report, changed(marked, put("数据", "本月数", 1, 50)))
    assert [cell.ref for cell in mended.context["changes"]] == [f"{asked}:value"]


def test_columns_moved_added_renamed_and_titles_added_are_still_understood(
    liaison: Client, report: Report
) -> None:
    def rearrange(book: Any) -> None:
        page = book["数据"]
        page.protection.sheet = False
        rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=3)]
        del book["数据"]
        fresh = book.create_sheet("我的表", 0)
        fresh.append(["某县统计"])
        fresh.append([])
        for number, row in enumerate(rows):
            moved = [row[2], "家庭住址" if not number else "某街道 1 号", *row[3:], row[1]]
            fresh.append(["本月人数" if value == "本月数" else value for value in moved])

    content = changed(downloaded(liaison, report), *FILLED, rearrange)
    preview = bring(liaison, report, content)

    assert "有几列没认出来，请指明" in preview.text
    (placed,) = preview.context["unplaced"]
    assert placed.open_titles == ("本月数",)
    assert "家庭住址" in placed.spare.values()
    batch = WorkbookImport.objects.get()
    letters = next(letters for letters, heading in placed.spare.items() if heading == "本月人数")
    mapped = liaison.post(
        reverse("reporting:import_columns", args=[batch.pk]), {"column:数据:本月数": letters}, follow=True
    )
    assert "多出的列不导入、不保存：家庭住址" in mapped.text
    _task, asked, _known = refs(report)
    assert f"{asked}:value" in {cell.ref for cell in mapped.context["changes"]}
    assert "某街道" not in mapped.text
    take(liaison)
    assert report.figure_lines.get(field_id=asked.split(":")[1]).value == 412


def test_what_others_changed_since_the_download_is_asked(liaison: Client, report: Report, unit: Unit) -> None:
    task, asked, _known = refs(report)
    content = changed(downloaded(liaison, report), *FILLED)
    edits = [CellEdit(f"{asked}:value", "400"), CellEdit(f"{task}:next_steps", "扩大范围。")]
    save_cells(head_of(unit), report.pk, cells=edits, at=IN_TIME)

    preview = bring(liaison, report, content)
    (conflict,) = preview.context["warnings"]
    assert conflict.ref == f"{asked}:value"
    assert conflict.sentences == ("下载之后网上已改为“400”，请确认以表内的为准。",)
    assert f"{task}:next_steps" not in {cell.ref for cell in preview.context["changes"]}
    take(liaison)
    assert report.figure_lines.get(field_id=asked.split(":")[1]).value == 400


def test_between_preview_and_press_the_sheet_may_move(liaison: Client, report: Report, unit: Unit) -> None:
    _task, asked, _known = refs(report)
    preview = bring(liaison, report, changed(downloaded(liaison, report), *FILLED))
    save_cells(liaison_of(unit), report.pk, cells=[CellEdit(f"{asked}:value", "9")], at=IN_TIME)

    batch = WorkbookImport.objects.get()
    posted = {"seen": preview.context["seen"], "then": "fill"}
    answer = liaison.post(reverse("reporting:import_take", args=[batch.pk]), posted)
    assert answer.status_code == 409
    assert "请重新核对" in answer.text
    assert report.task_lines.get().percent is None


def test_what_is_missing_keeps_a_draft_and_is_told(liaison: Client, report: Report) -> None:
    bring(liaison, report, changed(downloaded(liaison, report), put("任务进展", "完成进度", 1, 80)))

    told = take(liaison, then="submit")
    assert "内容已写入草稿，但还不能提交" in told.text
    assert "“进展情况”未填写" in told.text
    report.refresh_from_db()
    assert report.status == Report.Status.DRAFT
    assert report.task_lines.get().percent == 80


def test_who_does_not_fill_neither_downloads_nor_brings(report: Report) -> None:
    stranger = signed_in(Role.UNIT_LIAISON, make_unit())
    assert stranger.get(reverse("reporting:workbook", args=[report.pk])).status_code == 404
    office = signed_in(Role.OFFICE_OFFICER)
    assert office.get(reverse("reporting:workbook", args=[report.pk])).status_code == 403
    assert not WorkbookImport.objects.exists()


def test_a_download_that_was_not_touched_changes_nothing(liaison: Client, report: Report, unit: Unit) -> None:
    task, _asked, _known = refs(report)
    save_cells(liaison_of(unit), report.pk, cells=[CellEdit(f"{task}:percent", "1")], at=IN_TIME)

    preview = bring(liaison, report, downloaded(liaison, report))
    assert "表内的内容与网上一致" in preview.text
    assert not preview.context["faults"]
    discarded = liaison.post(
        reverse("reporting:import_discard", args=[WorkbookImport.objects.get().pk]), follow=True
    )
    assert "已放弃这份工作簿" in discarded.text
    assert AuditEvent.objects.filter(act="report.discard_import").exists()


def test_words_and_figures_item_by_item_go_out_and_come_back() -> None:
    report = make_sheet()
    men, women = FigurePart.objects.filter(line__report=report).order_by("category__position")
    liaison = signed_in(Role.UNIT_LIAISON, report.obligation.unit)
    content = changed(
        downloaded(liaison, report),
        put("数据", "本月数", 1, 7),
        put("数据", "本月数", 2, 4),
        put("数据", "本月数", 3, 3),
        put("文字材料", "内容", 1, "建成示范工匠学院一所，开班三期。"),
    )

    preview = bring(liaison, report, content)
    assert [cell.row for cell in preview.context["changes"]][1:3] == [
        f"{men.line.field.name}：男",
        f"{women.line.field.name}：女",
    ]
    take(liaison, then="submit")
    report.refresh_from_db()
    assert report.status == Report.Status.SUBMITTED
    assert [part.value for part in FigurePart.objects.order_by("pk")] == [4, 3]
    assert report.narrative_lines.get().text == "建成示范工匠学院一所，开班三期。"


def test_lines_that_are_accepted_are_locked_and_what_was_typed_over_them_is_a_fault() -> None:
    unit, good, bad = make_unit(), make_field("good"), make_field("bad")
    report = sign(make_report(unit, make_form(good, bad)))
    complaint = Complaint("数据与台账不符", {f"figure:{bad.pk}:value": "请核对"}, date(2026, 11, 20))
    actions.accept_part(OFFICER, report.pk, complaint=complaint, version=report.version, at=IN_TIME)
    client = signed_in(Role.UNIT_LIAISON, unit)
    content = changed(downloaded(client, report), put("数据", "本月数", 1, 88), put("数据", "本月数", 2, 4))
    page = bring(client, report, content)
    states = {cell.ref: cell.state for cell in read_import(WorkbookImport.objects.get())[0].cells}
    assert states[f"figure:{good.pk}:value"] == "fault"
    assert states[f"figure:{bad.pk}:value"] == "change"
    assert "该行已采用，不能再改" in page.text
