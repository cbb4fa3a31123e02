"""From a scheme to sheets that read back as the same scheme."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from changai.core.scoring.decimals import write_number
from changai.core.scoring.model import Bonus, Node, Penalty, Scheme, Table, Veto
from changai.core.scoring.phrases import phrase
from changai.core.scoring.rules import RULE, Rule
from changai.core.scoring.tabular import columns as c

Sheet = list[list[str]]


def scheme_to_sheets(scheme: Scheme) -> dict[str, Sheet]:
    """Return the sheets 指标表, 等次, 设置 and 数据项 as rows of text, heads first."""
    indicators = [list(c.INDICATOR_HEADS)]
    for table in scheme.tables.values():
        indicators.extend(_row(c.INDICATOR_HEADS, cells) for cells in _table_rows(table))
    return {
        c.INDICATORS: indicators,
        c.GRADES: [list(c.GRADE_HEADS), *_grade_rows(scheme)],
        c.SETTINGS: [list(c.SETTING_HEADS), *_setting_rows(scheme)],
        c.FIELDS: [list(c.FIELD_HEADS), *([each.name, each.label, each.unit] for each in scheme.fields)],
    }


def _row(heads: tuple[str, ...], cells: Mapping[str, str]) -> list[str]:
    return [cells.get(head, "") for head in heads]


def _table_rows(table: Table) -> Iterator[dict[str, str]]:
    for node, level in table.walk():
        yield {
            c.CATEGORY: table.category,
            c.PART: c.REGULAR,
            c.LEVEL_HEADS[level - 1]: node.name,
            **_node_cells(node),
        }
    for bonus in table.bonus:
        yield {c.CATEGORY: table.category, c.PART: c.BONUS, **_item_cells(bonus)}
    for penalty in table.penalty:
        yield {
            c.CATEGORY: table.category,
            c.PART: c.PENALTY,
            c.MATTER: penalty.matter,
            **_item_cells(penalty),
        }
    for veto in table.veto:
        yield {c.CATEGORY: table.category, c.PART: c.VETO, **_veto_cells(veto)}


def _node_cells(node: Node) -> dict[str, str]:
    cells = {c.CODE: node.code, c.POINTS: write_number(node.points), **_rule_cells(node.rule, node.points)}
    cells |= {head: getattr(node, key) for head, key in c.PLAIN.items()}
    cells |= {head: _word(c.POLICY_WORDS, getattr(node, key)) for head, key in c.POLICIES.items()}
    cells[c.NATURE] = _word(c.NATURE_WORDS, node.nature)
    cells[c.DIRECTION] = _word(c.DIRECTION_WORDS, node.direction)
    cells[c.LOWEST] = write_number(node.lowest) if node.lowest else ""
    return cells


def _item_cells(item: Bonus | Penalty) -> dict[str, str]:
    cells = {c.LEVEL_HEADS[0]: item.name, c.CODE: item.code, **_rule_cells(item.rule, item.cap)}
    cells[c.POINTS] = "" if item.cap is None else write_number(item.cap)
    return cells | {head: getattr(item, key) for head, key in c.PLAIN.items() if hasattr(item, key)}


def _veto_cells(veto: Veto) -> dict[str, str]:
    effect = {
        "zero": "总分计零",
        "exclude_from_rank": "不参加排名",
        "factor": f"总分按系数{write_number(veto.factor) if veto.factor is not None else ''}计",
        "grade_ceiling": f"等次不高于“{veto.ceiling}”",
    }[veto.effect]
    cells = {c.LEVEL_HEADS[0]: veto.name, c.CODE: veto.code, c.FIGURES: veto.when}
    return cells | {c.RULE: effect, c.DOCUMENT: veto.document}


def _rule_cells(rule: Rule | None, points: Fraction | None) -> dict[str, str]:
    """Return the sentence of the closed set where one says exactly this rule, else the rule as JSON."""
    if rule is None:
        return {}
    told = phrase(rule, points) if points else None
    if told is not None and not any(mark in name for name in told.figures.fields for mark in "/、，,；; "):
        return {c.RULE: told.sentence, c.FIGURES: told.cell}
    return {c.RULE: json.dumps(RULE.write(rule), ensure_ascii=False), c.FIGURES: "、".join(rule.fields())}


def _grade_rows(scheme: Scheme) -> Iterator[list[str]]:
    for table in scheme.tables.values():
        for grade in table.grades:
            edges = ["" if edge is None else write_number(edge) for edge in (grade.min, grade.quota)]
            top = "" if grade.top is None else str(grade.top)
            yield [
                table.category,
                grade.name,
                *edges,
                top,
                _word(c.TIE_WORDS, grade.ties),
                "、".join(grade.bars),
            ]


def _setting_rows(scheme: Scheme) -> Iterator[list[str]]:
    for item, key in c.SCHEME_SETTINGS.items():
        value = getattr(scheme, key)
        if value is not None:
            yield ["", item, str(value)]
    for table in scheme.tables.values():
        for item, key in c.TABLE_SETTINGS.items():
            text = _setting_text(item, getattr(table, key))
            if text:
                yield [table.category, item, text]
        if table.conversion is not None:
            yield [table.category, c.CONVERSION_FULL, write_number(table.conversion.full)]
            yield [table.category, c.CONVERSION_INTO, table.conversion.into]
        yield [table.category, c.RANK_BY, _word(c.RANK_WORDS, table.ranking.by)]
        if table.ranking.tie_breakers:
            yield [table.category, c.TIE_BREAKERS, "、".join(table.ranking.tie_breakers)]


def _setting_text(item: str, value: Any) -> str:
    if item in c.POLICIES:
        return _word(c.POLICY_WORDS, value)
    if value is None:
        return "" if item == c.TOTAL_DECIMALS else c.NO_LIMIT
    return write_number(Fraction(value))


def _word(words: Mapping[str, str], value: str | None) -> str:
    return next((word for word, meaning in words.items() if meaning == value and word), "")
