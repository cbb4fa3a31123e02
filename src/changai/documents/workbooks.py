"""Workbooks (.xlsx) for people: ledgers, sheets to fill in and annexes that print well on A4.

Text is always written as text, so that a cell beginning with = + - @ never becomes a formula.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from changai.documents.cell_looks import (
    FIGURES,
    HEAD_FILL,
    HEAD_FONT,
    TITLE_FONT,
    Cell,
    ColumnKind,
    Looks,
    book_options,
    cell_text,
    shown,
    write_cell,
)
from changai.documents.characters import width_in_characters
from changai.documents.paper import chinese_date
from changai.documents.table_fitting import (
    SIDE_MM,
    TYPE_PT,
    Fit,
    Measure,
    excel_width,
    fitted,
    lines_of,
    measure_figures,
    measure_open,
    measure_text,
    row_height,
)
from changai.documents.typed_choices import CHOICES_SHEET, ChoiceLists, validation, write_choices

__all__ = ["META_SHEET", "SIGNED", "Cell", "Column", "ColumnKind", "SheetContent", "write_workbook"]

META_SHEET = "说明信息"
SIGNED = "填表人：　　　　　审核人：　　　　　单位负责人：　　　　　日期：　　　年　　月　　日"
_CITY_TIME = ZoneInfo("Asia/Shanghai")
_SHEET_NAME_LIMIT = 31
_SHEET_NAME_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", "＿"))
_TEXTS_LOOKED_AT = 500
_TITLE_PT, _SMALL_TITLE_PT, _NOTE_PT = 18.0, 15.0, 10.0
_TOP_MM = 18.0
_MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `width` is the most it asks for, in full-width characters; its cells may need less, and get more.

    `percent` cells are fractions (0.853 shows as 85.3%). `decimals` are shown in every cell of a column of numbers;
    None shows those each number has. `editable` cells stay unlocked in a protected sheet and are tinted; `hint` is
    shown beside the cell while it is filled in.
    """

    title: str
    width: float | None = None
    kind: ColumnKind = "text"
    choices: tuple[str, ...] = ()
    editable: bool = False
    hint: str = ""
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class SheetContent:
    """One sheet: title across the columns, who made it and when, a note, header, rows, and a line for signatures.

    `period` is the time the rows tell of. `protected` locks everything but editable columns; `blank_rows` adds empty
    rows to fill in, and leaves out who made the sheet. The first `named` columns name a row: they stay on the screen,
    and stand on each page when the columns need several.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    signature: str = ""
    protected: bool = False
    blank_rows: int = 0
    period: str = ""
    named: int = 1


def write_workbook(
    sheets: Sequence[SheetContent],
    *,
    created: datetime,
    author: str = "",
    meta: Mapping[str, str] | None = None,
) -> bytes:
    """Return the workbook; equal content and `created` give equal bytes.

    `author` is the unit that makes it. `meta` is kept on a hidden sheet (`META_SHEET`: name, value) for reading the
    workbook back.

    :raises ValueError: when a row has not one cell for each column, or a sheet has no columns.
    """
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True, **book_options()})
    moment = created.replace(tzinfo=None)
    book.set_properties({"title": sheets[0].title, "author": author, "created": moment})
    looks = Looks(book)
    names = _sheet_names(sheets)
    lists = ChoiceLists()
    day = chinese_date(created.astimezone(_CITY_TIME).date() if created.tzinfo else created.date())
    made = "　　".join(filter(None, (author and f"制表单位：{author}", f"制表日期：{day}")))
    for sheet, name in zip(sheets, names, strict=True):
        _write_sheet(book.add_worksheet(name), sheet, made, looks, lists)
    write_choices(book, lists)
    if meta:
        write_meta(book, meta)
    book.close()
    return written.getvalue()


def _sheet_names(sheets: Sequence[SheetContent]) -> list[str]:
    """Return names Excel accepts, no two alike."""
    names: list[str] = []
    for sheet in sheets:
        wanted = (
            cell_text(sheet.name).translate(_SHEET_NAME_FORBIDDEN).strip()[:_SHEET_NAME_LIMIT] or "工作表"
        )
        name, number = wanted, 2
        while name.lower() in (other.lower() for other in [*names, CHOICES_SHEET, META_SHEET]):
            suffix = f"（{number}）"
            name, number = wanted[: _SHEET_NAME_LIMIT - len(suffix)] + suffix, number + 1
        names.append(name)
    return names


def _write_sheet(page: Worksheet, sheet: SheetContent, made: str, looks: Looks, lists: ChoiceLists) -> None:
    _require_even_rows(sheet)
    measures = [_measure(sheet, place) for place in range(len(sheet.columns))]
    fit = fitted(measures, repeated=sheet.named)
    across = _Across(page, fit)
    header_row = _write_top(across, sheet, "" if sheet.blank_rows else made, looks)
    first_row = header_row + 1
    _write_rows(page, sheet, looks, fit.widths, first_row, [each.longest for each in measures])
    last_row = header_row + len(sheet.rows) + sheet.blank_rows
    set_widths(page, fit.widths)
    if last_row > header_row:
        page.autofilter(header_row, 0, last_row, len(sheet.columns) - 1)
        _add_validations(page, sheet, lists, (first_row, last_row))
    end_row = last_row
    if sheet.signature:
        end_row = last_row + 2
        page.set_row(last_row + 1, 12)
        across.write(end_row, sheet.signature, looks.look(align="left"), 24)
    page.freeze_panes(first_row, sheet.named if len(sheet.columns) > 8 else 0)
    set_print(page, fit, header_row)
    page.print_area(0, 0, end_row, len(sheet.columns) - 1)
    if sheet.protected:
        allowed = {"format_columns": True, "format_rows": True, "autofilter": True, "sort": True}
        page.protect("", allowed)


def _require_even_rows(sheet: SheetContent) -> None:
    if not sheet.columns:
        raise ValueError(f"sheet {sheet.name!r} has no columns")
    for number, row in enumerate(sheet.rows, start=1):
        if len(row) != len(sheet.columns):
            raise ValueError(f"row {number} of sheet {sheet.name!r} has not one cell for each column")


def _measure(sheet: SheetContent, place: int) -> Measure:
    """Return what a column needs: numbers and dates all in one line, of long texts the first rows tell."""
    column = sheet.columns[place]
    cells = [row[place] for row in sheet.rows]
    if column.kind in FIGURES and not column.editable:
        figures = (shown(cell, column.kind, column.decimals) for cell in cells if not isinstance(cell, str))
        words = (cell for cell in cells[:_TEXTS_LOOKED_AT] if isinstance(cell, str))
        return measure_figures(column.title, figures, words)
    texts = (shown(cell, column.kind, column.decimals) for cell in cells[:_TEXTS_LOOKED_AT])
    if column.width and (column.editable or sheet.blank_rows):
        return measure_open(column.title, texts, width=column.width)
    return measure_text(column.title, texts, most=column.width)


class _Across:
    """Writes lines across the columns of the first page."""

    def __init__(self, page: Worksheet, fit: Fit) -> None:
        self._page = page
        self._last = (fit.starts[0] if fit.starts else len(fit.widths)) - 1
        self.width = sum(fit.widths[: self._last + 1])
        self.note_pt = note_size(fit)

    def write(self, row: int, text: str, look: Format, height: float) -> None:
        """Write a text into a row of its own, this high for each line of it."""
        self._page.set_row(row, height)
        if self._last:
            self._page.merge_range(row, 0, row, self._last, "", look)
        self._page.write_string(row, 0, cell_text(text), look)


def _write_top(across: _Across, sheet: SheetContent, made: str, looks: Looks) -> int:
    """Write title, who made it, note and header; return the header's row."""
    size = _TITLE_PT
    if width_in_characters(sheet.title) * size > across.width * TYPE_PT:
        size = _SMALL_TITLE_PT
    lines = lines_of(cell_text(sheet.title), across.width * TYPE_PT / size)
    title = looks.look(font_name=TITLE_FONT, font_size=size, align="center", text_wrap=True)
    across.write(0, sheet.title, title, 14 + 22 * lines)
    row = 1
    told = "　　".join(filter(None, (sheet.period and f"期间：{sheet.period}", made)))
    size = across.note_pt
    if told:
        across.write(row, told, looks.look(font_size=size, align="right", text_wrap=True), 18)
        row += 1
    if sheet.note:
        note = cell_text(sheet.note)
        height = 4 + 14 * lines_of(note, across.width * TYPE_PT / size)
        across.write(row, note, looks.look(font_size=size, text_wrap=True), min(409, height))
        row += 1
    return row


