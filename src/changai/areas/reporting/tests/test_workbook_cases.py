"""The named spreadsheet cases at the page: what the person reads, and that nothing is stored.

X01-X27, X82, X85, X91: every refused file of documents/intake/tests/cases.py is uploaded here: 422, the sentence, no
upload, no change, the bytes in quarantine, one line in the log. X28-X46: whose workbook, which sheet, which columns.
X54-X66: values as the sheet takes them. X77, X79, X92: doubled rows, the same file again, two people at once.
X31 names both months, X32 both units; X36 never shows or keeps what stands in a column that was not asked.
"""

import io
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl.comments import Comment

from changai.areas.organisations.models import Unit
from changai.areas.reporting.models import Form, Report, WorkbookImport
from changai.areas.reporting.tests.make import (
    OCTOBER,
    make_claim,
    make_field,
    make_form,
    make_report,
    make_unit,
)
from changai.areas.reporting.tests.workbook_files import (
    Change,
    bring,
    changed,
    column_of,
    downloaded,
    heading_row,
    put,
    signed_in,
    take,
)
from changai.documents.intake.tests.cases import REFUSED
from changai.documents.workbooks import META_SHEET
from changai.foundation import quarantine
from changai.foundation.actors import Role
from changai.foundation.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
VALUE = put("数据", "本月数", 1, 412)


@pytest.fixture
def unit() -> Unit:
    return make_unit("甲县")


@pytest.fixture
def report(unit: Unit) -> Report:
    make_claim(unit)
    first = make_field("trained", name="培训人次", unit_of_measure="人次", minimum=Decimal(0))
    second = make_field("share", name="培训覆盖率", unit_of_measure="%", decimals=1)
    return make_report(unit, make_form(first, second))


@pytest.fixture
def liaison(unit: Unit) -> Client:
    return signed_in(Role.UNIT_LIAISON, unit)


def refused(client: Client, report: Report, content: bytes, told: str, name: str = "十月.xlsx") -> None:
    """Upload; nothing is stored but the refused bytes and one line in the log."""
    lines = AuditEvent.objects.filter(act="import.rejected").count()
    answer = bring(client, report, content, name)
    assert answer.status_code == 422
    assert told in answer.context["refusal"].sentence, answer.context["refusal"].sentence
    assert told in answer.text.replace("&#x27;", "'").replace("&quot;", '"')
    assert not WorkbookImport.objects.exists()
    report.refresh_from_db()
    assert report.version == 1
    rejected = AuditEvent.objects.filter(act="import.rejected").order_by("-sequence")
    assert rejected.count() == lines + (1 if content else 0)
    if content:
        assert quarantine.kept(rejected[0].detail["digest"]) == content


def previewed(client: Client, report: Report, content: bytes) -> Any:
    answer = bring(client, report, content)
    assert answer.status_code == 200, answer.context["refusal"].sentence
    report.refresh_from_db()
    assert report.version == 1
    return answer.context


def after(client: Client, report: Report, *changes: Change) -> Any:
    return previewed(client, report, changed(downloaded(client, report), *changes))


def only_fault(client: Client, report: Report, *changes: Change) -> str:
    context = after(client, report, *changes)
    (cell,) = context["faults"]
    assert not context["changes"]
    return " ".join(cell.sentences)


def without_stamp(book: Any) -> None:
    del book[META_SHEET]


def test_x01_to_x27_at_the_page(liaison: Client, report: Report) -> None:
    """Every file of the list, each as a person would bring it."""
    for case in REFUSED.values():
        refused(liaison, report, case.make(), case.told, case.name)


# --- template, sheet, month, unit ---


def test_x28_another_workbook(liaison: Client, report: Report) -> None:
    def another(book: Any) -> None:
        without_stamp(book)
        for name in ("任务进展", "数据"):
            del book[name]
        book.create_sheet("花名册").append(["姓名", "性别", "年龄", "电话"])

    refused(liaison, report, changed(downloaded(liaison, report), another), "不是“月度台账”模板")


