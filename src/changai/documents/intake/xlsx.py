"""The cells of an .xlsx file, read straight from its XML. Runs inside the limited child; see
`workbook.read_workbook`.

An own scanner rather than a library: libraries return floats, take cell errors for empty cells, accept a
cell defined twice, and set aside memory for the area a file merely claims. This one sees the stored text of
each cell.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element
from xml.parsers import expat

from changai.core.errors import Unreadable
from changai.documents.intake.addresses import column_letters, split_address
from changai.documents.intake.container import MOST_ENTRIES, Container
from changai.documents.intake.numberformats import Formats, exact_number

_WANTED = "Excel 工作簿（.xlsx）"
_DAMAGED = "文件损坏，请用 Excel 或 WPS 打开后重新保存再上传。"
_MOST_SHEETS = 100
_MOST_COLUMNS = 200
_MOST_ROWS = 100_000
_MOST_CELLS = 500_000
_MOST_MERGED = 10_000
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
UNCALCULATED = "公式未计算"


def parse(source: bytes) -> dict[str, Any]:
    """Return {"sheets", "notes"} of the .xlsx file `source`, sheets as `SheetScan.result` gives them.

    :raises Unreadable: when it is something else, damaged, or out of the limits
    """
    book = OpenedBook(source)
    sheets, budget = [], _MOST_CELLS
    for sheet in book.sheets:
        scan = SheetScan(sheet.name, book.strings, book.formats, budget)
        book.container.scan(sheet.part, scan.parser)
        sheets.append(scan.result(hidden=sheet.hidden))
        budget -= len(scan.cells)
    return {"sheets": sheets, "notes": book.notes}


def parse_all(source: bytes) -> list[dict[str, Any] | None]:
    """Return what `parse` returns for each file in `source`, None for one it refuses.

    :param source: the files one after the other, each behind its length in eight bytes
    """
    found: list[dict[str, Any] | None] = []
    at = 0
    while at < len(source):
        end = at + 8 + int.from_bytes(source[at : at + 8], "big")
        try:
            found.append(parse(source[at + 8 : end]))
        except Unreadable:
            found.append(None)
        at = end
    return found


@dataclass(frozen=True)
class ListedSheet:
    """A sheet of the workbook's list and the part that holds its cells."""

    name: str
    part: str
    hidden: bool


class OpenedBook:
    """What the sheets of a workbook share: its container, strings and formats, and the list of its sheets."""

    def __init__(self, source: bytes) -> None:
        """Open the workbook; :raises Unreadable: when it is something else, damaged, or has too many sheets."""
        self.container = container = Container(source, wanted=_WANTED, most_entries=MOST_ENTRIES)
        main = container.main_part()
        book = container.tree(main)
        targets = container.relationships(main)
        parts = {kind.rpartition("/")[2]: target for kind, target in targets.values()}
        self.strings = _shared_strings(container, parts.get("sharedStrings", ""))
        self.formats = Formats(
            container.tree(parts["styles"]) if parts.get("styles") in container.names else None,
            starts_1904=any(
                item.get("date1904") in ("1", "true") for item in book.iter() if _local(item) == "workbookPr"
            ),
        )
        self.sheets = list(_listed(book, targets))
        external = any(
            name.startswith(("xl/externalLinks/", "xl/connections", "xl/queryTables/"))
            for name in container.names
        )
        self.notes = ["含外部链接，只读取已保存的数值"] if external else []


def _listed(book: Element, targets: dict[str, tuple[str, str]]) -> Iterator[ListedSheet]:
    listed = [item for item in book.iter() if _local(item) == "sheet"]
    if len(listed) > _MOST_SHEETS:
        raise Unreadable(f"工作表超过 {_MOST_SHEETS} 个，请拆分后上传。")
    found = False
    for item in listed:
        kind, target = targets.get(_relationship(item), ("", ""))
        if kind.endswith("/worksheet"):
            found = True
            yield ListedSheet(item.get("name", ""), target, item.get("state", "visible") != "visible")
    if not found:
        raise Unreadable(f"不是有效的 {_WANTED}：没有工作表。")


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _relationship(sheet: Element) -> str:
    return next((text for name, text in sheet.attrib.items() if name.endswith("}id")), "")


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    return parser


def _unescaped(text: str) -> str:
    """Return `text` with the `_x000D_` that Excel writes for control characters resolved."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _shared_strings(container: Container, part: str) -> list[str]:
    if part not in container.names:
        return []
    scan = _Strings()
    container.scan(part, scan.parser)
    return scan.strings


class _Strings:
    """One pass over the table of strings; phonetic readings are left out."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._pieces: list[str] = []
        self._is_text = self._is_phonetic = False
        self.parser = _parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._character

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if local == "si":
            self._pieces = []
        elif local == "rPh":
            self._is_phonetic = True
        self._is_text = local == "t" and not self._is_phonetic

    def _end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        self._is_text = False
        if local == "si":
            self.strings.append(_unescaped("".join(self._pieces)))
        elif local == "rPh":
            self._is_phonetic = False

    def _character(self, text: str) -> None:
        if self._is_text:
            self._pieces.append(text)


