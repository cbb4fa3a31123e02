"""Figures of the years before the system: files that bring them in, row by row, and files that carry them out."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class HistoryImport(models.Model):
    """One file of old figures: checked row by row first, taken over in a second step, by people.

    `rows_read` and `rows_taken` are how far the work has come: a killed worker's successor goes on from there, and a
    worker that was away too long finds another value there and stops.
    """

    class Status(models.TextChoices):
        CHECKING = "checking", _("检查中")
        CHECKED = "checked", _("已检查，待导入")
        TAKING = "taking", _("导入中")
        TAKEN = "taken", _("已导入")
        REFUSED = "refused", _("没有接收")
        DISCARDED = "discarded", _("已放弃")
        UNDONE = "undone", _("已撤销导入")

    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.CHECKING)
    expected_rows = models.PositiveIntegerField("应有行数", null=True)
    brought_at = models.DateTimeField()
    brought_by_name = models.CharField(max_length=40)
    # The last row of the file that was checked, and how many rows of figures it held up to there.
    rows_read = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    # The content as a whole: the SHA-256 of every row's canonical text, added up; it does not depend on the order.
    content_digest = models.CharField(max_length=64, default="0" * 64)
    refusal = models.CharField(max_length=500, blank=True)
    replaces = models.BooleanField("与现有数据不一致的，以导入为准", default=False)
    ordered_at = models.DateTimeField(null=True)
    ordered_by_name = models.CharField(max_length=40, blank=True)
    rows_taken = models.PositiveIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    settled_by_name = models.CharField(max_length=40, blank=True)

    class Meta:
        db_table = "history_import"
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.name} {self.status}"

    @property
    def is_at_work(self) -> bool:
        return self.status in {self.Status.CHECKING, self.Status.TAKING}


class HistoryRow(models.Model):
    """One row of the file as understood, or with what is wrong with it. Kept: a figure comes from here."""

    class State(models.TextChoices):
        NEW = "new", _("新增")
        CHANGED = "changed", _("与现有数据不一致")
        SAME = "same", _("与现有数据相同")
        FAULTY = "faulty", _("有错误")

    batch = models.ForeignKey(HistoryImport, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField("行号")
    state = models.CharField(max_length=8, choices=State.choices)
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, null=True, related_name="+")
    field = models.ForeignKey("facts.Field", models.PROTECT, null=True, related_name="+")
    month = models.DateField(null=True)
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    note = models.CharField("说明", max_length=300, blank=True)
    sentence = models.CharField(max_length=500, blank=True)
    # The cells as written, of rows with faults only: for the list of faults.
    written = models.JSONField(null=True)
    # The figure made of it, and the one in force that it replaces.
    fact = models.OneToOneField("facts.Fact", models.SET_NULL, null=True, related_name="history_row")
    replaces = models.ForeignKey("facts.Fact", models.SET_NULL, null=True, related_name="+")

    class Meta:
        db_table = "history_row"
        ordering: ClassVar = ["number", "pk"]
        indexes: ClassVar = [models.Index(fields=["batch", "state", "number"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "number"], name="one_line_per_history_row")
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}#{self.number}"


class HistoryExport(models.Model):
    """An order to write figures of many months into a file; the job writes it, the page shows how far it is."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("正在生成")
        DONE = "done", _("可以下载")
        FAILED = "failed", _("没有生成")

    first_month = models.DateField()
    last_month = models.DateField()
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    asked_at = models.DateTimeField()
    asked_by_name = models.CharField(max_length=40)
    rows_total = models.PositiveIntegerField(default=0)
    rows_written = models.PositiveIntegerField(default=0)
    content_digest = models.CharField(max_length=64, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "history_export"
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.first_month:%Y-%m} {self.last_month:%Y-%m} {self.status}"
