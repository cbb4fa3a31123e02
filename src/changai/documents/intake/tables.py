"""A table inside a sheet: found by its headings, wherever the title and remarks above it end."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from changai.core.errors import Unreadable
from changai.documents.intake.addresses import column_letters
from changai.documents.intake.workbook import Cell, Sheet, Workbook

_ROWS_SEARCHED = 30
_DECORATION = re.compile(r"[\s*＊]|[（(]必填[）)]")


@dataclass(frozen=True)
class TableRow:
    """One row below the headings. `cells` has one cell for each heading asked for, empty ones too."""

    sheet: str
    number: int
    cells: Mapping[str, Cell]


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


def _cell(cells: Sequence[Cell], place: int, row: int) -> Cell:
    return cells[place] if place < len(cells) else Cell(None, f"{column_letters(place + 1)}{row}")


def _folded(heading: str) -> str:
    return _DECORATION.sub("", unicodedata.normalize("NFKC", heading)).casefold()
