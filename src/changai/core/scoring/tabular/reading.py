"""From sheets to a scheme; every fault of every sheet is told at once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from changai.core.scoring.codec import Report
from changai.core.scoring.decimals import NotANumber, to_number
from changai.core.scoring.findings import Finding, SchemeRefused, errors_of
from changai.core.scoring.model import Scheme
from changai.core.scoring.rules import RULE
from changai.core.scoring.tabular import columns as c
from changai.core.scoring.tabular.grid import Faults, Places, Record, Rows, records
from changai.core.scoring.wordings import Figures, UnknownWording, parse_figures, read_wording

_NAMED_POINTS = re.compile(r"(.+?)[（(]\s*(\d+(?:\.\d+)?)\s*分\s*[)）]")
_IGNORED_HEADS = ("序号", "备注")


@dataclass(frozen=True)
class Sheeted:
    """A scheme read from sheets, and where each node stands."""

    scheme: Scheme
    places: Places

    def findings(self) -> list[Finding]:
        """Return what `Scheme.validate` found, with sheet, row and column."""
        return [self.places.placed(finding) for finding in self.scheme.validate()]


def scheme_from_sheets(sheets: Mapping[str, Rows], *, name: str = "") -> Scheme:
    """Return the scheme held in sheets of plain rows; see `read_sheets`."""
    return read_sheets(sheets, name=name).scheme


def read_sheets(sheets: Mapping[str, Rows], *, name: str = "") -> Sheeted:
    """Return the scheme held in the sheets 指标表 and, where present, 等次, 设置 and 数据项.

    With a single sheet its name does not matter. `name` is the scheme's name when 设置 gives none. A row
    names its
    indicator in the column of its level; an empty cell of a higher level (merged, or left out) means the
    one above.

    :raises SchemeRefused: listing every fault with sheet, row and column.
    """
    reading = _Reading(sheets, name)
    source = reading.read()
    try:
        scheme = Scheme.from_json(source)
        beside = errors_of(scheme.findings) if reading.faults.findings else ()
    except SchemeRefused as refused:
        beside = refused.findings
    if reading.faults.findings or beside:
        raise SchemeRefused([*reading.faults.findings, *reading.certain(beside)])
    return Sheeted(scheme, reading.places)


class _Reading:
    def __init__(self, sheets: Mapping[str, Rows], name: str) -> None:
        self.sheets = dict(sheets)
        self.title = c.INDICATORS
        if c.INDICATORS not in self.sheets and len(self.sheets) == 1:
            self.title, only = next(iter(self.sheets.items()))
            self.sheets = {c.INDICATORS: only}
        self.name = name
        self.faults = Faults()
        self.places = Places()
        self.by_label: dict[str, str] = {}
        self.rule_is_wording = False
        self.has_rows = False

    def read(self) -> dict[str, Any]:
        if c.INDICATORS not in self.sheets:
            self.faults.add(
                "", f"工作簿缺少“{c.INDICATORS}”工作表", f'the workbook has no sheet "{c.INDICATORS}"'
            )
            return {}
        self.places = Places(self.title)
        scheme: dict[str, Any] = {"scheme": self.name or "考核方案", "fields": self._fields()}
        tables = self._tables()
        self._settings(scheme, tables)
        self._grades(tables)
        scheme["tables"] = list(tables.values())
        return scheme

    def certain(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return, placed, what is wrong beside the faults of reading, and not because of them."""
        faulty = {row for sheet, row in self.faults.rows if sheet == self.title}
        if self.faults.findings and not self.has_rows:
            return []
        # A row that opened no node leaves its points out of every sum.
        sums_hold = faulty <= self.places.known_rows()
        return [
            self.places.placed(each)
            for each in findings
            if (sums_hold or each.member != "points")
            and (each.member == "code" or faulty.isdisjoint(self.places.rows(each.category, each.node_code)))
        ]

    def _fields(self) -> list[dict[str, str]]:
        rows = self.sheets.get(c.FIELDS)
        if rows is None:
            return []
        fields = []
        for record in records(c.FIELDS, rows, c.FIELD_HEADS[:2], c.FIELD_HEADS, {}, self.faults):
            field = {"name": record.get("数据项"), "label": record.get("名称"), "unit": record.get("单位")}
            fields.append(field)
            self.by_label[field["label"]] = field["name"]
        return fields

    def _tables(self) -> dict[str, dict[str, Any]]:
        known = (*c.INDICATOR_HEADS, *_IGNORED_HEADS)
        rows = self.sheets[c.INDICATORS]
        heads = {str(cell).strip() for row in rows[:10] for cell in row}
        # A workbook with 评分标准 alone writes its rules there.
        self.rule_is_wording = not heads & c.RULE_HEADS
        aliases = {**c.ALIASES, "评分标准": c.RULE} if self.rule_is_wording else c.ALIASES
        builders: dict[str, _TableBuilder] = {}
        category = ""
        for record in records(self.title, rows, (c.POINTS, c.RULE), known, aliases, self.faults):
            category = record.get(c.CATEGORY) or category or "全部"
            builder = builders.get(category)
            if builder is None:
                builder = builders[category] = _TableBuilder(category, self)
            self.has_rows = True
            builder.add(record)
        return {category: builder.finish() for category, builder in builders.items()}

    def _settings(self, scheme: dict[str, Any], tables: dict[str, dict[str, Any]]) -> None:
        rows = self.sheets.get(c.SETTINGS, [])
        heads = c.SETTING_HEADS
        for record in records(c.SETTINGS, rows, heads[1:], heads, {}, self.faults) if rows else ():
            item, text = record.get(heads[1]), record.get(heads[2])
            if item in c.SCHEME_SETTINGS:
                scheme[c.SCHEME_SETTINGS[item]] = text
            else:
                for table in self._chosen(record, tables):
                    self._table_setting(record, table, item, text)

    def _chosen(self, record: Record, tables: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
        category = record.get(c.CATEGORY)
        if not category:
            return list(tables.values())
        if category not in tables:
            record.fault(
                c.CATEGORY, f"指标表中没有类别“{category}”", f'there is no table of category "{category}"'
            )
            return []
        return [tables[category]]

    def _table_setting(self, record: Record, table: dict[str, Any], item: str, text: str) -> None:
        ranking = table.setdefault("ranking", {})
        if item in c.POLICIES:
            table[c.TABLE_SETTINGS[item]] = record.word("内容", c.POLICY_WORDS)
        elif item in c.TABLE_SETTINGS:
            table[c.TABLE_SETTINGS[item]] = None if text == c.NO_LIMIT else text
        elif item in (c.CONVERSION_FULL, c.CONVERSION_INTO):
            key = "full" if item == c.CONVERSION_FULL else "into"
            table.setdefault("conversion", {})[key] = text
        elif item == c.RANK_BY:
            ranking["by"] = record.word("内容", c.RANK_WORDS) or "total"
        elif item == c.TIE_BREAKERS:
            ranking["tie_breakers"] = _split(text)
        else:
            allowed = "、".join(
                (*c.SCHEME_SETTINGS, *c.TABLE_SETTINGS, c.CONVERSION_FULL, c.RANK_BY, c.TIE_BREAKERS)
            )
            record.fault(
                "设置项",
                f"不认识的设置项“{item}”，可用：{allowed}",
                f'unknown setting "{item}"; allowed: {allowed}',
            )

    def _grades(self, tables: dict[str, dict[str, Any]]) -> None:
        rows = self.sheets.get(c.GRADES, [])
        for record in records(c.GRADES, rows, ("等次",), c.GRADE_HEADS, {}, self.faults) if rows else ():
            grade = {
                "name": record.get("等次"),
                "min": record.get("最低分") or None,
                "quota": record.get("名额比例") or None,
                "top": record.get("名额") or None,
                "ties": record.word("末位并列", c.TIE_WORDS) or "in",
                "bars": [self.field(name) for name in _split(record.get("不得评定情形"))],
            }
            for table in self._chosen(record, tables):
                table.setdefault("grades", []).append(grade)

    def field(self, name: str) -> str:
        """Return the field of a name written in a cell, which may be its label."""
        return self.by_label.get(name, name)


class _TableBuilder:
    """Gathers the rows of one category into a table."""

    def __init__(self, category: str, reading: _Reading) -> None:
        self.reading = reading
        self.category = category
        self.table: dict[str, Any] = {
            "category": category,
            "nodes": [],
            "bonus": [],
            "penalty": [],
            "veto": [],
        }
        self.open: list[dict[str, Any]] = []

    def add(self, record: Record) -> None:
        part = record.word(c.PART, c.PART_WORDS) or c.REGULAR
        names = [record.get(head) for head in c.LEVEL_HEADS]
        if part == c.REGULAR:
            if not any(name in c.TOTAL_WORDS for name in names):
                self._node(record, names)
            return
        name = next((each for each in reversed(names) if each), "")
        item: dict[str, Any] = {
            "code": self._code(record, part),
            "name": name,
            **_texts(record, adjustment=True),
        }
        if part == c.VETO:
            self.table["veto"].append({**item, **self._veto(record)})
            return
        points = _points(record)
        item["cap"] = record.get(c.POINTS) or None
        item["rule"] = self._rule(record, points)
        self._keep_wording(record, item)
        if part == c.PENALTY:
            item["matter"] = record.get(c.MATTER)
        self.table["bonus" if part == c.BONUS else "penalty"].append(item)

    def finish(self) -> dict[str, Any]:
        for node in self.table["nodes"]:
            _complete(node)
        return self.table

    def _node(self, record: Record, names: list[str]) -> None:
        levels = [level for level, name in enumerate(names) if name]
        if not levels:
            record.fault("一级指标", "没有指标名称", "the row names no indicator")
            return
        for level in levels[:-1]:
            self._enter(record, level, names[level])
        node = self._open_node(record, levels[-1], names[levels[-1]])
        if node is None:
            return
        node.update(_texts(record))
        if record.get(c.POINTS):
            node["points"] = record.get(c.POINTS)
        if record.get(c.CODE):
            node["code"] = record.get(c.CODE)
        if record.get(c.RULE):
            node["rule"] = self._rule(record, _points(record))
            self._keep_wording(record, node)
        self.reading.places.add(self.category, node["code"], record.row)

    def _keep_wording(self, record: Record, part: dict[str, Any]) -> None:
        """Print the sentence of a workbook with one column for both just as it is scored."""
        if self.reading.rule_is_wording:
            part["wording"] = record.get(c.RULE)

    def _enter(self, record: Record, level: int, name: str) -> None:
        if not (len(self.open) > level and self.open[level]["name"] == _split_name(name)[0]):
            node = self._open_node(record, level, name)
            if node is not None:
                self.reading.places.add(self.category, node["code"], record.row)

    def _open_node(self, record: Record, level: int, written: str) -> dict[str, Any] | None:
        if level > len(self.open):
            head = c.LEVEL_HEADS[level - 1]
            record.fault(head, "缺少上一级指标", "the indicator of the level above is missing")
            return None
        siblings = self.open[level - 1].setdefault("children", []) if level else self.table["nodes"]
        prefix = f"{self.open[level - 1]['code']}." if level else ""
        name, points = _split_name(written)
        node: dict[str, Any] = {"code": f"{prefix}{len(siblings) + 1}", "name": name}
        if points:
            node["points"] = points
        siblings.append(node)
        self.open[level:] = [node]
        return node

    def _code(self, record: Record, part: str) -> str:
        letter = {c.BONUS: "B", c.PENALTY: "P", c.VETO: "V"}[part]
        count = len(self.table[{c.BONUS: "bonus", c.PENALTY: "penalty", c.VETO: "veto"}[part]])
        code = record.get(c.CODE) or f"{letter}{count + 1}"
        self.reading.places.add(self.category, code, record.row)
        return code

    def _rule(self, record: Record, points: Any) -> Any:
        text = record.get(c.RULE)
        if text.startswith("{"):
            return _json_rule(record, text)
        figures = parse_figures(record.get(c.FIGURES))
        if not figures.fields:
            record.fault(c.FIGURES, "没有写明评分所用的数据项", "the figures the rule needs are not named")
            return None
        if points is None:
            record.fault(c.POINTS, "没有分值", "the points are missing")
            return None
        named = Figures(tuple(self.reading.field(name) for name in figures.fields), figures.is_ratio)
        try:
            return RULE.write(read_wording(text, named, points))
        except UnknownWording as unknown:
            record.fault(c.RULE, str(unknown), f'"{text}" is not in the closed set of wordings')
            return None

    def _veto(self, record: Record) -> dict[str, Any]:
        when = self.reading.field(record.get(c.FIGURES))
        if not when:
            record.fault(c.FIGURES, "没有写明否决情形的数据项", "the yes/no figure of the veto is not named")
        effect = read_veto(record.get(c.RULE))
        if effect is None:
            allowed = "总分计零、总分按系数0.8计、等次不高于“合格”、不参加排名"
            record.fault(
                c.RULE,
                f"不认识的否决办法“{record.get(c.RULE)}”，可写：{allowed}",
                f"a veto is one of: {allowed}",
            )
        return {"when": when, "document": record.get(c.DOCUMENT), **(effect or {"effect": "zero"})}


def read_veto(text: str) -> dict[str, str] | None:
    """Return the effect a veto sentence stands for, None when it is not in the closed set."""
    if text in ("总分计零", "总分计零分"):
        return {"effect": "zero"}
    if text == "不参加排名":
        return {"effect": "exclude_from_rank"}
    factor = re.fullmatch(r"总分按系数(\d+(?:\.\d+)?)(?:计|折减)", text)
    if factor:
        return {"effect": "factor", "factor": factor[1]}
    ceiling = re.fullmatch(r"等次不高于[“\"]?([^”\"]+)[”\"]?", text)
    return {"effect": "grade_ceiling", "ceiling": ceiling[1]} if ceiling else None


def _json_rule(record: Record, text: str) -> Any:
    try:
        source = json.loads(text, parse_float=Decimal)
    except ValueError as fault:
        record.fault(c.RULE, f"不是有效的 JSON：{fault}", f"not valid JSON: {fault}")
        return None
    report = Report()
    RULE.read(source, report)
    for finding in report.findings:
        record.fault(c.RULE, finding.message_zh, finding.message_en)
    return None if report.findings else source


def _points(record: Record) -> Any:
    text = record.get(c.POINTS)
    if not text:
        return None
    try:
        return to_number(text)
    except NotANumber:
        record.fault(c.POINTS, f"“{text}”不是数字", f'"{text}" is not a number')
        return None


def _texts(record: Record, *, adjustment: bool = False) -> dict[str, Any]:
    allowed = ("wording", "evidence", "data_owner") if adjustment else tuple(c.PLAIN.values())
    found: dict[str, Any] = {
        key: record.get(head) for head, key in c.PLAIN.items() if key in allowed and record.get(head)
    }
    if adjustment:
        return found
    for head, key in c.POLICIES.items():
        found[key] = record.word(head, c.POLICY_WORDS)
    found["nature"] = record.word(c.NATURE, c.NATURE_WORDS)
    found["direction"] = record.word(c.DIRECTION, c.DIRECTION_WORDS)
    found["lowest"] = record.get(c.LOWEST) or None
    return {key: value for key, value in found.items() if value is not None}


def _split_name(written: str) -> tuple[str, str]:
    match = _NAMED_POINTS.fullmatch(written)
    return (match[1].strip(), match[2]) if match else (written, "")


def _split(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[、，,；;\n]", text) if part.strip()]


def _complete(node: dict[str, Any]) -> Any:
    """Give a node without stated points the sum of its children, and return its points."""
    children = [_complete(child) for child in node.get("children", [])]
    if "points" not in node:
        node["points"] = sum(children)
    try:
        return to_number(node["points"])
    except NotANumber:
        return 0
