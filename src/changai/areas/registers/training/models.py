"""Training classes: entered once by the unit that held them; monthly figures are taken from here."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class TrainingClass(models.Model):
    """One class that was held."""

    class Kind(models.TextChoices):
        SKILL = "skill", _("技能提升培训")
        APPRENTICE = "apprentice", _("新型学徒制培训")
        CRAFTSMAN = "craftsman", _("高技能人才研修")
        SAFETY = "safety", _("岗位安全培训")

    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="training_classes")
    title = models.CharField("班次名称", max_length=80)
    kind = models.CharField("类别", max_length=12, choices=Kind.choices)
    held_on = models.DateField("结业日期")
    hours = models.PositiveSmallIntegerField("学时")
    persons = models.PositiveIntegerField("培训人数")
    certified = models.PositiveIntegerField("取得证书人数", default=0)
    entered_by_name = models.CharField(max_length=40)
    entered_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_reason = models.CharField("作废原因", max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "training_class"
        ordering: ClassVar = ["-held_on", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(certified__lte=models.F("persons")), name="certified_within_persons"
            ),
            models.UniqueConstraint(
                fields=["unit", "title", "held_on"],
                condition=Q(cancelled_at__isnull=True),
                name="one_entry_per_class",
            ),
        ]

    def __str__(self) -> str:
        return self.title
