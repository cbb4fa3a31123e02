"""The named spreadsheet cases X01 to X92, one test each: the file is made here, and the sentence the person reads.

X01-X27 container and security: here; that nothing of a refused file is stored, that it lies in quarantine and has one
line in the log, for each of them at the page: areas/reporting/tests/test_workbook_cases.py.
X28-X46 template, sheet, month, unit: at the page, areas/reporting/tests/test_workbook_cases.py.
X47-X76 values: here as rules of cells and rows (identity numbers and names wait for the register of persons); those
that need last month or the sheet (X56, X59, X60, X64) at the page too.
X77 X79 X92 doubled rows, the same file again, two people at once: at the page; X78 against figures in force and X87
counts: areas/facts/tests/test_history.py. That every number has a test: tests/architecture/test_named_cases.py.
X80-X91 CSV and size: here. X60: per cent is asked in columns that say so: a bare 95 is 95; what may be either
(from -1 to 1) is refused.
"""

import io
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from changai.core.errors import Unreadable
from changai.core.periods import Month
from changai.documents.intake.cells import (
    CellFault,
    Place,
    clean_text,
    parse_code,
    parse_date,
    parse_decimal,
    parse_month,
)
from changai.documents.intake.formulas import is_stale, recomputed
from changai.documents.intake.people import parse_identity, parse_name
from changai.documents.intake.rows import contradicting, count_fault, repeated, totals, uneven
from changai.documents.intake.rowwise import read_rows
from changai.documents.intake.tests.cases import CELL, REFUSED, with_part
from changai.documents.intake.tests.files import S, make_xlsx, make_zip, relationships, xlsx_parts
from changai.documents.intake.workbook import Cell, Sheet, Workbook, read_workbook
from changai.documents.workbooks import Column, SheetContent, write_workbook

TODAY = date(2026, 11, 3)
HERE = Place("月报", "C7")
DATES = (
    '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="9"/><xf numFmtId="22"/></cellXfs>'
)


def refused(name: str) -> None:
    """Read every file of the case; each is refused within the time a person waits."""
    found = {key: case for key, case in REFUSED.items() if key.split()[0] == name}
    assert found
    for key, case in found.items():
        begun = time.monotonic()
        with pytest.raises(Unreadable) as told:
            read_workbook(case.make(), name=case.name)
        assert case.told in told.value.sentence, key
        assert told.value.sentence.startswith(f"{case.name}："), key
        assert time.monotonic() - begun < 30, key


def read(rows: str, name: str = "月报.xlsx", **more: str) -> Workbook:
    return read_workbook(make_xlsx(rows, **more), name=name)


def only_cell(rows: str, **more: str) -> Cell:
    return read(rows, **more).sheets[0].cell("A1")


def fault(parse: Callable[..., Any], given: Any, **named: Any) -> str:
    with pytest.raises(CellFault) as told:
        parse(given, at=HERE, **named)
    assert told.value.sentence.startswith(("工作表“月报”", "月报"))
    return told.value.sentence


def csv(text: str | bytes) -> Sheet:
    content = text.encode() if isinstance(text, str) else text
    return read_workbook(content, name="月报.csv").sheets[0]


def texts(sheet: Sheet) -> list[list[str]]:
    return [[cell.text for cell in row] for row in sheet.rows]


# --- container and security ---


def test_x01_zip_bomb() -> None:
    refused("X01")


def test_x02_overlapping_entries() -> None:
    refused("X02")


def test_x03_a_zip_inside_is_never_opened() -> None:
    inner = make_zip({"bomb.bin": bytes(1_000)})
    book = read_workbook(with_part("xl/media/inner.zip", inner), name="月报.xlsx")
    assert book.sheets[0].cell("A1").value == 1


def test_x04_doubled_or_too_many_entries() -> None:
    refused("X04")


def test_x05_paths_that_leave_the_file() -> None:
    refused("X05")


def test_x06_text_renamed_xlsx() -> None:
    refused("X06")


