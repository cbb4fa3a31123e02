"""Before scoring: exemptions, self-checks, and the review of figures by those who own them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Exemption(models.Model):
    """A unit's request not to be assessed by an indicator (不适用), decided before the facts are frozen."""

    class Status(models.TextChoices):
        ASKED = "asked", _("待审批")
        GRANTED = "granted", _("同意不适用")
        REFUSED = "refused", _("不同意")

    round = models.ForeignKey("assessments.Round", models.PROTECT, related_name="exemption_requests")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    reason = models.CharField(max_length=500)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.ASKED)
    asked_by_name = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    decision = models.CharField(max_length=500, blank=True)
    decided_by_name = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "exemption"
        ordering: ClassVar = ["asked_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "unit", "code"], name="one_exemption"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}:{self.code}"


class SelfScore(models.Model):
    """The points a unit gives itself for an indicator (自评). They are compared, they never count."""

    participant = models.ForeignKey("assessments.Participant", models.PROTECT, related_name="self_scores")
    code = models.CharField(max_length=20)
    points_hundredths = models.IntegerField()
    reason = models.CharField(max_length=500, blank=True)
    evidence = models.ForeignKey("evidence.EvidenceFile", models.PROTECT, null=True, related_name="+")
    given_by_name = models.CharField(max_length=40)
    given_at = models.DateTimeField()

    class Meta:
        db_table = "self_score"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["participant", "code"], name="one_self_score"),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id}:{self.code}"


class LeafOwner(models.Model):
    """Which unit confirms the figures of an indicator for all units; without a unit the office does."""

    round = models.ForeignKey("assessments.Round", models.PROTECT, related_name="leaf_owners")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, null=True, related_name="+")
    named = models.CharField(max_length=120, blank=True)

    class Meta:
        db_table = "leaf_owner"
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["round", "code"], name="one_leaf_owner")]

    def __str__(self) -> str:
        return f"{self.code} {self.named}"


class LeafReview(models.Model):
    """What the owner of the figures says of one indicator of one unit. A doubt waits until the office settles it."""

    class Verdict(models.TextChoices):
        CONFIRMED = "confirmed", _("属实")
        DOUBTED = "doubted", _("有疑问")

    round = models.ForeignKey("assessments.Round", models.PROTECT, related_name="leaf_reviews")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    reason = models.CharField(max_length=500, blank=True)
    # Who reviewed, or the record a verification on site comes from, such as `inspections.finding` 12.
    reviewed_by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    reviewed_by_name = models.CharField(max_length=40)
    reviewed_at = models.DateTimeField()
    origin_type = models.CharField(max_length=40, blank=True)
    origin_id = models.CharField(max_length=40, blank=True)
    origin_label = models.CharField(max_length=200, blank=True)
    settlement = models.CharField(max_length=500, blank=True)
    settled_by_name = models.CharField(max_length=40, blank=True)
    settled_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "leaf_review"
        ordering: ClassVar = ["reviewed_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "unit", "code", "origin_type", "origin_id"], name="one_leaf_review"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}:{self.code} {self.verdict}"

    @property
    def is_open_doubt(self) -> bool:
        return self.verdict == self.Verdict.DOUBTED and self.settled_at is None
