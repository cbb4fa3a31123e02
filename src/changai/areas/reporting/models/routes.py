"""Who reviews: the routes of forms, and the steps a sent report takes."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from changai.areas.reporting.models.forms import Form
from changai.areas.reporting.models.sendings import Submission


class Post(models.TextChoices):
    ANYBODY = "any", _("办公室或上级单位审核员")
    ABOVE = "above", _("上级单位审核员（属地）")
    UNIT = "unit", _("指定单位审核员（行业主管）")
    OFFICE = "office", _("办公室")


class Route(models.Model):
    """How reports of a form are reviewed, for one level of units or (empty) for all others."""

    form = models.ForeignKey(Form, models.CASCADE, related_name="routes")
    level = models.CharField("单位类别", max_length=12, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "review_route"
        ordering: ClassVar = ["level", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["form", "level"], name="one_route_per_level")
        ]

    def __str__(self) -> str:
        return f"{self.form_id} {self.level}"


class RouteStep(models.Model):
    """One step of a route. Steps of one stage stand side by side."""

    route = models.ForeignKey(Route, models.CASCADE, related_name="steps")
    stage = models.PositiveSmallIntegerField("顺序")
    name = models.CharField("环节名称", max_length=20)
    post = models.CharField("由谁办理", max_length=8, choices=Post.choices)
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "review_route_step"
        ordering: ClassVar = ["stage", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(post="unit", unit__isnull=False) | ~Q(post="unit"), name="route_step_unit"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ReviewStep(models.Model):
    """One step of one sending, frozen when it was signed: a later change of the route does not touch it."""

    class Decision(models.TextChoices):
        WAITING = "", _("待办")
        PASSED = "passed", _("通过")
        PART = "part", _("部分采用")
        RETURNED = "returned", _("退回")

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="steps")
    stage = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=20)
    post = models.CharField(max_length=8, choices=Post.choices)
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, null=True, related_name="review_steps")
    decision = models.CharField(max_length=8, blank=True, choices=Decision.choices)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=40, blank=True)

    class Meta:
        db_table = "review_step"
        ordering: ClassVar = ["position", "pk"]
        indexes: ClassVar = [models.Index(fields=["decision", "post", "unit"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["submission", "position"], name="review_step_position"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True)
                | (~Q(decision="") & Q(decided_at__isnull=False)),
                name="decided_step_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.name}"
