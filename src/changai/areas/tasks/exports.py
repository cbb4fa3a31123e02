"""Task lists as workbooks: the ledger (台账) and the coverage board."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from changai.areas.tasks import queries
from changai.areas.tasks.models import Claim
from changai.documents.workbooks import SIGNED, Cell, Column, SheetContent, write_workbook


def ledger(claims: Iterable[Claim], *, at: datetime, by: str) -> bytes:
    """Return the claims as a workbook, one row each, with scheduled progress as of `at`; `by` is who makes it."""
    today = timezone.localdate(at)
    columns = (
        Column(_("序号"), kind="serial"),
        Column(_("任务编号")),
        Column(_("任务内容"), width=30),
        Column(_("来源方案"), width=16),
        Column(_("承担单位")),
        Column(_("职责")),
        Column(_("目标值"), kind="number"),
        Column(_("目标单位")),
        Column(_("完成时限"), kind="date"),
        Column(_("序时进度"), kind="percent"),
        Column(_("已完成节点"), kind="whole"),
        Column(_("节点总数"), kind="whole"),
        Column(_("完成日期"), kind="date"),
        Column(_("状态")),
    )
    rows = [_ledger_row(number, claim, today) for number, claim in enumerate(claims, start=1)]
    title = _("产改任务台账")
    note = _("序时进度截至%(day)s。") % {"day": f"{today:%Y-%m-%d}"}
    return write_workbook(
        [
            SheetContent(
                title,
                title,
                columns,
                rows,
                note=note,
                signature=SIGNED,
            )
        ],
        created=at,
        author=by,
    )


def coverage_board(board: queries.Coverage, *, at: datetime, by: str) -> bytes:
    """Return a plan's coverage as a workbook, one row for each measure; `by` is who makes it."""
    columns = (
        Column(_("任务编号")),
        Column(_("所属部分"), width=14),
        Column(_("任务内容"), width=30),
        Column(_("牵头单位"), width=14),
        Column(_("配合单位"), width=20),
        Column(_("完成时限"), kind="date"),
        Column(_("状态")),
    )
    rows = [
        [
            row.measure.code,
            str(row.part),
            row.measure.text,
            _named(row.leads),
            _named(row.supports),
            row.measure.due_on,
            str(queries.STATE_LABELS[row.state]),
        ]
        for row in board.rows
    ]
    title = _("任务认领情况")
    return write_workbook(
        [
            SheetContent(
                title,
                f"{board.plan.name}{title}",
                columns,
                rows,
                signature=SIGNED,
            )
        ],
        created=at,
        author=by,
    )


def _ledger_row(number: int, claim: Claim, today: date) -> list[Cell]:
    steps = claim.milestones.all()
    return [
        number,
        claim.measure.code,
        claim.text,
        claim.measure.plan.name,
        claim.unit.name,
        claim.get_part_display(),
        claim.target_value,
        claim.target_unit,
        queries.deadline_of(claim),
        queries.scheduled_for(claim, today) / 100,
        sum(step.done_on is not None for step in steps),
        len(steps),
        claim.completed_on,
        str(queries.STATE_LABELS[queries.state_on(claim, today)]),
    ]


def _named(claims: Iterable[Claim]) -> str:
    return "、".join(f"{claim.unit.short_name}（{claim.get_status_display()}）" for claim in claims)
