"""Workbooks that people fill in away from the system and bring back: what may be typed is open, all else locked.

Each row carries its key in a hidden first column, and the whole workbook a stamp on a hidden sheet, so that it is
understood again whatever was sorted, inserted or renamed. The same writer gives a faulty workbook back, its cells
coloured and each with the reason as a comment.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from changai.documents.cell_looks import (
    FILLABLE,
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
from changai.documents.table_fitting import TYPE_PT, Fit, Measure, fitted, lines_of, measure_open, row_height
from changai.documents.typed_choices import ChoiceLists, write_choices
from changai.documents.workbooks import SIGNED, note_size, set_print, set_widths, write_heads, write_meta

KEY_HEADING = "行标识"
GUIDE_SHEET = "填表说明"
STAMP = "印记"
_STAMP_PIECE = 30_000  # a cell holds 32,767 characters
_LOCKED = "#F7F7F7"
_GUIDE_WIDTH = 42.0
Colour = Literal["fault", "warning", "changed"]
_COLOURS: dict[Colour, str] = {"fault": "#F8CBAD", "warning": "#FFE699", "changed": "#C6E0B4"}
_MOST_COMMENT = 900


@dataclass(frozen=True, slots=True)
class Mark:
    """What was found in a cell when the workbook was brought: its colour, and the sentence as a comment."""

    colour: Colour
    sentence: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What may be typed into a cell: a number within limits, one of a list, or words up to a length.

    `note` is shown while the cell is filled in.
    """

    kind: Literal["number", "choice", "words"]
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimals: int = 0
    choices: tuple[str, ...] = ()
    longest: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class FillCell:
    """One cell: its content, what may be typed (None: locked), and what was found in it."""

    content: Cell = None
    entry: Entry | None = None
    mark: Mark | None = None
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class FillColumn:
    """A column; `width` in full-width characters."""

    title: str
    width: float
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class FillRow:
    """A row under its key."""

    key: str
    cells: tuple[FillCell, ...]


@dataclass(frozen=True, slots=True)
class FillPage:
    """One sheet to fill in."""

    name: str
    title: str
    note: str
    columns: tuple[FillColumn, ...]
    rows: Sequence[FillRow]


def write_sheets_to_fill(
    pages: Sequence[FillPage], *, stamp: str, guide: Sequence[str], created: datetime, author: str = ""
) -> bytes:
    """Return the workbook; equal content and `created` give equal bytes.

    :param stamp: the signed text by which the workbook is known again
    :param guide: the sentences of the sheet 填表说明, the last sheet people see
    """
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True, **book_options()})
    moment = created.replace(tzinfo=None)
    book.set_properties({"title": pages[0].title if pages else "", "author": author, "created": moment})
    looks, lists = Looks(book), ChoiceLists()
    for page in pages:
        _write_page(book.add_worksheet(page.name), page, looks, lists)
    _write_guide(book.add_worksheet(GUIDE_SHEET), guide, looks)
    write_choices(book, lists)
    write_meta(book, _pieces(stamp))
    book.close()
    return written.getvalue()


def _pieces(stamp: str) -> Mapping[str, str]:
    starts = range(0, len(stamp), _STAMP_PIECE)
    return {f"{STAMP}{n}": stamp[at : at + _STAMP_PIECE] for n, at in enumerate(starts, start=1)}


def _write_page(sheet: Worksheet, page: FillPage, looks: Looks, lists: ChoiceLists) -> None:
    last = len(page.columns)  # the key stands in column 0
    fit = fitted([_measure(page, place) for place in range(last)], repeated=2)
    sheet.set_column(0, 0, 4, None, {"hidden": True})
    set_widths(sheet, fit.widths, first=1)
    sheet.set_row(0, 36)
    title = looks.look(font_name=TITLE_FONT, font_size=18, align="center")
    sheet.merge_range(0, 1, 0, last, cell_text(page.title), title)
    size = note_size(fit)
    sheet.set_row(1, 4 + 15 * lines_of(page.note, sum(fit.widths) * TYPE_PT / size))
    sheet.merge_range(1, 1, 1, last, cell_text(page.note), looks.look(font_size=size, text_wrap=True))
    titles = [KEY_HEADING, *(column.title for column in page.columns)]
    write_heads(sheet, 2, titles, (len(KEY_HEADING), *fit.widths), looks)
    for at, row in enumerate(page.rows, start=3):
        contents = [cell.content for cell in row.cells]
        sheet.set_row(at, max(row_height(contents, fit.widths), 30.0))
        sheet.write_string(at, 0, row.key, looks.look())
        for place, (column, cell) in enumerate(zip(page.columns, row.cells, strict=True), start=1):
            _write_fill_cell(sheet, (at, place), column, cell, looks, lists)
    end = len(page.rows) + 4
    sheet.set_row(end, 24)
    sheet.merge_range(end, 1, end, last, SIGNED, looks.look(locked=False))
    sheet.freeze_panes(3, 3)
    set_print(sheet, fit, 2)
    sheet.print_area(0, 1, end, last)
    # People widen columns, sort and filter; only the contents that are known already are locked.
    allowed = dict.fromkeys(("format_columns", "format_rows", "format_cells", "sort", "autofilter"), True)
    sheet.protect("", allowed)


