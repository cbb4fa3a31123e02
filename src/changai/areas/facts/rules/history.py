"""Rows of old figures: how a row is read, what is wrong with it, and the digest of many rows."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from changai.areas.facts.rules.figures import TRUTH, range_of, written
from changai.core.errors import Unreadable
from changai.core.periods import Month
from changai.documents.intake.cells import CellFault, clean_text, looks_like_total, parse_decimal, parse_month
from changai.documents.intake.rowwise import LongRow
from changai.documents.intake.workbook import Cell

UNIT, UNIT_NAME, FIELD, FIELD_NAME = "单位编号", "单位", "数据项编码", "数据项"
MEASURE, MONTH, VALUE, NOTE = "计量单位", "月份", "数值", "说明"
HEADINGS = (UNIT, UNIT_NAME, FIELD, FIELD_NAME, MEASURE, MONTH, VALUE, NOTE)
REQUIRED = (MONTH, VALUE)
ROWS_SEARCHED = 30
CLOSING_SHEET = "校验"
LONGEST_NOTE = 300
_DRESS = re.compile(r"[（(][^（）()]*[）)]|[\s*＊]")
_MODULUS = 1 << 256
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class KnownUnit:
    """A unit as rows name it, and while it stood."""

    unit_id: int
    code: str
    name: str
    founded_on: date
    closed_on: date | None


@dataclass(frozen=True)
class KnownField:
    """A field of the dictionary as rows name it, and what its figures may be."""

    field_id: int
    code: str
    name: str
    unit_of_measure: str
    decimals: int
    minimum: Decimal | None
    maximum: Decimal | None


@dataclass(frozen=True)
class OldFigure:
    """A row as it was understood: with everything, or with sentences on what is wrong."""

    number: int
    unit: KnownUnit | None
    field: KnownField | None
    month: Month | None
    value: Decimal | None
    note: str
    faults: tuple[str, ...]
    cells: Mapping[str, str]

    @property
    def canonical(self) -> str:
        """Return the row in its one spelling, for the digest."""
        if self.unit is None or self.field is None or self.month is None:
            return "\t".join(("faulty", str(self.number), *self.cells.values()))
        return canonical(self.unit.code, self.field.code, self.month, self.value, self.note)


def canonical(unit_code: str, field_code: str, month: Month | date, value: Decimal | None, note: str) -> str:
    """Return a figure in its one spelling."""
    label = str(month) if isinstance(month, Month) else str(Month.of(month))
    return "\t".join((unit_code, field_code, label, written(value), note))


def added_digest(digest: str, text: str) -> str:
    """Return the digest of a set of rows after one more row; the order of rows does not matter."""
    one = int.from_bytes(hashlib.sha256(text.encode()).digest())
    return f"{(int(digest, 16) + one) % _MODULUS:064x}"


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """Return a heading or a name without width, blanks and remarks in brackets."""
    return _DRESS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def columns_in(row: LongRow) -> dict[str, int] | None:
    """Return the column of each known heading, or None when the row is not the row of headings."""
    heads = {folded(cell.text): at for at, cell in reversed(row.cells.items())}
    columns = {heading: heads[folded(heading)] for heading in HEADINGS if folded(heading) in heads}
    names = (UNIT in columns or UNIT_NAME in columns) and (FIELD in columns or FIELD_NAME in columns)
    return columns if names and all(heading in columns for heading in REQUIRED) else None


class LongTable:
    """Follows the rows of a file: which are below the headings. Every sheet has headings of its own.

    Rows are counted through all sheets, so that each has a number of its own.
    """

    def __init__(self) -> None:
        self.columns: dict[str, int] = {}
        self._sheet: str | None = None
        self._seen = self._offset = self._last = 0

    def below_headings(self, row: LongRow) -> LongRow | None:
        """Return the row under its number in the whole file, or None when it stands above or is the headings.

        :raises Unreadable: when a sheet has rows and no headings: nobody knows whether they belong to the figures
        """
        if row.sheet != self._sheet:
            self.require_headings()
            self._sheet, self._seen, self._offset, self.columns = row.sheet, 0, self._last, {}
        self._seen += 1
        if not self.columns:
            self.columns = columns_in(row) or {}
            if self._seen > ROWS_SEARCHED:
                self.require_headings()
            return None
        self._last = self._offset + row.number
        return LongRow(row.sheet, self._last, row.cells)

    def require_headings(self) -> None:
        """Refuse a sheet that ended without headings; our own closing sheet has none.

        :raises Unreadable: naming the sheet
        """
        if self.columns or self._sheet in (None, CLOSING_SHEET):
            return
        sheet = "" if self._sheet == "CSV" else f"工作表“{self._sheet}”"
        raise Unreadable(
            f"{sheet}没有找到表头：应有“单位编号”或“单位”、“数据项编码”或“数据项”、“月份”、“数值”。"
            "请按本页导出的表格准备；不导入的工作表请删去。"
        )


@dataclass(frozen=True)
class Known:
    """What rows may name: units and fields by folded code and by folded name."""

    units: Mapping[str, KnownUnit]
    fields: Mapping[str, KnownField]
    today: date


def read_row(row: LongRow, columns: Mapping[str, int], known: Known) -> OldFigure:
    """Return one row as it is understood, every fault of it gathered."""
    given = {heading: row.cells.get(at, Cell(None, "")) for heading, at in columns.items()}
    faults: list[str] = []
    names = [given[heading].text for heading in (UNIT, UNIT_NAME) if heading in given]
    if any(looks_like_total(name) for name in names):
        faults.append(f"第 {row.number} 行疑似合计行，不作为数据导入。")
    unit = _named(known.units, [given.get(UNIT), given.get(UNIT_NAME)], "单位", faults)
    field = _named(known.fields, [given.get(FIELD), given.get(FIELD_NAME)], "数据项", faults)
    month = _month(given[MONTH], unit, known.today, faults)
    value = _value(given[VALUE], field, faults)
    note = _note(given.get(NOTE), faults)
    if field and MEASURE in given and not given[MEASURE].is_empty:
        measure = given[MEASURE].text
        if folded(measure) != folded(field.unit_of_measure):
            faults.append(
                f"单位不一致：表内写“{measure[:20]}”，“{field.name}”应为“{field.unit_of_measure}”。"
            )
    # What was written is only asked of a row with faults.
    cells = {heading: cell.text[:100] for heading, cell in given.items()} if faults else {}
    return OldFigure(row.number, unit, field, month, value, note, tuple(faults), cells)


def _named(
    known: Mapping[str, Thing], cells: list[Cell | None], what: str, faults: list[str]
) -> Thing | None:
    texts = [cell.text.strip() for cell in cells if cell is not None and not cell.is_empty]
    found = [known[folded(text)] for text in texts if folded(text) in known]
    if found and all(thing is found[0] for thing in found) and len(found) == len(texts):
        return found[0]
    if not texts:
        faults.append(f"没有填写{what}。")
    elif len(found) > 1:
        faults.append(f"{what}的编码和名称对不上：{'、'.join(texts)[:60]}。")
    else:
        faults.append(f"没有这个{what}：{'、'.join(texts)[:60]}。请核对编码或名称。")
    return None


def _month(cell: Cell, unit: KnownUnit | None, today: date, faults: list[str]) -> Month | None:
    try:
        month = _month_written(cell.value) if isinstance(cell.value, str) else parse_month(cell)
    except CellFault as fault:
        faults.append(fault.sentence)
        return None
    if month is None:
        faults.append("没有填写月份，应为年月，如 2024年3月。")
    elif month.first_on > today:
        faults.append(f"{month.label}还没有到，请核对。")
    elif unit and month.last_on < unit.founded_on:
        faults.append(f"{month.label}早于“{unit.name}”设立的时间，请核对。")
    elif unit and unit.closed_on and month.first_on >= unit.closed_on:
        faults.append(f"{month.label}“{unit.name}”已撤销，请核对。")
    else:
        return month
    return None


@lru_cache(maxsize=2_000)
def _month_written(text: str) -> Month | None:
    return parse_month(text)


def _value(cell: Cell, field: KnownField | None, faults: list[str]) -> Decimal | None:
    minimum, maximum, decimals, measure = None, None, None, ""
    if field:
        minimum, maximum = range_of(field.unit_of_measure, field.minimum, field.maximum)
        decimals, measure = field.decimals, field.unit_of_measure
    try:
        value = parse_decimal(
            cell, unit="" if measure == TRUTH else measure, minimum=minimum, maximum=maximum, places=decimals
        )
    except CellFault as fault:
        faults.append(fault.sentence)
        return None
    if value is None:
        faults.append("没有填写数值。")
    return value


def _note(cell: Cell | None, faults: list[str]) -> str:
    try:
        return clean_text(cell, longest=LONGEST_NOTE) if cell is not None else ""
    except CellFault as fault:
        faults.append(fault.sentence)
        return ""
