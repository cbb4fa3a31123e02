"""A round: one scoring of the units of one table, its frozen facts and its result."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Round(models.Model):
    """One scoring of the units of one table over a span of months."""

    class Status(models.TextChoices):
        OPEN = "open", _("核定中")
        SCORED = "scored", _("已计分")
        PUBLISHED = "published", _("已公布")
        DROPPED = "dropped", _("已作废")

    scheme = models.ForeignKey("schemes.SchemeVersion", models.PROTECT, related_name="rounds")
    category = models.CharField("指标表", max_length=40)
    name = models.CharField("名称", max_length=100)
    first_month = models.DateField("起始月份")
    last_month = models.DateField("截止月份")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    frozen_facts = models.JSONField(default=list)
    result = models.JSONField(default=dict)
    result_digest = models.CharField(max_length=64, blank=True)
    opened_at = models.DateTimeField()
    scored_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by_name = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "assessment_round"
        ordering: ClassVar = ["-last_month", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(last_month__gte=F("first_month")), name="round_span"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_outdated(self) -> bool:
        """Whether the result shown was scored before the last judgement."""
        return self.status == self.Status.OPEN and self.scored_at is not None
