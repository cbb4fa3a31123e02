"""A table inside a sheet: found by its headings, wherever the title and remarks above it end."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from changai.core.errors import Unreadable
from changai.documents.intake.addresses import column_letters
from changai.documents.intake.cells import CellFault, clean_text, parse_date, parse_decimal
from changai.documents.intake.workbook import Cell, Sheet, Workbook

Value = TypeVar("Value")
_LARGEST_WHOLE = Decimal(1_000_000_000)
_ROWS_SEARCHED = 30
_DECORATION = re.compile(r"[\s*＊]|[（(]必填[）)]")


@dataclass(frozen=True)
class TableRow:
    """One row below the headings. `cells` has one cell for each heading asked for, empty ones too."""

    sheet: str
    number: int
    cells: Mapping[str, Cell]


class RowReader:
    """Takes values out of one row and gathers all its faults, instead of stopping at the first.

    A value that cannot be taken leaves a sentence in `faults`, with its cell, and comes back as a harmless stand-in.
    """

    def __init__(self, row: TableRow) -> None:
        self.row = row
        self.faults: list[str] = []

    def text(self, heading: str) -> str:
        """Return a text; empty when the cell is, or when there is no such column."""
        return self._taken(heading, clean_text, "")

    def whole(self, heading: str, *, otherwise: int | None = None) -> int:
        """Return a whole number not below zero, `otherwise` when empty; without `otherwise` it must be filled in."""
        stand_in: Decimal | None = Decimal(0)
        number = self._taken(heading, _whole, stand_in)
        if number is None and otherwise is None:
            self.refuse(heading, "没有填写，应为整数。")
        return otherwise or 0 if number is None else int(number)

    def day(self, heading: str) -> date:
        """Return a date; it must be filled in."""
        stand_in: date | None = date.min
        day = self._taken(heading, parse_date, stand_in)
        if day is None:
            self.refuse(heading, "没有填写，应为日期，如 2026-10-25。")
        return day or date.min

    def choice(self, heading: str, options: Mapping[str, str]) -> str:
        """Return what stands for the words of a cell in `options`; they must be one of them."""
        before = len(self.faults)
        written = self.text(heading)
        if written not in options and len(self.faults) == before:
            self.refuse(heading, f"填的是“{written}”，应为{'、'.join(options)}之一。")
        return options.get(written, "")

    def refuse(self, heading: str, sentence: str) -> None:
        """Add a fault of a cell."""
        self.faults.append(f"{self.row.cells[heading].address} 单元格：{sentence}")

    def _taken(self, heading: str, parse: Callable[[Cell], Value], otherwise: Value) -> Value:
        cell = self.row.cells.get(heading)
        if cell is None:
            return otherwise
        try:
            return parse(cell)
        except CellFault as fault:
            self.faults.append(fault.sentence)
            return otherwise


def read_table(
    book: Workbook, required: Sequence[str], *, optional: Sequence[str] = ()
) -> Iterator[TableRow]:
    """Yield the rows of the first sheet that has all `required` headings in one row; empty rows are skipped.

    Headings match without blanks, width of characters, asterisks and （必填）. Columns stand in any order;
    others are left alone.

    :raises Unreadable: when no sheet has them, naming the headings that the best row lacks
    """
    sheet, number, columns = _headings(book, required)
    wanted = [name for name in (*required, *optional) if _folded(name) in columns]
    for row, cells in enumerate(sheet.rows[number:], start=number + 1):
        picked = {name: _cell(cells, columns[_folded(name)], row) for name in wanted}
        if not all(cell.is_empty for cell in picked.values()):
            yield TableRow(sheet.name, row, picked)


def headings_like(book: Workbook, required: Sequence[str], beginning: str) -> list[str]:
    """Return the headings beside the required ones that begin with `beginning`, as written.

    :raises Unreadable: as `read_table`
    """
    sheet, number, _columns = _headings(book, required)
    written = [cell.text.strip() for cell in sheet.rows[number - 1]]
    return [text for text in written if _folded(text).startswith(_folded(beginning))]


def _headings(book: Workbook, required: Sequence[str]) -> tuple[Sheet, int, dict[str, int]]:
    """Return the sheet, the number of its row of headings, and the column (from 0) of each folded heading."""
    lacking: list[str] = list(required)
    for sheet in book.sheets:
        if sheet.hidden:
            continue
        for number, cells in enumerate(sheet.rows[:_ROWS_SEARCHED], start=1):
            columns: dict[str, int] = {}
            for place, cell in enumerate(cells):
                columns.setdefault(_folded(cell.text), place)
            missing = [name for name in required if _folded(name) not in columns]
            if not missing:
                return sheet, number, columns
            lacking = min(lacking, missing, key=len)
    raise Unreadable(
        f"“{book.name}”中没有找到表头，缺少：{'、'.join(lacking)}。请使用本页下载的模板填写后上传。"
    )


def _whole(cell: Cell) -> Decimal | None:
    return parse_decimal(cell, minimum=Decimal(0), maximum=_LARGEST_WHOLE, places=0)


def _cell(cells: Sequence[Cell], place: int, row: int) -> Cell:
    return cells[place] if place < len(cells) else Cell(None, f"{column_letters(place + 1)}{row}")


def _folded(heading: str) -> str:
    return _DECORATION.sub("", unicodedata.normalize("NFKC", heading)).casefold()
