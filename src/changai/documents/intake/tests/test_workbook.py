"""Reading .xlsx and .csv: what a spreadsheet really stores, and every wrong workbook with its sentence."""

import io
import random
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from changai.core.errors import Unreadable
from changai.documents.intake.addresses import column_letters, split_address
from changai.documents.intake.numberformats import exact_number
from changai.documents.intake.tests.files import (
    S,
    make_docx,
    make_ole,
    make_xlsx,
    make_zip,
    relationships,
    xlsx_parts,
)
from changai.documents.intake.workbook import Cell, Sheet, read_workbook


def sheet_of(rows: str, **more: str) -> Sheet:
    return read_workbook(make_xlsx(rows, **more), name="月报.xlsx").sheets[0]


def refusal(source: bytes, name: str = "月报.xlsx") -> str:
    with pytest.raises(Unreadable) as refused:
        read_workbook(source, name=name)
    sentence = str(refused.value)
    assert sentence.startswith(f"{name}：")
    assert sentence.endswith("。")
    return sentence


def number(text: str, style: int = 0) -> str:
    return f'<row r="1"><c r="A1" s="{style}"><v>{text}</v></c></row>'


@pytest.fixture(scope="module")
def filled() -> bytes:
    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed, {"in_memory": True})
    sheet = book.add_worksheet("月报")
    day = book.add_format({"num_format": "yyyy年m月d日"})
    sheet.merge_range("A1:D1", "示范市月报")
    sheet.write_row("A2", ["单位", "１２３", "1,234", "\u3000 无 "])
    sheet.write_row("A3", [1.1, 0.1 + 0.2, 12345678901, -0.05])
    sheet.write_datetime("A4", datetime(2026, 10, 25), day)  # noqa: DTZ001
    sheet.write_datetime("B4", datetime(2026, 10, 25, 8, 30), day)  # noqa: DTZ001
    sheet.write("C4", 0.95, book.add_format({"num_format": "0.0%"}))
    sheet.write_boolean("D4", True)
    sheet.write_formula("A5", "=A3*2", None, 2.2)
    sheet.write_formula("B5", "=NA()", None, "#N/A")
    sheet.write_formula("C5", '="甲"&"乙"', None, "甲乙")
    sheet.write("C8", "末行")
    sheet.set_row(6, None, None, {"hidden": True})
    sheet.set_column("F:G", None, None, {"hidden": True})
    book.add_worksheet("说明").hide()
    book.close()
    return packed.getvalue()


def test_every_kind_of_cell(filled: bytes) -> None:
    book = read_workbook(filled, name="月报.xlsx")
    sheet = book.sheets[0]
    values = [[cell.value for cell in row] for row in sheet.rows]
    assert values == [
        ["示范市月报"],
        ["单位", "１２３", "1,234", "\u3000 无 "],
        [Decimal("1.1"), Decimal("0.3"), Decimal(12345678901), Decimal("-0.05")],
        [date(2026, 10, 25), datetime(2026, 10, 25, 8, 30), Decimal("0.95"), True],  # noqa: DTZ001
        [Decimal("2.2"), None, "甲乙"],
        [],
        [],
        [None, None, "末行"],
    ]
    assert sheet.cell("C4").is_percent
    assert sheet.cell("A5").formula == "A3*2"
    assert (sheet.cell("B5").error, sheet.cell("B5").is_empty) == ("#N/A", False)
    assert sheet.cell("B8") == Cell(None, "B8")
    assert sheet.cell("ZZ99").is_empty
    assert sheet.merged == ["A1:D1"]
    assert sheet.hidden_rows == (7,)
    assert sheet.hidden_columns == ("F", "G")
    assert [(page.name, page.hidden) for page in book.sheets] == [("月报", False), ("说明", True)]
    assert book.sheet("说明") is book.sheets[1]


def test_another_reader_sees_the_same(filled: bytes) -> None:
    """openpyxl is the second opinion: same text, same dates, same numbers as far as a float can tell."""
    ours = read_workbook(filled, name="月报.xlsx").sheets[0]
    theirs = openpyxl.load_workbook(io.BytesIO(filled), data_only=True)["月报"]
    for row in ours.rows:
        for cell in row:
            seen = theirs[cell.address].value
            if isinstance(cell.value, Decimal):
                assert float(cell.value) == pytest.approx(seen, rel=1e-14)
            elif isinstance(cell.value, date) and not isinstance(cell.value, datetime):
                assert seen.date() == cell.value
            else:
                assert seen == (cell.error or cell.value)


def test_a_workbook_written_by_openpyxl_has_no_saved_results() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "=1+1"
    packed = io.BytesIO()
    book.save(packed)
    cell = read_workbook(packed.getvalue(), name="a.xlsx").sheets[0].cell("A1")
    assert (cell.value, cell.formula, cell.note, cell.is_empty) == (None, "1+1", "公式未计算", False)


