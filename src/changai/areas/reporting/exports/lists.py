"""Lists of monthly reporting as sheets of a workbook: obligations, reports, rules, reminders, why reports came back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from changai.areas.reporting.models import (
    ReminderDigest,
    Report,
)
from changai.areas.reporting.queries import ObligationRow
from changai.areas.reporting.queries.returning import Returned
from changai.areas.reporting.rules.standings import STANDING_LABELS, day_of
from changai.documents.workbooks import SIGNED, Cell, Column, SheetContent


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
        Column("延期次数", 5, "whole"),
        Column("不需报送、延期原因", 16),
    )
    return SheetContent("报送情况", title, columns, [_row(row) for row in rows], signature=SIGNED)


def _row(row: ObligationRow) -> list[Cell]:
    return [
        row.unit_name,
        row.form_name,
        row.due_on,
        day_of(row.arrived_at) if row.arrived_at else None,
        row.release_label or STANDING_LABELS[row.standing],
        row.status_label,
        row.times_returned,
        row.times_extended,
        row.exemption_reason or row.extension_reason,
    ]


def reports_sheet(rows: Iterable[Report], *, title: str) -> SheetContent:
    """Return a list of reports as a sheet."""
    columns = (
        Column("月份", 6, "month"),
        Column("单位", 14),
        Column("报表", 14),
        Column("状态", 6),
        Column("应报日期", 7, "date"),
        Column("首次报出", 7, "date"),
        Column("退回次数", 5, "whole"),
    )
    listed: list[list[Cell]] = [
        [
            row.obligation.period.month,
            row.obligation.unit.name,
            row.obligation.period.form.name,
            row.obligation.get_release_display()
            if row.obligation.exempted_at
            else str(row.get_status_display()),
            row.obligation.due_on,
            day_of(row.first_arrived_at) if row.first_arrived_at else None,
            row.times_returned,
        ]
        for row in rows
    ]
    return SheetContent("月报", title, columns, listed)


def returns_sheet(found: Returned, *, title: str) -> list[SheetContent]:
    """Return why reports were returned as two sheets: by reason and group of units, and by figure."""
    reasons = (
        Column("退回原因", 24),
        Column("次数", 5, "whole"),
        *(Column(name, 6, "whole") for name in found.groups),
    )
    figures = (Column("事项", 20), Column("标出格数", 6, "whole"), Column("多见原因", 30))
    return [
        SheetContent(
            "按原因",
            title,
            reasons,
            [[one.words or "其他（自行填写）", one.count, *one.by_group] for one in found.reasons],
        ),
        SheetContent(
            "按事项",
            title,
            figures,
            [
                [one.name, one.count, "；".join(f"{words}（{count}）" for words, count in one.reasons)]
                for one in found.figures
            ],
        ),
    ]


@dataclass(frozen=True)
class CheckRow:
    """A rule of checking as a workbook tells it: its newest wording in words, and how it fared in a year."""

    code: str
    name: str
    kind: str
    severity: str
    content: str
    sentence: str
    origin: str
    state: str
    switched_on_at: datetime | None
    switched_on_by: str
    sheets: int
    mended: int
    accepted: int


def checks_sheet(rows: Iterable[CheckRow], *, title: str) -> SheetContent:
    """Return the rules of checking as a sheet."""
    columns = (
        Column("编号", 5),
        Column("规则", 14),
        Column("种类", 8),
        Column("处理方式", 6),
        Column("内容", 24),
        Column("提示语", 24),
        Column("依据", 20),
        Column("状态", 6),
        Column("启用日期", 7, "date"),
        Column("启用人", 6),
        Column("近一年查出（份）", 6, "whole"),
        Column("改正", 5, "whole"),
        Column("放行", 5, "whole"),
    )
    listed: list[list[Cell]] = [
        [
            row.code,
            row.name,
            row.kind,
            row.severity,
            row.content,
            row.sentence,
            row.origin,
            row.state,
            day_of(row.switched_on_at) if row.switched_on_at else None,
            row.switched_on_by,
            row.sheets,
            row.mended,
            row.accepted,
        ]
        for row in rows
    ]
    return SheetContent("校验规则", title, columns, listed)


def digests_sheet(rows: Iterable[ReminderDigest], *, title: str) -> SheetContent:
    """Return what was said to whom on a day as a sheet."""
    columns = (Column("单位", 14), Column("收件人", 8), Column("岗位", 8), Column("内容", 50))
    listed: list[list[Cell]] = [
        [
            row.person.unit.name if row.person.unit else "",
            row.person.name,
            str(row.person.post.label) if row.person.post else "",
            row.sentence,
        ]
        for row in rows
    ]
    return SheetContent("提醒", title, columns, listed)
