"""What is known around the figures of reports: earlier months, peers, units below, ledgers. One read each for many."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from changai.areas.facts import queries as facts
from changai.areas.registers import figures as registers
from changai.areas.reporting.models import FigureLine, Obligation, Report
from changai.areas.reporting.queries.ledgers import TASK_SOURCES, task_ledgers
from changai.areas.reporting.rules.figures import OWN_REGISTER, Surroundings
from changai.areas.reporting.rules.moves import ACCEPTED, SIGNED
from changai.core.checks import (
    BELOW,
    EVERY,
    AgainstLedger,
    Jump,
    Ledger,
    NeverFalls,
    OwnHistory,
    Peers,
    RollUp,
    Row,
    Rule,
)
from changai.core.periods import Month

# How many earlier months a figure is compared with.
MONTHS_BACK = 24
Values = dict[str, Decimal | None]


@dataclass
class _Needs:
    """The figures that rules read beside the sheet itself, by where they are read."""

    past: set[str] = field(default_factory=set)
    peers: set[str] = field(default_factory=set)
    below: set[str] = field(default_factory=set)
    sources: dict[str, str] = field(default_factory=dict)


def surroundings_of(
    reports: Sequence[Report], figures: Mapping[int, Sequence[FigureLine]], rules: Iterable[Rule]
) -> dict[int, Surroundings]:
    """Return what the rules may read around each report: report -> surroundings."""
    needs = _needs_of(rules, {line.field.code for lines in figures.values() for line in lines})
    past, peers, below = (
        _past(reports, needs.past),
        _peers(reports, needs.peers),
        _below(reports, needs.below),
    )
    ledgers = _ledgers(reports, figures, needs.sources)
    return {
        report.pk: Surroundings(
            month=_month_of(report),
            past=_with_last(past[report.obligation.unit_id], report, figures[report.pk], needs.past),
            peers=peers[report.pk],
            below=below[report.pk],
            ledgers=ledgers[report.pk],
        )
        for report in reports
    }


def _needs_of(rules: Iterable[Rule], asked: set[str]) -> _Needs:
    needs = _Needs()
    for rule in rules:
        kind = rule.kind
        reads = asked if EVERY in kind.reads else set(kind.reads)
        if isinstance(kind, NeverFalls | Jump | OwnHistory):
            needs.past |= reads
        elif isinstance(kind, Peers):
            needs.peers |= reads | set(kind.reads) - {EVERY}
        elif isinstance(kind, RollUp) and kind.over == BELOW:
            needs.below |= reads
        elif isinstance(kind, AgainstLedger):
            needs.sources |= dict.fromkeys(reads, kind.source)
    return needs


def _month_of(report: Report) -> Month:
    return Month.of(report.obligation.period.month)


def _past(reports: Sequence[Report], codes: set[str]) -> dict[int, dict[Month, Values]]:
    """Return the accepted figures of the units in the months before: unit -> month -> code -> value."""
    found: dict[int, dict[Month, Values]] = defaultdict(lambda: defaultdict(dict))
    months = [_month_of(report) for report in reports]
    if codes and months:
        span = min(months).plus(-MONTHS_BACK).until(max(months).plus(-1))
        units = {report.obligation.unit_id for report in reports}
        rows = facts.current_facts(units, codes, list(span)).filter(value__isnull=False)
        for unit_id, day, code, value in rows.values_list("unit_id", "month", "field__code", "value"):
            found[unit_id][Month.of(day)][code] = value
    return found


def _with_last(
    past: Mapping[Month, Values], report: Report, lines: Iterable[FigureLine], codes: set[str]
) -> tuple[Row, ...]:
    """Return the months before the report's, the oldest first; last month's sent values stand in for facts to come."""
    month = _month_of(report)
    known = {
        earlier: values for earlier, values in past.items() if month.plus(-MONTHS_BACK) <= earlier < month
    }
    sent = {line.field.code: line.last_value for line in lines if line.field.code in codes}
    last = month.plus(-1)
    known[last] = sent | known.get(last, {})
    return tuple(Row(earlier.label, values, earlier) for earlier, values in sorted(known.items()))


def _peers(reports: Sequence[Report], codes: set[str]) -> dict[int, tuple[Row, ...]]:
    """Return what the other units of the same level sent for the same period of the form."""
    by_group: dict[tuple[int, str], dict[int, tuple[str, Values]]] = defaultdict(dict)
    if codes:
        sent = FigureLine.objects.filter(
            report__obligation__period__in={report.obligation.period_id for report in reports},
            report__status__in=[SIGNED, ACCEPTED],
            field__code__in=codes,
            value__isnull=False,
        ).order_by("report__obligation__unit__position", "pk")
        for period_id, unit_id, level, name, code, value in sent.values_list(
            "report__obligation__period_id",
            "report__obligation__unit_id",
            "report__obligation__unit__level",
            "report__obligation__unit__short_name",
            "field__code",
            "value",
        ):
            by_group[period_id, level].setdefault(unit_id, (name, {}))[1][code] = value
    return {
        report.pk: tuple(
            Row(name, values)
            for unit_id, (name, values) in by_group[
                report.obligation.period_id, report.obligation.unit.level
            ].items()
            if unit_id != report.obligation.unit_id
        )
        for report in reports
    }


def _below(reports: Sequence[Report], codes: set[str]) -> dict[int, tuple[Row, ...]]:
    """Return what the units directly below sent for the same month; one that owes and has not sent has no values."""
    found: dict[tuple[int | None, Month], dict[int, tuple[str, Values]]] = defaultdict(dict)
    if codes:
        owing = Obligation.objects.filter(
            unit__parent__in={report.obligation.unit_id for report in reports},
            period__month__in={report.obligation.period.month for report in reports},
            period__opened_at__isnull=False,
            exempted_at__isnull=True,
        ).order_by("unit__position", "pk")
        for parent, unit_id, name, day in owing.values_list(
            "unit__parent_id", "unit_id", "unit__short_name", "period__month"
        ):
            found[parent, Month.of(day)].setdefault(unit_id, (name, {}))
        sent = FigureLine.objects.filter(
            report__obligation__in=owing, report__status__in=[SIGNED, ACCEPTED], field__code__in=codes
        ).values_list(
            "report__obligation__unit__parent_id",
            "report__obligation__period__month",
            "report__obligation__unit_id",
            "field__code",
            "value",
        )
        for parent, day, unit_id, code, value in sent:
            found[parent, Month.of(day)][unit_id][1][code] = value
    return {
        report.pk: tuple(
            Row(name, values) for name, values in found[report.obligation.unit_id, _month_of(report)].values()
        )
        for report in reports
    }


def _ledgers(
    reports: Sequence[Report], figures: Mapping[int, Sequence[FigureLine]], sources: Mapping[str, str]
) -> dict[int, dict[str, dict[str, Ledger]]]:
    """Return what registers and the task ledger say of the figures: report -> code -> source -> ledger."""
    wanted = {
        report.pk: {
            (line.field.code, name, key)
            for line in figures[report.pk]
            for name, key in _ledgers_wanted(line, sources)
        }
        for report in reports
    }
    by_month: dict[Month, list[Report]] = defaultdict(list)
    for report in reports:
        if wanted[report.pk]:
            by_month[_month_of(report)].append(report)
    found: dict[int, dict[str, dict[str, Ledger]]] = {report.pk: defaultdict(dict) for report in reports}
    for month, chosen in by_month.items():
        keys = {key for report in chosen for _code, _name, key in wanted[report.pk]}
        known = _known(keys, [report.obligation.unit_id for report in chosen], month)
        for report in chosen:
            for code, name, key in wanted[report.pk]:
                if (key, report.obligation.unit_id) in known:
                    found[report.pk][code][name] = known[key, report.obligation.unit_id]
    return found


def _ledgers_wanted(line: FigureLine, sources: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Yield the ledgers a line is compared with: the name it is known by, and where it is read."""
    if line.prefilled_value is not None:
        yield OWN_REGISTER, line.field.source_key
    if line.field.code in sources:
        yield sources[line.field.code], sources[line.field.code]


def _known(keys: set[str], unit_ids: Sequence[int], month: Month) -> dict[tuple[str, int], Ledger]:
    known: dict[tuple[str, int], Ledger] = {}
    if keys & set(registers.SOURCES):
        known |= registers.ledgers(unit_ids, month)
    if keys & set(TASK_SOURCES):
        known |= task_ledgers(unit_ids, month)
    return known
