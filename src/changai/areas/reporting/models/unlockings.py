"""Accepted reports opened again for their unit."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from changai.areas.reporting.models.sheets import Report


class Unlocking(models.Model):
    """One opening of an accepted report: asked with a reason; after the closing a second person confirms it."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="unlockings")
    reason = models.CharField("解锁原因", max_length=300)
    due_on = models.DateField("重报期限")
    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField(null=True)
    asked_by_name = models.CharField(max_length=40)
    settled_at = models.DateTimeField(null=True)
    settled_by_id = models.BigIntegerField(null=True)
    settled_by_name = models.CharField(max_length=40, blank=True)
    is_granted = models.BooleanField(default=False)
    refusal = models.CharField("不同意的原因", max_length=300, blank=True)

    class Meta:
        db_table = "report_unlocking"
        ordering: ClassVar = ["asked_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["report"], condition=Q(settled_at__isnull=True), name="one_unlocking_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(is_granted=False) | Q(settled_at__gte=F("asked_at")), name="granted_is_settled"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.asked_at:%Y-%m-%d}"
