"""Workbooks of any length, written to disk row by row: memory stays small, and nothing is ever cut off."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Self

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from changai.documents.workbooks import (
    WIDTH_PER_CHARACTER,
    Cell,
    Column,
    Looks,
    cell_text,
    set_print,
    write_cell,
)

ROWS_PER_SHEET = 1_000_000  # a sheet holds 1,048,576


class LongWorkbook:
    """Writes one table over as many sheets as it needs, and a closing sheet of remarks. Use as a context."""

    def __init__(self, path: Path, *, name: str, columns: Sequence[Column], created: datetime) -> None:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(str(path), options | {"strings_to_numbers": False})
        self._book.set_properties({"title": name, "created": created.replace(tzinfo=None)})
        self._looks = Looks(self._book)
        self._name, self._columns = name, columns
        self._cell_looks = [self._look(column) for column in columns]
        self._page: Worksheet | None = None
        self._sheets = 0
        self.rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self._book.close()

    def _look(self, column: Column) -> Format:
        formats = {"whole": "#,##0", "number": "General", "text": "@"}
        return self._looks.look(num_format=formats.get(column.kind, "@"))

    def add(self, row: Sequence[Cell]) -> None:
        """Write one row."""
        at = self.rows % ROWS_PER_SHEET + 1
        if self._page is None or at == 1:
            self._page = self._begin_sheet()
        for place, (cell, look) in enumerate(zip(row, self._cell_looks, strict=True)):
            write_cell(self._page, (at, place), cell, look)
        self.rows += 1

    def remark(self, lines: Iterable[tuple[str, str]]) -> None:
        """Write the closing sheet 校验: names and contents."""
        if self._page is None:
            self._begin_sheet()
        page = self._book.add_worksheet("校验")
        page.set_column(0, 0, 20)
        page.set_column(1, 1, 90)
        for at, (name, content) in enumerate(lines):
            page.write_string(at, 0, cell_text(name), self._looks.look(font_name="黑体"))
            page.write_string(at, 1, cell_text(content), self._looks.look())

    def _begin_sheet(self) -> Worksheet:
        self._sheets += 1
        suffix = "" if self._sheets == 1 else f"（{self._sheets}）"
        page = self._book.add_worksheet(f"{self._name[:25]}{suffix}")
        head = self._looks.look(font_name="黑体", align="center", border=1, bg_color="#F2F2F2")
        for at, column in enumerate(self._columns):
            page.set_column(at, at, (column.width or 8) * WIDTH_PER_CHARACTER + 1)
            page.write_string(0, at, cell_text(column.title), head)
        page.freeze_panes(1, 0)
        set_print(page, 0)
        return page
