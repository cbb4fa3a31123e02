"""The content of an issued table as one frozen value, spelled in one way."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from changai.core.periods import Month
from changai.documents.workbooks import Cell, Column, SheetContent

# What a table says about the units it shows.
BASES = {
    "then": "原口径：各月按当月末的单位隶属汇总",
    "now": "新口径：各月均按{day}的单位隶属汇总，并入单位的数据计入并入后的单位",
}
INCLUDED = "上级数已含下级：上级报了的取上级数，不再加下级。"
AVERAGED = frozenset({"%", "％", "‰"})  # units of measure whose figures are averaged over units, never added


def is_averaged(unit_of_measure: str) -> bool:
    """Return whether figures of this unit of measure are averaged over units."""
    return unit_of_measure in AVERAGED


def table_sheet(content: Mapping[str, Any]) -> SheetContent:
    """Return a table as a sheet: units down, months across, the basis and what changed among the units below."""
    field = content["field"]
    decimals = field["decimals"] or (1 if is_averaged(field["unit_of_measure"]) else 0)
    months = [Month.parse(written) for written in content["months"]]
    columns = (
        Column("单位", 16),
        *(Column(f"{month.number}月", 5, "number", decimals=decimals) for month in months),
        Column("最近一月" if field["gathering"] == "last" else "合计", 6, "number", decimals=decimals),
    )
    rows: list[list[Cell]] = [
        [f"{'　' * row['depth']}{row['name']}", *map(_number, row["cells"]), _number(row["whole"])]
        for row in content["rows"]
    ]
    told = "；".join(content["changes"])
    note = (
        f"{BASES[content['basis']].format(day=content['day'])}　口径：{field['definition']}{_counted(field)}"
        + (f"　单位变动：{told}" if told else "")
    )
    title = f"{content['title']}（{field['unit_of_measure']}）"
    return SheetContent(field["name"][:30], title, columns, rows, note=note)


def _counted(field: Mapping[str, Any]) -> str:
    return f"　{INCLUDED}" if field.get("includes_below") else ""


def _number(written: str) -> Decimal | None:
    return Decimal(written) if written else None


def digest_of_content(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a content in its one canonical spelling, as 64 hexadecimal digits."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def digest_of_bytes(written: bytes) -> str:
    """Return the SHA-256 of a file, as 64 hexadecimal digits."""
    return hashlib.sha256(written).hexdigest()
