"""Who owes what. Rows exist from the opening of a period; every rate is a count of them."""

from typing import ClassVar

from django.db import models

from changai.areas.reporting.models.forms import Period


class Obligation(models.Model):
    """That one unit owes one period's report. Made when the period is opened, never computed afterwards."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="obligations")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="obligations")
    due_on = models.DateField("应报日期")
    exempted_at = models.DateTimeField(null=True, blank=True)
    exemption_reason = models.CharField("免报原因", max_length=200, blank=True)
    extension_reason = models.CharField("延期原因", max_length=200, blank=True)
    reminded_at = models.DateTimeField(null=True)
    # What the closing of the period counted for this unit, frozen: the ledger's facts open to it.
    record = models.JSONField(default=dict)

    class Meta:
        db_table = "obligation"
        ordering: ClassVar = ["unit__position", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["period", "unit"], name="one_obligation")]

    def __str__(self) -> str:
        return f"{self.unit_id}@{self.period_id}"
