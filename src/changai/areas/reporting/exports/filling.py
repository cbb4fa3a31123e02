"""The sheet of a month as pages of a workbook to fill in."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from changai.areas.reporting.rules.workbook_pages import CONFIRMED, Asked, PageRow, SheetPage, Stamp
from changai.areas.reporting.rules.workbook_reading import Found, Reading, State
from changai.core.periods import Month
from changai.documents.sheets_to_fill import Entry, FillCell, FillColumn, FillPage, FillRow, Mark
from changai.documents.workbooks import Cell

GUIDE = (
    "1. 只填浅黄色的格子；灰色的格子是系统已有的内容，不必也不能修改。",
    "2. 可以用 WPS 表格或 Excel 填写，不联网也能填；可以调整列宽、排序、筛选，不影响识别。",
    "3. 数字不带单位，不写“约”“余”“以上”。没有数请留空并在“说明”中写明；确为零请填 0。",
    "4. “完成进度”填 0 到 100 的数，如 85。落后序时进度超过 10 个百分点的，请填写“存在问题”。",
    "5. 由名册自动取数的，核对后在“核对”一列选“核对无误”；有出入请先更正名册。",
    "6. 填好保存后，回到网页“月报—填报”，点“上传工作簿”。上传后先看差异，确认后才写入；可以同时提交审签。",
    "7. 佐证材料请在网页上传。请不要把表交给别的单位使用：表内有本单位、本月的标识。",
)


def fill_pages(
    pages: Iterable[SheetPage], stamp: Stamp, *, due: str, reading: Reading | None = None
) -> list[FillPage]:
    """Return the sheet as pages to fill in; with a `reading` as it was brought, its cells coloured and remarked."""
    heading = (
        f"填报单位：{stamp.unit_name}　　报告期：{Month.parse(stamp.month).label}　　报送时限：{due}\n"
        "只填浅黄色格子，数字不带单位；填好后在网页“上传工作簿”，先核对差异再写入。"
    )
    return _pages(pages, stamp, heading, reading)


TOWNSHIP_GUIDE = (
    "1. 先在“填报单位”里选择本单位名称，再填“数据”“文字材料”。只填浅黄色的格子。",
    "2. 可以用 WPS 表格或 Excel 填写，不联网也能填；可以调整列宽、排序、筛选，不影响识别。",
    "3. 数字不带单位，不写“约”“余”“以上”。没有数请留空并在“说明”中写明；确为零请填 0。",
    "4. 填好后交给发表的上级单位，由上级单位一次上传、核对、汇总。请勿另存为其他格式。",
)


def township_fill_pages(
    pages: Iterable[SheetPage], stamp: Stamp, reading: Reading | None = None
) -> list[FillPage]:
    """Return the blank sheet for the units below as pages to fill in; with a `reading` as one of them filled it."""
    heading = (
        f"汇总：{stamp.unit_name}　　报告期：{Month.parse(stamp.month).label}\n"
        "先在“填报单位”选择本单位；只填浅黄色格子，数字不带单位；填好后交上级单位汇总。"
    )
    return _pages(pages, stamp, heading, reading)


def _pages(pages: Iterable[SheetPage], stamp: Stamp, heading: str, reading: Reading | None) -> list[FillPage]:
    found = {cell.ref: cell for cell in reading.cells} if reading else {}
    return [
        FillPage(
            page.name,
            f"{Month.parse(stamp.month).label}{stamp.form_name}　{page.name}",
            heading,
            tuple(FillColumn(column.title, column.width, column.is_number) for column in page.columns),
            [_fill_row(page, row, found) for row in page.rows],
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