def test_x28_the_workbook_of_another_form(liaison: Client, report: Report, unit: Unit) -> None:
    Form.objects.update(name="季度报表")
    other = downloaded(liaison, report)
    Form.objects.update(name="月度台账")
    form = make_form(make_field())
    Form.objects.filter(pk=form.pk).update(name="专项报表")
    second = make_report(unit, form, month=OCTOBER.plus(1))
    refused(liaison, report, downloaded(liaison, second), "不是“月度台账”模板：这是“专项报表”的表")
    assert previewed(liaison, report, other)["tiles"]


def test_x29_an_older_version_of_the_form(liaison: Client, report: Report) -> None:
    old = changed(downloaded(liaison, report), VALUE)
    Form.objects.update(version=9)
    context = previewed(liaison, report, old)
    assert "按旧版报表下载的" in context["notes"][0]
    assert [cell.new for cell in context["changes"]] == ["412"]


def test_x30_another_sheet_first(liaison: Client, report: Report) -> None:
    def cover(book: Any) -> None:
        book.create_sheet("封面", 0).append(["说明", "请看后面的表"])

    assert [cell.new for cell in after(liaison, report, VALUE, cover)["changes"]] == ["412"]


def test_x31_another_month(liaison: Client, report: Report, unit: Unit) -> None:
    later = make_report(unit, month=OCTOBER.plus(1))
    content = downloaded(liaison, later)
    refused(liaison, report, content, "表内报告期为 11 月，当前应报 10 月")
    refused(liaison, report, changed(content, without_stamp), "表内报告期为 11 月，当前应报 10 月")


def test_x32_another_unit(liaison: Client, report: Report) -> None:
    neighbour = make_unit("乙县")
    theirs = make_report(neighbour, month=OCTOBER.plus(2))
    content = downloaded(signed_in(Role.UNIT_LIAISON, neighbour), theirs)
    refused(liaison, report, content, "表内单位为“乙县”，与“甲县”不符")
    line = AuditEvent.objects.filter(act="import.rejected").latest("sequence")
    assert line.detail["reason"] == "org_mismatch"


def test_x33_headings_moved_are_found_and_renamed_are_asked(liaison: Client, report: Report) -> None:
    context = after(liaison, report, VALUE, put("数据", "说明", 0, "备 注"))
    (placed,) = context["unplaced"]
    assert placed.open_titles == ("说明",)
    assert placed.spare == {"I": "备 注"}


def test_x34_titles_above_and_merged(liaison: Client, report: Report) -> None:
    def titles(book: Any) -> None:
        page = book["数据"]
        for merged in list(page.merged_cells.ranges):
            page.unmerge_cells(str(merged))
        page.insert_rows(1, 4)
        page.cell(1, 2, "甲县总工会")
        page.merge_cells("B1:I2")

    assert [cell.new for cell in after(liaison, report, VALUE, titles)["changes"]] == ["412"]


def test_x35_a_missing_column(liaison: Client, report: Report) -> None:
    def cut(book: Any) -> None:
        page = book["任务进展"]
        page.delete_cols(column_of(page, "进展情况"))

    content = changed(downloaded(liaison, report), cut)
    refused(liaison, report, content, "工作表“任务进展”缺少列：进展情况")


def test_x36_columns_that_were_not_asked(liaison: Client, report: Report) -> None:
    def add(book: Any) -> None:
        page = book["数据"]
        row = heading_row(page)
        page.cell(row, 10, "家庭住址")
        page.cell(row + 1, 10, "某街道 1 号")

    context = after(liaison, report, VALUE, add)
    assert "“数据”中多出的列不导入、不保存：家庭住址。" in context["notes"]
    take(liaison)
    assert "某街道" not in str(report.figure_lines.values())


def test_x37_another_unit_of_measure(liaison: Client, report: Report) -> None:
    told = only_fault(liaison, report, VALUE, put("数据", "计量单位", 1, "万人次"))
    assert told == "单位不一致：表内写“万人次”，应为“人次”，请按应填单位换算后重填。"


def test_x38_a_sum_among_the_rows(liaison: Client, report: Report) -> None:
    def add(book: Any) -> None:
        page = book["数据"]
        row = page.max_row + 1
        page.cell(row, column_of(page, "数据项"), "合计")
        page.cell(row, column_of(page, "本月数"), 412)

    context = after(liaison, report, VALUE, add)
    assert context["notes"] == ("“数据”第 8 行疑似合计行，未导入。",)
    assert [cell.new for cell in context["changes"]] == ["412"]


