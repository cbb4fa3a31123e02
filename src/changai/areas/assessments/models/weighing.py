"""AHP rounds (专家评权): experts judge sibling indicators pair by pair. Advice that never writes points."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Weighing(models.Model):
    """One asking of experts about the indicators of a table. `decision` is what the office made of it."""

    class Status(models.TextChoices):
        OPEN = "open", _("评判中")
        CLOSED = "closed", _("已结束")

    scheme = models.ForeignKey("schemes.SchemeVersion", models.PROTECT, related_name="weighings")
    category = models.CharField("指标表", max_length=40)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    due_on = models.DateField("截止日期")
    opened_by_name = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "weighing"
        ordering: ClassVar = ["-opened_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.scheme_id} {self.category}"


class Expert(models.Model):
    """A person the office named to judge; `sent_at` is when the judgements were handed in."""

    weighing = models.ForeignKey(Weighing, models.PROTECT, related_name="experts")
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    sent_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "weighing_expert"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["weighing", "person"], name="one_expert")]

    def __str__(self) -> str:
        return self.name


class PairJudgement(models.Model):
    """How much one sibling outweighs another to an expert: `steps` 8 is nine times, 0 as much, -8 a ninth."""

    expert = models.ForeignKey(Expert, models.CASCADE, related_name="pairs")
    first = models.CharField(max_length=20)
    second = models.CharField(max_length=20)
    steps = models.SmallIntegerField()

    class Meta:
        db_table = "pair_judgement"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["expert", "first", "second"], name="one_pair_judgement"),
            models.CheckConstraint(
                condition=models.Q(steps__gte=-8, steps__lte=8), name="pair_judgement_in_scale"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first}:{self.second} {self.steps}"
