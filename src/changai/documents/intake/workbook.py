"""The cells of a workbook that a unit or the office uploads: .xlsx or .csv."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from changai.core.errors import Unreadable
from changai.documents.intake.addresses import column_letters, split_address
from changai.documents.intake.sandbox import Limits, parse_limited, refusal
from changai.documents.intake.text import decode_text

MOST_COLUMNS = 200
MOST_ROWS = 100_000
_XLSX = "changai.documents.intake.xlsx:parse"
_XLSX_ALL = "changai.documents.intake.xlsx:parse_all"
_DELIMITERS = ",;\t，"
_MOST_CSV_CELLS = 500_000

Value = str | Decimal | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as stored.

    `error` is an Excel error such as `#N/A`, or 数值无效 for a number that is none: never the same as empty.
    `formula` is set when the value is a formula's saved result; without a saved result `value` is None and
    `note` says so. `format` is the number format (`0%`), "" when general. `note` is a Chinese remark about a
    doubtful value.
    """

    value: Value
    address: str
    error: str | None = None
    formula: str | None = None
    note: str = ""
    format: str = ""

    @property
    def is_empty(self) -> bool:
        """Return whether the cell holds nothing at all: no value, no error, no formula."""
        return self.value is None and self.error is None and self.formula is None

    @property
    def is_percent(self) -> bool:
        """Return whether a number is shown as a percentage: 0.95 appears as 95%."""
        return "%" in self.format

    @property
    def text(self) -> str:
        """Return what stands in the cell, for a message."""
        if self.error is not None:
            return self.error
        if self.value is None:
            return f"={self.formula}" if self.formula is not None else ""
        if isinstance(self.value, Decimal):
            return format(self.value, "f")
        if isinstance(self.value, bool):
            return "TRUE" if self.value else "FALSE"
        return str(self.value)


@dataclass(frozen=True)
class Sheet:
    """One sheet; `rows[0]` is row 1 and reaches from column A to its last filled cell.

    `merged` are ranges such as `A1:C1`; their value stands in the first cell only. Rows and columns that
    are hidden are read all the same and listed.
    """

    name: str
    rows: list[list[Cell]]
    merged: list[str]
    hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[str, ...] = ()

    def cell(self, address: str) -> Cell:
        """Return the cell at `address` (`B7`); an empty one beyond the filled area."""
        row, column = split_address(address)
        cells = self.rows[row - 1] if row <= len(self.rows) else []
        return cells[column - 1] if column <= len(cells) else Cell(None, address)


@dataclass(frozen=True)
class Workbook:
    """The sheets of a file in their order; `notes` are Chinese remarks for the preview."""

    name: str
    sheets: list[Sheet]
    notes: tuple[str, ...] = ()

    def sheet(self, name: str) -> Sheet | None:
        """Return the sheet called `name`."""
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


def read_workbook(source: bytes, *, name: str, limits: Limits | None = None) -> Workbook:
    """Return the cells of the .xlsx or .csv file `source`.

    Numbers are exact decimals from their stored text, at the 15 digits a spreadsheet itself holds; the cells
    of a .csv are all text. An .xlsx is parsed in a limited child process.

    :param name: the file's name; its ending says what it should be
    :raises Unreadable: when the file is something else, encrypted, damaged, holds macros, or reaches beyond
        200 columns or 100,000 rows
    """
    ending = name.rpartition(".")[2].lower()
    if ending == "xlsx":
        return workbook_of(parsed_xlsx(source, name=name, limits=limits), name=name)
    if ending == "csv":
        return Workbook(name, [Sheet("CSV", _csv_rows(source, name), [])])
    if ending in ("xlsm", "xltm"):
        raise refusal(name, "含宏的文件不接收，请另存为 .xlsx 再上传。")
    if ending in ("xls", "xlsb", "ods", "et"):
        raise refusal(name, f"暂不接收 .{ending} 文件，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。")
    raise refusal(name, "只接收 .xlsx 和 .csv 文件，请转换格式后上传。")