def test_x40_x42_hidden_and_filtered_rows(liaison: Client, report: Report) -> None:
    def hide(book: Any) -> None:
        page = book["数据"]
        page.row_dimensions[heading_row(page) + 1].hidden = True

    context = after(liaison, report, VALUE, hide)
    assert "“数据”有 1 行被隐藏或筛掉，仍会导入：第 4 行。" in context["notes"]
    (cell,) = context["warnings"]
    assert cell.sentences == ("第 4 行被隐藏，仍会导入。",)
    take(liaison, tick=(cell.ref,))
    assert report.figure_lines.order_by("position")[0].value == 412


def test_x41_hidden_sheets(liaison: Client, report: Report) -> None:
    def hide(book: Any) -> None:
        book.create_sheet("底稿").sheet_state = "hidden"
        book.create_sheet("草稿").sheet_state = "veryHidden"

    assert "隐藏的工作表未读取：底稿、草稿。" in after(liaison, report, VALUE, hide)["notes"]


def test_x43_merged_cells(liaison: Client, report: Report) -> None:
    def merge(book: Any) -> None:
        book["数据"].merge_cells("G4:G5")

    context = after(liaison, report, VALUE, merge)
    assert {cell.address: cell.sentences[0][:11] for cell in context["faults"]} == {
        "G4": "G4:G5 是合并单元",
        "G5": "G4:G5 是合并单元",
    }


def test_x43_words_merged_over_rows_are_taken_for_each_once_ticked(
    liaison: Client, report: Report, unit: Unit
) -> None:
    def merge(book: Any) -> None:
        book["数据"].merge_cells("I4:I5")

    context = after(liaison, report, put("数据", "说明", 1, "按月统计"), merge)
    assert [cell.new for cell in context["changes"]] == ["按月统计"]
    (doubtful,) = context["warnings"]
    assert (doubtful.address, doubtful.new) == ("I5", "按月统计")
    assert doubtful.sentences == ("I4:I5 是合并单元格，按同一内容填入，请确认。",)


def test_x44_comments_are_ignored(liaison: Client, report: Report) -> None:
    def remark(book: Any) -> None:
        book["数据"]["G4"].comment = Comment("请按实际填写", "某人")

    assert [cell.new for cell in after(liaison, report, VALUE, remark)["changes"]] == ["412"]


def test_x45_two_tables_on_one_sheet(liaison: Client, report: Report) -> None:
    def double(book: Any) -> None:
        page = book["数据"]
        page.append([])
        page.append([cell.value for cell in page[heading_row(page)]])

    content = changed(downloaded(liaison, report), double)
    refused(liaison, report, content, "里有两张表（第 3 行和第 9 行都是表头）")


def test_x46_protection_taken_off(liaison: Client, report: Report) -> None:
    def unlock(book: Any) -> None:
        page = book["数据"]
        page.protection.sheet = False
        page.delete_cols(1)
        page["B4"] = "我改的名字"

    assert [cell.new for cell in after(liaison, report, VALUE, unlock)["changes"]] == ["412"]


# --- values ---


WRONG: list[tuple[Any, str]] = [
    ("12人", "请只填数字，不写单位、文字或其他符号"),
    ("约50", "请填确切的数字"),
    ("无", "没有数值请留空；确为零请填 0"),
    ("/", "没有数值请留空；确为零请填 0"),
    (-1, "不小于 0 的数字"),
    (1e300, "数值过大"),
    (1.5, "应为整数"),
    ("NaN", "没有数值请留空"),
    (True, "请只填数字"),
    ("#N/A", "错误值"),
    ("#REF!", "错误值"),
    ("=F4*2", "公式未计算"),
]


