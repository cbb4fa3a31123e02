"""The same rows by the bare ORM and the same counts by bare SQL: the limits the product is measured against."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

_RATES = """
SELECT COUNT(*),
       SUM(CASE WHEN r.first_arrived_at IS NOT NULL THEN 1 ELSE 0 END),
       SUM(CASE WHEN r.status = 'accepted' THEN 1 ELSE 0 END)
FROM obligation o JOIN report_period p ON p.id = o.period_id JOIN report r ON r.obligation_id = o.id
WHERE p.month = %s AND o.exempted_at IS NULL
"""
_ROLL_UP = """
WITH RECURSIVE above (unit_id, above_id) AS (
    SELECT id, id FROM unit
    UNION ALL
    SELECT above.unit_id, u.parent_id FROM above JOIN unit u ON u.id = above.above_id WHERE u.parent_id IS NOT NULL
)
SELECT above.above_id, SUM(f.value), COUNT(*)
FROM fact f JOIN above ON above.unit_id = f.unit_id
WHERE f.month = %s AND f.field_id = %s AND f.is_current AND f.status = 'REPORTED'
GROUP BY above.above_id
"""


def write_sheet(report: Any, at: datetime) -> None:
    """Write the cells of one sheet and their changes: each line once, the report once, one audit line."""
    from changai.areas.reporting.models import CellChange, FigureLine, TaskLine

    with transaction.atomic():
        tasks, figures = list(report.task_lines.all()), list(report.figure_lines.all())
        for line in tasks:
            line.percent, line.progress, line.problems = Decimal(70), "已办班三期。", "师资不足。"
        for line in figures:
            line.value = Decimal(5)
        TaskLine.objects.bulk_update(tasks, ["percent", "progress", "problems"])
        FigureLine.objects.bulk_update(figures, ["value"])
        refs = [f"figure:{line.field_id}:value" for line in figures]
        refs += [
            f"task:{line.claim_id}:{column}"
            for line in tasks
            for column in ("percent", "progress", "problems")
        ]
        CellChange.objects.bulk_create(
            CellChange(report=report, cell=ref, version=1, value="5", at=at, by_name="联络员", origin="typed")
            for ref in refs
        )
        report.version += 1
        report.save(update_fields=["version"])
        _audit(report, "report.fill", at)


def write_submission(report: Any, at: datetime) -> None:
    """Write the rows of a submission: the report, a notice, an audit line."""
    with transaction.atomic():
        report.status, report.submitted_at, report.submitted_by_name = "submitted", at, "联络员"
        report.version += 1
        report.save(update_fields=["status", "submitted_at", "submitted_by_name", "version"])
        _notice(report, at)
        _audit(report, "report.submit", at)


def write_signature(report: Any, content: dict[str, Any], at: datetime) -> None:
    """Write the rows of a signature: the frozen content, the report, a notice, an audit line."""
    from changai.areas.reporting.models import Submission

    with transaction.atomic():
        Submission.objects.create(
            report=report, number=1, content=content, digest="0" * 64, sent_at=at, sent_by_name="负责人"
        )
        report.status, report.first_arrived_at, report.signed_at, report.signed_by_name = (
            "signed",
            at,
            at,
            "负责人",
        )
        report.version += 1
        report.save(update_fields=["status", "first_arrived_at", "signed_at", "signed_by_name", "version"])
        _notice(report, at)
        _audit(report, "report.sign", at)


def _notice(report: Any, at: datetime) -> None:
    from changai.foundation.notices.models import Notice

    Notice.objects.create(sentence="10月月报已提交。", unit_id=report.obligation.unit_id, created_at=at)


def _audit(report: Any, act: str, at: datetime) -> None:
    """Write an audit line without sealing it; these data are thrown away."""
    from changai.foundation.audit.models import AuditEvent

    last = AuditEvent.objects.order_by("-sequence").values_list("sequence", flat=True)[0]
    AuditEvent.objects.create(
        sequence=last + 1, at=at, actor_name="联络员", role="unit_liaison", act=act, object_type="reporting.report",
        object_id=str(report.pk), detail={}, algorithm="none", previous_mac="", mac="",
    )  # fmt: skip


def read_rates(month: Any) -> tuple[Any, ...]:
    """Return owed, arrived and accepted of a month by one statement."""
    return _rows(_RATES, [month])[0]


def read_roll_up(month: Any, field_id: int) -> Sequence[tuple[Any, ...]]:
    """Return sum and count of a field of every unit and all below it: the whole tree of today, one statement."""
    return _rows(_ROLL_UP, [month, field_id])


def _rows(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
