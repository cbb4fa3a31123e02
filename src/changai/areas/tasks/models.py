"""Claims: what a unit was given and what it says to it. Splitting or handing over makes new claims."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Claim(models.Model):
    """One unit's share of a measure."""

    class Part(models.TextChoices):
        LEAD = "lead", _("牵头")
        SUPPORT = "support", _("配合")

    class Status(models.TextChoices):
        OFFERED = "offered", _("待认领")
        CLAIMED = "claimed", _("已认领")
        CONTESTED = "contested", _("有异议")
        WITHDRAWN = "withdrawn", _("已撤销")
        SPLIT = "split", _("已分解")
        HANDED_OVER = "handed_over", _("已转办")

    measure = models.ForeignKey("plans.Measure", models.PROTECT, related_name="claims")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="claims")
    part = models.CharField("职责", max_length=8, choices=Part.choices)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OFFERED)
    text = models.TextField("任务内容")
    target_value = models.DecimalField("目标值", max_digits=18, decimal_places=2, null=True, blank=True)
    target_unit = models.CharField("目标单位", max_length=12, blank=True)
    due_on = models.DateField("完成时限", null=True, blank=True)
    # The claim this one came out of by split or hand-over.
    origin = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="offspring")
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by_name = models.CharField(max_length=40, blank=True)
    contest_reason = models.CharField("异议理由", max_length=500, blank=True)
    settlement = models.CharField("裁定意见", max_length=500, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by_name = models.CharField(max_length=40, blank=True)
    passing_reason = models.CharField("转办理由", max_length=500, blank=True)
    completed_on = models.DateField("完成日期", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "claim"
        ordering: ClassVar = ["measure__position", "part", "unit__position", "pk"]
        indexes: ClassVar = [models.Index(fields=["unit", "status"])]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["measure", "unit"],
                condition=Q(origin__isnull=True) & ~Q(status="withdrawn"),
                name="one_claim_per_unit",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Milestone(models.Model):
    """A step of the work plan of a claim."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="milestones")
    position = models.PositiveSmallIntegerField()
    text = models.CharField("节点内容", max_length=200)
    due_on = models.DateField("计划完成日期")
    done_on = models.DateField("实际完成日期", null=True, blank=True)

    class Meta:
        db_table = "milestone"
        ordering: ClassVar = ["due_on", "position", "pk"]

    def __str__(self) -> str:
        return self.text
