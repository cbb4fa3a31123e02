"""Comments on cells: the unit and its reviewers talk where the figure stands."""

from datetime import datetime

from django.utils.text import Truncator

from changai.areas.reporting.actions._locking import cell_address, take_to_comment, title_of
from changai.areas.reporting.models import CellComment, CellThread, Report
from changai.areas.reporting.queries import cell_refs, line_name
from changai.areas.reporting.rules.cells import LONGEST_COMMENT
from changai.core.errors import Invalid, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify


@action("report.comment")
def comment_cell(actor: Actor, report_id: int, *, cell: str, words: str, at: datetime) -> CellComment:
    """Say something about a cell; a settled thread is open again. The other side has a notice.

    :raises Invalid: when the sheet has no such cell, or nothing or too much was said
    """
    report = take_to_comment(actor, report_id)
    said = words.strip()
    if cell.endswith(":evidence") or cell not in cell_refs(report):
        raise Invalid("表中没有这一格，请刷新页面。")
    if not 0 < len(said) <= LONGEST_COMMENT:
        raise Invalid(f"请写明批注内容，最多 {LONGEST_COMMENT} 字。")
    thread, _is_new = CellThread.objects.get_or_create(report=report, cell=cell)
    _tell_the_others(actor, report, thread, said, at)
    if thread.closed_at is not None:
        thread.closed_at, thread.closed_by_name = None, ""
        thread.save(update_fields=["closed_at", "closed_by_name"])
    comment = CellComment.objects.create(
        thread=thread, words=said, at=at, by_name=actor.name, by_id=actor.person_id, by_role=str(actor.role),
        is_of_unit=_is_of_unit(actor, report),
    )  # fmt: skip
    record(actor, "report.comment", report, at=at, cell=cell, words=said)
    return comment


@action("report.settle_comment")
def settle_thread(actor: Actor, report_id: int, *, cell: str, at: datetime) -> CellThread:
    """Close a cell's thread: what was asked is settled.

    :raises RecordMoved: when there is none, or it is closed already
    """
    report = take_to_comment(actor, report_id)
    thread = report.threads.filter(cell=cell, closed_at=None).first()
    if thread is None:
        raise RecordMoved("这一格没有未了结的批注，请刷新页面。")
    thread.closed_at, thread.closed_by_name = at, actor.name
    thread.save(update_fields=["closed_at", "closed_by_name"])
    record(actor, "report.settle_comment", report, at=at, cell=cell)
    return thread


def _is_of_unit(actor: Actor, report: Report) -> bool:
    return actor.unit_id == report.obligation.unit_id


def _tell_the_others(actor: Actor, report: Report, thread: CellThread, said: str, at: datetime) -> None:
    line = Truncator(line_name(report, thread.cell)).chars(24)
    sentence = f"{actor.name}批注{title_of(report)}“{line}”：{said[:120]}"
    link = cell_address(report, thread.cell)
    if not _is_of_unit(actor, report):
        notify(sentence, at=at, role=Role.UNIT_LIAISON, unit_id=report.obligation.unit_id, link=link)
        return
    asked = thread.comments.filter(is_of_unit=False).order_by("-pk").first()
    answer = f"{report.obligation.unit.short_name}{sentence}"
    # Whoever asked is told in person: the same post in another county must not read of this unit.
    if asked:
        notify(answer, at=at, person_id=asked.by_id, link=link)
    else:
        notify(answer, at=at, role=Role.OFFICE_OFFICER, link=link)
