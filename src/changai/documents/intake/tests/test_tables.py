"""Tables are found by their headings; every fault names its cell."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest

from changai.core.errors import Unreadable
from changai.documents.intake.tables import RowReader, TableRow, headings_like, read_table
from changai.documents.intake.workbook import Workbook, read_workbook

WANTED = ("名称", "人数", "日期")


def book(*rows: list[Any]) -> Workbook:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    written = io.BytesIO()
    made.save(written)
    return read_workbook(written.getvalue(), name="表.xlsx")


def one(*cells: Any) -> TableRow:
    return next(read_table(book(["名称", "人数", "日期"], list(cells)), WANTED))


def test_headings_are_found_below_titles_in_any_order_and_dress() -> None:
    rows = list(
        read_table(
            book(
                ["培训名册"],
                [],
                ["日 期", "*人数（必填）", "备注", "名称"],
                ["2026-10-01", 3, "x", "甲"],
                [None],
                ["", 4],
            ),
            WANTED,
            optional=("单位",),
        )
    )
    assert [(row.number, row.cells["人数"].text) for row in rows] == [(4, "3"), (6, "4")]
    assert rows[1].cells["名称"].address == "D6"
    assert "单位" not in rows[0].cells


def test_a_sheet_without_them_is_refused_naming_what_is_missing() -> None:
    with pytest.raises(Unreadable, match="缺少：人数、日期"):
        list(read_table(book(["名称"], ["甲"]), WANTED))


def test_further_headings_are_listed() -> None:
    made = book(["分类：乙", *WANTED, "分类:甲", "备注"])
    assert headings_like(made, WANTED, "分类：") == ["分类：乙", "分类:甲"]


def test_values_come_out_clean() -> None:
    reader = RowReader(one(" 甲 班 ", "１，２００", "2026年10月5日"))
    assert (reader.text("名称"), reader.whole("人数"), reader.day("日期")) == (
        "甲 班",
        1200,
        date(2026, 10, 5),
    )
    assert reader.choice("名称", {"甲 班": "a"}) == "a"
    assert reader.faults == []


def test_all_faults_of_a_row_are_gathered_with_their_cells() -> None:
    reader = RowReader(one("丙", "#N/A", None))
    reader.choice("名称", {"甲": "a", "乙": "b"})
    reader.whole("人数")
    reader.day("日期")
    assert [fault[:2] for fault in reader.faults] == ["A2", "B2", "C2"]
    assert "甲、乙之一" in reader.faults[0]
    assert "#N/A" in reader.faults[1]
    assert "没有填写" in reader.faults[2]


def test_an_empty_number_is_zero_only_where_it_may_be() -> None:
    reader = RowReader(one("甲", None, "2026-10-05"))
    assert reader.whole("人数", otherwise=0) == 0
    assert not reader.faults
    reader.whole("人数")
    assert "应为整数" in reader.faults[0]
