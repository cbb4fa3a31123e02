"""Rows of monthly reporting for workbooks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from changai.areas.reporting.models import (
    BurdenException,
    Correction,
    ReminderDigest,
    RepeatedAsk,
    SupervisionNotice,
)
from changai.areas.reporting.queries import ObligationRow
from changai.areas.reporting.queries.returning import Returned
from changai.areas.reporting.rules.reminding import COLOURS
from changai.areas.reporting.rules.standings import STANDING_LABELS, day_of
from changai.areas.reporting.rules.workbook_pages import CONFIRMED, Asked, PageRow, SheetPage, Stamp
from changai.areas.reporting.rules.workbook_reading import Found, Reading, State
from changai.core.periods import Month
from changai.documents.sheets_to_fill import Entry, FillCell, FillColumn, FillPage, FillRow, Mark
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
        Column("延期次数", 5, "whole"),
        Column("不需报送、延期原因", 16),
    )
    return SheetContent("报送情况", title, columns, [_row(row) for row in rows])


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


GUIDE = (
    "1. 只填浅黄色的格子；灰色的格子是系统已有的内容，不必也不能修改。",
    "2. 可以用 WPS 表格或 Excel 填写，不联网也能填；可以调整列宽、排序、筛选，不影响识别。",
    "3. 数字不带单位，不写“约”“余”“以上”。没有数请留空并在“说明”中写明；确为零请填 0。",
    "4. “完成进度”填 0 到 100 的数，如 85。落后序时进度 10 个百分点以上的，请填写“存在问题”。",
    "5. 由名册自动取数的，核对后在“核对”一列选“核对无误”；有出入请先更正名册。",
    "6. 填好保存后，回到网页“月报—填报”，点“上传工作簿”。上传后先看差异，确认后才写入；可以同时提交审签。",
    "7. 佐证材料请在网页上传。请不要把表交给别的单位使用：表内有本单位、本月的标识。",
)


def fill_pages(
    pages: Iterable[SheetPage], stamp: Stamp, *, due: str, reading: Reading | None = None
) -> list[FillPage]:
    """Return the sheet as pages to fill in; with a `reading` as it was brought, its cells coloured and remarked."""
    month = Month.parse(stamp.month).label
    found = {cell.ref: cell for cell in reading.cells} if reading else {}
    return [
        FillPage(
            page.name,
            f"{month}{stamp.form_name}　{page.name}",
            f"填报单位：{stamp.unit_name}　　报告期：{month}　　报送时限：{due}\n"
            "只填浅黄色格子，数字不带单位；填好后在网页“上传工作簿”，先核对差异再写入。",
            tuple(FillColumn(column.title, column.width, column.is_number) for column in page.columns),
            [_fill_row(page, row, found) for row in page.rows],
        )
        for page in pages
        if page.rows
    ]


TOWNSHIP_GUIDE = (
    "1. 先在“填报单位”里选择本单位名称，再填“数据”“文字材料”。只填浅黄色的格子。",
    "2. 可以用 WPS 表格或 Excel 填写，不联网也能填；可以调整列宽、排序、筛选，不影响识别。",
    "3. 数字不带单位，不写“约”“余”“以上”。没有数请留空并在“说明”中写明；确为零请填 0。",
    "4. 填好后交给发表的上级单位，由上级单位一次上传、核对、汇总。请勿另存为其他格式。",
)


def township_fill_pages(pages: Iterable[SheetPage], stamp: Stamp) -> list[FillPage]:
    """Return the blank sheet for the units below as pages to fill in."""
    month = Month.parse(stamp.month).label
    return [
        FillPage(
            page.name,
            f"{month}{stamp.form_name}　{page.name}",
            f"汇总：{stamp.unit_name}　　报告期：{month}\n"
            "先在“填报单位”选择本单位；只填浅黄色格子，数字不带单位；填好后交上级单位汇总。",
            tuple(FillColumn(column.title, column.width, column.is_number) for column in page.columns),
            [_fill_row(page, row, {}) for row in page.rows],
        )
        for page in pages
        if page.rows
    ]


def _fill_row(page: SheetPage, row: PageRow, found: Mapping[str, Found]) -> FillRow:
    asked = {cell.column: cell for cell in row.asked}
    names = dict.fromkeys(page.titles("code"), row.code) | dict.fromkeys(page.titles("name"), row.name)
    cells = []
    for column in page.columns:
        if column.title in asked:
            cells.append(_asked_cell(asked[column.title], found.get(asked[column.title].ref)))
        else:
            content = names.get(column.title, row.known.get(column.title))
            decimals = -int(content.normalize().as_tuple().exponent) if isinstance(content, Decimal) else 0
            cells.append(FillCell(content, decimals=max(0, decimals)))
    return FillRow(row.key, tuple(cells))


def _asked_cell(asked: Asked, found: Found | None) -> FillCell:
    entry = Entry(
        "choice" if asked.kind == "confirm" else asked.kind,
        asked.minimum,
        asked.maximum,
        asked.decimals,
        (CONFIRMED,) if asked.kind == "confirm" else asked.choices,
        asked.longest,
        asked.note,
    )
    text = found.new if found else asked.now
    content: Cell = text or None
    if asked.kind == "number" and text and (found is None or found.state is not State.FAULT):
        content = Decimal(text)
    return FillCell(content, None if asked.lock else entry, _mark(found), decimals=asked.decimals)


def _mark(found: Found | None) -> Mark | None:
    if found is None or found.state is State.SAME:
        return None
    if found.state is State.FAULT:
        return Mark("fault", "".join(found.sentences))
    was = f"原为“{found.old or '（空）'}”。"
    if found.is_put_right:
        was += f"填的是“{found.raw}”，按“{found.new}”理解。"
    return Mark("warning" if found.state is State.WARNING else "changed", was + "".join(found.sentences))


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
    return SheetContent("减负例外", title, columns, listed)


def corrections_sheet(rows: Iterable[Correction]) -> SheetContent:
    """Return the register of corrections as a sheet."""
    columns = (
        Column("序号", 4, "whole"),
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
    return SheetContent("更正登记", "更正登记", columns, [_correction_row(row) for row in rows])


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
    return SheetContent("督办提醒", title, columns, listed)


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
