"""Points that people give for judged items."""

from typing import ClassVar

from django.db import models


class ReviewedPoints(models.Model):
    """Points a person gives for a judged item, with the reason. Nobody judges the own unit."""

    round = models.ForeignKey("assessments.Round", models.PROTECT, related_name="reviewed")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+")
    field_code = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=8, decimal_places=2)
    reason = models.CharField(max_length=500)
    reviewed_by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    reviewed_by_name = models.CharField(max_length=40)
    reviewed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "reviewed_points"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "unit", "field_code"], name="one_judgement"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}:{self.field_code}"
