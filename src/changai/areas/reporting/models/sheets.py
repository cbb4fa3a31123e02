"""The sheet of one unit and month: the report and its lines."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from changai.areas.reporting.models.forms import Narrative
from changai.areas.reporting.models.obligations import Obligation


class Report(models.Model):
    """A unit's sheet for a period: made with the obligation, filled, submitted, signed, accepted."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("填报中")
        SUBMITTED = "submitted", _("待审签")
        SIGNED = "signed", _("待审核")
        RETURNED = "returned", _("已退回")
        ACCEPTED = "accepted", _("已采用")

    obligation = models.OneToOneField(Obligation, models.PROTECT, related_name="report")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    first_arrived_at = models.DateTimeField("首次报出时间", null=True)
    submitted_at = models.DateTimeField(null=True)
    submitted_by_name = models.CharField(max_length=40, blank=True)
    signed_at = models.DateTimeField(null=True)
    signed_by_name = models.CharField(max_length=40, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by_name = models.CharField(max_length=40, blank=True)
    # Why the unit's head did not sign; empty again when he does.
    declined_reason = models.CharField("不予审签的原因", max_length=500, blank=True)
    return_reason = models.CharField("退回原因", max_length=500, blank=True)
    return_due_on = models.DateField("重报期限", null=True, blank=True)
    times_returned = models.PositiveSmallIntegerField(default=0)
    # Since when it is open again after its acceptance; empty otherwise. The closing of the month does not bar it.
    reopened_at = models.DateTimeField(null=True)
    # People (account ids) who filled, submitted or signed it: none of them reviews it.
    hands = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "report"
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["status"])]

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.status}"


class TaskLine(models.Model):
    """The report's line for one claimed item."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="task_lines")
    claim = models.ForeignKey("tasks.Claim", models.PROTECT, related_name="report_lines")
    position = models.PositiveSmallIntegerField()
    scheduled_percent = models.DecimalField("序时进度", max_digits=5, decimal_places=1)
    last_percent = models.DecimalField("上月进度", max_digits=5, decimal_places=1, null=True)
    last_text = models.TextField("上月情况", blank=True)
    percent = models.DecimalField("完成进度", max_digits=5, decimal_places=1, null=True)
    progress = models.TextField("进展情况", blank=True)
    problems = models.TextField("存在问题", blank=True)
    next_steps = models.TextField("下一步打算", blank=True)
    evidence = models.ManyToManyField("evidence.EvidenceFile", blank=True, related_name="task_lines")
    # When this line alone was accepted while others went back; nobody changes it until the report is unlocked.
    taken_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "report_task_line"
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "claim"], name="one_line_per_claim"),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__gte=0, percent__lte=100), name="percent_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}:{self.claim_id}"


class FigureLine(models.Model):
    """The report's value of one dictionary figure. A prefilled one is confirmed (核对), not typed."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="figure_lines")
    field = models.ForeignKey("facts.Field", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    value = models.DecimalField("本月数", max_digits=18, decimal_places=4, null=True)
    last_value = models.DecimalField("上月数", max_digits=18, decimal_places=4, null=True)
    prefilled_value = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    prefilled_from = models.CharField("取数说明", max_length=200, blank=True)
    prefilled_address = models.CharField(max_length=200, blank=True)
    remark = models.CharField("说明", max_length=300, blank=True)
    # Set when the figure is asked item by item; its items are the `parts`.
    breakdown = models.ForeignKey("facts.Breakdown", models.PROTECT, null=True, related_name="+")
    evidence = models.ManyToManyField("evidence.EvidenceFile", blank=True, related_name="figure_lines")
    # When this line alone was accepted while others went back; nobody changes it until the report is unlocked.
    taken_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "report_figure_line"
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "field"], name="one_line_per_field")
        ]

    def __str__(self) -> str:
        return f"{self.report_id}:{self.field_id}"


class FigurePart(models.Model):
    """One item of a figure asked item by item. Empty counts as zero."""

    line = models.ForeignKey(FigureLine, models.CASCADE, related_name="parts")
    category = models.ForeignKey("facts.Category", models.PROTECT, related_name="+")
    value = models.DecimalField("本月数", max_digits=18, decimal_places=4, null=True)
    last_value = models.DecimalField("上月数", max_digits=18, decimal_places=4, null=True)

    class Meta:
        db_table = "report_figure_part"
        ordering: ClassVar = ["category__position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "category"], name="one_part_per_line")
        ]

    def __str__(self) -> str:
        return f"{self.line_id}:{self.category_id}"


class NarrativeLine(models.Model):
    """The report's words for one narrative item of the form."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="narrative_lines")
    item = models.ForeignKey(Narrative, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    text = models.TextField("内容", blank=True)
    last_text = models.TextField("上月内容", blank=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "report_narrative_line"
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "item"], name="one_line_per_narrative")
        ]

    def __str__(self) -> str:
        return f"{self.report_id}:{self.item_id}"
