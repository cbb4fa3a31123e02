"""Rules of checking and their versions, and what they found on the sheets that were checked."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from changai.areas.reporting.models.sheets import Report


class CheckRule(models.Model):
    """A rule over the figures of a sheet; what it says stands in its versions."""

    code = models.CharField(_("编号"), max_length=12, unique=True)
    # The default it was installed from, so that it is installed once.
    seed = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "check_rule"
        ordering: ClassVar = ["code", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seed"], condition=~Q(seed=""), name="one_rule_per_seed")
        ]

    def __str__(self) -> str:
        return self.code


class CheckVersion(models.Model):
    """One wording of a rule: a draft until it is switched on, then for good as it is."""

    class Severity(models.TextChoices):
        BLOCK = "block", _("必须改正")
        EXPLAIN = "explain", _("须写说明")
        NOTE = "note", _("提示")

    rule = models.ForeignKey(CheckRule, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(_("规则名称"), max_length=40)
    kind = models.CharField(_("种类"), max_length=12)
    # The values of the kind as the core keeps them, and the figures it reads.
    values = models.JSONField(default=dict)
    reads = models.JSONField(default=list)
    severity = models.CharField(_("处理方式"), max_length=8, choices=Severity.choices)
    sentence = models.CharField(_("提示语"), max_length=200, blank=True)
    origin = models.CharField(_("依据"), max_length=200)
    valid_from = models.DateField(_("启用日期"), null=True, blank=True)
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)
    passes = models.JSONField(default=dict)
    fails = models.JSONField(default=dict)
    # What it would have caught: empty until the draft is tried as it stands.
    trial = models.JSONField(default=dict)
    edited_at = models.DateTimeField()
    edited_by_name = models.CharField(max_length=40)
    switched_on_at = models.DateTimeField(null=True)
    switched_on_by_name = models.CharField(max_length=40, blank=True)
    switched_off_at = models.DateTimeField(null=True)
    switched_off_by_name = models.CharField(max_length=40, blank=True)
    off_reason = models.CharField(_("停用原因"), max_length=200, blank=True)

    class Meta:
        db_table = "check_version"
        ordering: ClassVar = ["-number", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rule", "number"], name="one_check_version"),
            models.UniqueConstraint(
                fields=["rule"], condition=Q(switched_on_at__isnull=True), name="one_check_draft"
            ),
            models.UniqueConstraint(
                fields=["rule"],
                condition=Q(switched_on_at__isnull=False, switched_off_at__isnull=True),
                name="one_check_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id}#{self.number}"

    @property
    def is_draft(self) -> bool:
        return self.switched_on_at is None

    @property
    def is_in_force(self) -> bool:
        return self.switched_on_at is not None and self.switched_off_at is None


class CheckHit(models.Model):
    """That a rule found something in a cell of a sheet: once, however often the sheet was checked."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="check_hits")
    code = models.CharField(max_length=12)
    cell = models.CharField(max_length=60)
    severity = models.CharField(max_length=8)
    sentence = models.CharField(max_length=500)
    explanation = models.CharField(max_length=300, blank=True)
    first_found_at = models.DateTimeField()
    last_found_at = models.DateTimeField()
    # When a later check of the sheet did not find it any more: the figure was mended.
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "check_hit"
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["code"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "code", "cell"], name="one_check_hit")
        ]

    def __str__(self) -> str:
        return f"{self.code}@{self.report_id}"
