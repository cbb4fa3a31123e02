"""What the checks find in reports: their lines read together with what is known around them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from changai.areas.facts.rules import range_of
from changai.areas.reporting.models import CheckVersion, FigureLine, NarrativeLine, Report, TaskLine
from changai.areas.reporting.queries.sheets import line_refs, taken_lines
from changai.areas.reporting.queries.surroundings import surroundings_of
from changai.areas.reporting.rules.figures import (
    OWN_REGISTER,
    FigureEntry,
    PartEntry,
    Surroundings,
    faults_of_figures,
    sheet_of,
)
from changai.areas.reporting.rules.sheets import (
    Fault,
    TaskEntry,
    WordsEntry,
    faults_of,
    faults_of_words,
    notes_of,
)
from changai.core.checks import Ledger, Rule, Severity, Sheet, kind_from

# What an empty cell breaks is told when the sheet is checked, not while people are still filling it.
UNTIL_SUBMISSION = frozenset({"present", "confirmed"})
MOVES_WITH_REGISTERS = frozenset({"register", "confirmed"})


def findings_of(
    report: Report,
    *,
    typed: Mapping[int, Decimal | None] | None = None,
    remarks: Mapping[int, str] | None = None,
) -> tuple[Fault, ...]:
    """Return everything the checks find in a report, with the registers read anew, in the order of the sheet.

    `typed` and `remarks` are values and explanations by field that are checked in place of those of the sheet:
    nothing is saved. Faults that are `is_open` keep the report from being submitted; the rest is for the reviewer.
    """
    return findings_of_reports([report], typed=typed, remarks=remarks)[report.pk]


def findings_of_reports(
    reports: Iterable[Report],
    *,
    typed: Mapping[int, Decimal | None] | None = None,
    remarks: Mapping[int, str] | None = None,
) -> dict[int, tuple[Fault, ...]]:
    """Return the findings of many reports at the cost of one: report -> findings."""
    chosen = list(reports)
    rules = rules_in_force()
    tasks, figures, words = _items_of(chosen), figures_of(chosen), _words_of(chosen)
    around = surroundings_of(chosen, figures, rules)
    found = {}
    for report in chosen:
        entries = [
            _put(entry, typed or {}, remarks or {})
            for entry in _entries(figures[report.pk], around[report.pk])
        ]
        items = [task_entry(line) for line in tasks[report.pk]]
        found[report.pk] = (
            *faults_of(items),
            *notes_of(items),
            *faults_of_figures(entries, rules, around[report.pk]),
            *faults_of_words([words_entry(line) for line in words[report.pk]]),
        )
    return found


def rules_in_force() -> list[Rule]:
    """Return the rules that are switched on, by their codes."""
    versions = CheckVersion.objects.filter(switched_on_at__isnull=False, switched_off_at__isnull=True)
    return [rule_of(version) for version in versions.select_related("rule").order_by("rule__code")]


def rule_of(version: CheckVersion) -> Rule:
    """Return a version as the checks of the core apply it."""
    return Rule(
        code=version.rule.code,
        name=version.name,
        severity=Severity(version.severity),
        kind=kind_from(version.kind, version.values),
        sentence=version.sentence,
        origin=version.origin,
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        passes=version.passes,
        fails=version.fails,
    )


def sheets_of(
    reports: Sequence[Report], figures: Mapping[int, Sequence[FigureLine]], rules: Iterable[Rule]
) -> dict[int, Sheet]:
    """Return the figures of reports with what the rules read around them, as the checks of the core read them."""
    around = surroundings_of(reports, figures, list(rules))
    return {
        report.pk: sheet_of(_entries(figures[report.pk], around[report.pk]), around[report.pk])
        for report in reports
    }


def _entries(lines: Iterable[FigureLine], around: Surroundings) -> list[FigureEntry]:
    return [figure_entry(line, around.ledgers.get(line.field.code, {}).get(OWN_REGISTER)) for line in lines]


def faults_in(report: Report) -> tuple[Fault, ...]:
    """Return what keeps the report from being submitted; lines taken already are done with."""
    return open_faults(report, findings_of(report))


def open_faults(report: Report, findings: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return those findings of a report that keep it from being submitted."""
    found = [fault for fault in findings if fault.is_open]
    taken = taken_lines(report) if found else set()
    lines = line_refs(report) if taken else {}
    return tuple(fault for fault in found if lines.get(fault.cell) not in taken)