def _measure(page: FillPage, place: int) -> Measure:
    column = page.columns[place]
    kind: ColumnKind = "number" if column.is_number else "text"
    texts = (shown(row.cells[place].content, kind, None) for row in page.rows)
    return measure_open(column.title, texts, width=column.width)


def _write_fill_cell(
    sheet: Worksheet,
    place: tuple[int, int],
    column: FillColumn,
    cell: FillCell,
    looks: Looks,
    lists: ChoiceLists,
) -> None:
    settings: dict[str, Any] = {"border": 1, "text_wrap": True, "locked": cell.entry is None}
    settings["bg_color"] = FILLABLE if cell.entry else _LOCKED
    if cell.mark:
        settings["bg_color"] = _COLOURS[cell.mark.colour]
    if column.is_number:
        decimals = cell.entry.decimals if cell.entry else cell.decimals or 0
        settings |= {
            "align": "right",
            "indent": 1,
            "num_format": f"#,##0.{'#' * decimals}" if decimals else "#,##0",
        }
        if decimals:
            settings["num_format"] = "General"  # 12 shows as 12 and not as "12."
    else:
        settings |= {"num_format": "@", "align": "center" if column.width < 6 else "left"}
    write_cell(sheet, place, cell.content, looks.look(**settings))
    if cell.entry:
        sheet.data_validation(*place, *place, _validation(column, cell.entry, lists))
    if cell.mark and cell.mark.sentence:
        size = {"x_scale": 1.8, "y_scale": 0.9 + len(cell.mark.sentence) / 90}
        sheet.write_comment(
            *place, cell_text(cell.mark.sentence[:_MOST_COMMENT]), {"author": "产改通", **size}
        )


def _validation(column: FillColumn, entry: Entry, lists: ChoiceLists) -> dict[str, Any]:
    rule: dict[str, Any] = {"error_title": "填写有误", "ignore_blank": True}
    if entry.note:
        rule |= {"input_title": cell_text(column.title)[:32], "input_message": cell_text(entry.note)[:255]}
    if entry.kind == "choice":
        source = lists.source(entry.choices)
        return rule | {"validate": "list", "source": source, "error_message": "请从下拉列表中选择。"}
    if entry.kind == "words":
        limit = {"validate": "length", "criteria": "<=", "value": entry.longest}
        return rule | limit | {"error_message": f"最多 {entry.longest} 字，请精简。"}
    minimum = -(10**14) if entry.minimum is None else entry.minimum
    maximum = 10**14 if entry.maximum is None else entry.maximum
    kind = "decimal" if entry.decimals else "integer"
    limits = {"validate": kind, "criteria": "between", "minimum": float(minimum), "maximum": float(maximum)}
    if kind == "integer":
        limits |= {"minimum": int(minimum), "maximum": int(maximum)}
    return rule | limits | {"error_message": number_advice(entry)}


def number_advice(entry: Entry) -> str:
    """Return the sentence that says which numbers are taken."""
    least, most = _plain(entry.minimum), _plain(entry.maximum)
    kind = f"最多 {entry.decimals} 位小数的数字" if entry.decimals else "整数"
    if entry.minimum is not None and entry.maximum is not None:
        return f"请填写 {least} 到 {most} 之间的{kind}，不带单位。"
    if entry.minimum is not None:
        return f"请填写不小于 {least} 的{kind}，不带单位。"
    if entry.maximum is not None:
        return f"请填写不大于 {most} 的{kind}，不带单位。"
    return f"请填写{kind}，不带单位。"


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"


def _write_guide(sheet: Worksheet, guide: Sequence[str], looks: Looks) -> None:
    fit = Fit((_GUIDE_WIDTH,), False, 100)  # noqa: FBT003
    set_widths(sheet, fit.widths)
    sheet.write_string(0, 0, GUIDE_SHEET, looks.look(font_name=HEAD_FONT, font_size=16, align="center"))
    sheet.set_row(0, 30)
    for at, sentence in enumerate(guide, start=1):
        sheet.set_row(at, row_height([sentence], fit.widths))
        sheet.write_string(at, 0, cell_text(sentence), looks.look(text_wrap=True))
    set_print(sheet, fit, 0)
    sheet.protect("")
