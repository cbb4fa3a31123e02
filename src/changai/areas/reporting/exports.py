"""Rows of monthly reporting for workbooks."""

from collections.abc import Iterable

from changai.areas.reporting.queries import ObligationRow
from changai.areas.reporting.rules.standings import STANDING_LABELS, day_of
from changai.documents.workbooks import Cell, Column, SheetContent


def board_sheet(rows: Iterable[ObligationRow], *, title: str) -> SheetContent:
    """Return the obligations as a sheet, one row each."""
    columns = (
        Column("单位", 14),
        Column("报表", 12),
        Column("应报日期", 7, "date"),
        Column("报出日期", 7, "date"),
        Column("报送情况", 6),
        Column("审核状态", 6),
        Column("退回次数", 5, "whole"),
        Column("免报、延期原因", 16),
    )
    return SheetContent("报送情况", title, columns, [_row(row) for row in rows])


def _row(row: ObligationRow) -> list[Cell]:
    return [
        row.unit_name,
        row.form_name,
        row.due_on,
        day_of(row.arrived_at) if row.arrived_at else None,
        STANDING_LABELS[row.standing],
        row.status_label,
        row.times_returned,
        row.exemption_reason or row.extension_reason,
    ]
