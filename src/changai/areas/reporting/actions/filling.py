"""Filling the sheet: cells, prefilled figures, evidence."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils import timezone

from changai.areas.evidence import queries as evidence
from changai.areas.reporting.actions._changing import Change, keep_changes
from changai.areas.reporting.actions._confirming import confirm_lines, prefilled_lines
from changai.areas.reporting.actions._locking import keep, take
from changai.areas.reporting.models import CellChange, FigureLine, FigurePart, NarrativeLine, Report, TaskLine
from changai.areas.reporting.queries import findings_of, latest_changes
from changai.areas.reporting.rules import cells as rules
from changai.areas.reporting.rules.cells import Cell, NotACell, Value, parse_cell
from changai.areas.reporting.rules.moves import FILL
from changai.core.errors import Invalid, NotVisible
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.rows import update_rows

Line = TaskLine | FigureLine | FigurePart | NarrativeLine

# What people type into the lines of each table.
_TYPED: dict[type[Line], tuple[str, ...]] = {
    TaskLine: ("percent", "progress", "problems", "next_steps"),
    FigureLine: ("value", "remark"),
    FigurePart: ("value",),
    NarrativeLine: ("text",),
}


@dataclass(frozen=True)
class CellEdit:
    """What was typed into a cell, and over what: `version` of the cell, or `was`, what stood there before the typing.

    None compares nothing.
    """

    ref: str
    value: str
    was: str | None = None
    version: int | None = None


@dataclass(frozen=True)
class CellOutcome:
    """What became of a cell: `saved`, `warning` (saved, look again), `invalid` or `conflict` (not saved).

    `value` and `version` are what the cell holds now, `by` who wrote it when it was somebody else.
    """

    ref: str
    state: str
    sentence: str = ""
    value: str = ""
    version: int = 0
    by: str = ""


@dataclass
class Saved:
    """What became of the cells of one saving, and the report's version after it."""

    version: int
    saved: list[CellOutcome] = field(default_factory=list)
    refused: list[CellOutcome] = field(default_factory=list)


@dataclass
class _Saving:
    """One saving of cells on its way: the lines as they stand, and what is changed of them."""

    lines: dict[str, Line]
    known: dict[str, CellChange]
    at: datetime
    touched: dict[str, Line] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    def version_of(self, ref: str) -> int:
        return self.known[ref].version if ref in self.known else 0


@action("report.fill")
def save_cells(
    actor: Actor,
    report_id: int,
    *,
    cells: Sequence[CellEdit],
    origin: CellChange.Origin = CellChange.Origin.TYPED,
    batch_id: int | None = None,
    at: datetime,
) -> Saved:
    """Save what was typed, cell by cell; a cell that cannot stand is refused and the others are kept.

    Two people on one sheet never overwrite each other silently: a cell that has another version than the page knew,
    or says something else than `was`, is refused as `conflict`, with what it says now and who wrote it.
    """
    report = take(actor, report_id, FILL)
    saving = _Saving(_lines_of(report), latest_changes(report, [edit.ref for edit in cells]), at)
    outcome = Saved(report.version)
    for edit in cells:
        result = _save_cell(saving, edit)
        (outcome.saved if result.state in {"saved", "warning"} else outcome.refused).append(result)
    for kind, columns in _TYPED.items():
        update_rows([line for line in saving.touched.values() if type(line) is kind], columns)
    if saving.changes:
        keep_changes(actor, report, saving.changes, origin=origin, batch_id=batch_id, at=at)
        keep(report)
    outcome.version = report.version
    outcome.saved = _with_warnings(report, outcome.saved)
    record(
        actor, "report.fill", report, at=at,
        cells=[result.ref for result in outcome.saved], refused=[result.ref for result in outcome.refused],
    )  # fmt: skip
    return outcome


@action("report.confirm")
def confirm_prefilled(
    actor: Actor, report_id: int, *, field_ids: Sequence[int] | None = None, at: datetime
) -> Report:
    """Confirm (核对无误) the registers' figures, all or the given ones, as the registers stand now."""
    report = take(actor, report_id, FILL)
    confirmed = [line for line in prefilled_lines(report) if field_ids is None or line.field_id in field_ids]
    changes = confirm_lines(report, confirmed)
    keep_changes(actor, report, changes, origin=CellChange.Origin.REGISTER, at=at)
    keep(report)
    record(actor, "report.confirm", report, at=at, fields=[line.field_id for line in confirmed])
    return report


@action("report.attach")
def attach_evidence(actor: Actor, report_id: int, *, line: str, evidence_id: int, at: datetime) -> Report:
    """Put an evidence file of the unit to a line (`task:12`, `figure:5`); one file may serve many lines.

    :raises Invalid: when the file is another unit's
    """
    report = take(actor, report_id, FILL)
    found = _line(report, line)
    file = evidence.visible_to(actor).filter(pk=evidence_id).first()
    if file is None:
        raise NotVisible
    if file.unit_id != report.obligation.unit_id:
        raise Invalid("只能使用本单位上传的佐证材料。")
    found.evidence.add(file)
    keep(report)
    record(actor, "report.attach", report, at=at, line=line, digest=file.digest)
    return report


@action("report.detach")
def detach_evidence(actor: Actor, report_id: int, *, line: str, evidence_id: int, at: datetime) -> Report:
    """Take an evidence file off a line of the sheet; the file itself stays."""
    report = take(actor, report_id, FILL)
    _line(report, line).evidence.remove(evidence_id)
    keep(report)
    record(actor, "report.detach", report, at=at, line=line, evidence=evidence_id)
    return report