def notes_in(report: Report) -> tuple[Fault, ...]:
    """Return what a reviewer should look at in the report."""
    return tuple(fault for fault in findings_of(report) if not fault.is_open)


def shown_while_filling(found: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return the findings of rules people are told of while they fill the sheet: not yet those of cells left empty."""
    return tuple(fault for fault in found if fault.code and fault.code not in UNTIL_SUBMISSION)


def findings_for_review(report: Report) -> tuple[Fault, ...]:
    """Return all that a reviewer should look at, blocks first: those too that were found only after the signing."""
    places = {severity: place for place, severity in enumerate(Severity)}
    return tuple(sorted(findings_of(report), key=lambda fault: places[fault.severity]))


def blocks_acceptance(report: Report, *, without: Collection[str] = ()) -> tuple[Fault, ...]:
    """Return the findings with which the report cannot be accepted; those of the lines `without` are left out.

    A register that moved after the signing is told to the reviewer and blocks nothing: what was signed counts.
    """
    return tuple(
        fault
        for fault in findings_of(report)
        if fault.severity is Severity.BLOCK
        and fault.code not in MOVES_WITH_REGISTERS
        and fault.cell.rpartition(":")[0] not in without
    )


def is_clean(report: Report) -> bool:
    """Return whether the report was never returned and has nothing to look at."""
    return report.times_returned == 0 and not findings_of(report)


def task_entry(line: TaskLine) -> TaskEntry:
    """Return a line of a claimed item as the checks read it."""
    return TaskEntry(
        claim_id=line.claim_id,
        text=line.claim.text,
        scheduled=line.scheduled_percent,
        last_percent=line.last_percent,
        percent=line.percent,
        progress=line.progress,
        problems=line.problems,
        due_on=line.claim.due_on,
    )


def words_entry(line: NarrativeLine) -> WordsEntry:
    """Return a narrative line as the checks read it."""
    item = line.item
    return WordsEntry(line.pk, item.title, line.text, item.least, item.most, item.is_required)


def figure_entry(line: FigureLine, ledger: Ledger | None) -> FigureEntry:
    """Return a line of a figure as the checks read it; `ledger` is what its own register says now."""
    minimum, maximum = range_of(line.field.unit_of_measure, line.field.minimum, line.field.maximum)
    return FigureEntry(
        field_id=line.field_id,
        code=line.field.code,
        name=line.field.name,
        unit_of_measure=line.field.unit_of_measure,
        decimals=line.field.decimals,
        value=line.value,
        last_value=line.last_value,
        remark=line.remark,
        minimum=minimum,
        maximum=maximum,
        register_value=ledger.value if ledger else None,
        parts=tuple(PartEntry(part.pk, part.category.name, part.value) for part in line.parts.all())
        if line.breakdown_id
        else (),
    )


def _put(entry: FigureEntry, typed: Mapping[int, Decimal | None], remarks: Mapping[int, str]) -> FigureEntry:
    return replace(
        entry,
        value=typed.get(entry.field_id, entry.value),
        remark=remarks.get(entry.field_id, entry.remark),
    )


def figures_of(reports: Iterable[Report]) -> dict[int, list[FigureLine]]:
    """Return the figures of reports as they stand now, each list in the order of its sheet."""
    found: dict[int, list[FigureLine]] = defaultdict(list)
    lines = FigureLine.objects.filter(report__in=[report.pk for report in reports]).select_related("field")
    for line in lines.prefetch_related("parts__category").order_by("position", "pk"):
        found[line.report_id].append(line)
    return found


def _items_of(reports: Iterable[Report]) -> dict[int, list[TaskLine]]:
    found: dict[int, list[TaskLine]] = defaultdict(list)
    lines = TaskLine.objects.filter(report__in=[report.pk for report in reports]).select_related("claim")
    for line in lines.order_by("position", "pk"):
        found[line.report_id].append(line)
    return found


def _words_of(reports: Iterable[Report]) -> dict[int, list[NarrativeLine]]:
    found: dict[int, list[NarrativeLine]] = defaultdict(list)
    lines = NarrativeLine.objects.filter(report__in=[report.pk for report in reports]).select_related("item")
    for line in lines.order_by("position", "pk"):
        found[line.report_id].append(line)
    return found