@pytest.mark.parametrize(
    ("stored", "value"),
    [
        ("1.1000000000000001", "1.1"),
        ("0.94999999999999996", "0.95"),
        ("0.30000000000000004", "0.3"),
        ("123456789012345", "123456789012345"),
        ("4.10305199001011E+17", "410305199001011000"),
        ("1E-7", "0.0000001"),
        ("-0", "0"),
        ("100", "100"),
    ],
)
def test_numbers_are_what_was_typed(stored: str, value: str) -> None:
    found = exact_number(stored)
    assert found is not None
    assert format(found, "f") == value


@pytest.mark.parametrize(
    "stored", ["NaN", "INF", "-INF", "1e999", "1e-999", "0x10", "１", "1_0", "", "--1", "9" * 41]
)
def test_what_is_no_number(stored: str) -> None:
    assert exact_number(stored) is None


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**10), max_value=10**10))
def test_up_to_fifteen_digits_nothing_changes(typed: Decimal) -> None:
    assert exact_number(format(typed, "f")) == typed
    assert exact_number(repr(float(typed))) == typed


STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/>'
    '<numFmt numFmtId="165" formatCode="[h]:mm"/>'
    '<numFmt numFmtId="166" formatCode="0&quot;天&quot;"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/>'
    '<xf numFmtId="166"/><xf numFmtId="57"/><xf numFmtId="9"/></cellXfs>'
)


@pytest.mark.parametrize(
    ("stored", "style", "value"),
    [
        ("46320", 0, Decimal(46320)),
        ("46320", 1, date(2026, 10, 25)),
        ("46320", 2, date(2026, 10, 25)),
        ("46320", 5, date(2026, 10, 25)),
        ("0.5", 3, Decimal("0.5")),
        ("30", 4, Decimal(30)),
        ("1", 1, date(1900, 1, 1)),
        ("59", 1, date(1900, 2, 28)),
        ("61", 1, date(1900, 3, 1)),
        ("0.95", 6, Decimal("0.95")),
        ("5", 99, Decimal(5)),
    ],
)
def test_dates_hide_behind_formats(stored: str, style: int, value: object) -> None:
    assert sheet_of(number(stored, style), styles=STYLES).cell("A1").value == value


def test_the_day_that_never_was_and_dates_out_of_range_are_errors() -> None:
    assert sheet_of(number("60", 1), styles=STYLES).cell("A1").error == "1900年2月29日"
    assert sheet_of(number("-1", 1), styles=STYLES).cell("A1").note == "日期超出范围"
    assert sheet_of(number("NaN")).cell("A1").error == "数值无效"


def test_the_epoch_of_1904() -> None:
    parts = xlsx_parts(number("44858", 1), styles=STYLES)
    parts["xl/workbook.xml"] = str(parts["xl/workbook.xml"]).replace(
        "<sheets>", '<workbookPr date1904="1"/><sheets>'
    )
    assert read_workbook(make_zip(parts), name="a.xlsx").sheets[0].cell("A1").value == date(2026, 10, 25)


def test_strings_shared_inline_and_rich_without_readings() -> None:
    strings = (
        "<si><t>甲</t></si>"
        "<si><r><t>乙</t></r><r><t xml:space='preserve'> 丙</t></r><rPh><t>reading</t></rPh></si>"
        "<si><t>一_x000A_二</t></si>"
    )
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c>'
        '<c t="inlineStr"><is><r><t>丁</t></r><r><t>戊</t></r></is></c>'
        '<c r="E1" t="str"><f>A1</f><v>甲</v></c></row>'
    )
    assert [cell.value for cell in sheet_of(rows, strings=strings).rows[0]] == [
        "甲",
        "乙 丙",
        "一\n二",
        "丁戊",
        "甲",
    ]


def test_formatted_empty_rows_are_ignored() -> None:
    rows = "".join(f'<row r="{at}"><c r="A{at}" s="1"/></row>' for at in range(1, 60_000))
    assert sheet_of(rows).rows == []


