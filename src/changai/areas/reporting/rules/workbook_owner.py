"""Whose workbook it is: by its stamp, or without one by what its title says."""

import re
import unicodedata

from changai.areas.reporting.rules.workbook_pages import Stamp
from changai.core.errors import Unreadable
from changai.core.periods import Month
from changai.documents.intake.workbook import Workbook

_MONTH = re.compile(r"(20[0-9]{2})年([0-9]{1,2})月")
_UNIT = re.compile(r"(?:填报|报送)?单位(?:名称)?[:：]\s*([^\s，,；;（(]{2,60})")
_ROWS_OF_TITLES = 6
_CODES = {"form": "wrong_form", "unit": "org_mismatch", "month": "wrong_month"}


class ForeignWorkbook(Unreadable):
    """A sound workbook that belongs to another form, unit or month. `reason` names which."""

    code = "foreign_workbook"


def _foreign(what: str, sentence: str) -> ForeignWorkbook:
    return ForeignWorkbook(sentence, reason=_CODES[what])


def remarks_on_owner(book: Workbook, stamp: Stamp | None, own: Stamp) -> tuple[str, ...]:
    """Return what to tell about where the workbook comes from.

    :raises ForeignWorkbook: when it belongs to another form, unit or month than `own`
    """
    if stamp is None:
        _refuse_by_titles(book, own)
        label = Month.parse(own.month).label
        return (f"表内没有系统标识（可能是自制或另存的表），请确认这是{own.unit_name}{label}的表。",)
    if stamp.form_id != own.form_id:
        raise _foreign("form", f"不是“{own.form_name}”模板：这是“{stamp.form_name}”的表。")
    if stamp.unit_id != own.unit_id:
        raise _foreign("unit", f"表内单位为“{stamp.unit_name}”，与“{own.unit_name}”不符，请上传本单位的表。")
    if stamp.month != own.month:
        raise _foreign("month", _wrong_month(Month.parse(stamp.month), Month.parse(own.month)))
    if stamp.form_version != own.form_version:
        return ("这张表是按旧版报表下载的，已按现行报表逐项对照；现行报表新增的项目请在网页填写。",)
    return ()


def _wrong_month(found: Month, due: Month) -> str:
    if found.year == due.year:
        return f"表内报告期为 {found.number} 月，当前应报 {due.number} 月，请上传当月的表。"
    return f"表内报告期为 {found.label}，当前应报 {due.label}，请上传当月的表。"


def _refuse_by_titles(book: Workbook, own: Stamp) -> None:
    due = Month.parse(own.month)
    for text in _titles(book):
        for year, number in _MONTH.findall(text):
            if 1 <= int(number) <= 12 and Month(int(year), int(number)) != due:
                raise _foreign("month", _wrong_month(Month(int(year), int(number)), due))
        for name in _UNIT.findall(text):
            if name not in own.unit_name and own.unit_name not in name:
                raise _foreign("unit", f"表内单位为“{name}”，与“{own.unit_name}”不符，请上传本单位的表。")


def _titles(book: Workbook) -> list[str]:
    """Return the long texts above the tables: title rows and the line below them."""
    return [
        unicodedata.normalize("NFKC", cell.value)
        for sheet in book.sheets
        if not sheet.hidden
        for row in sheet.rows[:_ROWS_OF_TITLES]
        if sum(not cell.is_empty for cell in row) <= 3
        for cell in row
        if isinstance(cell.value, str)
    ]
