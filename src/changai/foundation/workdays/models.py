"""Arrangements of years (放假安排) that the office loaded; they hold over the ones the product came with."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class WorkYear(models.Model):
    """One loading of one year's arrangement. A later one replaces it; the row stays."""

    year = models.PositiveSmallIntegerField()
    plan = models.JSONField()
    source = models.CharField("出处", max_length=120)
    loaded_at = models.DateTimeField()
    loaded_by_name = models.CharField(max_length=40)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "work_year"
        ordering: ClassVar = ["-year", "-loaded_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["year"], condition=Q(replaced_at__isnull=True), name="one_arrangement_per_year"
            )
        ]

    def __str__(self) -> str:
        return str(self.year)