@action("report.place")
def place_evidence(
    actor: Actor, report_id: int, *, evidence_id: int, lines: Sequence[str], at: datetime
) -> Report:
    """Let an evidence file of the unit serve exactly the given lines (`task:12`, `figure:5`) of the sheet.

    :raises Invalid: when the sheet has no such line
    """
    report = take(actor, report_id, FILL)
    found = [_line(report, line) for line in lines]
    file = evidence.visible_to(actor).filter(pk=evidence_id, unit=report.obligation.unit_id).first()
    if file is None:
        raise NotVisible
    tasks = [line for line in found if isinstance(line, TaskLine)]
    figures = [line for line in found if isinstance(line, FigureLine)]
    file.task_lines.remove(*file.task_lines.filter(report=report, taken_at=None))
    file.figure_lines.remove(*file.figure_lines.filter(report=report, taken_at=None))
    file.task_lines.add(*tasks)
    file.figure_lines.add(*figures)
    keep(report)
    record(actor, "report.place", report, at=at, lines=list(lines), digest=file.digest)
    return report


def _with_warnings(report: Report, saved: list[CellOutcome]) -> list[CellOutcome]:
    """Return the outcomes with what the checks find now at the figures among them."""
    if not any(outcome.ref.endswith(":value") and outcome.value for outcome in saved):
        return saved
    told: dict[str, list[str]] = defaultdict(list)
    for fault in findings_of(report):
        told[fault.cell].append(fault.sentence)
    return [
        replace(outcome, state="warning", sentence="".join(told[outcome.ref]))
        if outcome.value and told[outcome.ref]
        else outcome
        for outcome in saved
    ]


def _lines_of(report: Report) -> dict[str, Line]:
    tasks: dict[str, Line] = {f"task:{line.claim_id}": line for line in report.task_lines.all()}
    figures = {f"figure:{line.field_id}": line for line in report.figure_lines.select_related("field")}
    parts = FigurePart.objects.filter(line__report=report).select_related("line__field")
    words = report.narrative_lines.select_related("item")
    return (
        tasks
        | figures
        | {f"part:{part.pk}": part for part in parts}
        | {f"words:{line.pk}": line for line in words}
    )


def _line(report: Report, ref: str) -> TaskLine | FigureLine:
    found = _lines_of(report).get(ref)
    if not isinstance(found, TaskLine | FigureLine):
        raise Invalid("表中没有这一行，请刷新页面。")
    if found.taken_at is not None:
        raise Invalid(rules.TAKEN)
    return found


def _save_cell(saving: _Saving, edit: CellEdit) -> CellOutcome:
    try:
        cell = parse_cell(edit.ref)
        line = saving.lines[cell.line]
    except (NotACell, KeyError):
        return CellOutcome(edit.ref, "invalid", "表中没有这一格，请刷新页面。")
    now, version = rules.written(getattr(line, cell.column)), saving.version_of(edit.ref)
    if (line.line if isinstance(line, FigurePart) else line).taken_at is not None:
        return CellOutcome(edit.ref, "invalid", rules.TAKEN, now, version)
    try:
        value = _parse(line, cell, edit.value)
    except NotACell as wrong:
        return CellOutcome(edit.ref, "invalid", str(wrong), now, version)
    written = rules.written(value)
    if now != written:
        if _is_past(edit, version, now, lambda was: _written_as_cell(line, cell, was)):
            return _conflict(saving, edit.ref, now)
        setattr(line, cell.column, value)
        saving.touched[cell.line] = line
        saving.changes.append(Change(edit.ref, now, written))
        version += 1
    return CellOutcome(edit.ref, "saved", "", written, version)


def _is_past(edit: CellEdit, version: int, now: str, written: Callable[[str], str]) -> bool:
    """Return whether the cell is not any more what the person saw who typed into it."""
    if edit.version is not None:
        return edit.version != version
    return edit.was is not None and now != written(edit.was)


def _conflict(saving: _Saving, ref: str, now: str) -> CellOutcome:
    change = saving.known.get(ref)
    by, changed_at = (change.by_name, timezone.localtime(change.at)) if change else ("", None)
    sentence = rules.conflict_sentence(by, changed_at, timezone.localtime(saving.at))
    return CellOutcome(ref, "conflict", sentence, now, saving.version_of(ref), by)


def _parse(line: Line, cell: Cell, typed: str) -> Value:
    if cell.column == "percent":
        return rules.parse_percent(typed)
    if isinstance(line, NarrativeLine):
        return rules.parse_words(typed, line.item.most)
    if isinstance(line, FigurePart):
        return rules.parse_figure(typed, line.line.field.decimals, line.line.field.unit_of_measure)
    if cell.column != "value":
        return rules.parse_words(typed, rules.LIMITS[cell.column])
    if not isinstance(line, FigureLine) or line.prefilled_value is not None:
        raise NotACell("该数据由名册自动取数，只需核对；如有出入，请先更正名册再重新核对。")
    return rules.parse_figure(typed, line.field.decimals, line.field.unit_of_measure)


def _written_as_cell(line: Line, cell: Cell, typed: str) -> str:
    try:
        return rules.written(_parse(line, cell, typed))
    except NotACell:
        return typed
