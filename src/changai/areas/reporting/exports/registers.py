"""Registers of monthly reporting as sheets of a workbook: exceptions, corrections, askings, coloured notices."""

from collections.abc import Iterable

from changai.areas.reporting.models import (
    BurdenException,
    Correction,
    RepeatedAsk,
    SupervisionNotice,
)
from changai.areas.reporting.rules.reminding import COLOURS
from changai.areas.reporting.rules.standings import day_of
from changai.documents.workbooks import SIGNED, Cell, Column, SheetContent


def exceptions_sheet(rows: Iterable[BurdenException], *, title: str) -> SheetContent:
    """Return the register of exceptions as a sheet."""
    columns = (
        Column("时间", 8, "date"),
        Column("报表、指标体系", 12),
        Column("版本", 4, "whole"),
        Column("要数单位", 10),
        Column("性质", 6),
        Column("内容和依据", 30),
        Column("保留理由", 20),
        Column("经办人", 6),
    )
    listed: list[list[Cell]] = [
        [
            day_of(row.made_at),
            row.form.name if row.form else row.origin_label,
            row.form.number if row.form else None,
            row.form.asked_by.name if row.form and row.form.asked_by else "",
            "不得列入" if row.is_forbidden else "需说明理由",
            row.finding,
            row.reason,
            row.made_by_name,
        ]
        for row in rows
    ]
    return SheetContent("减负例外", title, columns, listed, signature=SIGNED)


def corrections_sheet(rows: Iterable[Correction]) -> SheetContent:
    """Return the register of corrections as a sheet."""
    columns = (
        Column("序号", 4, "serial"),
        Column("单位", 14),
        Column("数据项", 14),
        Column("月份", 6, "month"),
        Column("原为", 6, "number"),
        Column("更正为", 6, "number"),
        Column("原因", 20),
        Column("方式", 6),
        Column("申请人", 6),
        Column("申请日期", 7, "date"),
        Column("状态", 5),
        Column("办理人", 6),
        Column("办理日期", 7, "date"),
    )
    return SheetContent(
        "更正登记", "更正登记", columns, [_correction_row(row) for row in rows], signature=SIGNED, named=2
    )


def _correction_row(row: Correction) -> list[Cell]:
    return [
        row.pk,
        row.unit.name,
        row.field.name,
        row.month,
        row.old_value,
        row.new_value,
        row.reason,
        str(row.get_kind_display()),
        row.asked_by_name,
        day_of(row.asked_at),
        str(row.get_status_display()),
        row.settled_by_name,
        day_of(row.settled_at) if row.settled_at else None,
    ]


def repeated_sheet(rows: Iterable[RepeatedAsk], *, title: str) -> SheetContent:
    """Return what units said is asked again as a sheet."""
    columns = (
        Column("填报项", 20),
        Column("单位", 14),
        Column("报表", 14),
        Column("月份", 6, "month"),
        Column("已在何处报过", 20),
        Column("反映日期", 7, "date"),
        Column("处理结果", 8),
        Column("答复", 24),
        Column("答复人", 6),
    )
    listed: list[list[Cell]] = [
        [
            row.name,
            row.report.obligation.unit.name,
            row.report.obligation.period.form.name,
            row.report.obligation.period.month,
            row.known,
            day_of(row.said_at),
            str(row.get_outcome_display()) if row.outcome else "待答复",
            row.answer,
            row.answered_by_name,
        ]
        for row in rows
    ]
    return SheetContent("重复要求", title, columns, listed)


def supervision_sheet(rows: Iterable[SupervisionNotice], *, title: str) -> SheetContent:
    """Return the coloured notices that were sent as a sheet."""
    columns = (
        Column("发出日期", 7, "date"),
        Column("单位", 14),
        Column("报表", 14),
        Column("月份", 6, "month"),
        Column("等级", 5),
        Column("督办意见", 30),
        Column("发出人", 6),
    )
    listed: list[list[Cell]] = [
        [
            day_of(row.sent_at),
            row.obligation.unit.name,
            row.obligation.period.form.name,
            row.obligation.period.month,
            COLOURS[row.colour],
            row.words,
            row.sent_by_name,
        ]
        for row in rows
    ]
    return SheetContent("督办提醒", title, columns, listed, signature=SIGNED)