def parsed_xlsx(source: bytes, *, name: str, limits: Limits | None = None) -> dict[str, Any]:
    """Return what an .xlsx file holds as plain JSON values, to be kept beside it; `workbook_of` makes cells of them.

    :raises Unreadable: as `read_workbook`
    """
    answer: dict[str, Any] = parse_limited(_XLSX, source, name=name, limits=limits)
    return answer


def parsed_together(sources: Sequence[bytes]) -> list[dict[str, Any] | None]:
    """Return what `parsed_xlsx` returns for each of a few small files, read in one child: most of a child's time is
    its start. None for one that has to be read by itself to learn why it is refused.
    """
    joined = b"".join(len(source).to_bytes(8, "big") + source for source in sources)
    try:
        found: list[dict[str, Any] | None] = parse_limited(_XLSX_ALL, joined, name="")
    except Unreadable:  # one of them spoilt it for all
        return [None] * len(sources)
    return found


def workbook_of(parsed: Mapping[str, Any], *, name: str) -> Workbook:
    """Return the workbook of what `parsed_xlsx` returned."""
    return Workbook(name, [_sheet(sheet) for sheet in parsed["sheets"]], tuple(parsed["notes"]))


def _sheet(given: dict[str, Any]) -> Sheet:
    rows: list[list[Cell]] = []
    for number, column, kind, text, formula, shown_as, note in given["cells"]:
        while len(rows) < number:
            rows.append([])
        row = rows[number - 1]
        while len(row) < column - 1:
            row.append(Cell(None, f"{column_letters(len(row) + 1)}{number}"))
        row.append(cell_of(number, column, kind, text, formula, shown_as, note))
    return Sheet(
        given["name"],
        rows,
        given["merged"],
        given["hidden"],
        tuple(given["hidden_rows"]),
        tuple(map(column_letters, given["hidden_columns"])),
    )


def cell_of(  # as the scanner answers
    number: int, column: int, kind: str, text: str, formula: str | None, shown_as: str, note: str
) -> Cell:
    """Return the cell that the scanner of a workbook describes."""
    error = text if kind == "error" else None
    value = None if error is not None else _value(kind, text)
    return Cell(value, f"{column_letters(column)}{number}", error, formula, note, shown_as)


def _value(kind: str, text: str) -> Value:
    if kind == "number":
        return Decimal(text)
    if kind == "truth":
        return text == "1"
    if kind == "date":
        return date.fromisoformat(text)
    if kind == "moment":
        return datetime.fromisoformat(text)
    return text if kind == "text" else None


def _csv_rows(source: bytes, name: str) -> list[list[Cell]]:
    text = decode_text(source, name=name)
    first, _, rest = text.partition("\n")
    delimiter = max(_DELIMITERS, key=first.count)
    if first.lower().startswith("sep=") and len(first) == 5:
        delimiter, text = first[4], rest
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[Cell]] = []
    cells = 0
    while True:
        begun = reader.line_num + 1
        try:
            written = next(reader, None)
        except csv.Error as broken:
            raise refusal(name, f"第 {begun} 行的引号不成对或内容过长，请检查后重新导出。") from broken
        if written is None:
            break
        while written and not written[-1].strip():
            written.pop()
        cells += len(written)
        _refuse_large(name, len(rows) + 1, len(written), cells)
        rows.append(
            [
                Cell(text or None, f"{column_letters(at)}{len(rows) + 1}")
                for at, text in enumerate(written, start=1)
            ]
        )
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _refuse_large(name: str, rows: int, columns: int, cells: int) -> None:
    if columns > MOST_COLUMNS:
        raise refusal(name, f"第 {rows} 行有 {columns} 列，列数超过 {MOST_COLUMNS}，请删除多余的列后上传。")
    if rows > MOST_ROWS or cells > _MOST_CSV_CELLS:
        raise refusal(name, "表格超过 10 万行或 50 万个单元格，请拆分后上传。")
