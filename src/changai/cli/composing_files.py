"""What `changai compose` and `changai ahp` read: matrices, directions, judgements, each fault with its row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from changai.core.scoring.fixedpoint import Floats

# Statistical packages write small ratios so; official figures never, and the engine refuses it.
_POWER_OF_TEN = re.compile(r"[+-]?\d+(?:\.\d*)?[eE][+-]?\d{1,2}")


@dataclass(frozen=True)
class Matrix:
    """Units, indicators and their values (NaN where nothing stands); `labels` are the columns that are not numbers."""

    units: tuple[str, ...]
    indicators: tuple[str, ...]
    values: Floats
    labels: Mapping[str, tuple[str, ...]]


def read_matrix(
    path: Path,
    group: str | None = None,
    denominators: Mapping[str, str] | None = None,
    tree: Path | None = None,
) -> Matrix:
    """Return the units x indicators matrix of a file, each indicator divided by its denominator's column.

    :param tree: where given, only the columns it names are indicators; without it, all but the denominators
    :raises Invalid: listing every cell that is no number.
    """
    whole = _read_columns(path, group, _columns_of(path, tree, denominators or {}))
    return _divided(whole, denominators or {}, tree, path)


def read_denominators(path: Path | None) -> dict[str, str]:
    """Return the column each indicator is divided by, from the column `denominator` of the directions."""
    rows = [] if path is None else read_table(path)[1]
    return {
        cells.get("indicator", ""): cells["denominator"]
        for _, cells in rows
        if cells.get("denominator", "") not in ("", "NA")
    }


def _columns_of(path: Path, tree: Path | None, denominators: Mapping[str, str]) -> set[str] | None:
    """Return the columns to read, None for all: what stands in no tree may be a name, a year or a note."""
    named = {cells.get("name", "") for _, cells in read_table(tree)[1]} if tree else set()
    return named | set(denominators.values()) if named & set(read_table(path)[0]) else None


def _divided(whole: Matrix, denominators: Mapping[str, str], tree: Path | None, path: Path) -> Matrix:
    import numpy as np

    from changai.core.errors import Invalid
    from changai.core.scoring.composite import denominate

    sizes = {name: whole.values[:, place] for place, name in enumerate(whole.indicators)}
    lacking = sorted(set(denominators.values()) - set(sizes))
    if lacking:
        raise Invalid(f"{path.name}：没有作分母的列 {'、'.join(lacking)}。")
    named = {cells.get("name", "") for _, cells in read_table(tree)[1]} if tree else set()
    kept = [name for name in whole.indicators if name in named or name not in denominators.values()]
    values = np.stack([sizes[name] for name in kept], axis=1) if kept else whole.values[:, :0]
    values = denominate(values, [denominators.get(name, "") for name in kept], sizes)
    return Matrix(whole.units, tuple(kept), values, whole.labels)


def _read_columns(path: Path, group: str | None, wanted: set[str] | None) -> Matrix:
    import numpy as np

    from changai.core.errors import Invalid

    heads, rows = read_table(path)
    labelled = [group] if group else []
    if group and group not in heads:
        raise Invalid(f"{path.name}：没有“{group}”列。")
    indicators = [
        head for head in heads[1:] if head and head not in labelled and (wanted is None or head in wanted)
    ]
    faults: list[str] = []
    values = np.full((len(rows), len(indicators)), np.nan)
    for row, (number, cells) in enumerate(rows):
        for column, indicator in enumerate(indicators):
            text = cells.get(indicator, "")
            if text not in ("", "NA"):
                values[row, column] = read_number(text, f"{path.name} 第 {number} 行“{indicator}”列", faults)
    faults += [f"{path.name}：“{head}”列有 {count} 列，请改名" for head, count in _twice(heads)]
    faults += [
        f"{path.name}：单位“{unit}”有 {count} 行"
        for unit, count in _twice([cells.get(heads[0], "") for _, cells in rows])
    ]
    if not rows or not indicators:
        faults.append(f"{path.name}：至少要有一个单位和一个指标")
    if faults:
        raise Invalid("数据有误，未作计算。", faults=tuple(faults))
    units = tuple(cells.get(heads[0], "") for _, cells in rows)
    labels = {name: tuple(cells.get(name, "") for _, cells in rows) for name in labelled}
    return Matrix(units, tuple(indicators), values, labels)


def _twice(names: Iterable[str]) -> list[tuple[str, int]]:
    return [(name, count) for name, count in Counter(names).items() if name and count > 1]


def read_directions(path: Path | None, matrix: Matrix) -> tuple[Floats, Floats, Floats]:
    """Return direction, low and high goalpost of every indicator; without a file all are 1 and observed extremes."""
    import numpy as np

    from changai.core.errors import Invalid

    directions = np.ones(len(matrix.indicators))
    low, high = np.nanmin(matrix.values, axis=0), np.nanmax(matrix.values, axis=0)
    if path is None:
        return directions, low, high
    faults: list[str] = []
    for number, cells in read_table(path)[1]:
        name, place = cells.get("indicator", ""), f"{path.name} 第 {number} 行"
        if name not in matrix.indicators:
            faults.append(f"{place}：数据中没有指标“{name}”")
            continue
        column = matrix.indicators.index(name)
        if cells.get("direction", "") not in ("1", "-1"):
            faults.append(f"{place}：direction 只能是 1 或 -1，现为“{cells.get('direction', '')}”")
            continue
        directions[column] = float(cells["direction"])
        for bounds, head in ((low, "low"), (high, "high")):
            if cells.get(head):
                bounds[column] = read_number(cells[head], f"{place}“{head}”列", faults)
    if faults:
        raise Invalid("方向文件有误，未作计算。", faults=tuple(faults))
    return directions, low, high


def read_judgements(path: Path) -> dict[str, dict[str, list[tuple[str, str, float]]]]:
    """Return the judgements by group and expert."""
    from changai.core.errors import Invalid

    heads, rows = read_table(path)
    lacking = [head for head in ("first", "second", "value") if head not in heads]
    if lacking:
        raise Invalid(f"{path.name}：缺少列 {'、'.join(lacking)}。")
    faults: list[str] = []
    groups: dict[str, dict[str, list[tuple[str, str, float]]]] = {}
    for number, cells in rows:
        value = read_number(cells.get("value", ""), f"{path.name} 第 {number} 行", faults)
        group = groups.setdefault(cells.get("group", "") or "全部", {})
        judged = group.setdefault(cells.get("expert", "") or "专家", [])
        judged.append((cells.get("first", ""), cells.get("second", ""), value))
    if faults:
        raise Invalid("判断有误，未作计算。", faults=tuple(faults))
    return groups


def read_table(path: Path) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """Return the heads of the first row and every further row by head, with its number."""
    from changai.core.errors import Unreadable
    from changai.documents.intake.workbook import read_workbook

    try:
        source = path.read_bytes()
    except OSError as unreadable:
        raise Unreadable(f"{path.name}：文件打不开，请核对路径和权限。") from unreadable
    sheet = read_workbook(source, name=path.name).sheets[0]
    heads = [cell.text.strip() for cell in sheet.rows[0]] if sheet.rows else []
    rows = []
    for number, row in enumerate(sheet.rows[1:], start=2):
        cells = {head: cell.text.strip() for head, cell in zip(heads, row, strict=False) if head}
        if any(cells.values()):
            rows.append((number, cells))
    return heads, rows


def read_number(text: str, place: str, faults: list[str]) -> float:
    """Return a number, or 0 after adding a fault that names the place."""
    from changai.core.scoring import NotANumber, to_number

    if _POWER_OF_TEN.fullmatch(text):
        return float(text)
    try:
        return float(to_number(text))
    except NotANumber:
        faults.append(f"{place}：“{text}”不是数字")
        return 0.0
