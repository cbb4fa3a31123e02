"""The tree as a workbook; the same workbook is the template for the import."""

from collections.abc import Iterable

from changai.areas.organisations.rules.roster import StandingUnit
from changai.areas.organisations.rules.units import LEVEL_NAMES
from changai.documents.workbooks import Cell, Column, SheetContent

GROUPING_PREFIX = "分类："
REQUIRED = ("编号", "名称", "简称", "层级", "上级编号")
OPTIONAL = ("排序", "联络员", "办公电话")
NOTE = (
    "编号相同的行视为同一单位：名称、上级等有变化的，按所填生效日期变更；新编号视为新设单位；文件中没有的单位不受影响。\n"
    "带“分类：”的列填类别名称，留空表示不归类。撤销、合并、拆分请在系统中办理。"
)


def roster_sheet(
    units: Iterable[StandingUnit], groups: dict[str, frozenset[str]], *, title: str
) -> SheetContent:
    """Return the open units as a sheet that `forms.read_roster` reads back unchanged.

    `groups` maps each grouping to its groups.
    """
    columns = (
        Column("编号", 6),
        Column("名称", 16),
        Column("简称", 10),
        Column("层级", 6, "choice", tuple(LEVEL_NAMES.values())),
        Column("上级编号", 6),
        Column("排序", 4, "whole"),
        Column("联络员", 6),
        Column("办公电话", 10),
        *(
            Column(f"{GROUPING_PREFIX}{name}", 8, "choice", tuple(sorted(groups[name])))
            for name in sorted(groups)
        ),
    )
    rows = [_row(unit, sorted(groups)) for unit in units if unit.is_open]
    return SheetContent("组织机构", title, columns, rows, note=NOTE)


def _row(unit: StandingUnit, groupings: list[str]) -> list[Cell]:
    fixed: list[Cell] = [
        unit.code, unit.name, unit.short_name, LEVEL_NAMES[unit.level], unit.parent_code, unit.position,
        unit.liaison, unit.telephone,
    ]  # fmt: skip
    return fixed + [unit.groups.get(name, "") for name in groupings]
