"""Filling the sheet: cells, prefilled figures, evidence, and the month without change."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from changai.areas.evidence import queries as evidence
from changai.areas.reporting.actions._locking import keep, take
from changai.areas.reporting.models import FigureLine, Report, TaskLine
from changai.areas.reporting.queries import figure_entry, last_lines, register_figures
from changai.areas.reporting.rules import cells as rules
from changai.areas.reporting.rules.cells import Cell, NotACell, Value, parse_cell
from changai.areas.reporting.rules.moves import FILL
from changai.areas.reporting.rules.sheets import range_sentence
from changai.core.errors import Invalid, NotVisible
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record

Line = TaskLine | FigureLine


@dataclass(frozen=True)
class CellEdit:
    """What was typed into a cell. `was` is what stood there before the typing; None compares nothing."""

    ref: str
    value: str
    was: str | None = None


@dataclass(frozen=True)
class CellOutcome:
    """What became of a cell: `saved`, `warning` (saved, look again), `invalid` or `conflict` (not saved)."""

    ref: str
    state: str
    sentence: str = ""
    value: str = ""


@dataclass
class Saved:
    """What became of the cells of one saving, and the report's version after it."""

    version: int
    saved: list[CellOutcome] = field(default_factory=list)
    refused: list[CellOutcome] = field(default_factory=list)


@action("report.fill")
def save_cells(actor: Actor, report_id: int, *, cells: Sequence[CellEdit], at: datetime) -> Saved:
    """Save what was typed, cell by cell; a cell that cannot stand is refused and the others are kept.

    Two people on one sheet never overwrite each other silently: a cell that says something else than `was` is
    refused as `conflict`, with what it says now.
    """
    report = take(actor, report_id, FILL)
    lines = _lines_of(report)
    outcome = Saved(report.version)
    touched: dict[str, Line] = {}
    for edit in cells:
        result = _save_cell(lines, edit, touched)
        (outcome.saved if result.state in {"saved", "warning"} else outcome.refused).append(result)
    for line in touched.values():
        line.save()
    if touched:
        keep(report)
    outcome.version = report.version
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
    confirmed = [line for line in _prefilled(report) if field_ids is None or line.field_id in field_ids]
    _confirm(report, confirmed)
    keep(report)
    record(actor, "report.confirm", report, at=at, fields=[line.field_id for line in confirmed])
    return report


@action("report.no_change")
def report_no_change(actor: Actor, report_id: int, *, at: datetime) -> Report:
    """Fill every empty cell as last month's: items and stocks as they stood, flows zero, registers confirmed.

    What was typed already stays.
    """
    report = take(actor, report_id, FILL)
    tasks = list(report.task_lines.all())
    last = last_lines([line.claim_id for line in tasks], before=report.obligation.period.month)
    for line in tasks:
        if line.claim_id in last:
            _repeat(line, last[line.claim_id])
    TaskLine.objects.bulk_update(tasks, ["percent", "progress", "problems", "next_steps"])
    asked = [line for line in report.figure_lines.select_related("field") if line.prefilled_value is None]
    for figure in asked:
        if figure.value is None and not figure.remark:
            figure.value = figure.last_value if figure.field.gathering == "last" else Decimal(0)
    FigureLine.objects.bulk_update(asked, ["value"])
    _confirm(report, _prefilled(report))
    keep(report)
    record(actor, "report.no_change", report, at=at)
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


def _lines_of(report: Report) -> dict[str, Line]:
    tasks: dict[str, Line] = {f"task:{line.claim_id}": line for line in report.task_lines.all()}
    figures = {f"figure:{line.field_id}": line for line in report.figure_lines.select_related("field")}
    return tasks | figures


def _line(report: Report, ref: str) -> Line:
    found = _lines_of(report).get(ref)
    if found is None:
        raise Invalid("表中没有这一行，请刷新页面。")
    return found


def _save_cell(lines: dict[str, Line], edit: CellEdit, touched: dict[str, Line]) -> CellOutcome:
    try:
        cell = parse_cell(edit.ref)
        line = lines[cell.line]
        value = _parse(line, cell, edit.value)
    except KeyError:
        return CellOutcome(edit.ref, "invalid", "表中没有这一格，请刷新页面。")
    except NotACell as wrong:
        return CellOutcome(edit.ref, "invalid", str(wrong))
    now = rules.written(getattr(line, cell.column))
    if now != rules.written(value):
        if edit.was is not None and now != _written_as_cell(line, cell, edit.was):
            shown = now or "（空）"
            return CellOutcome(
                edit.ref, "conflict", f"这一格刚被他人改为“{shown[:80]}”，您的内容未保存，请核对。", now
            )
        setattr(line, cell.column, value)
        touched[cell.line] = line
    sentence = _warning(line) if cell.column == "value" else ""
    return CellOutcome(edit.ref, "warning" if sentence else "saved", sentence, rules.written(value))


def _parse(line: Line, cell: Cell, typed: str) -> Value:
    if cell.column == "percent":
        return rules.parse_percent(typed)
    if cell.column != "value":
        return rules.parse_words(typed, rules.LIMITS[cell.column])
    if not isinstance(line, FigureLine) or line.prefilled_value is not None:
        raise NotACell("该数据由名册自动取数，只需核对；如有出入，请先更正名册再重新核对。")
    return rules.parse_figure(typed, line.field.decimals)


def _written_as_cell(line: Line, cell: Cell, typed: str) -> str:
    try:
        return rules.written(_parse(line, cell, typed))
    except NotACell:
        return typed


def _warning(line: Line) -> str:
    return range_sentence(figure_entry(line)) if isinstance(line, FigureLine) else ""


def _prefilled(report: Report) -> list[FigureLine]:
    return list(report.figure_lines.filter(prefilled_value__isnull=False).select_related("field"))


def _confirm(report: Report, lines: list[FigureLine]) -> None:
    known = register_figures(report, lines)
    for line in lines:
        figure = known[line.field_id]
        line.value = line.prefilled_value = figure.value
        line.prefilled_from, line.prefilled_address = figure.label, figure.address
    FigureLine.objects.bulk_update(lines, ["value", "prefilled_value", "prefilled_from", "prefilled_address"])


def _repeat(line: TaskLine, last: dict[str, Any]) -> None:
    if line.percent is None:
        line.percent = last["percent"]
    for name in ("progress", "problems", "next_steps"):
        if not getattr(line, name):
            setattr(line, name, last[name])
