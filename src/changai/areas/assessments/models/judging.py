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


class Panelist(models.Model):
    """A reviewer (评审) named for the judged items of a round. With a panel, nobody sees what the others give."""

    round = models.ForeignKey("assessments.Round", models.PROTECT, related_name="panelists")
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    named_at = models.DateTimeField()

    class Meta:
        db_table = "panelist"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["round", "person"], name="one_panelist")]

    def __str__(self) -> str:
        return self.name


class PanelPoints(models.Model):
    """What one reviewer of a panel gives one unit for one judged item, with the reason."""

    panelist = models.ForeignKey(Panelist, models.CASCADE, related_name="points")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+")
    field_code = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=8, decimal_places=2)
    reason = models.CharField(max_length=500)
    given_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "panel_points"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["panelist", "unit", "field_code"], name="one_panel_judgement"),
        ]

    def __str__(self) -> str:
        return f"{self.panelist_id}:{self.unit_id}:{self.field_code}"
