"""The month without change: filled in one press, and taken back in one."""

from datetime import datetime

from changai.areas.reporting.actions._changing import Change, keep_changes
from changai.areas.reporting.actions._confirming import confirm_lines, prefilled_lines
from changai.areas.reporting.actions._locking import keep, take
from changai.areas.reporting.actions._restoring import put, put_back
from changai.areas.reporting.models import CellChange, FigureLine, Report
from changai.areas.reporting.queries import no_change_proposals, undoable_no_change
from changai.areas.reporting.rules.moves import FILL
from changai.core.errors import RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record


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
            put(line, {proposal.column: proposal.value})
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
    put_back(report, filled)
    changes = [Change(change.cell, change.value, change.before) for change in filled]
    keep_changes(actor, report, changes, origin=CellChange.Origin.UNDO, at=at)
    keep(report)
    record(actor, "report.undo_no_change", report, at=at, cells=[change.cell for change in filled])
    return report
