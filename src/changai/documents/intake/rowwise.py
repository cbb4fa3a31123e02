"""Long tables row by row: .xlsx from a limited child, .csv as text; memory stays small whatever the length."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from changai.documents.intake.addresses import column_letters
from changai.documents.intake.sandbox import Limits, refusal, stream_limited
from changai.documents.intake.text import text_lines
from changai.documents.intake.workbook import MOST_COLUMNS, Cell, cell_of

_XLSX = "changai.documents.intake.xlsx_rows:rows"
_LONG = Limits(
    memory_bytes=1024 * 1024 * 1024,
    cpu_seconds=600,
    wall_seconds=3600.0,
    answer_bytes=4 * 1024 * 1024 * 1024,
    source_bytes=200 * 1024 * 1024,
    streamed=True,
)
_MOST_CSV_BYTES = 150 * 1024 * 1024
_DELIMITERS = ",;\t，"


@dataclass(frozen=True, slots=True)
class LongRow:
    """One row with content: its sheet, its number, and its cells by column counted from 1."""

    sheet: str
    number: int
    cells: dict[int, Cell]


def read_rows(source: Path, *, name: str, limits: Limits = _LONG) -> Iterator[LongRow]:
    """Yield the rows of the visible sheets of the .xlsx or .csv file `source`, in their order.

    :param name: the file's name; its ending says what it should be
    :raises Unreadable: when the file is something else, encrypted, damaged, or out of the limits. It may come after
        rows that were sound: what was read of the file must then be dropped
    """
    ending = name.rpartition(".")[2].lower()
    if ending == "xlsx":
        yield from _xlsx_rows(source, name, limits)
    elif ending == "csv":
        yield from _csv_rows(source, name)
    else:
        raise refusal(name, "只接收 .xlsx 和 .csv 文件，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。")


def _xlsx_rows(source: Path, name: str, limits: Limits) -> Iterator[LongRow]:
    sheet, hidden = "", False
    for first, second in stream_limited(_XLSX, source, name=name, limits=limits):
        if isinstance(first, str):
            sheet, hidden = first, bool(second)
        elif not hidden:
            cells = {column: cell_of(first, column, *content) for column, *content in second}
            yield LongRow(sheet, first, cells)


def _csv_rows(source: Path, name: str) -> Iterator[LongRow]:
    lines = text_lines(source, name=name, most_bytes=_MOST_CSV_BYTES)
    first = next(lines)
    delimiter = max(_DELIMITERS, key=first.count)
    if first.lower().startswith("sep=") and len(first.rstrip()) == 5:
        delimiter = first[4]
    else:
        lines = chain((first,), lines)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    while True:
        begun = reader.line_num + 1
        try:
            written = next(reader, None)
        except csv.Error as broken:
            raise refusal(name, f"第 {begun} 行的引号不成对或内容过长，请检查后重新导出。") from broken
        if written is None:
            return
        number += 1
        if len(written) > MOST_COLUMNS:
            raise refusal(name, f"第 {number} 行有 {len(written)} 列，列数超过 {MOST_COLUMNS}。")
        cells = {
            at: Cell(content, f"{column_letters(at)}{number}")
            for at, content in enumerate(written, start=1)
            if content.strip()
        }
        if cells:
            yield LongRow("CSV", number, cells)
