"""The objects of an assessment scheme (考核方案): tables, nodes, adjustments, grades. All are immutable."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any

from changai.core.scoring import codec
from changai.core.scoring.codec import (
    FAULT,
    INTEGER,
    NUMBER,
    TEXT,
    Kind,
    Report,
    choice,
    optional,
    sequence,
)
from changai.core.scoring.findings import Finding, SchemeRefused, errors_of
from changai.core.scoring.rules import RULE, Rule

_ZERO = Fraction(0)

ABSENT = ("zero", "full", "average", "reweight")
EFFECTS = ("zero", "factor", "grade_ceiling", "exclude_from_rank")


def _plain(part: Callable[[], type]) -> Kind:
    return Kind(
        lambda source, report: _read_item(part(), source, report),
        codec.write_members,
        lambda: {"$ref": f"#/$defs/{part().__name__}"},
    )


def _read_item(cls: type, source: Any, report: Report) -> Any:
    if not isinstance(source, Mapping):
        return report.fault(f"应为对象，现为 {source!r}", f"must be an object, found {source!r}")
    if cls is Table:
        report = report.of_table(str(source.get("category", "")))
    code = source.get("code")
    return codec.read_members(cls, source, report.at(str(code)) if code is not None else report)


NODE = _plain(lambda: Node)
BONUS = _plain(lambda: Bonus)
PENALTY = _plain(lambda: Penalty)
VETO = _plain(lambda: Veto)
GRADE = _plain(lambda: Grade)
RANKING = _plain(lambda: Ranking)
CONVERSION = _plain(lambda: Conversion)
FIELD = _plain(lambda: Field)
TABLE = _plain(lambda: Table)


@dataclass(frozen=True)
class Node:
    """A first-, second- or third-level indicator. A leaf has a rule, an inner node has children.

    `missing`, `not_applicable` and `void` override the table's policy for this leaf. `lowest` is the lowest
    score the
    notice allows (below 0 only where it says so).
    """

    code: Annotated[str, TEXT]
    name: Annotated[str, TEXT]
    points: Annotated[Fraction, NUMBER]
    rule: Annotated[Rule | None, optional(RULE)] = None
    children: Annotated[tuple[Node, ...], sequence(NODE)] = ()
    missing: Annotated[str | None, optional(choice(*ABSENT))] = None
    not_applicable: Annotated[str | None, optional(choice(*ABSENT))] = None
    void: Annotated[str | None, optional(choice(*ABSENT))] = None
    lowest: Annotated[Fraction, NUMBER] = _ZERO
    wording: Annotated[str, TEXT] = ""
    evidence: Annotated[str, TEXT] = ""
    verification: Annotated[str, TEXT] = ""
    data_owner: Annotated[str, TEXT] = ""
    responsible: Annotated[str, TEXT] = ""
    nature: Annotated[str, choice("", "result", "process")] = ""
    direction: Annotated[str, choice("", "more", "less", "centred")] = ""
    orientation: Annotated[str, TEXT] = ""

    def leaves(self) -> Iterator[Node]:
        """Yield the leaves of this branch in order."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


@dataclass(frozen=True)
class Bonus:
    """加分项, outside the full mark, at most `cap`."""

    code: Annotated[str, TEXT]
    name: Annotated[str, TEXT]
    cap: Annotated[Fraction, NUMBER]
    rule: Annotated[Rule, RULE]
    wording: Annotated[str, TEXT] = ""
    evidence: Annotated[str, TEXT] = ""
    data_owner: Annotated[str, TEXT] = ""


@dataclass(frozen=True)
class Penalty:
    """减分项: its rule gives zero or negative points, at worst -cap.

    Items of one `matter` count once, by the largest.
    """

    code: Annotated[str, TEXT]
    name: Annotated[str, TEXT]
    rule: Annotated[Rule, RULE]
    cap: Annotated[Fraction | None, optional(NUMBER)] = None
    matter: Annotated[str, TEXT] = ""
    wording: Annotated[str, TEXT] = ""
    evidence: Annotated[str, TEXT] = ""
    data_owner: Annotated[str, TEXT] = ""


@dataclass(frozen=True)
class Veto:
    """一票否决: takes effect when the reviewed yes/no field `when` is true."""

    code: Annotated[str, TEXT]
    name: Annotated[str, TEXT]
    when: Annotated[str, TEXT]
    effect: Annotated[str, choice(*EFFECTS)]
    factor: Annotated[Fraction | None, optional(NUMBER)] = None
    ceiling: Annotated[str | None, optional(TEXT)] = None
    document: Annotated[str, TEXT] = ""


