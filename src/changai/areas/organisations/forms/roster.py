"""Reads the workbook of the tree."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from changai.areas.organisations.exports import GROUPING_PREFIX, OPTIONAL, REQUIRED
from changai.areas.organisations.forms.units import DayField
from changai.areas.organisations.rules.roster import RosterRow
from changai.areas.organisations.rules.units import LEVEL_NAMES, LONGEST_SHORT_NAME, folded_code
from changai.documents.intake.tables import RowReader, TableRow, headings_like, read_table
from changai.documents.intake.workbook import read_workbook

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


def _row(row: TableRow, groupings: list[str]) -> RosterRow:
    reader = RowReader(row)
    name = reader.text("名称")
    level = reader.choice("层级", _LEVELS)
    addresses = {_FIELDS.get(head, _group_key(head)): cell.address for head, cell in row.cells.items()}
    return RosterRow(
        number=row.number,
        code=folded_code(reader.text("编号")),
        name=name,
        short_name=reader.text("简称") or name[:LONGEST_SHORT_NAME],
        level=level,
        parent_code=folded_code(reader.text("上级编号")),
        position=reader.whole("排序", otherwise=0) if _is_filled(row, "排序") else None,
        liaison=reader.text("联络员") if "联络员" in row.cells else None,
        telephone=reader.text("办公电话") if "办公电话" in row.cells else None,
        groups={_grouping(head): reader.text(head) for head in groupings},
        addresses=addresses,
        faults=tuple(reader.faults),
    )


def _is_filled(row: TableRow, heading: str) -> bool:
    cell = row.cells.get(heading)
    return cell is not None and not cell.is_empty


def _grouping(heading: str) -> str:
    return heading.replace(":", "：").partition("：")[2].strip()


def _group_key(heading: str) -> str:
    return f"group:{_grouping(heading)}"
