"""Cleaning values: what is taken, and what is refused with place, found, expected and advice."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changai.core.errors import ActionRefused
from changai.core.periods import Month
from changai.documents.intake.cells import (
    CellFault,
    Place,
    clean_text,
    parse_date,
    parse_decimal,
    parse_month,
)
from changai.documents.intake.numberformats import LOST_DIGITS
from changai.documents.intake.workbook import Cell

AT = Place("月报", "C7")


def sentence(call: object, *given: object, **options: object) -> str:
    with pytest.raises(CellFault) as fault:
        call(*given, at=AT, **options)  # type: ignore[operator]
    assert isinstance(fault.value, ActionRefused)
    return str(fault.value)


@pytest.mark.parametrize(
    ("given", "unit", "value"),
    [
        ("123", "人", "123"),
        ("１２３", "人", "123"),
        (" 1,234.50 ", "元", "1234.50"),
        ("1，234", "人", "1234"),
        ("￥1,234.00", "万元", "1234.00"),
        ("\u200b12\ufeff\u00a0", "人", "12"),
        ("-5", "", "-5"),
        ("－５．５", "", "-5.5"),
        ("0", "人", "0"),
        ("95%", "%", "95"),
        ("９５％", "%", "95"),
        ("95", "%", "95"),
        ("0.5%", "%", "0.5"),
        ("0", "%", "0"),
        (Decimal("1.5"), "人", "1.5"),
        (7, "人", "7"),
        (Cell(Decimal("0.95"), "C7", format="0%"), "%", "95"),
        (Cell(Decimal("2.2"), "C7", formula="A1*2"), "", "2.2"),
    ],
)
def test_a_number(given: Cell | str | Decimal, unit: str, value: str) -> None:
    assert parse_decimal(given, unit=unit) == Decimal(value)


@pytest.mark.parametrize("given", [None, "", "  ", "\u3000", Cell(None, "A1"), Cell("\u200b", "A1")])
def test_empty_is_not_zero(given: Cell | str | None) -> None:
    assert parse_decimal(given) is None
    assert parse_month(given) is None
    assert parse_date(given) is None
    assert clean_text(given) == ""


@pytest.mark.parametrize(
    ("given", "unit", "advice"),
    [
        ("无", "人", "没有数值请留空；确为零请填 0"),
        ("/", "人", "没有数值请留空"),
        ("—", "人", "没有数值请留空"),
        ("NaN", "人", "没有数值请留空"),
        ("12人", "人", "不带单位“人”"),
        ("约50", "人", "确切的数字"),
        ("50+", "人", "确切的数字"),
        ("五十", "人", "阿拉伯数字"),
        ("4.10305E+17", "人", "科学记数法"),
        ("=1+1", "人", "不要填公式"),
        ("1,23", "人", "只填数字"),
        ("TRUE", "人", "只填数字"),
        ("Infinity", "人", "只填数字"),
        ("￥5", "人", "只填数字"),
        ("1 2/3", "人", "只填数字"),
        ("3 5", "人", "只填数字"),
        ("95%", "人", "不是百分数"),
        (Cell(Decimal("0.95"), "C7", format="0.0%"), "人", "不是百分数"),
        (Decimal("0.95"), "%", "分不清是 0.95% 还是 95.00%"),
        ("1", "%", "分不清"),
        (True, "人", "只填数字"),
        (date(2026, 10, 1), "人", "只填数字"),
        (Decimal(10**15), "人", "数值过大"),
        (Decimal("1E+300"), "人", "数值过大"),
        (Cell(None, "C7", error="#N/A", formula="NA()"), "人", "错误值"),
        (Cell(None, "C7", formula="A1+B1", note="公式未计算"), "人", "公式未计算"),
    ],
)
def test_a_refused_number_names_place_found_expected_and_remedy(
    given: Cell | str | Decimal, unit: str, advice: str
) -> None:
    told = sentence(parse_decimal, given, unit=unit)
    assert told.startswith("工作表“月报”C7 单元格：填的是“")
    assert "应为" in told
    assert advice in told


def test_limits_of_a_number() -> None:
    assert "不小于 0" in sentence(parse_decimal, "-1", minimum=Decimal(0))
    assert "不大于 100" in sentence(parse_decimal, "101", maximum=Decimal(100))
    assert "整数" in sentence(parse_decimal, "1.5", places=0)
    assert "最多 2 位小数" in sentence(parse_decimal, "1.234", places=2)
    assert parse_decimal("1.500", places=1) == Decimal("1.5")
    assert parse_decimal("1000", places=0) == 1000


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**12), max_value=10**12))
def test_a_printed_number_reads_back(value: Decimal) -> None:
    assert parse_decimal(f"{value:,}") == value
    assert parse_decimal(Cell(value, "A1")) == value


@given(st.text(max_size=30))
def test_any_text_is_taken_or_refused(text: str) -> None:
    told = []
    for parse in (parse_decimal, parse_month, parse_date, clean_text):
        try:
            parse(text)
        except CellFault as fault:
            told.append(str(fault))
    assert all(sentence.startswith("填的是“") and sentence.endswith("。") for sentence in told)


@pytest.mark.parametrize(
    "given",
    [
        "2026年10月",
        "2026年10月份",
        "２０２６年１０月",
        "2026-10",
        "2026/10",
        "2026.10",
        "202610",
        " 2026 年 10 月 ",
        "二〇二六年十月",
        Decimal(202610),
        date(2026, 10, 25),
        datetime(2026, 10, 25, 8),  # noqa: DTZ001
    ],
)
def test_a_month(given: str | Decimal | date) -> None:
    assert parse_month(Cell(given, "B2")) == Month(2026, 10)


@pytest.mark.parametrize(
    "given", ["10月", "2026年13月", "2026", "26年10月", Decimal("2026.1"), "2026年10月25日", True, "无"]
)
def test_no_month(given: str | Decimal) -> None:
    assert "应为年月，如 2026年10月" in sentence(parse_month, given)


@pytest.mark.parametrize(
    "given",
    [
        "2026年10月5日",
        "2026-10-05",
        "2026-10-5 00:00:00",
        "2026.10.5",
        "2026/10/05",
        "20261005",
        "２０２６年１０月５日",
        "二〇二六年十月五日",
        Decimal(20261005),
        date(2026, 10, 5),
        datetime(2026, 10, 5, 23, 59),  # noqa: DTZ001
    ],
)
def test_a_day(given: str | Decimal | date) -> None:
    assert parse_date(Cell(given, "B2")) == date(2026, 10, 5)


@pytest.mark.parametrize(
    "given", ["10/25/26", "2026年2月30日", "2026-13-01", Decimal(46320), "10月25日", "今天", True]
)
def test_no_day(given: str | Decimal) -> None:
    assert "应为日期，如 2026年10月25日" in sentence(parse_date, given)


def test_text_is_trimmed_and_freed_of_what_cannot_be_seen() -> None:
    assert clean_text("\u3000甲\u200b乙\u202e \r\n 丙\x07 ") == "甲乙\n丙"
    assert clean_text(Cell(Decimal("12.50"), "A1")) == "12.50"
    assert clean_text(date(2026, 10, 5)) == "2026-10-05"
    assert "不超过 3 字的文字" in sentence(clean_text, "一二三四", longest=3)
    assert "错误值" in sentence(clean_text, Cell(None, "C7", error="#REF!"))


def test_a_number_that_lost_its_last_digits_is_no_identity_number() -> None:
    cell = Cell(Decimal(410305199001011000), "C7", note=LOST_DIGITS)
    assert "末几位已丢失" in sentence(clean_text, cell)


def test_the_sentence_shows_long_and_hostile_values_safely() -> None:
    told = sentence(parse_decimal, "\u202e" + "长" * 500)
    assert "\u202e" not in told
    assert len(told) < 120


def test_a_fault_without_place_is_still_a_sentence() -> None:
    with pytest.raises(CellFault, match=r"^填的是“无”，应为数字。没有数值请留空"):
        parse_decimal("无")


def test_a_cell_brings_its_own_address() -> None:
    with pytest.raises(CellFault) as fault:
        parse_decimal(Cell("无", "D9"), at=Place("月报"), unit="人")
    assert (
        str(fault.value)
        == "工作表“月报”D9 单元格：填的是“无”，应为数字（单位：人）。没有数值请留空；确为零请填 0。"
    )
    assert (fault.value.address, fault.value.found) == ("D9", "无")