def _write_rows(
    page: Worksheet,
    sheet: SheetContent,
    looks: Looks,
    widths: Sequence[float],
    first_row: int,
    longest: Sequence[float],
) -> None:
    write_heads(page, first_row - 1, [column.title for column in sheet.columns], widths, looks)
    found = [
        _looks_of(column, sheet, long, looks) for column, long in zip(sheet.columns, longest, strict=True)
    ]
    for number, row in enumerate([*sheet.rows, *([(None,) * len(sheet.columns)] * sheet.blank_rows)]):
        page.set_row(first_row + number, row_height(row, widths))
        for place, (cell, (look, whole)) in enumerate(zip(row, found, strict=True)):
            is_whole = isinstance(cell, int | float | Decimal) and cell == int(cell)
            write_cell(page, (first_row + number, place), cell, whole if whole and is_whole else look)


def _looks_of(
    column: Column, sheet: SheetContent, longest: float, looks: Looks
) -> tuple[Format, Format | None]:
    """Return the look of a column's cells, and of whole numbers among numbers that show their own decimals."""
    is_open = sheet.protected and column.editable
    look = looks.cells(column.kind, column.decimals, longest=longest, is_open=is_open)
    if column.kind != "number" or column.decimals is not None:
        return look, None
    return look, looks.cells("whole", None, longest=longest, is_open=is_open)


