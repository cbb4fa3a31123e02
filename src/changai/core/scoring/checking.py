"""Whether accepted figures can be what the rules take them for."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from changai.core.scoring.decimals import show
from changai.core.scoring.facts import Column, Facts, Value
from changai.core.scoring.findings import Finding, Severity
from changai.core.scoring.fixedpoint import Mask
from changai.core.scoring.model import Scheme, Table
from changai.core.scoring.rules import Demand
from changai.core.scoring.statuses import REPORTED


def check_facts(table: Table, facts: Facts) -> list[Finding]:
    """Return one error for every accepted value that its rule cannot take."""
    findings: list[Finding] = []
    for code, demand in _demands(table):
        column = facts.columns.get(demand.field)
        if column is not None and not (demand.is_share or demand.is_percent):
            findings.extend(_against(code, demand, column, facts))
    return findings


def name_doubts(scheme: Scheme, category: str, facts: Facts) -> list[Finding]:
    """Return a warning for every field of the table nobody sent, and every field sent that no table reads.

    Most often one is the misspelling of the other, and silence would score it as not reported.
    """
    table = scheme.tables[category]
    findings: list[Finding] = []
    for leaf in table.leaves:
        for name in leaf.rule.fields() if leaf.rule is not None else ():
            if name not in facts.columns and facts.units:
                zh = f"数据中没有“{name}”，所有对象都将按未报送处理，请核对名称"
                en = f'nobody sent "{name}"; every unit counts as not having reported it; check the name'
                findings.append(Finding(leaf.code, Severity.WARNING, zh, en, field=name))
    read = {name for each in scheme.tables.values() for name in each.fields()}
    read |= {name.partition("@")[0] for name in read}
    for name in facts.columns:
        if name.partition("@")[0] not in read:
            zh, en = f"数据中的“{name}”不是本方案的数据项", f'"{name}" is not read by this scheme'
            findings.append(Finding("", Severity.WARNING, zh, en, field=name))
    return list(dict.fromkeys(findings))


# A share beyond this is no rate anybody reaches; at or below it may be one (300 % is 3).
_MOST_SHARE = 10


def percent_doubts(scheme: Scheme, category: str, facts: Facts) -> list[Finding]:
    """Return what may have been written as 95 where the rule means 0.95, or as 0.95 where it means 95.

    The first would score full marks without a word, so it is an error until the field is given a unit of its own.
    """
    findings: list[Finding] = []
    for code, demand in dict.fromkeys(_demands(scheme.tables[category])):
        column = facts.columns.get(demand.field)
        if column is None or not (demand.is_share or demand.is_percent):
            continue
        accepted, size = column.statuses == REPORTED, np.abs(column.floats)
        if demand.is_share and scheme.units.get(demand.field, "") in ("", "%"):
            suspect = accepted & (size > _MOST_SHARE)
        else:
            suspect = accepted & demand.is_percent & (size > 0) & (size < 1)
        findings.extend(
            _percent_doubt(code, demand, facts.units[place], column.values[place])
            for place in np.flatnonzero(suspect)
        )
    return findings


def _percent_doubt(code: str, demand: Demand, unit: str, value: Value) -> Finding:
    name = demand.field
    if demand.is_share:
        zh = (
            f"{unit}的“{name}”为 {value}，而规则以 0.95 表示 95%，请核对是否把 0.95 写成了 95；"
            "确非比率的，请在 fields（数据项表）中写明它的单位"
        )
        en = (
            f"{name} of {unit} is {value}, but the rule writes 95% as 0.95; was 0.95 written as 95? "
            "If it is no rate, give its unit in fields"
        )
    else:
        zh = f"{unit}的“{name}”为 {value}，而规则以 95 表示 95%，请核对是否把 95 写成了 0.95"
        en = f"{name} of {unit} is {value}, but the rule writes 95% as 95; was 95 written as 0.95?"
    severity = Severity.ERROR if demand.is_share else Severity.WARNING
    return Finding(code, severity, zh, en, unit=unit, field=name)


def _demands(table: Table) -> Iterator[tuple[str, Demand]]:
    for leaf in table.leaves:
        demands = leaf.rule.demands(leaf.points) if leaf.rule is not None else ()
        yield from ((leaf.code, demand) for demand in demands)
    for bonus in table.bonus:
        yield from ((bonus.code, demand) for demand in bonus.rule.demands(bonus.cap))
    for penalty in table.penalty:
        yield from ((penalty.code, demand) for demand in penalty.rule.demands(penalty.cap or table.full))
    for veto in table.veto:
        yield veto.code, Demand(veto.when, is_truth=True)
    for grade in table.grades:
        yield from (("", Demand(name, is_truth=True)) for name in grade.bars)


def _against(code: str, demand: Demand, column: Column, facts: Facts) -> Iterator[Finding]:
    accepted = column.statuses == REPORTED
    for place in np.flatnonzero(accepted & _misfits(demand, column)):
        unit, value = facts.units[place], column.values[place]
        zh, en = _expected(demand)
        yield Finding(
            code,
            Severity.ERROR,
            f"{unit}的“{demand.field}”为 {value}，{zh}",
            f"{demand.field} of {unit} is {value}; {en}",
            unit=unit,
            field=demand.field,
        )


def _misfits(demand: Demand, column: Column) -> Mask:
    if demand.marks:
        return np.array([str(value) not in demand.marks for value in column.values])
    misfits: Mask = column.is_mark.copy()
    if demand.is_truth:
        misfits |= (column.floats != 0) & (column.floats != 1)
    if demand.is_whole:
        misfits |= column.floats != np.floor(column.floats)
    if demand.lowest is not None:
        misfits |= column.floats < float(demand.lowest)
    if demand.highest is not None:
        misfits |= column.floats > float(demand.highest)
    return misfits


def _expected(demand: Demand) -> tuple[str, str]:
    if demand.marks:
        return f"应为 {'、'.join(demand.marks)} 之一", f"must be one of {', '.join(demand.marks)}"
    if demand.is_truth:
        return "应为 是/否（1/0）", "must be yes or no (1 or 0)"
    if demand.is_whole:
        return "应为不小于 0 的整数", "must be a whole number of at least 0"
    if demand.lowest is not None and demand.highest is not None:
        edges = show(demand.lowest), show(demand.highest)
        return f"应在 {edges[0]} 至 {edges[1]} 之间", f"must lie within {edges[0]} and {edges[1]}"
    if demand.lowest is not None:
        return f"不应小于 {show(demand.lowest)}", f"must not be below {show(demand.lowest)}"
    return "应为数字", "must be a number"
