"""Schemes and facts on disk: read with every fault named, written as the same scheme."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from changai.core.errors import Invalid, Unreadable
from changai.core.scoring import (
    Facts,
    FactsRefused,
    Finding,
    NotAFigure,
    Scheme,
    SchemeRefused,
    Severity,
    Status,
    parse_value,
)
from changai.core.scoring.statuses import LABELS
from changai.core.scoring.tabular import read_sheets, scheme_to_sheets
from changai.documents.intake.workbook import Cell, Sheet, Workbook, read_workbook

_UNIT, _FIELD, _PERIOD, _VALUE, _STATUS, _NOTE, _CATEGORY = [
    "unit",
    "field",
    "period",
    "value",
    "status",
    "note",
    "category",
]
_HEADS = {
    "unit": _UNIT,
    "单位": _UNIT,
    "考核对象": _UNIT,
    "field": _FIELD,
    "数据项": _FIELD,
    "period": _PERIOD,
    "期间": _PERIOD,
    "value": _VALUE,
    "数值": _VALUE,
    "status": _STATUS,
    "状态": _STATUS,
    "note": _NOTE,
    "备注": _NOTE,
    "category": _CATEGORY,
    "类别": _CATEGORY,
}
# Sheets of a scheme workbook whose shares (名额比例, 折算所需适用比例) may well be shown as percentages.
_SHARES = ("等次", "设置")
_STATUS_WORDS = {
    **{str(status): status for status in Status},
    **{label: status for status, label in LABELS["zh"].items()},
}


@dataclass(frozen=True)
class SchemeFile:
    """A scheme with its findings, each placed in its file."""

    scheme: Scheme
    findings: list[Finding]


def read_scheme(path: Path) -> SchemeFile:
    """Return the scheme of a .json, .yaml or .xlsx file.

    :raises Unreadable: when the file cannot be read at all.
    :raises SchemeRefused: listing every fault, each with the file's name.
    """
    source = _bytes(path)
    try:
        if path.suffix.lower() == ".xlsx":
            sheeted = read_sheets(_sheets(read_workbook(source, name=path.name)), name=path.stem)
            return SchemeFile(sheeted.scheme, _in_file(path, sheeted.findings()))
        scheme = Scheme.from_json(
            _yaml(path, source) if path.suffix.lower() in (".yaml", ".yml") else _text(path, source)
        )
    except SchemeRefused as refused:
        raise SchemeRefused(_in_file(path, refused.findings)) from refused
    return SchemeFile(scheme, _in_file(path, scheme.validate()))


def write_scheme(scheme: Scheme, path: Path) -> None:
    """Write the scheme as .json, .yaml or .xlsx, by the ending of `path`.

    :raises Invalid: for any other ending.
    """
    ending = path.suffix.lower()
    if ending == ".json":
        path.write_text(scheme.to_json() + "\n", encoding="utf-8")
    elif ending in (".yaml", ".yml"):
        import yaml

        path.write_text(
            yaml.safe_dump(scheme.to_dict(), allow_unicode=True, sort_keys=False), encoding="utf-8"
        )
    elif ending == ".xlsx":
        path.write_bytes(sheets_to_xlsx(scheme_to_sheets(scheme)))
    else:
        raise Invalid(f"{path.name}：只能保存为 .json、.yaml 或 .xlsx。")


def sheets_to_xlsx(sheets: Mapping[str, list[list[Any]]]) -> bytes:
    """Return a workbook of text cells with a frozen, bold head row on each sheet."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for place, width in enumerate(_widths(rows)):
            sheet.set_column(place, place, width)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(number, column, value, head if number == 0 else body)
    book.close()
    return buffer.getvalue()


def _widths(rows: list[list[Any]]) -> list[int]:
    columns = max((len(row) for row in rows), default=0)
    longest = [
        max((len(str(row[place])) for row in rows if place < len(row)), default=0) for place in range(columns)
    ]
    return [min(60, max(8, 2 * length + 2)) for length in longest]


