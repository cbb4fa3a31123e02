"""What units are asked: forms, their figures and the months they are opened for."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Form(models.Model):
    """One version of what units are asked: their claimed items, figures from the dictionary, and words.

    A version that was issued is never edited: the next one holds from a later month, months opened keep theirs.
    """

    name = models.CharField("表名", max_length=60)
    # Levels of units that owe this form, such as ["member", "county"]; units of `groups` owe it too.
    levels = models.JSONField("报送单位类别", default=list)
    groups = models.ManyToManyField("organisations.Group", blank=True, related_name="+")
    # The first version of the form; itself for the first. Empty only while it is being made.
    series = models.ForeignKey("self", models.PROTECT, null=True, related_name="versions")
    number = models.PositiveSmallIntegerField("版本", default=1)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="superseded_by")
    # First day of the first month it holds for; empty for a first version, which holds from any month.
    from_month = models.DateField("执行月份", null=True)
    asks_tasks = models.BooleanField("列入认领任务", default=True)
    asked_by = models.ForeignKey("organisations.Unit", models.PROTECT, null=True, related_name="+")
    basis = models.CharField("设表依据", max_length=200, blank=True)
    fields = models.ManyToManyField("facts.Field", through="FormField", related_name="forms")
    opens_day = models.PositiveSmallIntegerField("开始填报日", default=25)
    due_day = models.PositiveSmallIntegerField("次月截止日", default=5)
    # Days of the month after until which a late report is taken, and on which nothing of the unit moves any more.
    late_day = models.PositiveSmallIntegerField("迟报受理至", null=True, blank=True)
    locks_day = models.PositiveSmallIntegerField("锁定日", null=True, blank=True)
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
            ),
            models.CheckConstraint(
                condition=(Q(late_day__isnull=True) | Q(late_day__gte=models.F("due_day"), late_day__lte=28))
                & (Q(locks_day__isnull=True) | Q(locks_day__gte=models.F("due_day"), locks_day__lte=28)),
                name="form_late_days",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FormField(models.Model):
    """A figure asked on a form."""

    form = models.ForeignKey(Form, models.CASCADE, related_name="form_fields")
    field = models.ForeignKey("facts.Field", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    # Asked item by item, by the breakdown of the dictionary.
    asks_parts = models.BooleanField(default=False)

    class Meta:
        db_table = "report_form_field"
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["form", "field"], name="one_field_per_form")]

    def __str__(self) -> str:
        return f"{self.form_id}:{self.field_id}"


class Narrative(models.Model):
    """Words asked on a form, with how long they should be. `key` is the same in every version of the form."""

    form = models.ForeignKey(Form, models.CASCADE, related_name="narratives")
    key = models.CharField(max_length=12)
    position = models.PositiveSmallIntegerField()
    title = models.CharField("文字项", max_length=60)
    guidance = models.CharField("填写要求", max_length=200, blank=True)
    least = models.PositiveSmallIntegerField("最少字数", default=0)
    most = models.PositiveSmallIntegerField("最多字数", default=500)
    is_required = models.BooleanField("必填", default=True)

    class Meta:
        db_table = "report_narrative"
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["form", "key"], name="one_narrative_per_key"),
            models.CheckConstraint(
                condition=Q(most__gte=1, most__lte=5000, least__lte=models.F("most")), name="narrative_length"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Period(models.Model):
    """One month of one form: listed with its obligations when the form is issued, opened when its time comes."""

    form = models.ForeignKey(Form, models.PROTECT, related_name="periods")
    month = models.DateField("月份")  # the month's first day
    # Since when its sheets are laid out, and since when the units fill them; both empty while it is only listed.
    opening_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    due_on = models.DateField("截止日期")
    # Last day a first report is taken, and last day the unit can send again what was returned; empty: till the closing.
    late_until = models.DateField("迟报受理至", null=True)
    locks_on = models.DateField("锁定日期", null=True)
    # Since when nothing moves any more, and when its last unit was counted into facts.
    closed_at = models.DateTimeField(null=True)
    counted_at = models.DateTimeField(null=True)
    # Up to when newly claimed items were put into the open sheets, or told to wait for the next month.
    joined_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "report_period"
        ordering: ClassVar = ["-month", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["form", "month"], name="one_period_per_month"),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True) | Q(opening_at__isnull=False),
                name="laid_out_before_opened",
            ),
            models.CheckConstraint(
                condition=Q(counted_at__isnull=True) | Q(closed_at__isnull=False),
                name="closed_before_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class PlannedMonth(models.Model):
    """Days of one month of a form that are other than the form says. `form` is the first version of the series."""

    form = models.ForeignKey(Form, models.PROTECT, related_name="planned")
    month = models.DateField("月份")  # the month's first day
    opens_on = models.DateField("开始填报")
    due_on = models.DateField("截止")
    late_until = models.DateField("迟报受理至", null=True)
    locks_on = models.DateField("锁定", null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "report_planned_month"
        ordering: ClassVar = ["month", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["form", "month"], name="one_plan_per_month"),
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("opens_on"))
                & (Q(late_until__isnull=True) | Q(late_until__gte=models.F("due_on")))
                & (Q(locks_on__isnull=True) | Q(locks_on__gte=models.F("due_on"))),
                name="planned_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form_id}@{self.month:%Y-%m}"
