"""A round: one scoring of the units of one table, its frozen facts and the corrections made to them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from changai.areas.assessments.rules import (
    EVERYTHING,
    FIRST_GRADES,
    FIRST_PLACES,
    FULL,
    GRADES,
    NOBODY,
    SHORT,
    USUAL_DAYS,
    Announcement,
)


class Round(models.Model):
    """One scoring of the units of one table over a span of months.

    The short course scores and publishes. The full one freezes the facts first, lets units check themselves and
    object, and gives public notice; its clocks are working days. `frozen_facts` is the version in force:
    [{"unit", "field", "value", "status", "note", "facts", "reviewed"}].
    """

    class Status(models.TextChoices):
        OPEN = "open", _("核定中")
        CHECKING = "checking", _("自查审核中")
        SCORED = "scored", _("已计分")
        CONFIRMING = "confirming", _("事实确认中")
        DECIDING = "deciding", _("申诉办理中")
        NOTICE = "notice", _("公示中")
        PUBLISHED = "published", _("已公布")
        DROPPED = "dropped", _("已作废")

    class Course(models.TextChoices):
        SHORT = SHORT, _("直接计分公布")
        FULL = FULL, _("自查、审核、事实确认、申诉、公示")

    class Announced(models.TextChoices):
        EVERYTHING = EVERYTHING, _("全部公布：各单位可见所有单位的得分、名次和等次")
        FIRST_PLACES = FIRST_PLACES, _("只公布名次在前的单位")
        FIRST_GRADES = FIRST_GRADES, _("只公布等次在前的单位")
        GRADES = GRADES, _("只公布等次，不公布得分和名次")
        NOBODY = NOBODY, _("不公布，只向各单位反馈本单位结果")

    scheme = models.ForeignKey("schemes.SchemeVersion", models.PROTECT, related_name="rounds")
    category = models.CharField("指标表", max_length=40)
    name = models.CharField("名称", max_length=100)
    first_month = models.DateField("起始月份")
    last_month = models.DateField("截止月份")
    course = models.CharField("程序", max_length=8, choices=Course.choices, default=Course.SHORT)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    frozen_facts = models.JSONField(default=list)
    # The exemptions granted, as they stood when the facts were frozen: [{"unit", "code", "reason"}].
    exemptions = models.JSONField(default=list)
    facts_version = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    result_digest = models.CharField(max_length=64, blank=True)
    confirm_days = models.PositiveSmallIntegerField("事实确认（工作日）", default=USUAL_DAYS)
    reply_days = models.PositiveSmallIntegerField("答复（工作日）", default=USUAL_DAYS)
    review_days = models.PositiveSmallIntegerField("复核（工作日）", default=USUAL_DAYS)
    notice_days = models.PositiveSmallIntegerField("公示（工作日）", default=USUAL_DAYS)
    opened_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True)
    scored_at = models.DateTimeField(null=True)
    # Why the units were asked although owners had not reviewed every figure.
    unreviewed_reason = models.CharField(max_length=500, blank=True)
    confirm_until = models.DateField(null=True)
    notice_from = models.DateField(null=True)
    notice_until = models.DateField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by_name = models.CharField(max_length=40, blank=True)
    # 公布范围, chosen with the public notice or the publication; empty as long as nobody chose.
    announced = models.CharField("公布范围", max_length=8, choices=Announced.choices, blank=True)
    announced_places = models.PositiveSmallIntegerField(default=0)
    announced_grades = models.JSONField(default=list)
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
    def is_full(self) -> bool:
        return self.course == self.Course.FULL

    @property
    def announcement(self) -> Announcement:
        """How far the result is announced to units it does not belong to; nothing before the public notice."""
        is_public = self.status in {self.Status.NOTICE, self.Status.PUBLISHED}
        if not is_public:
            return Announcement()
        return Announcement(self.announced, self.announced_places, tuple(self.announced_grades))

    @property
    def is_outdated(self) -> bool:
        """Whether the result shown was scored before the last judgement."""
        return self.status in {self.Status.OPEN, self.Status.CHECKING} and self.scored_at is not None


class Participant(models.Model):
    """A unit assessed in a round of the full course, and what it has sent in: its self-check, its confirmation."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="participants")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="participations")
    self_checked_at = models.DateTimeField(null=True)
    self_checked_by_name = models.CharField(max_length=40, blank=True)
    # Why the office gave a self-check back to the unit, who and when; the last time only, the log has all.
    reopened_reason = models.CharField(max_length=500, blank=True)
    reopened_by_name = models.CharField(max_length=40, blank=True)
    reopened_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by_name = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "assessment_participant"
        ordering: ClassVar = ["unit__position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "unit"], name="one_participation"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}:{self.unit_id}"


class FactsVersion(models.Model):
    """One version of a round's frozen facts: the first freezing, and every correction with what it changed.

    `corrections` are [{"before": row, "after": row}] of frozen rows; `moves` are the units whose result changed:
    [{"unit", "total", "rank", "grade", "leaves"}], each value a pair before and after.
    """

    class Cause(models.TextChoices):
        FREEZE = "freeze", _("冻结")
        OFFICE = "office", _("审核更正")
        OBJECTION = "objection", _("申诉成立更正")

    round = models.ForeignKey(Round, models.PROTECT, related_name="facts_versions")
    number = models.PositiveIntegerField()
    cause = models.CharField(max_length=10, choices=Cause.choices)
    reason = models.CharField(max_length=500, blank=True)
    corrections = models.JSONField(default=list)
    moves = models.JSONField(default=list)
    result_digest = models.CharField(max_length=64, blank=True)
    made_by_name = models.CharField(max_length=40)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "facts_version"
        ordering: ClassVar = ["number", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "number"], name="one_facts_version"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} v{self.number}"
