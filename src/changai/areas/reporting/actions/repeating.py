"""The month without change: filled in one press, and taken back in one."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from changai.areas.reporting.actions._changing import Change, keep_changes
from changai.areas.reporting.actions._confirming import confirm_lines, prefilled_lines
from changai.areas.reporting.actions._locking import keep, take
from changai.areas.reporting.models import CellChange, FigureLine, FigurePart, NarrativeLine, Report, TaskLine
from changai.areas.reporting.queries import no_change_proposals, undoable_no_change
from changai.areas.reporting.rules.cells import Cell, Value, parse_cell
from changai.areas.reporting.rules.moves import FILL
from changai.core.errors import RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record

Line = TaskLine | FigureLine | FigurePart | NarrativeLine
_NUMBERS = frozenset({"percent", "value"})


@action("report.no_change")
def report_no_change(actor: Actor, report_id: int, *, at: datetime, version: int | None = None) -> Report:
    """Fill every empty cell as last month's: items and stocks as they stood, flows zero, registers confirmed.

    What was typed already stays.

    :raises RecordMoved: when the sheet changed after `version` was read
    """
    report = take(actor, report_id, FILL, version=version)
    known = prefilled_lines(report)
    of_registers = {line.field_id for line in known}
    changes = []
    for proposal in no_change_proposals(report):
        line = proposal.line
        if not isinstance(line, FigureLine) or line.field_id not in of_registers:
            changes.append(Change(proposal.ref, proposal.before, proposal.written))
            _put(line, {proposal.column: proposal.value})
    changes += confirm_lines(report, known)
    keep_changes(actor, report, changes, origin=CellChange.Origin.NO_CHANGE, at=at)
    keep(report)
    record(actor, "report.no_change", report, at=at)
    return report


@action("report.undo_no_change")
def undo_no_change(actor: Actor, report_id: int, *, at: datetime) -> Report:
    """Empty the cells that the last month-without-change filled; what was changed since stays.

    :raises RecordMoved: when nothing of it is left to undo
    """
    report = take(actor, report_id, FILL)
    filled = undoable_no_change(report)
    if not filled:
        raise RecordMoved("“本月无变化”填入的内容都已改过，没有可以撤销的。")
    _put_back(report, filled)
    changes = [Change(change.cell, change.value, change.before) for change in filled]
    keep_changes(actor, report, changes, origin=CellChange.Origin.UNDO, at=at)
    keep(report)
    record(actor, "report.undo_no_change", report, at=at, cells=[change.cell for change in filled])
    return report


def _put_back(report: Report, filled: Iterable[CellChange]) -> None:
    lines: dict[str, Line] = {f"task:{line.claim_id}": line for line in report.task_lines.all()}
    lines |= {f"figure:{line.field_id}": line for line in report.figure_lines.all()}
    lines |= {f"part:{part.pk}": part for part in FigurePart.objects.filter(line__report=report)}
    lines |= {f"words:{line.pk}": line for line in report.narrative_lines.all()}
    for change in filled:
        cell = parse_cell(change.cell)
        if line := lines.get(cell.line):
            _put(line, {cell.column: _value_of(cell, change.before)})


def _value_of(cell: Cell, text: str) -> Value:
    if cell.column not in _NUMBERS:
        return text
    return Decimal(text) if text else None


def _put(line: Line, values: dict[str, Value]) -> None:
    for column, value in values.items():
        setattr(line, column, value)
    line.save(update_fields=list(values))