@dataclass
class FactRows:
    """Rows of a facts file, with the faults found and where each unit's category and each fact stands.

    A cell at fault stands among the rows as not reported, so that the others can be checked in the same run.
    """

    path: Path
    rows: list[tuple[str, str, Any, Status, str]] = field(default_factory=list)
    places: dict[tuple[str, str], str] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    units: dict[str, None] = field(default_factory=dict)

    def facts(self, units: list[str]) -> Facts:
        """Return the facts of the given units.

        :raises FactsRefused: listing every fault, each with its cell.
        """
        wanted = set(units)
        try:
            return Facts.from_rows((row for row in self.rows if row[0] in wanted), units=units)
        except FactsRefused as refused:
            raise FactsRefused(self.placed(refused.findings)) from refused

    def placed(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return the findings with the file and the cell of each."""
        return [
            replace(
                each, place=" ".join((self.path.name, self.places.get((each.unit, each.field), ""))).strip()
            )
            for each in findings
        ]

    def fault(self, zh: str, en: str) -> Finding:
        """Return an error about the whole file."""
        return _fault(self.path.name, zh, en)


def read_facts(path: Path, *, period: str | None = None) -> FactRows:
    """Return the rows of a .csv or .xlsx facts file, with every fault of file, sheet and cell among its findings.

    Long has the columns unit, field, period, value, status; wide has one row a unit and one column a field.

    With several periods in a long file, `period` says which one is scored; every row can also be read as the
    field "name@period".

    :raises Unreadable: when the file cannot be read at all.
    """
    book = read_workbook(_bytes(path), name=path.name)
    found = FactRows(path)
    for sheet in book.sheets:
        if sheet.rows and not sheet.hidden:
            _SheetFacts(sheet, found, period).read()
            break
    if not found.findings and not found.units:
        found.findings.append(_fault("", "没有任何数据行", "there is no row of facts"))
    found.findings = _in_file(path, found.findings)
    return found


class _SheetFacts:
    def __init__(self, sheet: Sheet, found: FactRows, period: str | None) -> None:
        self.sheet = sheet
        self.found = found
        self.period = period
        self.heads = [_HEADS.get(cell.text.strip().lower(), cell.text.strip()) for cell in sheet.rows[0]]

    def read(self) -> None:
        if _UNIT not in self.heads:
            self._fault(1, "第一行须有“unit”或“单位”列", 'the first row must have a column "unit"')
        elif _FIELD in self.heads and _VALUE in self.heads:
            self._long()
        else:
            self._wide()

    def _records(self) -> Iterator[tuple[int, dict[str, Cell]]]:
        for number, row in enumerate(self.sheet.rows[1:], start=2):
            cells = {head: cell for head, cell in zip(self.heads, row, strict=False) if head}
            if all(cell.is_empty for cell in cells.values()):
                continue
            if not self._text(cells, _UNIT):
                self._fault(number, "没有写单位", "the unit is missing")
                continue
            yield number, cells

    def _long(self) -> None:
        records = list(self._records())
        periods = {self._text(cells, _PERIOD) for _, cells in records} - {""}
        if self.period is None and len(periods) > 1:
            listed = "、".join(sorted(periods))
            self._fault(
                1,
                f"文件含有多个期间（{listed}），请用 --period 指明计分的期间",
                f"several periods ({listed}); choose one with --period",
            )
            return
        chosen = self.period or next(iter(periods), "")
        for number, cells in records:
            unit, name, period = (self._text(cells, head) for head in (_UNIT, _FIELD, _PERIOD))
            self._unit(unit, cells)
            status = self._status(number, cells)
            value = self._value(number, cells.get(_VALUE), name)
            if status is None:
                status = Status.NOT_REPORTED if value is None else Status.REPORTED
            self._placed(unit, name, cells.get(_VALUE))
            note = self._text(cells, _NOTE)
            if period:
                self.found.rows.append((unit, f"{name}@{period}", value, status, note))
            if not period or period == chosen:
                self.found.rows.append((unit, name, value, status, note))

    def _wide(self) -> None:
        fields = [head for head in self.heads if head and head not in (_UNIT, _CATEGORY, _NOTE)]
        for number, cells in self._records():
            unit = self._text(cells, _UNIT)
            if unit in self.found.units:
                self._fault(number, f"单位“{unit}”出现两次", f'the unit "{unit}" stands twice')
                continue
            self._unit(unit, cells)
            for name in fields:
                cell = cells.get(name)
                self._placed(unit, name, cell)
                word = "" if cell is None else cell.text.strip()
                if word in _STATUS_WORDS:
                    self.found.rows.append((unit, name, None, _STATUS_WORDS[word], ""))
                    continue
                value = self._value(number, cell, name)
                status = Status.NOT_REPORTED if value is None else Status.REPORTED
                self.found.rows.append((unit, name, value, status, ""))

    def _unit(self, unit: str, cells: Mapping[str, Cell]) -> None:
        self.found.units[unit] = None
        category = self._text(cells, _CATEGORY)
        if category:
            self.found.categories[unit] = category

    def _status(self, number: int, cells: Mapping[str, Cell]) -> Status | None:
        word = self._text(cells, _STATUS)
        if not word:
            return None
        if word not in _STATUS_WORDS:
            allowed = "、".join(_STATUS_WORDS)
            self._fault(
                number, f"状态“{word}”不在可用的写法中：{allowed}", f'status "{word}" is not one of {allowed}'
            )
        return _STATUS_WORDS.get(word, Status.NOT_REPORTED)

    def _value(self, number: int, cell: Cell | None, name: str) -> Any:
        if cell is None or cell.is_empty:
            return None
        if cell.error is not None or cell.value is None:
            self._fault(
                number,
                f"{cell.address} 单元格为 {cell.text}，不是数值",
                f"cell {cell.address} is {cell.text}, not a value",
            )
            return None
        if cell.is_percent:
            self._fault(
                number,
                f"{cell.address} 单元格（{name}）为百分比格式，存的是 {cell.text}；请改为常规数字",
                f"cell {cell.address} ({name}) is shown as a percentage but holds {cell.text}; give a number",
            )
            return None
        if isinstance(cell.value, bool):
            return Decimal(int(cell.value))
        try:
            return parse_value(cell.value if isinstance(cell.value, Decimal) else cell.text)
        except NotAFigure as fault:
            self._fault(
                number,
                f"{cell.address} 单元格（{name}）：{fault.zh}",
                f"cell {cell.address} ({name}): {fault.en}",
            )
            return None

    def _placed(self, unit: str, name: str, cell: Cell | None) -> None:
        if cell is not None:
            self.found.places[unit, name] = f"{self.sheet.name} {cell.address}"

    def _text(self, cells: Mapping[str, Cell], head: str) -> str:
        cell = cells.get(head)
        return "" if cell is None else cell.text.strip()

    def _fault(self, row: int, zh: str, en: str) -> None:
        self.found.findings.append(_fault(f"{self.sheet.name} 第 {row} 行", zh, en))


def _fault(place: str, zh: str, en: str) -> Finding:
    return Finding("", Severity.ERROR, zh, en, place)


def _sheets(book: Workbook) -> dict[str, list[list[Any]]]:
    """Return plain rows for the scheme reader, merged cells left to mean "as above"."""
    sheets: dict[str, list[list[Any]]] = {}
    findings: list[Finding] = []
    for sheet in book.sheets:
        if sheet.hidden or not sheet.rows:
            continue
        for row in sheet.rows:
            for cell in row:
                place = f"{sheet.name} {cell.address}"
                if cell.error is not None or (cell.value is None and cell.formula is not None):
                    findings.append(
                        _fault(
                            place,
                            f"单元格为 {cell.text}，不是数值，请改为数值或文字",
                            f"the cell is {cell.text}, not a value; write the number or the text",
                        )
                    )
                elif cell.is_percent and sheet.name not in _SHARES:
                    # 5% of a hundred points is 5, and the cell holds 0.05: which is meant, its writer knows.
                    findings.append(
                        _fault(
                            place,
                            f"单元格为百分比格式，存的是 {cell.text}；请改为常规数字，写明分值",
                            f"the cell is shown as a percentage but holds {cell.text}; give the points as a number",
                        )
                    )
        sheets[sheet.name] = [[cell.value for cell in row] for row in sheet.rows]
    if findings:
        raise SchemeRefused(findings)
    return sheets


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as unreadable:
        raise Unreadable(f"{path.name}：文件打不开，请核对路径和权限。") from unreadable


def _text(path: Path, source: bytes) -> str:
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Unreadable(f"{path.name}：不是 UTF-8 编码的文本，请另存为 UTF-8。") from wrong


def _in_file(path: Path, findings: Any) -> list[Finding]:
    return [replace(each, place=f"{path.name} {each.place}".strip()) for each in findings]


def to_json(value: Any) -> str:
    """Return JSON text for people: indented, Chinese kept."""
    return json.dumps(value, ensure_ascii=False, indent=1)


def _yaml(path: Path, source: bytes) -> Mapping[str, Any]:
    from changai.cli.scoring_yaml import NotPlain, parse

    try:
        return parse(_text(path, source))
    except NotPlain as wrong:
        raise SchemeRefused([_fault("", wrong.zh, wrong.en)]) from wrong