def test_x54_to_x66_values_that_cannot_stand(unit: Unit, liaison: Client) -> None:
    """X54, X57, X58, X61, X62, X65, X66: all in one workbook, each told at its own cell.

    openpyxl saves no results of formulas; a saved result that no longer holds: documents/intake, X56.
    """
    asked = [make_field(f"v{number:02d}", minimum=Decimal(0)) for number in range(len(WRONG))]
    report = make_report(unit, make_form(*asked))
    rows = [put("数据", "本月数", at, typed) for at, (typed, _told) in enumerate(WRONG, start=1)]
    context = after(liaison, report, *rows)
    assert not context["changes"]
    assert not context["warnings"]
    assert len(context["faults"]) == len(WRONG)
    for at, (cell, (_typed, told)) in enumerate(zip(context["faults"], WRONG, strict=True), start=4):
        assert cell.sentences[0].startswith(f"工作表“数据”G{at} 单元格：填的是“")
        assert told in cell.sentences[0]


def test_x55_an_emptied_cell_is_asked(liaison: Client, report: Report) -> None:
    report.figure_lines.filter(field__code="trained").update(value=5)
    context = after(liaison, report, put("数据", "本月数", 1, None))
    (cell,) = context["warnings"]
    assert cell.sentences == ("将清空原有内容“5”。",)


def test_x59_a_formula_as_words_stays_words_in_what_goes_out_again(liaison: Client, report: Report) -> None:
    def inject(book: Any) -> None:
        cell = book["数据"]["I4"]
        cell.value = "=cmd|'/c calc'!A1"
        cell.data_type = "s"

    after(liaison, report, VALUE, inject)
    take(liaison)
    again = downloaded(liaison, report)
    with zipfile.ZipFile(io.BytesIO(again)) as archive:
        parts = b"".join(archive.read(name) for name in archive.namelist() if "sheet" in name)
    assert b"<f>" not in parts
    assert report.figure_lines.get(field__code="trained").remark == "=cmd|'/c calc'!A1"


def test_x60_per_cent(liaison: Client, report: Report) -> None:
    def share(value: Any, number_format: str = "General") -> Change:
        return put("数据", "本月数", 2, value, number_format=number_format)

    for change in (share(0.95, "0%"), share("95%"), share("９５％"), share(95)):
        (cell,) = after(liaison, report, change)["changes"]
        assert cell.new == "95"
    assert "分不清是 0.95% 还是 95.00%" in only_fault(liaison, report, share(0.95))


def test_x64_a_jump(liaison: Client, report: Report) -> None:
    report.figure_lines.filter(field__code="trained").update(last_value=10)
    (cell,) = after(liaison, report, VALUE)["warnings"]
    assert cell.sentences == ("与上月 10 相差超过 5 倍，请核对。",)


def test_x77_a_row_twice(liaison: Client, report: Report) -> None:
    def double(book: Any) -> None:
        page = book["数据"]
        page.append([cell.value for cell in page[heading_row(page) + 1]])

    context = after(liaison, report, VALUE, double)
    assert {sentence for cell in context["faults"] for sentence in cell.sentences} == {
        "第 4 行和第 8 行都是“培训人次”，请只保留一行。"
    }
    assert not context["changes"]


def test_x79_the_same_file_again(liaison: Client, report: Report) -> None:
    content = changed(downloaded(liaison, report), VALUE)
    bring(liaison, report, content)
    take(liaison)
    batch = WorkbookImport.objects.get()
    answer = bring(liaison, report, content)
    assert answer.status_code == 422
    assert "该文件已于 " in answer.text
    assert f"导入，批次 {batch.pk}" in answer.text
    assert WorkbookImport.objects.count() == 1


def test_x92_two_people_at_once(liaison: Client, report: Report, unit: Unit) -> None:
    content = changed(downloaded(liaison, report), VALUE)
    bring(liaison, report, content)
    first = WorkbookImport.objects.get()
    head = signed_in(Role.UNIT_HEAD, unit)
    told = bring(head, report, content)
    assert told.status_code == 409
    assert f"{first.brought_by_name}已于 " in told.text
    assert f"尚未确认（批次 {first.pk}）" in told.text
    bring(liaison, report, content)  # one's own earlier upload gives way
    first.refresh_from_db()
    assert first.state == WorkbookImport.State.DISCARDED
    assert WorkbookImport.objects.filter(state="open").count() == 1
    seen = head.get(reverse("reporting:import", args=[WorkbookImport.objects.get(state="open").pk]))
    assert seen.status_code == 200
