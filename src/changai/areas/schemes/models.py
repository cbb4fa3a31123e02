"""Versions of indicator systems. An issued version is never edited, only superseded."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SchemeVersion(models.Model):
    """One version of an indicator system; `content` is the scoring core's scheme as JSON."""

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
    source_file = models.ForeignKey("evidence.EvidenceFile", models.PROTECT, null=True, related_name="+")
    loaded_at = models.DateTimeField()
    loaded_by_name = models.CharField(max_length=40)
    issued_at = models.DateTimeField(null=True)
    issued_by_name = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "scheme_version"
        ordering: ClassVar = ["-year", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "year", "version_label"], name="one_scheme_version"),
            models.CheckConstraint(
                condition=Q(status="draft", issued_at__isnull=True)
                | Q(issued_at__isnull=False) & ~Q(status="draft"),
                name="issued_scheme_has_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version_label}"
