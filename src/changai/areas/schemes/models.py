"""Versions of indicator systems, the steps of drafting them, and the comments units make on a draft."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class SchemeVersion(models.Model):
    """One version of an indicator system; `content` is the scoring core's scheme as JSON.

    A draft may contradict itself while it is written; an issued version holds together and never changes: the
    database refuses it. `waiting` are the scoring sentences that a person has yet to confirm:
    `{category: {code: {place, wording, sentence, figures, …}}}`.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("草案")
        ISSUED = "issued", _("已印发")
        SUPERSEDED = "superseded", _("已被替代")

    name = models.CharField("名称", max_length=100)
    year = models.PositiveSmallIntegerField("年度")
    version_label = models.CharField("版本", max_length=20)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    waiting = models.JSONField(default=dict, blank=True)
    source_file = models.ForeignKey("evidence.EvidenceFile", models.PROTECT, null=True, related_name="+")
    made_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    loaded_at = models.DateTimeField()
    loaded_by_name = models.CharField(max_length=40)
    issued_at = models.DateTimeField(null=True)
    issued_by_name = models.CharField(max_length=40, blank=True)
    # Counted through all systems of a year: 2026年第3号.
    issue_number = models.PositiveIntegerField(null=True)
    effective_from = models.DateField("施行日期", null=True)
    effective_to = models.DateField("有效期至", null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "scheme_version"
        ordering: ClassVar = ["-year", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "year", "version_label"], name="one_scheme_version"),
            models.UniqueConstraint(fields=["year", "issue_number"], name="one_scheme_issue_number"),
            models.CheckConstraint(
                condition=Q(status="draft", issued_at__isnull=True)
                | Q(issued_at__isnull=False) & ~Q(status="draft"),
                name="issued_scheme_has_date",
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="scheme_effective_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version_label}"

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def waiting_count(self) -> int:
        """The number of scoring sentences that nobody has confirmed."""
        return sum(len(codes) for codes in self.waiting.values())


class DraftStep(models.Model):
    """One step of drafting, with what stood before it: the way back."""

    scheme = models.ForeignKey(SchemeVersion, models.CASCADE, related_name="steps")
    sentence = models.CharField(max_length=200)
    # What the step was about: steps of one person at one indicator become one.
    place = models.CharField(max_length=80, blank=True)
    before = models.JSONField()
    at = models.DateTimeField()
    by_name = models.CharField(max_length=40)

    class Meta:
        db_table = "scheme_draft_step"
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.sentence


class Consultation(models.Model):
    """征求意见: a draft as it was sent to units, with the day by which they answer. What was sent never changes."""

    scheme = models.ForeignKey(SchemeVersion, models.PROTECT, related_name="consultations")
    round_number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    letter = models.CharField(max_length=1000, blank=True)
    is_signed = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    opened_by_name = models.CharField(max_length=40)
    due_on = models.DateField()
    closed_at = models.DateTimeField(null=True)
    closed_by_name = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "scheme_consultation"
        ordering: ClassVar = ["-opened_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scheme", "round_number"], name="one_consultation_round"),
            models.UniqueConstraint(
                fields=["scheme"], condition=Q(closed_at__isnull=True), name="one_open_consultation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.round_number}"


class Answer(models.Model):
    """One unit's answer to a draft: its comments, or that it has none."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("未反馈")
        WRITTEN = "written", _("待负责人审签")
        SENT = "sent", _("已反馈")

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="answers")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    has_no_comment = models.BooleanField(default=False)
    written_by_name = models.CharField(max_length=40, blank=True)
    signed_by_name = models.CharField(max_length=40, blank=True)
    sent_at = models.DateTimeField(null=True)
    returned_reason = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "scheme_answer"
        ordering: ClassVar = ["unit__position", "unit__code", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["consultation", "unit"], name="one_answer_per_unit"),
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False) | ~Q(status="sent"),
                name="sent_answer_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}@{self.consultation_id}"


class Comment(models.Model):
    """One comment on a node of the draft as sent (`code` empty: on a whole table; `category` empty: on all of it).

    Equal comments are merged into one, which carries the decision.
    """

    class Decision(models.TextChoices):
        ADOPTED = "adopted", _("采纳")
        PARTLY = "partly", _("部分采纳")
        REFUSED = "refused", _("不采纳")

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="comments")
    category = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=20, blank=True)
    node_name = models.CharField(max_length=120, blank=True)
    text = models.CharField(max_length=1000)
    proposed = models.CharField(max_length=1000, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "scheme_comment"
        ordering: ClassVar = ["category", "code", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True)
                | ~Q(decision="") & Q(decided_at__isnull=False) & ~Q(reason=""),
                name="decision_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(decision=""), name="merged_comment_is_not_decided"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]
