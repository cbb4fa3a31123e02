"""What a result is used for: commendations with their public notice, and holding units to account."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Commendation(models.Model):
    """A list of people or bodies to be commended (表彰), with the approval it rests on.

    `quotas` are [{"group", "least", "most", "base"}] with percents as text, or one {"waived": words}
    where the approval asks for none; `nominees` [{"name", "employer",
    "groups"}]; `objections` those raised in the public notice: [{"words", "taken_by", "taken_on", "outcome"}].
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("拟定中")
        NOTICE = "notice", _("公示中")
        DECIDED = "decided", _("已确定")
        DROPPED = "dropped", _("已撤销")

    round = models.ForeignKey("assessments.Round", models.PROTECT, related_name="commendations")
    title = models.CharField(max_length=100)
    basis = models.CharField(max_length=300)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.DRAFT)
    quotas = models.JSONField(default=list)
    nominees = models.JSONField(default=list)
    objections = models.JSONField(default=list)
    started_by_name = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    notice_from = models.DateField(null=True)
    notice_until = models.DateField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "commendation"
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def open_objections(self) -> int:
        return sum(not row["outcome"] for row in self.objections)


class Accountability(models.Model):
    """Talks with a unit or a circular about it (约谈、通报), on facts that were confirmed and reviewed.

    `course` is what happened: [{"move", "by", "person", "at", "words"}]. `warnings` are those shown when it was
    decided.
    """

    class Kind(models.TextChoices):
        TALK = "talk", _("约谈")
        CIRCULAR = "circular", _("通报")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("待核实")
        REVIEWED = "reviewed", _("已核实，待决定")
        DECIDED = "decided", _("已决定，办理中")
        CLOSED = "closed", _("已办结")
        DROPPED = "dropped", _("不予办理")

    round = models.ForeignKey("assessments.Round", models.PROTECT, related_name="accountabilities")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.PROPOSED)
    grounds = models.CharField(max_length=500)
    proposed_by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    proposed_by_name = models.CharField(max_length=40)
    proposed_at = models.DateTimeField()
    course = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "accountability"
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "unit", "kind"],
                condition=models.Q(status__in=["proposed", "reviewed", "decided"]),
                name="one_open_accountability",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind}"
