"""The register of objections of a round as a sheet of a workbook."""

from collections.abc import Iterable

from django.utils import timezone

from changai.areas.assessments.models import Objection
from changai.documents.workbooks import SIGNED, Cell, Column, SheetContent


def objections_sheet(rows: Iterable[Objection], *, title: str) -> SheetContent:
    """Return the objections as a sheet, one row each, with what was answered and decided."""
    columns = (
        Column("序号", kind="serial"),
        Column("单位", 10),
        Column("指标", 12),
        Column("事实和理由", 24),
        Column("提出日期", kind="date"),
        Column("状态", 6),
        Column("办理期限", kind="date"),
        Column("答复", 20),
        Column("复核人", 5),
        Column("复核意见", 20),
        Column("办结日期", kind="date"),
    )
    listed: list[list[Cell]] = [
        [
            number,
            row.unit.name,
            f"{row.code} {row.name}",
            row.grounds,
            timezone.localdate(row.raised_at),
            str(row.get_status_display()),
            row.due_on,
            row.reply,
            row.reviewer_name,
            row.review,
            timezone.localdate(row.closed_at) if row.closed_at else None,
        ]
        for number, row in enumerate(rows, start=1)
    ]
    return SheetContent("申诉登记", title, columns, listed, signature=SIGNED, named=2)
