"""The register of corrections: what an accepted figure said, what it says now, why, and who moved by it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Correction(models.Model):
    """One correction of one figure of one unit and month. The old figure stays in the table of figures."""

    class Kind(models.TextChoices):
        ASKED = "asked", _("申请更正")
        RESENT = "resent", _("解锁重报")

    class Status(models.TextChoices):
        WAITING = "waiting", _("待批准")
        APPROVED = "approved", _("已更正")
        REFUSED = "refused", _("不同意")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    status = models.CharField(max_length=8, choices=Status.choices)
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+")
    field = models.ForeignKey("facts.Field", models.PROTECT, related_name="+")
    month = models.DateField()
    old_fact = models.ForeignKey("facts.Fact", models.PROTECT, related_name="corrections")
    new_fact = models.ForeignKey("facts.Fact", models.PROTECT, null=True, related_name="+")
    old_value = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    new_value = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    reason = models.CharField("更正原因", max_length=300)
    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField(null=True)
    asked_by_name = models.CharField(max_length=40)
    settled_at = models.DateTimeField(null=True)
    settled_by_name = models.CharField(max_length=40, blank=True)
    refusal = models.CharField("不同意的原因", max_length=300, blank=True)
    # Who moved by it, as it was reckoned when it was approved: values, places and sums before and after.
    moved = models.JSONField(default=list)

    class Meta:
        db_table = "correction"
        ordering: ClassVar = ["-asked_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["field", "month"])]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "field", "month"],
                condition=Q(status="waiting"),
                name="one_correction_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(status="waiting", settled_at__isnull=True)
                | (~Q(status="waiting") & Q(settled_at__gte=F("asked_at"))),
                name="settled_correction_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.field_id} {self.month:%Y-%m}"
