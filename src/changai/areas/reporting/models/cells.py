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
    # The workbook, or the workbooks of the units below, it came from.
    batch = models.ForeignKey(
        "reporting.WorkbookImport", models.PROTECT, null=True, related_name="cell_changes"
    )
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


class SheetVisit(models.Model):
    """Who has the sheet open, and in which cell: one row a person, kept fresh while the page is looked at."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="visits")
    person_id = models.BigIntegerField()
    name = models.CharField(max_length=40)
    cell = models.CharField("单元格", max_length=60, blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "report_sheet_visit"
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "person_id"], name="one_visit_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.name}"


class CellThread(models.Model):
    """What the unit and its reviewers say to each other about one cell (批注). Closed once it is settled."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="threads")
    cell = models.CharField("单元格", max_length=60)
    closed_at = models.DateTimeField("了结时间", null=True)
    closed_by_name = models.CharField("了结人", max_length=40, blank=True)

    class Meta:
        db_table = "report_cell_thread"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "cell"], name="one_thread_per_cell")
        ]

    def __str__(self) -> str:
        return f"{self.report_id}:{self.cell}"


class CellComment(models.Model):
    """One comment of a thread. What was said is neither changed nor removed."""

    thread = models.ForeignKey(CellThread, models.CASCADE, related_name="comments")
    words = models.CharField("批注", max_length=500)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=40)
    by_id = models.BigIntegerField(null=True)
    by_role = models.CharField(max_length=40)
    is_of_unit = models.BooleanField("填报单位所写")

    class Meta:
        db_table = "report_cell_comment"
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.words
