"""Workbooks that were brought for a report: previewed, then taken over or put aside."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from changai.areas.reporting.models.sheets import Report


class WorkbookImport(models.Model):
    """One upload of a filled workbook, or of several by a county that gathers those below it.

    The bytes lie in quarantine under their digests. A report has at most one upload that is not settled, so that
    two people never take over two workbooks one over the other unseen.
    """

    class State(models.TextChoices):
        OPEN = "open", _("待确认")
        TAKEN = "taken", _("已导入")
        DISCARDED = "discarded", _("已放弃")
        UNDONE = "undone", _("已撤销")

    report = models.ForeignKey(Report, models.PROTECT, related_name="imports")
    # [{"name": …, "digest": …}]: one file, or those of the units below, with their "township" ("" when refused).
    files = models.JSONField(default=list)
    is_merge = models.BooleanField(default=False)
    # What a person answered about columns that were not found: page -> title -> letters.
    answers = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    brought_at = models.DateTimeField("上传时间")
    brought_by = models.PositiveBigIntegerField(null=True)
    brought_by_name = models.CharField(max_length=40)
    settled_at = models.DateTimeField(null=True)
    settled_by_name = models.CharField(max_length=40, blank=True)
    # The cells taken: {"taken": [...], "refused": [...], "submitted": true}; of a merge also the "parts" of each cell.
    outcome = models.JSONField(default=dict)

    class Meta:
        db_table = "report_import"
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["report"], condition=Q(state="open"), name="one_open_import_per_report"
            )
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.state}"

    @property
    def sources(self) -> str:
        """Of which units it is the sum, and from how many files; nothing for the unit's own workbook."""
        names = [file["township"] for file in self.files if file.get("township")]
        return f"汇总自{'、'.join(names)}（{len(names)} 份工作簿）" if self.is_merge else ""
