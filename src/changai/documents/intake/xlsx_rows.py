"""The rows of an .xlsx file one after the other, however many. Runs inside the limited child; see `rowwise.read_rows`.

Rows must come in ascending order, as every programme writes them: what is out of order was defined twice or is broken.
"""

from collections.abc import Iterator
from typing import Any

from changai.core.errors import Unreadable
from changai.documents.intake.xlsx import OpenedBook, SheetScan

_MOST_CELLS = 20_000_000
_DISORDER = "行的次序异常，文件已损坏，请用 Excel 或 WPS 重新保存后上传。"


def rows(source: bytes) -> Iterator[list[Any]]:
    """Yield [sheet, hidden] at the beginning of each sheet and [row, cells] for each row with content.

    Cells are as those of `SheetScan.result`, without their row.

    :raises Unreadable: when it is something else, damaged, or out of the limits
    """
    book = OpenedBook(source)
    for sheet in book.sheets:
        yield [sheet.name, sheet.hidden]
        scan = _RowScan(sheet.name, book.strings, book.formats, _MOST_CELLS)
        for piece in book.container.fed(sheet.part, scan.parser):
            yield from scan.finished(is_last=piece is None)


class _RowScan(SheetScan):
    """Gives its rows away as they end, so that it holds few of them."""

    most_rows = 1_048_576

    def finished(self, *, is_last: bool) -> Iterator[list[Any]]:
        """Yield the rows that have ended since the last call, and forget them."""
        ended = self.cells if is_last else [cell for cell in self.cells if cell[0] < self._row]
        if not ended:
            return
        self.cells = [] if is_last else self.cells[len(ended) :]
        self._seen = {place for place in self._seen if place[0] == self._row}
        self._budget -= len(ended)
        if self._budget < 0:
            raise Unreadable("单元格过多，请拆分后上传。")
        by_row: dict[int, list[list[Any]]] = {}
        for row, *cell in ended:
            by_row.setdefault(row, []).append(cell)
        for row, cells in by_row.items():
            if row <= self._last:
                raise Unreadable(f"工作表“{self.name}”第 {row} {_DISORDER}")
            self._last = row
            yield [row, sorted(cells, key=lambda cell: int(cell[0]))]

    _last = 0
