"""How single cells of a workbook look and are written. Text is always text: = + - @ never begin a formula."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from changai.documents.characters import printable
from changai.documents.table_fitting import DEFAULT_FACE, TYPE_PT

ColumnKind = Literal["text", "whole", "serial", "number", "percent", "date", "month", "choice"]
Cell = str | int | float | Decimal | date | None

FONT = "宋体"
HEAD_FONT = "黑体"
TITLE_FONT = "方正小标宋简体"
HEAD_FILL = "#F2F2F2"
FILLABLE = "#FFFBE6"
FIGURES: frozenset[ColumnKind] = frozenset({"whole", "serial", "number", "percent", "date", "month"})
_EXCEL_TEXT_LIMIT = 32767
_CUT_MARK = "……（以下略，全文见系统）"
_SHORT = 6.0  # texts up to here stand in the middle of their column
_FORMATS: dict[ColumnKind, str] = {
    "text": "@",
    "whole": "#,##0",
    "serial": "0",
    "number": "#,##0.####",
    "percent": "0.0%",
    "date": "yyyy-mm-dd",
    "month": 'yyyy"年"m"月"',
    "choice": "@",
}


def book_options() -> dict[str, Any]:
    """Return what a workbook is opened with: nothing typed or stored becomes a formula, a link or a number."""
    return {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
        "default_format_properties": dict(DEFAULT_FACE),  # the library writes into it
    }


class Looks:
    """The cell formats of a workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def look(self, **settings: Any) -> Format:
        """Return the format with these settings over the house's own."""
        key = tuple(sorted(settings.items()))
        if key not in self._made:
            whole = {"font_name": FONT, "font_size": TYPE_PT, "valign": "vcenter", **settings}
            self._made[key] = self._book.add_format(whole)
        return self._made[key]

    def cells(self, kind: ColumnKind, decimals: int | None, *, longest: float, is_open: bool) -> Format:
        """Return the look of a column's cells; short texts stand in the middle, numbers on the right.

        :param longest: the longest text of the column, in characters
        """
        settings: dict[str, Any] = {
            "border": 1,
            "text_wrap": True,
            "num_format": number_format(kind, decimals),
        }
        settings["align"] = "left" if kind == "text" and longest > _SHORT else "center"
        if kind in ("whole", "number", "percent"):
            settings |= {"align": "right", "indent": 1}
        if is_open:
            settings |= {"bg_color": FILLABLE, "locked": False}
        return self.look(**settings)


def number_format(kind: ColumnKind, decimals: int | None) -> str:
    """Return how numbers of a column are shown: with so many decimals, or with those each one has."""
    if kind == "number" and decimals is not None:
        return "#,##0." + "0" * decimals if decimals else "#,##0"
    return _FORMATS[kind]


def shown(cell: Cell, kind: ColumnKind, decimals: int | None) -> str:
    """Return a cell as people see it, near enough to know how wide it is."""
    match cell:
        case None:
            return ""
        case str():
            return cell[:_EXCEL_TEXT_LIMIT]
        case date():
            return f"{cell:%Y年%m月}" if kind == "month" else f"{cell:%Y-%m-%d}"
    if kind == "percent":
        return f"{cell:.1%}"
    if kind in ("whole", "serial"):
        return f"{cell:,.0f}"
    return (
        f"{cell:,.{decimals}f}" if decimals is not None else f"{round(Decimal(str(cell)), 4).normalize():,f}"
    )


def write_cell(page: Worksheet, place: tuple[int, int], cell: Cell, look: Format) -> None:
    """Write one cell; text is always text."""
    row, column = place
    match cell:
        case None:
            page.write_blank(row, column, None, look)
        case str():
            page.write_string(row, column, cell_text(cell), look)
        case datetime():
            page.write_datetime(row, column, cell.replace(tzinfo=None), look)
        case date():
            page.write_datetime(row, column, cell, look)
        case _:
            page.write_number(row, column, cell, look)


def cell_text(text: str) -> str:
    """Return the text as a cell can hold it; what is cut off is said."""
    text = printable(text)
    units = text.encode("utf-16-le")
    if len(units) <= 2 * _EXCEL_TEXT_LIMIT:
        return text
    return units[: 2 * (_EXCEL_TEXT_LIMIT - len(_CUT_MARK))].decode("utf-16-le", "ignore") + _CUT_MARK