def test_x07_truncated() -> None:
    refused("X07")


def test_x08_empty() -> None:
    refused("X08")


def test_x09_password() -> None:
    refused("X09")


def test_x10_xls() -> None:
    refused("X10")


def test_x11_web_page_renamed() -> None:
    refused("X11")


def test_x12_xlsm() -> None:
    refused("X12")


def test_x13_macro_inside_xlsx() -> None:
    refused("X13")


def test_x14_other_formats() -> None:
    refused("X14")


def test_x15_external_entity() -> None:
    refused("X15")


def test_x16_billion_laughs() -> None:
    refused("X16")


def test_x17_external_links_are_told_and_not_followed() -> None:
    book = read_workbook(with_part("xl/externalLinks/externalLink1.xml", b"<x/>"), name="月报.xlsx")
    assert book.notes == ("含外部链接，只读取已保存的数值",)


def test_x18_embedded_objects() -> None:
    refused("X18")


def test_x19_pictures_are_ignored_up_to_the_limit() -> None:
    small = read_workbook(with_part("xl/media/image1.png", b"\x89PNG" * 1_000), name="月报.xlsx")
    assert small.sheets[0].cell("A1").value == 1
    refused("X19")


def test_x20_the_farthest_cell() -> None:
    refused("X20")


def test_x21_formatted_empty_rows_are_ignored() -> None:
    empty = "".join(f'<row r="{number}"><c r="A{number}" s="1"/></row>' for number in range(2, 150_000))
    begun = time.monotonic()
    sheet = read(CELL + empty).sheets[0]
    assert len(sheet.rows) == 1
    assert time.monotonic() - begun < 15


def test_x22_sixteen_thousand_columns() -> None:
    refused("X22")


def test_x23_ten_thousand_sheets() -> None:
    refused("X23")


def test_x24_two_formats_in_one() -> None:
    refused("X24")


def test_x25_shared_string_out_of_range() -> None:
    refused("X25")
    assert only_cell('<row r="1"><c r="A1" s="99"><v>5</v></c></row>').value == 5


def test_x26_a_cell_defined_twice() -> None:
    refused("X26")


@pytest.mark.parametrize("stored", ["NaN", "INF", "1e999"])
def test_x27_numbers_that_are_none(stored: str) -> None:
    cell = only_cell(f'<row r="1"><c r="A1"><v>{stored}</v></c></row>')
    assert cell.error == "数值无效"
    assert "数值无效" in fault(parse_decimal, cell)


# --- values ---

VALID = "110105194912310011"


def test_x47_identity_number_stored_as_number() -> None:
    cell = only_cell('<row r="1"><c r="A1"><v>4.10305199001011E+17</v></c></row>')
    told = fault(parse_identity, cell, today=TODAY)
    assert "证件号码被存成数字，后三位已丢失，请设为文本后重填" in told


def test_x48_identity_number_that_cannot_be() -> None:
    assert parse_identity(VALID, today=TODAY) == VALID
    assert "校验位不符" in fault(parse_identity, "110105194912310012", today=TODAY)
    assert "出生日期不存在" in fault(parse_identity, "110105199002300020", today=TODAY)
    assert "15 位旧号码" in fault(parse_identity, "110105491231002", today=TODAY)
    assert parse_identity("34052419800101001x", today=TODAY) == "34052419800101001X"
    assert "超出合理范围" in fault(parse_identity, "110105203001010011", today=TODAY)


def test_x49_identity_number_with_blanks_and_full_width() -> None:
    assert parse_identity(" １１０１０５ 19491231 0011\u200b", today=TODAY) == VALID
    assert parse_identity("", today=TODAY) == ""


def test_x50_number_as_text() -> None:
    assert parse_decimal(only_cell('<row r="1"><c r="A1" t="str"><v>123</v></c></row>')) == 123


def test_x51_full_width_digits() -> None:
    assert parse_decimal("１２３．５") == Decimal("123.5")


