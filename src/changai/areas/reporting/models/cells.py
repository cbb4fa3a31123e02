"""What happens to single cells of a sheet: every change of one."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from changai.areas.reporting.models.sheets import Report


class CellChange(models.Model):
    """One change of one cell, as written. The newest row's `version` is the cell's; a cell without rows has 0."""

    class Origin(models.TextChoices):
        TYPED = "typed", _("填写")
        NO_CHANGE = "no_change", _("本月无变化")
        UNDO = "undo", _("撤销")
        REGISTER = "register", _("核对名册")
        WORKBOOK = "workbook", _("工作簿导入")

    report = models.ForeignKey(Report, models.CASCADE, related_name="cell_changes")
    cell = models.CharField("单元格", max_length=60)
    version = models.PositiveIntegerField()
    before = models.TextField("原内容", blank=True)
    value = models.TextField("内容", blank=True)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.TYPED)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=40)
    by_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "report_cell_change"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "cell", "version"], name="one_change_per_cell_version")
        ]

    def __str__(self) -> str:
        return f"{self.report_id}:{self.cell}#{self.version}"
