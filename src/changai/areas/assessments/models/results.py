"""Results: the points of every unit and of every indicator, explained."""

from typing import ClassVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Score(models.Model):
    """A unit's result in a round; points are integers of hundredths.

    `lowest` and `highest` are what the total can come to once everything open is decided. `branches` are the
    points of the indicators above the leaves, and of every first-level one:
    [{"code", "name", "level", "points", "full", "applicable", "is_reweighted"}].
    """

    round = models.ForeignKey("assessments.Round", models.CASCADE, related_name="scores")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="scores")
    total_hundredths = models.IntegerField()
    rank = models.PositiveIntegerField(null=True)
    grade = models.CharField(max_length=20, blank=True)
    grade_reason = models.CharField(max_length=300, blank=True)
    regular_hundredths = models.IntegerField()
    bonus_hundredths = models.IntegerField(default=0)
    penalty_hundredths = models.IntegerField(default=0)
    veto_hundredths = models.IntegerField(default=0)
    converted_hundredths = models.IntegerField(null=True)
    lowest_hundredths = models.IntegerField(default=0)
    highest_hundredths = models.IntegerField(default=0)
    grade_reason_en = models.CharField(max_length=300, blank=True)
    unranked_reason = models.CharField(max_length=300, blank=True)
    unranked_reason_en = models.CharField(max_length=300, blank=True)
    branches = models.JSONField(default=list)

    class Meta:
        db_table = "score"
        ordering: ClassVar = ["rank", "unit__position", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["round", "unit"], name="one_score")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.total_hundredths}"

    @property
    def extra_hundredths(self) -> int:
        """What stands beside the regular points: bonus, penalty, veto, and what floor or ceiling cut off."""
        return self.total_hundredths - self.regular_hundredths

    @property
    def why_graded(self) -> str:
        return _spoken(self.grade_reason, self.grade_reason_en)

    @property
    def why_unranked(self) -> str:
        return _spoken(self.unranked_reason, self.unranked_reason_en)


class LeafScore(models.Model):
    """Points of one indicator with the sentence that explains them and the facts they came from.

    `policy` says how a figure without a value was counted: zero, full, average, reweight (left out), open.
    """

    class Kind(models.TextChoices):
        LEAF = "leaf", _("指标")
        BONUS = "bonus", _("加分")
        PENALTY = "penalty", _("减分")

    score = models.ForeignKey(Score, models.CASCADE, related_name="leaves")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.LEAF)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()
    points_hundredths = models.IntegerField()
    full_hundredths = models.IntegerField()
    status = models.CharField(max_length=16)
    policy = models.CharField(max_length=10, blank=True)
    sentence = models.TextField()
    sentence_en = models.TextField(blank=True)
    # Keys into the round's frozen facts: [{"field", "value", "status", "facts": [fact ids], "reviewed": id}].
    inputs = models.JSONField(default=list)

    class Meta:
        db_table = "leaf_score"
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["score", "code"], name="one_leaf_score")]

    def __str__(self) -> str:
        return f"{self.code} {self.points_hundredths}"

    @property
    def told(self) -> str:
        return _spoken(self.sentence, self.sentence_en)

    @property
    def is_left_out(self) -> bool:
        return self.policy == "reweight"

    @property
    def is_open(self) -> bool:
        return self.policy == "open"

    @property
    def lost_hundredths(self) -> int:
        """The points that were there to be had and were not; none for what is left out or still open."""
        if self.kind == self.Kind.PENALTY:
            return -self.points_hundredths
        if self.kind == self.Kind.BONUS or self.is_left_out or self.is_open:
            return 0
        return max(0, self.full_hundredths - self.points_hundredths)


def _spoken(chinese: str, english: str) -> str:
    """Return the sentence in the reader's language."""
    is_english = english and (get_language() or "").startswith("en")
    return english[:1].upper() + english[1:] if is_english else chinese