class SheetScan:
    """One pass over a sheet's XML."""

    most_rows = _MOST_ROWS

    def __init__(self, name: str, strings: list[str], formats: Formats, budget: int) -> None:
        self.name = name
        self.cells: list[list[Any]] = []
        self._strings, self._formats, self._budget = strings, formats, budget
        self._seen: set[tuple[int, int]] = set()
        self._merged: list[str] = []
        self._hidden_rows: list[int] = []
        self._hidden_columns: list[int] = []
        self._row = self._column = 0
        self._type = self._style = ""
        self._value: list[str] | None = None
        self._formula: list[str] | None = None
        self._reading: list[str] | None = None
        self._phonetic = False
        self.parser = _parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._character

    def result(self, *, hidden: bool) -> dict[str, Any]:
        """Return the sheet as plain values; cells are [row, column, kind, text, formula, format, note]."""
        return {
            "name": self.name,
            "hidden": hidden,
            "merged": self._merged,
            "hidden_rows": self._hidden_rows,
            "hidden_columns": self._hidden_columns,
            "cells": sorted(self.cells, key=lambda cell: (cell[0], cell[1])),
        }

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if local == "c":
            self._open_cell(attributes)
        elif local == "row":
            self._open_row(attributes)
        elif local == "v":
            self._reading = self._value = []
        elif local == "f":
            self._reading = self._formula = []
        elif local == "t" and self._type == "inlineStr" and not self._phonetic:
            self._value = self._reading = self._value or []
        elif local == "rPh":
            self._phonetic = True
        else:
            self._other(local, attributes)

    def _other(self, local: str, attributes: dict[str, str]) -> None:
        if local == "mergeCell":
            if len(self._merged) >= _MOST_MERGED:
                raise Unreadable(f"工作表“{self.name}”的合并单元格超过 {_MOST_MERGED} 处，请拆分后上传。")
            self._merged.append(attributes.get("ref", ""))
        elif local == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = _count(attributes.get("min", "")), _count(attributes.get("max", ""))
            self._hidden_columns.extend(range(first, min(last, _MOST_COLUMNS) + 1))

    def _open_row(self, attributes: dict[str, str]) -> None:
        self._row = _count(attributes["r"]) if "r" in attributes else self._row + 1
        self._column = 0
        if attributes.get("hidden") in ("1", "true") and self._row <= self.most_rows:
            self._hidden_rows.append(self._row)

    def _open_cell(self, attributes: dict[str, str]) -> None:
        address = attributes.get("r")
        if address is None:
            self._column += 1
        else:
            try:
                row, self._column = split_address(address)
            except ValueError as broken:
                raise Unreadable(_DAMAGED) from broken
            if row != self._row:
                raise Unreadable(_DAMAGED)
        self._type, self._style = attributes.get("t", "n"), attributes.get("s", "")
        self._value = self._formula = None

    def _character(self, text: str) -> None:
        if self._reading is not None:
            self._reading.append(text)

    def _end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if local == "c":
            self._close_cell()
        elif local == "rPh":
            self._phonetic = False
        self._reading = None

    def _close_cell(self) -> None:
        if self._value is None and self._formula is None:
            return
        self._refuse_place(f"{column_letters(self._column)}{self._row}")
        formula = None if self._formula is None else "".join(self._formula)
        kind, text, shown_as, note = self._content("" if self._value is None else "".join(self._value))
        if not kind and formula is None:
            return
        if not kind:
            note = UNCALCULATED
        self.cells.append([self._row, self._column, kind, text, formula, shown_as, note])

    def _refuse_place(self, address: str) -> None:
        where = f"工作表“{self.name}”的 {address} 单元格"
        if (self._row, self._column) in self._seen:
            raise Unreadable(f"{where}重复定义，文件已损坏，请用 Excel 或 WPS 重新保存后上传。")
        self._seen.add((self._row, self._column))
        if self._row > self.most_rows:
            rows = f"{self.most_rows // 10_000} 万行"
            raise Unreadable(f"{where}有内容，表格范围异常（超过 {rows}），请删除多余内容后上传。")
        if self._column > _MOST_COLUMNS:
            raise Unreadable(f"{where}有内容，列数超过 {_MOST_COLUMNS}，表格范围异常，请删除多余内容后上传。")
        if len(self.cells) >= self._budget:
            raise Unreadable("单元格超过 50 万个，请拆分后上传。")

    def _content(self, stored: str) -> tuple[str, str, str, str]:
        """Return (kind, text, format, note); kind "" for nothing stored."""
        if self._type == "s":
            return "text", self._shared(stored), "", ""
        if self._type in ("str", "inlineStr"):
            return ("text" if stored else ""), _unescaped(stored), "", ""
        if not stored.strip():
            return "", "", "", ""
        if self._type == "e":
            return "error", stored, "", ""
        if self._type == "b":
            return "truth", stored.strip(), "", ""
        if self._type == "d":
            return "text", stored, "", ""
        number = exact_number(stored.strip())
        if number is None:
            return "error", "数值无效", "", ""
        return self._formats.interpreted(number, self._style)

    def _shared(self, stored: str) -> str:
        index = _count(stored.strip())
        if index >= len(self._strings):
            raise Unreadable(_DAMAGED)
        return self._strings[index]


def _count(written: str) -> int:
    """Return a row, column or index number.

    :raises Unreadable: when it is none
    """
    if not re.fullmatch("[0-9]{1,7}", written):
        raise Unreadable(_DAMAGED)
    return int(written)