@dataclass(frozen=True)
class Grade:
    """One band of results; `quota` is the largest share of the ranked units, `top` the largest number.

    `ties` says whether units level with the last place of a quota are "in" or "out". `bars` are yes/no
    fields that
    bar this grade (一票否优).
    """

    name: Annotated[str, TEXT]
    min: Annotated[Fraction | None, optional(NUMBER)] = None
    quota: Annotated[Fraction | None, optional(NUMBER)] = None
    top: Annotated[int | None, optional(INTEGER)] = None
    ties: Annotated[str, choice("in", "out")] = "in"
    bars: Annotated[tuple[str, ...], sequence(TEXT)] = ()


@dataclass(frozen=True)
class Ranking:
    """What ranks are made from; `tie_breakers` are node codes, "regular" or "bonus", listed by the notice."""

    by: Annotated[str, choice("total", "regular")] = "total"
    tie_breakers: Annotated[tuple[str, ...], sequence(TEXT)] = ()


@dataclass(frozen=True)
class Conversion:
    """折算: the total counts for `full` points in another scheme."""

    full: Annotated[Fraction, NUMBER]
    into: Annotated[str, TEXT] = ""


@dataclass(frozen=True)
class Field:
    """What people call a figure, and the unit it is counted in."""

    name: Annotated[str, TEXT]
    label: Annotated[str, TEXT]
    unit: Annotated[str, TEXT] = ""


def _read_tables(source: Any, report: Report) -> Any:
    tables = sequence(TABLE).read(source, report)
    if tables is FAULT:
        return FAULT
    categories = [table.category for table in tables]
    for category in sorted({each for each in categories if categories.count(each) > 1}):
        report.fault(f"类别“{category}”有两张指标表", f'category "{category}" has two tables')
    return {table.category: table for table in tables}


_TABLES = Kind(
    _read_tables,
    lambda tables: [codec.write_members(table) for table in tables.values()],
    lambda: {"type": "array", "items": {"$ref": "#/$defs/Table"}},
)


@dataclass(frozen=True)
class Table:
    """指标表: the regular hundred, bonus, penalty and veto of one category of assessed bodies.

    `total_decimals` rounds the total, once, to fewer decimals than the items have.
    """

    category: Annotated[str, TEXT]
    nodes: Annotated[tuple[Node, ...], sequence(NODE)]
    full: Annotated[Fraction, NUMBER] = Fraction(100)
    missing: Annotated[str, choice(*ABSENT)] = "zero"
    not_applicable: Annotated[str, choice(*ABSENT)] = "reweight"
    void: Annotated[str | None, optional(choice(*ABSENT))] = None
    cover: Annotated[Fraction, NUMBER] = Fraction(3, 5)
    rank_cover: Annotated[Fraction, NUMBER] = Fraction(4, 5)
    bonus: Annotated[tuple[Bonus, ...], sequence(BONUS)] = ()
    bonus_cap: Annotated[Fraction | None, optional(NUMBER)] = None
    penalty: Annotated[tuple[Penalty, ...], sequence(PENALTY)] = ()
    penalty_cap: Annotated[Fraction | None, optional(NUMBER)] = None
    veto: Annotated[tuple[Veto, ...], sequence(VETO)] = ()
    floor: Annotated[Fraction | None, optional(NUMBER)] = _ZERO
    ceiling: Annotated[Fraction | None, optional(NUMBER)] = None
    total_decimals: Annotated[int | None, optional(INTEGER)] = None
    conversion: Annotated[Conversion | None, optional(CONVERSION)] = None
    grades: Annotated[tuple[Grade, ...], sequence(GRADE)] = ()
    ranking: Annotated[Ranking, RANKING] = Ranking()

    @cached_property
    def leaves(self) -> tuple[Node, ...]:
        """Return the leaves of the regular part in order."""
        return tuple(leaf for node in self.nodes for leaf in node.leaves())

    def walk(self) -> Iterator[tuple[Node, int]]:
        """Yield every node of the regular part with its level, parents before children."""
        stack = [(node, 1) for node in reversed(self.nodes)]
        while stack:
            node, level = stack.pop()
            yield node, level
            stack.extend((child, level + 1) for child in reversed(node.children))

    def fields(self) -> tuple[str, ...]:
        """Return every field the table reads, in order, each once."""
        names: list[str] = []
        rules: list[Rule | None] = [leaf.rule for leaf in self.leaves]
        rules += [item.rule for item in self.bonus] + [item.rule for item in self.penalty]
        names.extend(name for rule in rules if rule is not None for name in rule.fields())
        names.extend(veto.when for veto in self.veto)
        names.extend(name for grade in self.grades for name in grade.bars)
        return tuple(dict.fromkeys(names))


