"""Objections (申诉) of units against the facts and points of a round, with their reply and their review."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from changai.areas.assessments.rules import CLOSED_OBJECTIONS


class Objection(models.Model):
    """One objection of a unit against one of its indicators. `due_on` is the day the next move is due."""

    class Status(models.TextChoices):
        RAISED = "raised", _("待答复")
        ANSWERED = "answered", _("已答复，待单位确认")
        REVIEWING = "reviewing", _("复核中")
        UPHELD = "upheld", _("申诉成立，已更正")
        REFUSED = "refused", _("维持原结果")
        WITHDRAWN = "withdrawn", _("已撤回")

    round = models.ForeignKey("assessments.Round", models.PROTECT, related_name="objections")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RAISED)
    grounds = models.CharField(max_length=1000)
    evidence = models.ManyToManyField("evidence.EvidenceFile", related_name="+", blank=True)
    raised_by_name = models.CharField(max_length=40)
    raised_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    reply = models.CharField(max_length=1000, blank=True)
    replied_by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    replied_by_name = models.CharField(max_length=40, blank=True)
    replied_at = models.DateTimeField(null=True)
    review_grounds = models.CharField(max_length=1000, blank=True)
    review_asked_at = models.DateTimeField(null=True)
    reviewer = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    reviewer_name = models.CharField(max_length=40, blank=True)
    review = models.CharField(max_length=1000, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    facts_version = models.ForeignKey(
        "assessments.FactsVersion", models.PROTECT, null=True, related_name="objections"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "objection"
        ordering: ClassVar = ["raised_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "unit", "code"],
                condition=~Q(status="withdrawn"),
                name="one_objection_per_leaf",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False, status__in=["upheld", "refused", "withdrawn"])
                | Q(closed_at__isnull=True, status__in=["raised", "answered", "reviewing"]),
                name="closed_objection_has_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}:{self.code}"

    @property
    def is_closed(self) -> bool:
        return self.status in CLOSED_OBJECTIONS
