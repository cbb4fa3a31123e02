"""The life of a version, which of its indicators a person judges, and what the tables can hold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from changai.core.scoring import Bonus, Node, Penalty, Scheme, Table, Veto
from changai.core.scoring.decimals import show
from changai.core.scoring.rules import Reviewed

DRAFT, ISSUED, SUPERSEDED = "draft", "issued", "superseded"

# A draft is loaded and reloaded, issued once, later superseded. Nothing goes back.
MOVES: dict[tuple[str, str], str] = {
    (DRAFT, "issue"): ISSUED,
    (ISSUED, "supersede"): SUPERSEDED,
}

# Widths of the columns that a scheme and its results are kept in.
LONGEST = {"方案名称": 100, "版本": 20, "类别": 40, "指标编号": 20, "指标名称": 120, "数据项编码": 40}
MOST_DECIMALS = 2
YEARS = range(2000, 2101)

# The usual names of tables; a group of units with the table's name goes before this list.
LEVEL_OF_CATEGORY: Mapping[str, str] = {
    "县区": "county",
    "成员单位": "member",
    "企业": "enterprise",
    "直属企业": "enterprise",
}


def next_status(status: str, move: str) -> str | None:
    """Return the status after the move, or None when the move is not open."""
    return MOVES.get((status, move))


def first_day_of(year: int) -> date:
    """Return the day from which an indicator system of a year holds when nobody says otherwise."""
    return date(year, 1, 1)


@dataclass(frozen=True)
class JudgedItem:
    """An indicator whose points a person gives, from `lowest` to `highest`; `points` is its full mark."""

    code: str
    name: str
    field: str
    points: Fraction
    lowest: Fraction
    highest: Fraction
    wording: str

    @property
    def lowest_text(self) -> str:
        return show(self.lowest)

    @property
    def highest_text(self) -> str:
        return show(self.highest)


def judged_items(table: Table) -> tuple[JudgedItem, ...]:
    """Return what people judge, in table order, bonus and penalty items last; each field once."""
    items: dict[str, JudgedItem] = {}
    for part, full in _scored_parts(table):
        if isinstance(part.rule, Reviewed):
            span = part.rule.span(full)
            lowest = Fraction(0) if span.lowest is None else span.lowest
            highest = full if span.highest is None else span.highest
            field = part.rule.field
            items.setdefault(
                field, JudgedItem(part.code, part.name, field, full, lowest, highest, part.wording)
            )
    return tuple(items.values())


def _scored_parts(table: Table) -> Iterator[tuple[Node | Bonus | Penalty, Fraction]]:
    for leaf in table.leaves:
        yield leaf, leaf.points
    for bonus in table.bonus:
        yield bonus, bonus.cap
    for penalty in table.penalty:
        yield penalty, table.full if penalty.cap is None else penalty.cap


def reviewed_fields(table: Table) -> tuple[str, ...]:
    """Return the fields whose value is a person's judgement, in table order."""
    return tuple(item.field for item in judged_items(table))


def storage_faults(scheme: Scheme) -> tuple[str, ...]:
    """Return one sentence for each part of the scheme that is longer or finer than results are kept."""
    faults = [
        f"{what}“{written[:20]}…”超过 {LONGEST[what]} 个字，请缩短。"
        for what, written in dict.fromkeys(_written(scheme))
        if len(written) > LONGEST[what]
    ]
    if not scheme.scheme.strip():
        faults.append("没有写明方案名称，请在“设置”工作表中填写。")
    if scheme.decimals > MOST_DECIMALS:
        faults.append(f"小数位数现为 {scheme.decimals}，得分最多保留 {MOST_DECIMALS} 位小数，请改正。")
    if scheme.year is not None and scheme.year not in YEARS:
        faults.append(f"年度现为 {scheme.year}，应为 {YEARS[0]} 至 {YEARS[-1]} 之间的年份。")
    return tuple(faults)


def _written(scheme: Scheme) -> Iterator[tuple[str, str]]:
    yield "方案名称", scheme.scheme
    yield "版本", scheme.version
    for category, table in scheme.tables.items():
        yield "类别", category
        parts: list[Node | Bonus | Penalty] = [node for node, _level in table.walk()]
        for part in (*parts, *table.bonus, *table.penalty):
            yield "指标编号", part.code
            yield "指标名称", part.name
        for field in table.fields():
            yield "数据项编码", field


def readings(
    table: Table,
) -> list[tuple[Node | Bonus | Penalty | Veto, tuple[str, ...]]]:
    """Return what a table scores by, each with the fields it reads."""
    found: list[tuple[Node | Bonus | Penalty | Veto, tuple[str, ...]]] = []
    found += [(leaf, leaf.rule.fields() if leaf.rule else ()) for leaf in table.leaves]
    found += [(bonus, bonus.rule.fields()) for bonus in table.bonus]
    found += [(penalty, penalty.rule.fields()) for penalty in table.penalty]
    found += [(veto, (veto.when,)) for veto in table.veto]
    return found
