"""Workbooks (.xlsx) for people: ledgers, sheets to fill in and annexes that print well on A4.

Text is always written as text, so that a cell beginning with = + - @ never becomes a formula.
"""

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from changai.documents.characters import printable, width_in_characters

ColumnKind = Literal["text", "whole", "number", "percent", "date", "month", "choice"]
Cell = str | int | float | Decimal | date | None

_EXCEL_TEXT_LIMIT = 32767
_CUT_MARK = "……（以下略，全文见系统）"
_CHOICE_TEXT_LIMIT = 255  # longer lists must stand in cells
_SHEET_NAME_LIMIT = 31
_SHEET_NAME_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", "＿"))
_CHOICES_SHEET = "选项"
META_SHEET = "说明信息"
_FORMATS: dict[ColumnKind, str] = {
    "text": "@",
    "whole": "#,##0",
    "number": "#,##0.00",
    "percent": "0.0%",
    "date": "yyyy-mm-dd",
    "month": 'yyyy"年"m"月"',
    "choice": "@",
}
_FONT = "宋体"
WIDTH_PER_CHARACTER = 2.1  # Excel counts in digits of its default font
_ROWS_LOOKED_AT = 500
_ROW_PT = 21.0
_WRAPPED_LINE_PT = 15.0
_MAX_ROW_PT = 409.0
_GREY = "#F2F2F2"
_FILLABLE = "#FFFBE6"


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `width` is in full-width characters; None fits it to title and cells.

    `percent` cells are fractions (0.853 shows as 85.3%). `editable` cells stay unlocked in a protected sheet
    and are tinted; `hint` is shown beside the cell while it is filled in.
    """

    title: str
    width: float | None = None
    kind: ColumnKind = "text"
    choices: tuple[str, ...] = ()
    editable: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class SheetContent:
    """One sheet: title across the columns, note below it, header, rows, and a line for signatures.

    `protected` locks everything but editable columns; `blank_rows` adds empty rows to fill in.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    signature: str = ""
    protected: bool = False
    blank_rows: int = 0


def write_workbook(
    sheets: Sequence[SheetContent],
    *,
    created: datetime,
    author: str = "",
    meta: Mapping[str, str] | None = None,
) -> bytes:
    """Return the workbook; equal content and `created` give equal bytes.

    `meta` is kept on a hidden sheet (`META_SHEET`: name, value) for reading the workbook back.

    :raises ValueError: when a row has not one cell for each column, or a sheet has no columns.
    """
    written = io.BytesIO()
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    book = xlsxwriter.Workbook(written, {"in_memory": True, **options})
    moment = created.replace(tzinfo=None)
    book.set_properties({"title": sheets[0].title, "author": author, "created": moment})
    looks = Looks(book)
    names = _sheet_names(sheets)
    lists = ChoiceLists()
    for sheet, name in zip(sheets, names, strict=True):
        _write_sheet(book.add_worksheet(name), sheet, looks, lists)
    write_choices(book, lists)
    if meta:
        write_meta(book, meta)
    book.close()
    return written.getvalue()


class Looks:
    """The cell formats of a workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def look(self, **settings: Any) -> Format:
        """Return the format with these settings over the house's own."""
        key = tuple(sorted(settings.items()))
        if key not in self._made:
            whole = {"font_name": _FONT, "font_size": 11, "valign": "vcenter", **settings}
            self._made[key] = self._book.add_format(whole)
        return self._made[key]

    def cell(self, column: Column, *, protected: bool) -> Format:
        """Return the look of the column's cells."""
        open_cell = protected and column.editable
        settings: dict[str, Any] = {"border": 1, "num_format": _FORMATS[column.kind], "locked": not open_cell}
        settings["align"] = "left" if column.kind == "text" else "center"
        if column.kind in ("text", "choice"):
            settings["text_wrap"] = True
        if column.kind in ("whole", "number"):
            settings |= {"align": "right", "indent": 1}
        if open_cell:
            settings["bg_color"] = _FILLABLE
        return self.look(**settings)


