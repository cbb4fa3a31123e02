"""The figures of a sheet before the rules: entries of the area, a sheet of the core, findings as faults."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from changai.areas.reporting.rules.sheets import Fault
from changai.core.checks import (
    PARTS,
    AgainstLedger,
    Finding,
    Kind,
    Ledger,
    Present,
    Range,
    Reading,
    RollUp,
    Row,
    Rule,
    Severity,
    Sheet,
    findings,
)
from changai.core.periods import Month

# The figure as it was confirmed against its own register.
OWN_REGISTER = "own"
DICTIONARY, PRODUCT = "数据项目录", "系统固有"
_PERCENT = frozenset({"%", "％"})


@dataclass(frozen=True)
class StandingRule:
    """A rule that stands for every figure it fits, as the list of rules names it."""

    code: str
    name: str
    kind: str
    severity: Severity
    origin: str


STANDING = (
    StandingRule("present", "未填数", Present.code, Severity.EXPLAIN, PRODUCT),
    StandingRule("range", "超出范围", Range.code, Severity.BLOCK, DICTIONARY),
    StandingRule("rate", "比率疑似写成小数", Range.code, Severity.EXPLAIN, PRODUCT),
    StandingRule("parts", "分项不等于合计", RollUp.code, Severity.BLOCK, PRODUCT),
    StandingRule("confirmed", "未核对", Present.code, Severity.BLOCK, PRODUCT),
    StandingRule("register", "与名册不一致", AgainstLedger.code, Severity.BLOCK, PRODUCT),
)
_STANDING = {rule.code: rule for rule in STANDING}


@dataclass(frozen=True)
class PartEntry:
    """One item of a figure asked item by item; one left empty counts as zero."""

    part_id: int
    name: str
    value: Decimal | None = None


@dataclass(frozen=True)
class FigureEntry:
    """One line of a figure. `register_value` is what the register says now, None when the figure is asked."""

    field_id: int
    code: str
    name: str
    unit_of_measure: str = ""
    decimals: int = 0
    value: Decimal | None = None
    last_value: Decimal | None = None
    remark: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    register_value: Decimal | None = None
    parts: tuple[PartEntry, ...] = ()

    @property
    def cell(self) -> str:
        return f"figure:{self.field_id}:value"

    @property
    def remark_cell(self) -> str:
        return f"figure:{self.field_id}:remark"


@dataclass(frozen=True)
class Surroundings:
    """What is known around the figures of a sheet: other months, other units, ledgers by figure and source."""

    month: Month | None = None
    past: tuple[Row, ...] = ()
    peers: tuple[Row, ...] = ()
    below: tuple[Row, ...] = ()
    ledgers: Mapping[str, Mapping[str, Ledger]] = field(default_factory=dict)


def faults_of_figures(
    entries: Sequence[FigureEntry], rules: Iterable[Rule], around: Surroundings
) -> tuple[Fault, ...]:
    """Return what is found in the figures by the standing rules and the given ones, in the order of the sheet."""
    by_code = {entry.code: entry for entry in entries}
    sheet = sheet_of(entries, around)
    found = [_fault(finding, by_code) for finding in findings([*standing_rules(entries), *rules], sheet)]
    places = {entry.cell: place for place, entry in enumerate(entries)}
    return tuple(sorted(found, key=lambda fault: places[fault.cell]))


def sheet_of(entries: Iterable[FigureEntry], around: Surroundings) -> Sheet:
    """Return the figures as the checks of the core read them."""
    figures = {
        entry.code: Reading(
            name=entry.name,
            value=entry.value,
            measure=entry.unit_of_measure,
            decimals=entry.decimals,
            remark=entry.remark,
            is_typed=entry.register_value is None,
            parts=tuple((part.name, part.value or Decimal(0)) for part in entry.parts),
            ledgers=_ledgers_of(entry, around),
        )
        for entry in entries
    }
    return Sheet(figures, around.month, around.past, around.peers, around.below)


def _ledgers_of(entry: FigureEntry, around: Surroundings) -> dict[str, Ledger]:
    known = dict(around.ledgers.get(entry.code, {}))
    if entry.register_value is not None:
        known.setdefault(OWN_REGISTER, Ledger(entry.register_value))
    return known


def standing_rules(entries: Iterable[FigureEntry]) -> list[Rule]:
    """Return the rules no one switches off: a figure is given or explained, within its range, as its register says."""
    return [rule for entry in entries for rule in _standing_rules_of(entry)]


def _standing_rules_of(entry: FigureEntry) -> Iterator[Rule]:
    if entry.register_value is not None:
        yield _standing(
            "confirmed", Present(entry.code), "数据“{数据项}”已由名册取数，请核对后点“核对无误”。"
        )
        yield _standing(
            "register",
            AgainstLedger(entry.code, OWN_REGISTER),
            "数据“{数据项}”名册现为 {台账数}，上次核对为 {本月数}{明细}，请重新核对。",
        )
        return
    yield _standing("present", Present(entry.code), "数据“{数据项}”的“本月数”未填写。")
    if entry.parts:
        yield _standing(
            "parts",
            RollUp(entry.code, PARTS),
            "数据“{数据项}”分项之和为 {合计数}，“本月数”为 {本月数}，相差 {差}，请核对。",
        )
    if entry.minimum is not None or entry.maximum is not None:
        yield _standing(
            "range",
            Range(entry.code, entry.minimum, entry.maximum),
            "数据“{数据项}”的“本月数”{界限}，现为 {本月数}，请核对。",
        )
    if _may_be_a_share(entry):
        yield _standing(
            "rate",
            Range(entry.code, least=Decimal(1)),
            "数据“{数据项}”以“%”计，填的是 {本月数}，即 {本月数}%，请核对是否把 95 写成了 0.95。",
        )


def _may_be_a_share(entry: FigureEntry) -> bool:
    """Return whether 0.95 may stand where 95 per cent is meant.

    A figure whose range ends at 1 is small by nature, and so is one that was below 1 last month: that was explained.
    """
    if entry.unit_of_measure not in _PERCENT or (entry.maximum is not None and entry.maximum <= 1):
        return False
    return _is_below_one(entry.value) and not _is_below_one(entry.last_value)


def _is_below_one(value: Decimal | None) -> bool:
    return value is not None and 0 < value < 1


def _standing(code: str, kind: Kind, sentence: str) -> Rule:
    known = _STANDING[code]
    return Rule(code, known.name, known.severity, kind, sentence, known.origin)


def _fault(finding: Finding, by_code: Mapping[str, FigureEntry]) -> Fault:
    entry = by_code[finding.figure]
    must_explain = finding.severity is Severity.EXPLAIN and finding.is_open
    return Fault(
        cell=entry.cell,
        sentence=f"{finding.sentence}{'如情况属实，请在“说明”中写明原因。' if must_explain else ''}",
        brief=finding.rule.name,
        severity=finding.severity,
        code=finding.rule.code,
        explanation=finding.explanation,
        entries=finding.entries,
        origin=finding.rule.origin,
        mend=_mend(finding, entry) if must_explain or finding.rule.code == "parts" else "",
    )


def _mend(finding: Finding, entry: FigureEntry) -> str:
    """Return the cell in which a finding is mended when it is not that of the figure."""
    if finding.rule.code == "parts":
        return f"part:{entry.parts[0].part_id}:value"
    return "" if entry.value is None else entry.remark_cell
