"""What the checks find in reports: their lines read together with what is known around them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from changai.areas.registers import figures as registers
from changai.areas.reporting.models import FigureLine, NarrativeLine, Report, TaskLine
from changai.areas.reporting.rules.figures import (
    OWN_REGISTER,
    FigureEntry,
    PartEntry,
    Surroundings,
    faults_of_figures,
)
from changai.areas.reporting.rules.sheets import (
    Fault,
    TaskEntry,
    WordsEntry,
    faults_of,
    faults_of_words,
    notes_of,
)
from changai.core.checks import EVERY, Jump, Ledger, Row, Rule, Severity
from changai.core.periods import Month

JUMP = Rule("jump", "变动较大", Severity.NOTE, Jump(EVERY, Decimal(3)))


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
    tasks, figures, words = _lines_of(chosen)
    known = _ledgers_of(chosen, figures)
    found = {}
    for report in chosen:
        entries = [_put(figure_entry(line, known), typed or {}, remarks or {}) for line in figures[report.pk]]
        items = [task_entry(line) for line in tasks[report.pk]]
        told = [words_entry(line) for line in words[report.pk]]
        around = _around(report, figures[report.pk], known)
        found[report.pk] = (
            *faults_of(items),
            *notes_of(items),
            *faults_of_figures(entries, [JUMP], around),
            *faults_of_words(told),
        )
    return found


def faults_in(report: Report) -> tuple[Fault, ...]:
    """Return what keeps the report from being submitted."""
    return tuple(fault for fault in findings_of(report) if fault.is_open)


def notes_in(report: Report) -> tuple[Fault, ...]:
    """Return what a reviewer should look at in the report."""
    return tuple(fault for fault in findings_of(report) if not fault.is_open)


def clean_among(reports: Iterable[Report]) -> frozenset[int]:
    """Return the ids of the reports that were never returned and have nothing to look at."""
    chosen = list(reports)
    found = findings_of_reports(chosen)
    return frozenset(report.pk for report in chosen if report.times_returned == 0 and not found[report.pk])


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


def figure_entry(line: FigureLine, known: Mapping[tuple[int, str], Ledger]) -> FigureEntry:
    """Return a line of a figure as the checks read it; `known` are the registers now, by report and field code."""
    ledger = known.get((line.report_id, line.field.code))
    return FigureEntry(
        field_id=line.field_id,
        code=line.field.code,
        name=line.field.name,
        unit_of_measure=line.field.unit_of_measure,
        decimals=line.field.decimals,
        value=line.value,
        remark=line.remark,
        minimum=line.field.minimum,
        maximum=line.field.maximum,
        register_value=ledger.value if ledger else None,
        parts=tuple(PartEntry(part.pk, part.category.name, part.value) for part in line.parts.all()),
    )


def _put(entry: FigureEntry, typed: Mapping[int, Decimal | None], remarks: Mapping[int, str]) -> FigureEntry:
    return replace(
        entry,
        value=typed.get(entry.field_id, entry.value),
        remark=remarks.get(entry.field_id, entry.remark),
    )


def _lines_of(
    reports: Iterable[Report],
) -> tuple[dict[int, list[TaskLine]], dict[int, list[FigureLine]], dict[int, list[NarrativeLine]]]:
    """Return the lines of the reports as they stand now, each list in the order of its sheet."""
    tasks: dict[int, list[TaskLine]] = defaultdict(list)
    figures: dict[int, list[FigureLine]] = defaultdict(list)
    words: dict[int, list[NarrativeLine]] = defaultdict(list)
    ids = [report.pk for report in reports]
    for item in TaskLine.objects.filter(report__in=ids).select_related("claim").order_by("position", "pk"):
        tasks[item.report_id].append(item)
    asked = FigureLine.objects.filter(report__in=ids).select_related("field")
    for line in asked.prefetch_related("parts__category").order_by("position", "pk"):
        figures[line.report_id].append(line)
    for text in (
        NarrativeLine.objects.filter(report__in=ids).select_related("item").order_by("position", "pk")
    ):
        words[text.report_id].append(text)
    return tasks, figures, words


def _ledgers_of(
    reports: Iterable[Report], figures: Mapping[int, list[FigureLine]]
) -> dict[tuple[int, str], Ledger]:
    """Return what the registers say now of the prefilled lines, by report and field code: a read for each month."""
    by_month: dict[Month, list[Report]] = defaultdict(list)
    for report in reports:
        if any(line.prefilled_value is not None for line in figures[report.pk]):
            by_month[Month.of(report.obligation.period.month)].append(report)
    found = {}
    for month, chosen in by_month.items():
        known = registers.ledgers([report.obligation.unit_id for report in chosen], month)
        for report in chosen:
            for line in figures[report.pk]:
                if line.prefilled_value is not None:
                    key = (line.field.source_key, report.obligation.unit_id)
                    found[report.pk, line.field.code] = known[key]
    return found


def _around(
    report: Report, lines: Iterable[FigureLine], known: Mapping[tuple[int, str], Ledger]
) -> Surroundings:
    month = Month.of(report.obligation.period.month)
    last = month.plus(-1)
    return Surroundings(
        month=month,
        past=(Row(last.label, {line.field.code: line.last_value for line in lines}, last),),
        ledgers={
            code: {OWN_REGISTER: ledger}
            for (report_id, code), ledger in known.items()
            if report_id == report.pk
        },
    )
