"""`result.xlsx`: totals, leaf points, and the sentences of every unit."""

from __future__ import annotations

import re
from typing import Any

# A workbook with thousands of sheets opens nowhere; beyond this all sentences stand on one sheet.
MOST_UNIT_SHEETS = 120

_TOTALS = {
    "zh": [
        "类别",
        "位次",
        "单位",
        "指标得分",
        "加分",
        "减分",
        "否决扣减",
        "总分",
        "折算分",
        "等次",
        "等次依据",
        "最低可得",
        "最高可得",
        "不排名原因",
    ],
    "en": [
        "category",
        "rank",
        "unit",
        "regular",
        "bonus",
        "penalty",
        "veto",
        "total",
        "converted",
        "grade",
        "grade reason",
        "lowest",
        "highest",
        "not ranked because",
    ],
}
_LEAVES = {
    "zh": ["类别", "单位", "编号", "指标", "得分", "满分", "状态"],
    "en": ["category", "unit", "code", "indicator", "points", "full", "status"],
}
_SENTENCES = {
    "zh": ["编号", "指标", "得分", "满分", "说明"],
    "en": ["code", "indicator", "points", "full", "sentence"],
}
_SHEET_NAMES = {"zh": ("总分", "各项得分", "说明"), "en": ("totals", "leaf points", "sentences")}
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")


def result_sheets(outcome: dict[str, Any], lang: str) -> dict[str, list[list[Any]]]:
    """Return the sheets of a result: heads first, numbers as decimal text."""
    totals, leaves = [list(_TOTALS[lang])], [list(_LEAVES[lang])]
    for table in outcome["tables"]:
        for unit in table["units"]:
            totals.append([table["category"], *_total_cells(unit)])
            leaves.extend(
                [table["category"], unit["unit"], *_cells(leaf), leaf["status"]] for leaf in _items(unit)
            )
    names = _SHEET_NAMES[lang]
    return {names[0]: totals, names[1]: leaves, **_sentences(outcome, lang, names)}


def _sentences(outcome: dict[str, Any], lang: str, names: tuple[str, ...]) -> dict[str, list[list[Any]]]:
    units = [unit for table in outcome["tables"] for unit in table["units"]]
    if len(units) > MOST_UNIT_SHEETS:
        head = [_TOTALS[lang][2], *_SENTENCES[lang]]
        rows = [[unit["unit"], *_cells(leaf), leaf["sentence"]] for unit in units for leaf in _items(unit)]
        return {names[2]: [head, *rows]}
    sheets: dict[str, list[list[Any]]] = {}
    for unit in units:
        rows = [[*_cells(leaf), leaf["sentence"]] for leaf in _items(unit)]
        sheets[_sheet_name(unit["unit"], {*names, *sheets})] = [list(_SENTENCES[lang]), *rows]
    return sheets


def _total_cells(unit: dict[str, Any]) -> list[str]:
    reasons = "；".join(unit["unranked_reasons"])
    columns = ("regular", "bonus", "penalty", "veto", "total", "converted", "grade", "grade_reason")
    cells = [unit["rank"], unit["unit"], *(unit[column] for column in columns), *unit["attainable"], reasons]
    return ["" if cell is None else cell for cell in cells]


def _items(unit: dict[str, Any]) -> list[dict[str, Any]]:
    return [*unit["leaves"], *unit["adjustments"]]


def _cells(leaf: dict[str, Any]) -> list[str]:
    return [leaf["code"], leaf["name"], leaf["points"], leaf["full"]]


def _sheet_name(unit: str, taken: set[str]) -> str:
    """Return a sheet name for the unit: at most 31 characters, allowed ones only, and not taken yet."""
    plain = _FORBIDDEN.sub(" ", unit).strip()[:31] or "—"
    name, count = plain, 1
    while name.casefold() in {each.casefold() for each in taken}:
        count += 1
        name = f"{plain[: 31 - len(str(count)) - 1]}~{count}"
    return name
