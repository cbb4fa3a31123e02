"""Plans as they were uploaded, cut into clauses without losing a character, and the measures inside them."""

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Plan(models.Model):
    """An implementation plan or a year's work points: title, preamble, clauses in order, closing."""

    class Kind(models.TextChoices):
        IMPLEMENTATION = "implementation", _("实施方案")
        YEARLY = "yearly", _("年度工作要点")

    class Status(models.TextChoices):
        DRAFT = "draft", _("拆解中")
        ISSUED = "issued", _("已下达")

    kind = models.CharField("类别", max_length=16, choices=Kind.choices)
    year = models.PositiveSmallIntegerField("年度")
    name = models.CharField("名称", max_length=200)
    document_number = models.CharField("文号", max_length=60, blank=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.DRAFT)
    starts_on = models.DateField("起始日期")
    ends_on = models.DateField("完成时限")
    # The segments of the text outside every clause, with what separates them: all joined is the text.
    title = models.TextField(blank=True)
    preamble = models.TextField(blank=True)
    closing = models.TextField(blank=True)
    source_file = models.ForeignKey("evidence.EvidenceFile", models.PROTECT, null=True, related_name="+")
    source_digest = models.CharField(max_length=64)  # SHA-256 of the text, whatever file it came in
    uploaded_at = models.DateTimeField()
    uploaded_by_name = models.CharField(max_length=40)
    issued_at = models.DateTimeField(null=True)
    issued_by_name = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "plan"
        ordering: ClassVar = ["-year", "kind", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="plan_span"),
            models.UniqueConstraint(fields=["source_digest"], name="one_plan_per_text"),
        ]

    def __str__(self) -> str:
        return self.name


class Clause(models.Model):
    """One clause. Label, heading and text joined are its own piece of the plan's text.

    The tree is `position` (the reading order) and `level` alone (0 is the top, none is skipped downwards): a
    parent beside them could contradict them.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="clauses")
    position = models.PositiveIntegerField()
    level = models.PositiveSmallIntegerField()
    label = models.TextField(blank=True)
    heading = models.TextField(blank=True)
    text = models.TextField(blank=True)

    class Meta:
        db_table = "plan_clause"
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "position"], name="clause_order"),
        ]

    def __str__(self) -> str:
        return f"{self.label}{self.heading or self.text}".strip()[:60]

    @property
    def body(self) -> str:
        """The own text for display: without the stop that ended the heading, and without outer blanks."""
        return (self.text.lstrip("。；：！？:;!?") if self.heading else self.text).strip()


class Measure(models.Model):
    """One item (任务事项) found in a clause: what is to be done, by when, and how one knows it is done."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="measures")
    clause = models.ForeignKey(Clause, models.CASCADE, related_name="measures")
    position = models.PositiveIntegerField()
    code = models.CharField("任务编号", max_length=40, blank=True)
    text = models.TextField("任务内容")
    target_value = models.DecimalField("目标值", max_digits=18, decimal_places=2, null=True, blank=True)
    target_unit = models.CharField("目标单位", max_length=12, blank=True)
    completion_mark = models.CharField("完成标志", max_length=200, blank=True)
    due_on = models.DateField("完成时限", null=True, blank=True)
    # What the parser found, for the person who corrects: [{"text", "low", "high", "unit", "bound"}] and
    # [{"text", "normal"}], as `documents.intake.quantities` says.
    quantities = models.JSONField(default=list)
    dates = models.JSONField(default=list)
    is_dropped = models.BooleanField(default=False)
    higher_clauses = models.ManyToManyField(Clause, related_name="lower_measures", blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "measure"
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "code"], condition=~Q(code=""), name="one_measure_code"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Assignment(models.Model):
    """A unit meant for a measure, as lead (牵头) or in support (配合). Two leads are allowed, and shown."""

    class Part(models.TextChoices):
        LEAD = "lead", _("牵头")
        SUPPORT = "support", _("配合")

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="assignments")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="assignments")
    part = models.CharField(max_length=8, choices=Part.choices)

    class Meta:
        db_table = "measure_assignment"
        ordering: ClassVar = ["part", "unit__position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["measure", "unit"], name="one_part_per_unit")
        ]

    def __str__(self) -> str:
        return f"{self.measure_id}-{self.unit_id}"


class Correction(models.Model):
    """One step of correcting a proposed breakdown, with what it changed as that was before: the way back."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="corrections")
    sentence = models.CharField(max_length=200)
    before = models.JSONField(encoder=DjangoJSONEncoder)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=40)

    class Meta:
        db_table = "plan_correction"
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.sentence