def test_x52_separators_and_currency() -> None:
    assert parse_decimal("1,234") == parse_decimal("1，234") == 1234
    assert parse_decimal("￥1,234.00", unit="元") == 1234
    assert "请只填数字" in fault(parse_decimal, "￥1,234.00", unit="人")


def test_x53_invisible_characters() -> None:
    assert parse_decimal("\ufeff\u00a012\u200b ") == 12
    assert clean_text(" \u00a0甲县\u200b\ufeff ") == "甲县"


@pytest.mark.parametrize("typed", ["12人", "约50", "50+", "/", "—", "无"])
def test_x54_words_for_numbers(typed: str) -> None:
    told = fault(parse_decimal, typed, unit="人")
    assert ("没有数值请留空；确为零请填 0" in told) is (typed in {"/", "—", "无"})


def test_x55_empty_is_not_zero() -> None:
    assert parse_decimal("") is None
    assert parse_decimal("0") == 0


def test_x56_formula_with_a_saved_result() -> None:
    rows = (
        '<row r="1"><c r="A1"><f>A2*2</f><v>99</v></c><c r="B1"><f>SUM(A2:A3)</f><v>12</v></c></row>'
        '<row r="2"><c r="A2"><v>5</v></c></row><row r="3"><c r="A3"><v>7</v></c></row>'
    )
    sheet = read(rows).sheets[0]
    assert is_stale(sheet.cell("A1"), sheet)
    assert not is_stale(sheet.cell("B1"), sheet)
    assert recomputed("=(A2+A3)/2-SUM(A2,A3)", sheet) == -6
    assert recomputed("VLOOKUP(A1,B:C,2)", sheet) is None
    assert recomputed("__import__('os')", sheet) is None
    assert recomputed("1/0", sheet) is None


def test_x57_formula_without_a_result() -> None:
    cell = only_cell('<row r="1"><c r="A1"><f>B1*2</f></c></row>')
    assert "公式未计算，请用 Excel 或 WPS 打开并保存" in fault(parse_decimal, cell)


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!"])
def test_x58_errors_are_not_empty(error: str) -> None:
    cell = only_cell(f'<row r="1"><c r="A1" t="e"><v>{error}</v></c></row>')
    assert not cell.is_empty
    assert f"填的是“{error}”" in fault(parse_decimal, cell)


@pytest.mark.parametrize("typed", ["=cmd|'/c calc'!A1", "@SUM(A1)", "+1+1", "-1+1", "\t=1+1"])
def test_x59_formulas_as_text_stay_text(typed: str) -> None:
    kept = clean_text(typed)
    sheet = SheetContent("表", "表", (Column("说明"),), [[kept]])
    book = openpyxl.load_workbook(
        io.BytesIO(write_workbook([sheet], created=datetime(2026, 11, 3, tzinfo=UTC)))
    )
    cell = book["表"]["A4"]
    assert (cell.value, cell.data_type) == (kept, "s")
    assert fault(parse_decimal, typed)


def test_x60_per_cent() -> None:
    shown = Cell(Decimal("0.95"), "C7", format="0%")
    for given in (shown, "95%", "９５％", "95"):
        assert parse_decimal(given, unit="%") == 95
    assert "分不清是 0.95% 还是 95.00%" in fault(parse_decimal, "0.95", unit="%")
    assert "这一项不是百分数" in fault(parse_decimal, shown, unit="人")


def test_x61_negative_where_impossible() -> None:
    assert "不小于 0" in fault(parse_decimal, "-1", minimum=Decimal(0))


def test_x62_out_of_range_and_too_fine() -> None:
    assert "数值过大" in fault(parse_decimal, only_cell('<row r="1"><c r="A1"><v>1e308</v></c></row>'))
    assert "数值过大" in fault(parse_decimal, "1000000000000000")
    assert "最多 6 位小数" in fault(parse_decimal, "0.1234567", places=6)


def test_x63_a_third_of_binary_dust() -> None:
    cell = only_cell('<row r="1"><c r="A1"><v>0.30000000000000004</v></c></row>')
    assert parse_decimal(cell) == Decimal("0.3")


