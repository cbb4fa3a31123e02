"""Monthly reports. Obligation rows exist from the opening of a period; every rate is a count of them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Form(models.Model):
    """What units are asked each month: their claimed items, and figures from the dictionary."""

    name = models.CharField("表名", max_length=60)
    # Levels of units that owe this form, such as ["member", "county"].
    levels = models.JSONField("报送单位类别", default=list)
    fields = models.ManyToManyField("facts.Field", through="FormField", related_name="forms")
    opens_day = models.PositiveSmallIntegerField("开始填报日", default=25)
    due_day = models.PositiveSmallIntegerField("次月截止日", default=5)
    issued_at = models.DateTimeField(null=True)
    is_closed = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "report_form"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(due_day__gte=1, due_day__lte=28, opens_day__gte=1, opens_day__lte=28),
                name="form_days",
            )
        ]

    def __str__(self) -> str:
        return self.name


class FormField(models.Model):
    """A figure asked on a form."""

    form = models.ForeignKey(Form, models.CASCADE, related_name="form_fields")
    field = models.ForeignKey("facts.Field", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "report_form_field"
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["form", "field"], name="one_field_per_form")]

    def __str__(self) -> str:
        return f"{self.form_id}:{self.field_id}"


class Period(models.Model):
    """One month of one form."""

    form = models.ForeignKey(Form, models.PROTECT, related_name="periods")
    month = models.DateField("月份")  # the month's first day
    opened_at = models.DateTimeField()
    due_on = models.DateField("截止日期")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "report_period"
        ordering: ClassVar = ["-month", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["form", "month"], name="one_period_per_month")
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Obligation(models.Model):
    """That one unit owes one period's report. Made when the period is opened, never computed afterwards."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="obligations")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="obligations")
    due_on = models.DateField("应报日期")
    exempted_at = models.DateTimeField(null=True, blank=True)
    exemption_reason = models.CharField("免报原因", max_length=200, blank=True)
    extension_reason = models.CharField("延期原因", max_length=200, blank=True)
    reminded_at = models.DateTimeField(null=True)
    # What the closing of the period counted for this unit, frozen: the ledger's facts open to it.
    record = models.JSONField(default=dict)

    class Meta:
        db_table = "obligation"
        ordering: ClassVar = ["unit__position", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["period", "unit"], name="one_obligation")]

    def __str__(self) -> str:
        return f"{self.unit_id}@{self.period_id}"


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
    evidence = models.ManyToManyField("evidence.EvidenceFile", blank=True, related_name="figure_lines")

    class Meta:
        db_table = "report_figure_line"
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "field"], name="one_line_per_field")
        ]

    def __str__(self) -> str:
        return f"{self.report_id}:{self.field_id}"


class Submission(models.Model):
    """What was signed and sent: the whole content, frozen, with its digest."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    sent_by_name = models.CharField(max_length=40)
    outcome = models.CharField(max_length=10, blank=True)  # accepted | returned
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