class ChoiceLists:
    """Lists of choices too long to stand in a validation, by column of the hidden sheet."""

    def __init__(self) -> None:
        self.lists: list[tuple[str, ...]] = []

    def source(self, choices: tuple[str, ...]) -> Any:
        """Return what a validation takes as its source."""
        plain = [cell_text(choice) for choice in choices]
        if len(",".join(plain)) <= _CHOICE_TEXT_LIMIT and not any("," in choice for choice in plain):
            return plain
        if choices not in self.lists:
            self.lists.append(choices)
        letter = xl_col_to_name(self.lists.index(choices))
        return f"='{_CHOICES_SHEET}'!${letter}$1:${letter}${len(choices)}"


def _sheet_names(sheets: Sequence[SheetContent]) -> list[str]:
    """Return names Excel accepts, no two alike."""
    names: list[str] = []
    for sheet in sheets:
        wanted = (
            cell_text(sheet.name).translate(_SHEET_NAME_FORBIDDEN).strip()[:_SHEET_NAME_LIMIT] or "工作表"
        )
        name, number = wanted, 2
        while name.lower() in (other.lower() for other in [*names, _CHOICES_SHEET, META_SHEET]):
            suffix = f"（{number}）"
            name, number = wanted[: _SHEET_NAME_LIMIT - len(suffix)] + suffix, number + 1
        names.append(name)
    return names


def _write_sheet(page: Worksheet, sheet: SheetContent, looks: Looks, lists: ChoiceLists) -> None:
    _require_even_rows(sheet)
    header_row = _write_top(page, sheet, looks)
    first_row = header_row + 1
    widths = [_width(sheet, place) for place in range(len(sheet.columns))]
    _write_rows(page, sheet, looks, widths, first_row)
    last_row = header_row + len(sheet.rows) + sheet.blank_rows
    for place, width in enumerate(widths):
        page.set_column(place, place, width * WIDTH_PER_CHARACTER + 1)
    if last_row > header_row:
        page.autofilter(header_row, 0, last_row, len(sheet.columns) - 1)
        _add_validations(page, sheet, lists, (first_row, last_row))
    if sheet.signature:
        page.set_row(last_row + 2, 24)
        _write_across(page, last_row + 2, sheet, sheet.signature, looks.look(align="left"))
    page.freeze_panes(first_row, 0)
    set_print(page, header_row)
    if sheet.protected:
        allowed = {"format_columns": True, "format_rows": True, "autofilter": True, "sort": True}
        page.protect("", allowed)


def _require_even_rows(sheet: SheetContent) -> None:
    if not sheet.columns:
        raise ValueError(f"sheet {sheet.name!r} has no columns")
    for number, row in enumerate(sheet.rows, start=1):
        if len(row) != len(sheet.columns):
            raise ValueError(f"row {number} of sheet {sheet.name!r} has not one cell for each column")


def _write_top(page: Worksheet, sheet: SheetContent, looks: Looks) -> int:
    """Write title, note and header; return the header's row."""
    title = looks.look(font_name="方正小标宋简体", font_size=18, align="center")
    page.set_row(0, 36)
    _write_across(page, 0, sheet, sheet.title, title)
    header_row = 1
    if sheet.note:
        lines = cell_text(sheet.note).count("\n") + 1
        page.set_row(1, 18 * lines)
        _write_across(page, 1, sheet, sheet.note, looks.look(font_size=10, text_wrap=True))
        header_row = 2
    page.set_row(header_row, 32)
    look = looks.look(font_name="黑体", align="center", border=1, text_wrap=True, bg_color=_GREY)
    for place, column in enumerate(sheet.columns):
        page.write_string(header_row, place, cell_text(column.title), look)
    return header_row


def _write_rows(
    page: Worksheet, sheet: SheetContent, looks: Looks, widths: Sequence[float], first_row: int
) -> None:
    cell_looks = [looks.cell(column, protected=sheet.protected) for column in sheet.columns]
    for number, row in enumerate([*sheet.rows, *([(None,) * len(sheet.columns)] * sheet.blank_rows)]):
        page.set_row(first_row + number, row_height(row, widths))
        for place, (cell, look) in enumerate(zip(row, cell_looks, strict=True)):
            write_cell(page, (first_row + number, place), cell, look)