@pytest.mark.parametrize("typed", ["NaN", "Infinity", "null", "TRUE"])
def test_x65_words_of_programmes(typed: str) -> None:
    assert fault(parse_decimal, typed)


def test_x66_truth_is_no_number() -> None:
    cell = only_cell('<row r="1"><c r="A1" t="b"><v>1</v></c></row>')
    assert "请只填数字" in fault(parse_decimal, cell)


def test_x67_dates_as_text() -> None:
    for typed in ("2026.10.25", "2026年10月25日", "20261025"):
        assert parse_date(typed) == date(2026, 10, 25)
    assert parse_month("2026年10月") == Month(2026, 10)
    assert "分不清年、月、日的次序" in fault(parse_date, "10/25/26")


def test_x68_a_serial_without_format() -> None:
    cell = only_cell('<row r="1"><c r="A1"><v>46320</v></c></row>')
    assert "可能是丢了格式的日期" in fault(parse_date, cell)


def test_x69_the_epoch_of_1904() -> None:
    parts = xlsx_parts('<row r="1"><c r="A1" s="1"><v>44858</v></c></row>', styles=DATES)
    book = str(parts["xl/workbook.xml"]).replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    cell = read_workbook(make_zip(parts | {"xl/workbook.xml": book}), name="a.xlsx").sheets[0].cell("A1")
    assert parse_date(cell) == date(2026, 10, 25)


def test_x70_the_day_that_never_was() -> None:
    cell = only_cell('<row r="1"><c r="A1" s="1"><v>60</v></c></row>', styles=DATES)
    assert "1900年2月29日" in fault(parse_date, cell)


def test_x71_days_that_cannot_be() -> None:
    assert "不晚于 2026-11-03" in fault(parse_date, "2027-01-01", latest=TODAY)
    assert "不早于 2017-01-01" in fault(parse_date, "2016-12-31", earliest=date(2017, 1, 1))


def test_x72_midnight_does_not_move_the_day() -> None:
    assert parse_date("2026-10-25T00:00:00") == date(2026, 10, 25)
    cell = only_cell('<row r="1"><c r="A1" s="3"><v>46320.99999</v></c></row>', styles=DATES)
    assert parse_date(cell) == date(2026, 10, 25)


def test_x73_rare_characters_stay() -> None:
    for name in ("𠮷田", "㛃", "买买提·吾斯曼", "葛\U000e0100"):
        assert parse_name(name)[0] == name[0]
    assert parse_name("买买提．吾斯曼") == "买买提·吾斯曼"
    assert clean_text("𪚥龘") == "𪚥龘"


def test_x74_pictures_and_turned_letters_in_names() -> None:
    assert "不能使用的字符" in fault(parse_name, "张三😀")
    assert parse_name("张\u202e三\u0007") == "张三"


def test_x75_a_very_long_cell() -> None:
    assert "现有 32767 字" in fault(clean_text, "长" * 32_767)


def test_x76_one_number_with_two_names() -> None:
    told = contradicting([(3, "1", "张三"), (9, "1", "李四"), (12, "2", "张三")])
    assert told == [
        "同一证件号码对应不同姓名：第 3 行“张三”、第 9 行“李四”，请核对。",
        "同名“张三”对应不同证件号码：第 3 行、第 12 行，请确认不是同一人。",
    ]


def test_x77_doubled_keys_name_both_rows() -> None:
    assert repeated([(2, "甲"), (3, "乙"), (7, "甲")]) == {
        7: "与第 2 行重复（第 2 行和第 7 行），请只保留一行。"
    }


def test_x38_x39_sums_among_the_rows() -> None:
    rows = [(2, "甲县", Decimal(5)), (3, "乙县", Decimal(7)), (4, "合 计", Decimal(12))]
    assert totals(rows) == {4: "第 4 行疑似合计行，不作为数据导入。"}
    assert totals([*rows[:2], (4, "总计：", Decimal(13))]) == {
        4: "第 4 行合计为 13，各行相加为 12，两数不符，请核对。"
    }