@dataclass(frozen=True)
class Scheme:
    """考核方案 of one year: one table for each category of assessed bodies."""

    scheme: Annotated[str, TEXT]
    tables: Annotated[dict[str, Table], _TABLES]
    year: Annotated[int | None, optional(INTEGER)] = None
    version: Annotated[str, TEXT] = "1.0"
    decimals: Annotated[int, INTEGER] = 2
    fields: Annotated[tuple[Field, ...], sequence(FIELD)] = ()

    @classmethod
    def from_json(cls, source: str | bytes | Mapping[str, Any]) -> Scheme:
        """Return the scheme written in JSON text or given as a parsed object.

        What cannot be read refuses, and tells in the same answer what does not hold together in the rest; what
        reads but does not add up is told by `validate`.

        :raises SchemeRefused: listing every fault of the text at once.
        """
        parsed = source if isinstance(source, Mapping) else _parse(source)
        report = Report()
        try:
            scheme = codec.read_members(cls, parsed, report)
        except RecursionError:
            scheme = FAULT
            report.fault("指标层级嵌套过深或首尾相连", "the indicators are nested too deeply or in a circle")
        if report.findings:
            raise SchemeRefused(_told_apart([*report.findings, *_beside(scheme, report)], parsed))
        assert isinstance(scheme, cls)  # noqa: S101 - read_members reports whatever it does not build
        return scheme

    def to_json(self, *, indent: int | None = 1) -> str:
        """Return the canonical JSON text; reading it back gives an equal scheme."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; members at their default are left out."""
        return codec.write_members(self)

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256 of the canonical JSON."""
        text = json.dumps(self.to_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Return what `validate` found, worked out once."""
        from changai.core.scoring.validation import check_scheme

        return tuple(check_scheme(self))

    def validate(self) -> list[Finding]:
        """Return everything wrong or doubtful with this scheme.

        Without errors among them it can be scored.
        """
        return list(self.findings)

    def require_valid(self) -> None:
        """Do nothing when the scheme holds together.

        :raises SchemeRefused: with every error found.
        """
        errors = errors_of(self.findings)
        if errors:
            raise SchemeRefused(errors)

    @cached_property
    def labels(self) -> dict[str, str]:
        """Return what people call each declared field."""
        return {each.name: each.label for each in self.fields}

    @cached_property
    def units(self) -> dict[str, str]:
        """Return the unit of each declared field."""
        return {each.name: each.unit for each in self.fields}


def scheme_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scheme."""
    from changai.core.scoring.conditions import CONDITIONS
    from changai.core.scoring.measures import MEASURES
    from changai.core.scoring.rules import RULES

    parts = (Node, Bonus, Penalty, Veto, Grade, Ranking, Conversion, Field, Table)
    definitions = {part.__name__: codec.members_schema(part) for part in parts}
    definitions["rule"] = codec.family_schema(RULES, "rule")
    definitions["condition"] = codec.family_schema(CONDITIONS, "condition")
    definitions["measure"] = {"anyOf": [codec.family_schema(MEASURES, "measure"), {"type": "string"}]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "changai scheme",
        **codec.members_schema(Scheme),
        "$defs": definitions,
    }


def _beside(scheme: Any, report: Report) -> tuple[Finding, ...]:
    """Return what does not hold together where everything could be read."""
    if not isinstance(scheme, Scheme):
        return ()
    single = len(scheme.tables) == 1
    doubtful = {("" if single else table, code) for table, code in report.doubtful}
    return tuple(
        each
        for each in errors_of(scheme.findings)
        if each.member == "code" or (each.category, each.node_code) not in doubtful
    )


def _told_apart(findings: list[Finding], source: Mapping[str, Any]) -> list[Finding]:
    """Return the findings without their category where there is one table only."""
    tables = source.get("tables")
    if isinstance(tables, list | tuple) and len(tables) > 1:
        return findings
    return [replace(each, category="") for each in findings]


def _parse(source: str | bytes) -> Mapping[str, Any]:
    try:
        parsed = json.loads(
            source, parse_float=Decimal, parse_constant=str, object_pairs_hook=_without_repeats
        )
    except (ValueError, RecursionError) as fault:
        report = Report()
        report.fault(f"不是有效的 JSON：{fault}", f"not valid JSON: {fault}")
        raise SchemeRefused(report.findings) from fault
    if not isinstance(parsed, Mapping):
        report = Report()
        report.fault("最外层应为一个对象", "the outermost value must be an object")
        raise SchemeRefused(report.findings)
    return parsed


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    repeated = {key for key in keys if keys.count(key) > 1}
    if repeated:
        raise ValueError(f"{'、'.join(sorted(repeated))} ×2")
    return dict(pairs)