def write_heads(
    page: Worksheet, row: int, titles: Sequence[str], widths: Sequence[float], looks: Looks
) -> None:
    """Write the heads of the columns, high enough to show them whole."""
    look = looks.look(font_name=HEAD_FONT, align="center", border=1, text_wrap=True, bg_color=HEAD_FILL)
    page.set_row(row, max(32.0, row_height(titles, widths)))
    for place, title in enumerate(titles):
        page.write_string(row, place, cell_text(title), look)


def _add_validations(page: Worksheet, sheet: SheetContent, lists: ChoiceLists, rows: tuple[int, int]) -> None:
    for place, column in enumerate(sheet.columns):
        if not column.editable:
            continue
        rule = validation(column.title, column.kind, choices=column.choices, hint=column.hint, lists=lists)
        if rule:
            page.data_validation(rows[0], place, rows[1], place, rule)


def note_size(fit: Fit) -> float:
    """Return the size of notes: smaller than the rows where that can still be read on paper."""
    return _NOTE_PT if fit.scale_percent > 80 else TYPE_PT


def set_widths(page: Worksheet, widths: Sequence[float], *, first: int = 0) -> None:
    """Give the columns from the first on these widths, in full-width characters."""
    for place, width in enumerate(widths, start=first):
        page.set_column(place, place, excel_width(width))


def set_print(page: Worksheet, fit: Fit, header_row: int) -> None:
    """Lay the sheet out for A4, its header on every page and the pages counted."""
    page.set_paper(9)
    if fit.is_landscape:
        page.set_landscape()
    if fit.starts:
        page.set_print_scale(fit.scale_percent)
        page.set_v_pagebreaks(list(fit.starts))
        page.repeat_columns(0, fit.repeated - 1)
    else:
        page.fit_to_pages(1, 0)
    side, top = SIDE_MM / _MM_PER_INCH, _TOP_MM / _MM_PER_INCH
    page.set_margins(left=side, right=side, top=top, bottom=top)
    page.center_horizontally()
    page.repeat_rows(header_row)
    page.set_footer("&C第 &P 页　共 &N 页", {"scale_with_doc": False})
    page.hide_gridlines(1)


def write_meta(book: xlsxwriter.Workbook, meta: Mapping[str, str]) -> None:
    """Write names and contents onto the very hidden sheet `META_SHEET`."""
    page = book.add_worksheet(META_SHEET)
    for row, (name, content) in enumerate(meta.items()):
        page.write_string(row, 0, cell_text(name))
        page.write_string(row, 1, cell_text(content))
    page.very_hidden()