# --- CSV and size ---


def test_x80_utf8_with_and_without_mark() -> None:
    for encoding in ("utf-8", "utf-8-sig"):
        assert texts(csv("单位,数量\n甲县,5\n".encode(encoding))) == [["单位", "数量"], ["甲县", "5"]]


def test_x81_gbk_and_gb18030_by_the_whole_file() -> None:
    for encoding in ("gbk", "gb18030"):
        assert texts(csv("单位,数量\n隆女,5\n".encode(encoding)))[1] == ["隆女", "5"]


def test_x82_two_encodings() -> None:
    refused("X82")


def test_x83_utf16() -> None:
    assert texts(csv("单位,数量\n甲县,5\n".encode("utf-16")))[1] == ["甲县", "5"]


def test_x84_separators_quotes_and_line_ends_inside() -> None:
    for mark in (";", "\t"):
        assert texts(csv(f'单位{mark}数量\n"甲\n县{mark}"{mark}5\n'))[1] == [f"甲\n县{mark}", "5"]


def test_x85_an_open_quote() -> None:
    refused("X85")


def test_x86_a_sheet_that_is_exactly_full() -> None:
    assert "可能已被截断" in count_fault(None, 65_536)
    assert count_fault(1_048_576, 1_048_576) == ""
    assert count_fault(None, 65_537) == ""


def test_x88_a_sheet_of_a_million_rows_is_refused_before_it_is_read() -> None:
    refused("X88")
    content = "单位,数量\n".encode() + "甲县,5\n".encode() * 1_000_001
    with pytest.raises(Unreadable, match="表格超过 10 万行或 50 万个单元格，请拆分后上传"):
        read_workbook(content, name="月报.csv")


def test_x88_old_figures_of_a_million_rows_are_read_row_by_row(tmp_path: Path) -> None:
    """Only a piece is held at a time: the whole is 9 MB here and would be tens of MB as cells."""
    (long := tmp_path / "历年.csv").write_bytes("单位,数量\n".encode() + "甲县,5\n".encode() * 1_000_001)
    tracemalloc.start()
    rows = list(islice(read_rows(long, name=long.name), 2_000, 2_010))
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [row.number for row in rows] == list(range(2_001, 2_011))
    assert most < 6_000_000
    far = tmp_path / "历年.xlsx"
    far.write_bytes(make_xlsx(CELL + '<row r="1000001"><c r="A1000001"><v>7</v></c></row>'))
    assert [row.number for row in read_rows(far, name=far.name)] == [1, 1_000_001]


def test_x87_another_count_than_announced() -> None:
    told = count_fault(312_540, 312_539, measure="人")
    assert told == "应有 312,540 人，文件中是 312,539 人，请核对文件是否完整。"


def test_x89_rows_that_are_too_long() -> None:
    sheet = csv("单位,数量\n甲县,5,6\n乙县,7\n")
    assert uneven(sheet, 1) == {2: "第 2 行有 3 列，表头只有 2 列，内容可能错位，请检查分隔符和引号。"}


def test_x90_what_spreadsheets_do_to_csv() -> None:
    assert "科学记数法" in fault(parse_identity, "4.10305E+17", today=TODAY)
    assert "前面的 0 可能被表格软件去掉了" in fault(parse_code, "123", digits=5)
    assert parse_code("００１２３", digits=5) == "00123"


def test_x91_separator_line_and_trailing_commas() -> None:
    assert texts(csv("sep=;\n单位;数量;;\n甲县;5;;\n")) == [["单位", "数量"], ["甲县", "5"]]
    refused("X91")


def test_parts_of_a_workbook_may_be_absent() -> None:
    """Beside the list: no styles, no strings, no relationships of the sheet."""
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relationships(officeDocument="xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{S}"/>',
    }
    with pytest.raises(Unreadable, match="没有工作表"):
        read_workbook(make_zip(parts), name="a.xlsx")