def _write_across(page: Worksheet, row: int, sheet: SheetContent, text: str, look: Format) -> None:
    if len(sheet.columns) == 1:
        page.write_string(row, 0, cell_text(text), look)
    else:
        page.merge_range(row, 0, row, len(sheet.columns) - 1, "", look)
        page.write_string(row, 0, cell_text(text), look)


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


def _width(sheet: SheetContent, place: int) -> float:
    """Return the column's width in characters: as asked, or showing most cells in one line."""
    asked = sheet.columns[place].width
    if asked is not None:
        return asked
    shown = [_shown_width(row[place]) for row in sheet.rows[:_ROWS_LOOKED_AT]]
    title = width_in_characters(sheet.columns[place].title)
    return max(4.0, min(title, 8.0), min(max(shown, default=0.0), 24.0)) + 0.5


def _shown_width(cell: Cell) -> float:
    match cell:
        case None:
            return 0.0
        case str():
            return width_in_characters(cell[:_EXCEL_TEXT_LIMIT])
        case date():
            return 5.0
        case _:
            return len(f"{cell:,.2f}") / 2


def row_height(row: Sequence[Cell], widths: Sequence[float]) -> float:
    """Return the height in points that shows wrapped text; not every programme fits rows on opening."""
    lines = [
        sum(max(1, math.ceil(width_in_characters(line) / width)) for line in cell.split("\n"))
        for cell, width in zip(row, widths, strict=True)
        if isinstance(cell, str)
    ]
    return min(_MAX_ROW_PT, max(_ROW_PT, _WRAPPED_LINE_PT * max(lines, default=1) + 5))


def _add_validations(page: Worksheet, sheet: SheetContent, lists: ChoiceLists, rows: tuple[int, int]) -> None:
    for place, column in enumerate(sheet.columns):
        if not column.editable:
            continue
        rule = _validation(column, lists)
        if rule:
            page.data_validation(rows[0], place, rows[1], place, rule)


def _validation(column: Column, lists: ChoiceLists) -> dict[str, Any]:
    rule: dict[str, Any] = {"error_title": "填写有误", "ignore_blank": True}
    if column.hint:
        rule |= {"input_title": cell_text(column.title)[:32], "input_message": cell_text(column.hint)[:255]}
    if column.choices:
        return rule | {
            "validate": "list",
            "source": lists.source(column.choices),
            "error_message": "请从下拉列表中选择。",
        }
    match column.kind:
        case "whole":
            limits = {"criteria": "between", "minimum": -(10**12), "maximum": 10**12}
            return rule | {"validate": "integer", **limits, "error_message": "请填写整数。"}
        case "number" | "percent":
            limits = {"criteria": "between", "minimum": -(10**12), "maximum": 10**12}
            return rule | {"validate": "decimal", **limits, "error_message": "请填写数字，不带单位。"}
        case "date" | "month":
            earliest = {"criteria": ">=", "value": date(1950, 1, 1)}
            return rule | {"validate": "date", **earliest, "error_message": "请填写日期，如2026-03-05。"}
        case _:
            return rule | {"validate": "any"} if column.hint else {}


def set_print(page: Worksheet, header_row: int) -> None:
    """Lay the sheet out for A4, its header on every page."""
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
    page.center_horizontally()
    page.repeat_rows(header_row)
    page.set_footer("&C第&P页，共&N页")
    page.hide_gridlines(1)


def write_choices(book: xlsxwriter.Workbook, lists: ChoiceLists) -> None:
    """Write the lists that are too long for a validation onto a hidden sheet."""
    if not lists.lists:
        return
    page = book.add_worksheet(_CHOICES_SHEET)
    for place, choices in enumerate(lists.lists):
        for row, choice in enumerate(choices):
            page.write_string(row, place, cell_text(choice))
    page.hide()


def write_meta(book: xlsxwriter.Workbook, meta: Mapping[str, str]) -> None:
    """Write names and contents onto the very hidden sheet `META_SHEET`."""
    page = book.add_worksheet(META_SHEET)
    for row, (name, content) in enumerate(meta.items()):
        page.write_string(row, 0, cell_text(name))
        page.write_string(row, 1, cell_text(content))
    page.very_hidden()
