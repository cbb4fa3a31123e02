"""What was signed and sent, and what the reviewer marked in it."""

from typing import ClassVar

from django.db import models

from changai.areas.reporting.models.sheets import Report


class Submission(models.Model):
    """What was signed and sent: the whole content, frozen, with its digest."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    sent_by_name = models.CharField(max_length=40)
    # What the checks found to look at when it was signed; None: signed before this was counted.
    finding_count = models.PositiveSmallIntegerField(null=True)
    outcome = models.CharField(max_length=10, blank=True)  # accepted | part | returned
    outcome_at = models.DateTimeField(null=True)
    outcome_by_name = models.CharField(max_length=40, blank=True)
    outcome_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "report_submission"
        ordering: ClassVar = ["number", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "number"], name="submission_number")
        ]

    def __str__(self) -> str:
        return f"{self.report_id}#{self.number}"


class CellMark(models.Model):
    """A cell the reviewer marked when returning: `task:12:progress`, `figure:5:value`."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="marks")
    cell = models.CharField(max_length=60)
    remark = models.CharField(max_length=300)

    class Meta:
        db_table = "report_cell_mark"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["submission", "cell"], name="one_mark_per_cell")
        ]

    def __str__(self) -> str:
        return self.cell
