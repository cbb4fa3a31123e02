"""Workbooks of any length, written to disk row by row: memory stays small, and nothing is ever cut off."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Self

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from changai.documents.cell_looks import HEAD_FONT, Cell, Looks, book_options, cell_text, write_cell
from changai.documents.table_fitting import Fit, fitted, measure_open, row_height
from changai.documents.workbooks import Column, set_print, set_widths, write_heads

ROWS_PER_SHEET = 1_000_000  # a sheet holds 1,048,576


class LongWorkbook:
    """Writes one table over as many sheets as it needs, and a closing sheet of remarks. Use as a context."""

    def __init__(self, path: Path, *, name: str, columns: Sequence[Column], created: datetime) -> None:
        self._book = xlsxwriter.Workbook(str(path), {**book_options(), "constant_memory": True})
        self._book.set_properties({"title": name, "created": created.replace(tzinfo=None)})
        self._looks = Looks(self._book)
        self._name, self._columns = name, columns
        self._cell_looks = [self._look(column) for column in columns]
        self._fit = fitted([measure_open(each.title, (), width=each.width or 8) for each in columns])
        self._page: Worksheet | None = None
        self._sheets = 0
        self.rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self._book.close()

    def _look(self, column: Column) -> Format:
        formats = {"whole": "#,##0", "number": "General"}
        is_text = column.kind not in formats
        return self._looks.look(num_format=formats.get(column.kind, "@"), border=1, text_wrap=is_text)

    def add(self, row: Sequence[Cell]) -> None:
        """Write one row."""
        at = self.rows % ROWS_PER_SHEET + 1
        if self._page is None or at == 1:
            self._page = self._begin_sheet()
        self._page.set_row(at, row_height(row, self._fit.widths))
        for place, (cell, look) in enumerate(zip(row, self._cell_looks, strict=True)):
            write_cell(self._page, (at, place), cell, look)
        self.rows += 1

    def remark(self, lines: Iterable[tuple[str, str]]) -> None:
        """Write the closing sheet 校验: names and contents."""
        if self._page is None:
            self._begin_sheet()
        page = self._book.add_worksheet("校验")
        fit = Fit((8.0, 36.0), False, 100)  # noqa: FBT003
        set_widths(page, fit.widths)
        for at, (name, content) in enumerate(lines):
            page.set_row(at, row_height((name, content), fit.widths))
            page.write_string(at, 0, cell_text(name), self._looks.look(font_name=HEAD_FONT))
            page.write_string(at, 1, cell_text(content), self._looks.look(text_wrap=True))
        set_print(page, fit, 0)

    def _begin_sheet(self) -> Worksheet:
        self._sheets += 1
        suffix = "" if self._sheets == 1 else f"（{self._sheets}）"
        page = self._book.add_worksheet(f"{self._name[:25]}{suffix}")
        set_widths(page, self._fit.widths)
        write_heads(page, 0, [column.title for column in self._columns], self._fit.widths, self._looks)
        page.freeze_panes(1, 0)
        set_print(page, self._fit, 0)
        return page
