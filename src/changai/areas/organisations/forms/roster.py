"""Reads the workbook of the tree."""

from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from changai.areas.organisations.exports import GROUPING_PREFIX, OPTIONAL, REQUIRED
from changai.areas.organisations.forms.units import DayField
from changai.areas.organisations.rules.roster import RosterRow
from changai.areas.organisations.rules.units import LEVEL_NAMES, LONGEST_SHORT_NAME, folded_code
from changai.documents.intake.cells import CellFault, clean_text, parse_decimal
from changai.documents.intake.tables import TableRow, headings_like, read_table
from changai.documents.intake.workbook import Cell, read_workbook

Value = TypeVar("Value")
_LEVELS = {name: level for level, name in LEVEL_NAMES.items()}
_FIELDS = {
    "编号": "code", "名称": "name", "简称": "short_name", "层级": "level", "上级编号": "parent_code",
    "排序": "position", "联络员": "liaison", "办公电话": "telephone",
}  # fmt: skip


class RosterForm(forms.Form):
    """The workbook, and from when its changes hold."""

    file = forms.FileField(
        label=_("机构表"),
        help_text=_("支持 .xlsx、.csv；请在导出的机构表上修改。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
    on = DayField(label=_("生效日期"), initial=timezone.localdate)


def read_roster(content: bytes, *, name: str) -> list[RosterRow]:
    """Return the rows of a workbook as written, each with the faults of its cells.

    :raises Unreadable: when it is no workbook, or has not the headings
    """
    book = read_workbook(content, name=name)
    groupings = headings_like(book, REQUIRED, GROUPING_PREFIX)
    return [_row(row, groupings) for row in read_table(book, REQUIRED, optional=(*OPTIONAL, *groupings))]


class _Reader:
    """Takes values out of one row's cells and gathers the faults instead of stopping at the first."""

    def __init__(self, row: TableRow) -> None:
        self.row = row
        self.faults: list[str] = []

    def take(self, heading: str, parse: Callable[[Cell], Value], otherwise: Value) -> Value:
        cell = self.row.cells.get(heading)
        if cell is None:
            return otherwise
        try:
            return parse(cell)
        except CellFault as fault:
            self.faults.append(fault.sentence)
            return otherwise


def _row(row: TableRow, groupings: list[str]) -> RosterRow:
    reader = _Reader(row)

    def text(heading: str) -> str:
        return reader.take(heading, clean_text, "")

    name, level = text("名称"), text("层级")
    if level not in _LEVELS and not reader.faults:
        address = row.cells["层级"].address
        reader.faults.append(f"{address} 单元格：填的是“{level}”，层级应为{'、'.join(_LEVELS)}之一。")
    addresses = {_FIELDS.get(head, _group_key(head)): cell.address for head, cell in row.cells.items()}
    return RosterRow(
        number=row.number,
        code=folded_code(text("编号")),
        name=name,
        short_name=text("简称") or name[:LONGEST_SHORT_NAME],
        level=_LEVELS.get(level, ""),
        parent_code=folded_code(text("上级编号")),
        position=reader.take("排序", _position, None),
        liaison=text("联络员") if "联络员" in row.cells else None,
        telephone=text("办公电话") if "办公电话" in row.cells else None,
        groups={_grouping(head): text(head) for head in groupings},
        addresses=addresses,
        faults=tuple(reader.faults),
    )


def _position(cell: Cell) -> int | None:
    number = parse_decimal(cell, minimum=Decimal(0), maximum=Decimal(1_000_000), places=0)
    return None if number is None else int(number)


def _grouping(heading: str) -> str:
    return heading.replace(":", "：").partition("：")[2].strip()


def _group_key(heading: str) -> str:
    return f"group:{_grouping(heading)}"
