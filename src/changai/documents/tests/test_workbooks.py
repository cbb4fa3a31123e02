import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from changai.documents.tests.make import HOSTILE
from changai.documents.workbooks import META_SHEET, Cell, Column, SheetContent, write_workbook

CREATED = datetime(2026, 10, 1, 8, 30, tzinfo=UTC)
STATES = ("未启动", "正常", "滞后", "已完成")


def make_sheet(*rows: tuple[Cell, ...], **settings: object) -> SheetContent:
    columns = (
        Column("序号", 3, "whole"),
        Column("任务内容"),
        Column("完成率", kind="percent", editable=True),
        Column("状态", kind="choice", choices=STATES, editable=True, hint="按实际情况选择"),
        Column("完成时限", kind="date"),
    )
    given = rows or ((1, "开展职业技能竞赛", 0.853, "正常", date(2026, 12, 31)),)
    return SheetContent(
        "任务台账",
        "示范市产改重点任务台账",
        columns,
        given,
        note="截至2026年9月30日",
        **settings,  # type: ignore[arg-type]
    )


def opened(*sheets: SheetContent, meta: dict[str, str] | None = None) -> openpyxl.Workbook:
    return openpyxl.load_workbook(
        io.BytesIO(write_workbook(sheets, created=CREATED, author="市产改办", meta=meta))
    )


def test_equal_content_gives_equal_bytes_with_the_given_time() -> None:
    sheet = make_sheet()
    assert write_workbook([sheet], created=CREATED) == write_workbook([sheet], created=CREATED)
    book = opened(sheet)
    assert book.properties.created == datetime(2026, 10, 1, 8, 30)  # noqa: DTZ001
    assert book.properties.creator == "市产改办"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "{=A1}",
        '=HYPERLINK("x","y")',
        "http://a.b",
        "0012",
        "+86 379 6391 0000",
        "-5",
        "=cmd|' /C calc'!A0",
    ],
)
def test_text_is_written_as_text(text: str) -> None:
    page = opened(make_sheet((1, text, 0.5, "正常", None))).worksheets[0]
    assert page["B5"].value == text
    assert page["B5"].data_type == "s"
    assert page["B5"].hyperlink is None
    content = write_workbook([make_sheet((1, text, 0.5, "正常", None))], created=CREATED)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_values_keep_their_kinds() -> None:
    page = opened(make_sheet((7, "甲", Decimal("0.5"), "滞后", date(2026, 3, 5)))).worksheets[0]
    assert [cell.value for cell in page[5]] == [7, "甲", 0.5, "滞后", datetime(2026, 3, 5)]  # noqa: DTZ001
    assert page["C5"].number_format == "0.0%"


def test_hostile_text_opens_again() -> None:
    page = opened(make_sheet((1, HOSTILE, None, HOSTILE, None))).worksheets[0]
    assert "<w:p>&amp;]]>标签" in str(page["B5"].value)
    assert "\u202e" not in str(page["B5"].value)
    assert "_x" not in str(page["B5"].value)


def test_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    value = str(opened(make_sheet((1, "😀" * 20_000, None, "正常", None))).worksheets[0]["B5"].value)
    assert value.endswith("😀……（以下略，全文见系统）")
    assert len(value.encode("utf-16-le")) // 2 <= 32767


def test_sheet_prints_on_a4_with_its_head_on_each_page() -> None:
    page = opened(make_sheet(signature="填报人：　　　　审核人：")).worksheets[0]
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "portrait")
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.page_setup.fitToHeight == 0
    assert page.print_title_rows == "$4:$4"
    assert page.freeze_panes == "A5"
    assert page.auto_filter.ref == "A4:E5"
    assert page["A1"].value == "示范市产改重点任务台账"
    assert page["A7"].value == "填报人：　　　　审核人："


def test_only_editable_cells_of_a_protected_sheet_are_open() -> None:
    page = opened(make_sheet(protected=True, blank_rows=2)).worksheets[0]
    assert page.protection.sheet
    assert [cell.protection.locked for cell in page[4]] == [True, True, False, False, True]
    assert [cell.protection.locked for cell in page[6]] == [True, True, False, False, True]


def test_choices_are_a_drop_down() -> None:
    rules = opened(make_sheet(blank_rows=3)).worksheets[0].data_validations.dataValidation
    lists = [rule for rule in rules if rule.type == "list"]
    assert [(str(rule.sqref), rule.formula1) for rule in lists] == [("D4:D7", '"未启动,正常,滞后,已完成"')]
    assert lists[0].prompt == "按实际情况选择"


def test_long_lists_of_choices_stand_on_a_hidden_sheet() -> None:
    names = tuple(f"第{number}个名称较长的责任单位" for number in range(60))
    column = Column("单位", kind="choice", choices=names, editable=True)
    book = opened(SheetContent("表", "表", (column,), ((names[0],),)))
    assert book["选项"].sheet_state == "hidden"
    assert book["选项"]["A60"].value == names[-1]
    rule = book.worksheets[0].data_validations.dataValidation[0]
    assert rule.formula1 == "'选项'!$A$1:$A$60"


def test_meta_is_kept_on_a_hidden_sheet() -> None:
    book = opened(make_sheet(), meta={"form": "9", "digest": "=abc"})
    assert book[META_SHEET].sheet_state == "veryHidden"
    assert [[cell.value for cell in row] for row in book[META_SHEET].rows] == [
        ["form", "9"],
        ["digest", "=abc"],
    ]


def test_sheet_names_are_made_acceptable_and_different() -> None:
    names = ["2026年[1]/季度:表", "2026年[1]/季度:表", "很" * 40, "选项", ""]
    book = opened(*(SheetContent(name, "表", (Column("列"),), ()) for name in names))
    assert book.sheetnames == [
        "2026年＿1＿＿季度＿表",
        "2026年＿1＿＿季度＿表（2）",
        "很" * 31,
        "选项（2）",
        "工作表",
    ]


def test_row_must_have_a_cell_for_each_column() -> None:
    with pytest.raises(ValueError, match="row 1"):
        write_workbook([make_sheet((1, "少了几格"))], created=CREATED)


def test_a_sheet_must_have_columns() -> None:
    with pytest.raises(ValueError, match="no columns"):
        write_workbook([SheetContent("表", "表", (), ())], created=CREATED)


@pytest.mark.parametrize("first", ["\t", "\r", "\n"])
def test_no_blank_before_a_formula_hides_it(first: str) -> None:
    page = opened(make_sheet((-7, f"{first}=1+1", -0.5, "正常", None))).worksheets[0]
    assert page["B5"].data_type == "s"
    assert [page["A5"].value, page["C5"].value] == [-7, -0.5]