def test_external_links_are_told() -> None:
    source = make_zip(xlsx_parts(number("1")) | {"xl/externalLinks/externalLink1.xml": b"<x/>"})
    assert read_workbook(source, name="a.xlsx").notes == ("含外部链接，只读取已保存的数值",)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (b"", "文件为空"),
        (make_ole("EncryptedPackage"), "已加密，请取消密码"),
        (make_ole("Workbook"), "旧版 Excel 格式（.xls）"),
        (b"<table><tr><td>1</td></tr></table>", "网页格式"),
        ("单位,数".encode(), "不是有效的 Excel 工作簿"),
        (make_docx("正文"), "实际是 Word 文档"),
        (make_xlsx(number("1"))[:-25], "文件不完整"),
        (make_zip(xlsx_parts(number("1")) | {"xl/vbaProject.bin": b"x"}), "含宏"),
        (make_zip(xlsx_parts(number("1")) | {"xl/macrosheets/s.xml": b"x"}), "含宏"),
        (make_zip(xlsx_parts(number("1")) | {"xl/embeddings/o.bin": b"x"}), "嵌入对象"),
        (make_zip(xlsx_parts(number("1")) | {"xl/workbook.bin": b"x"}), "另存为"),
        (make_zip(xlsx_parts(number("1")) | {f"x/{n}": b"" for n in range(200)}), "最多 200 个"),
        (
            make_xlsx('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
            "XFD1048576 单元格有内容，表格范围异常",
        ),
        (make_xlsx('<row r="1"><c r="GS1"><v>1</v></c></row>'), "列数超过 200"),
        (make_xlsx('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'), "A1 单元格重复定义"),
        (make_xlsx('<row r="1"><c r="B2"><v>1</v></c></row>'), "文件损坏"),
        (
            make_xlsx('<row r="1"><c r="A1" t="s"><v>7</v></c></row>', strings="<si><t>甲</t></si>"),
            "文件损坏",
        ),
        (
            make_xlsx('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>', strings="<si><t>甲</t></si>"),
            "文件损坏",
        ),
        (make_xlsx('<row r="x"/>'), "文件损坏"),
        (make_xlsx('<row r="1">'), "已损坏"),
        (make_zip(xlsx_parts("") | {"xl/_rels/workbook.xml.rels": relationships()}), "没有工作表"),
        (
            make_zip(xlsx_parts("") | {"xl/worksheets/sheet1.xml": f'<!DOCTYPE x><worksheet xmlns="{S}"/>'}),
            "文档类型声明",
        ),
    ],
)
def test_every_wrong_workbook_has_its_sentence(source: bytes, told: str) -> None:
    assert told in refusal(source)


def test_a_sheet_bomb_is_refused_within_the_time_allowed() -> None:
    ballast = random.Random(1).randbytes(1_600_000)  # noqa: S311  # keeps the ratio inconspicuous
    spaces = make_zip(xlsx_parts("") | {"xl/x.bin": ballast, "xl/worksheets/sheet1.xml": b" " * 630_000_000})
    assert len(spaces) < 2_500_000
    assert "解压后过大" in refusal(spaces)


@pytest.mark.parametrize(
    ("name", "told"), [("a.xls", "另存为 .xlsx"), ("a.xlsm", "含宏"), ("a.et", "另存为"), ("a", "只接收")]
)
def test_other_endings_are_refused(name: str, told: str) -> None:
    assert told in refusal(make_xlsx(number("1")), name)


class TestCsv:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_every_encoding_and_separator(self, encoding: str, delimiter: str) -> None:
        text = f'单位{delimiter}数量\r\n"隆女{delimiter}\n县"{delimiter}１２\r\n{delimiter}\r\n'
        sheet = read_workbook(text.encode(encoding), name="月报.csv").sheets[0]
        assert [[cell.value for cell in row] for row in sheet.rows] == [
            ["单位", "数量"],
            [f"隆女{delimiter}\n县", "１２"],
        ]
        assert sheet.cell("B2").address == "B2"

    def test_the_separator_line_of_excel(self) -> None:
        rows = read_workbook("sep=;\n甲;乙,丙\n".encode(), name="a.csv").sheets[0].rows
        assert [[cell.value for cell in row] for row in rows] == [["甲", "乙,丙"]]

    def test_empty_cells_are_empty_and_inner_empty_rows_stay(self) -> None:
        rows = read_workbook(b"a,,b\n\n,c\n\n", name="a.csv").sheets[0].rows
        assert [[cell.value for cell in row] for row in rows] == [["a", None, "b"], [], [None, "c"]]

    @pytest.mark.parametrize(
        ("source", "told"),
        [
            (b"", "文件为空"),
            (b'a,b\n1,"2\n3,4\n', "第 2 行的引号不成对"),
            (b"a,b\n" + b"1," * 201 + b"x", "列数超过 200"),
            (b"a\n" * 100_001, "超过 10 万行"),
            (b"a\0,b", "非文本内容"),
            (make_xlsx(number("1")), "不是文本文件"),
            ("单位\n".encode() + "县".encode("gbk") + b"\xff", "第 2 行的文字编码"),
        ],
    )
    def test_every_wrong_csv_has_its_sentence(self, source: bytes, told: str) -> None:
        assert told in refusal(source, "月报.csv")


@given(st.integers(1, 9_999_999), st.integers(1, 16_384))
def test_addresses_go_both_ways(row: int, column: int) -> None:
    assert split_address(f"{column_letters(column)}{row}") == (row, column)


@pytest.mark.parametrize("written", ["", "A", "1", "A0", "a1", "AAAA1", "A1:B2", "甲1"])
def test_what_is_no_address(written: str) -> None:
    with pytest.raises(ValueError, match="not a cell address"):
        split_address(written)
