"""The training register as workbooks."""

from collections.abc import Iterable

from django.utils import timezone

from changai.areas.registers.training.models import TrainingClass
from changai.areas.registers.training.rules import KIND_NAMES
from changai.documents.workbooks import SIGNED, Column, SheetContent

HEADINGS = ("班次名称", "类别", "结业日期", "学时", "培训人数", "取得证书人数")
NOTE = "每个班次结业后登记一行；类别从下拉列表中选择；日期写成 2026-10-25 的样子。只登记本单位举办的班次。"
BLANK_ROWS = 50


def template_sheet() -> SheetContent:
    """Return the empty sheet that `forms.read_classes` reads."""
    title, kind, held_on, *counts = HEADINGS
    columns = (
        Column(title, 18, editable=True),
        Column(kind, 8, "choice", tuple(KIND_NAMES.values()), editable=True),
        Column(held_on, 6, "date", editable=True),
        *(Column(name, 6, "whole", editable=True) for name in counts),
    )
    return SheetContent("培训班次", "培训班次导入表", columns, (), note=NOTE, blank_rows=BLANK_ROWS)


def register_sheet(rows: Iterable[TrainingClass]) -> SheetContent:
    """Return classes as a sheet, cancelled ones marked."""
    columns = (
        Column("班次名称", 16), Column("单位", 9), Column("类别", 8), Column("结业日期", 6, "date"),
        Column("学时", 4, "whole"), Column("培训人数", 5, "whole"), Column("取得证书人数", 6, "whole"),
        Column("状态", 4), Column("作废原因", 10), Column("登记人", 5), Column("登记日期", 6, "date"),
    )  # fmt: skip
    cells = [
        (
            row.title, row.unit.name, KIND_NAMES[row.kind], row.held_on, row.hours, row.persons, row.certified,
            "已作废" if row.cancelled_at else "有效", row.cancelled_reason, row.entered_by_name,
            timezone.localdate(row.entered_at),
        )
        for row in rows
    ]  # fmt: skip
    return SheetContent("培训名册", "培训名册", columns, cells, signature=SIGNED)
