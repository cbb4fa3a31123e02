"""The register of corrections of published results (更正登记)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from changai.areas.assessments.rules import APPROVED, PROPOSED, TAKEN_BACK, TURNED_DOWN


class Amendment(models.Model):
    """A correction of figures a published result was made from, and, once approved, the result it makes.

    The published result stays as it is. Approved amendments of a round are numbered from 1 and build upon each other:
    `corrections` are [{"before": row, "after": row}] of frozen rows, `moves` the units whose result is another than
    before (see `FactsVersion`), `result` every unit's points, place and grade as `Round.result` has them, `sentences`
    the words of the corrected unit's indicators that read otherwise now: {code: [Chinese, English]}. `values` is
    what was typed, by code of the field; `corrections` of a proposal are those it was proposed with.
    """

    class Status(models.TextChoices):
        PROPOSED = PROPOSED, _("待批准")
        APPROVED = APPROVED, _("已更正")
        REFUSED = TURNED_DOWN, _("不予更正")
        WITHDRAWN = TAKEN_BACK, _("已撤回")

    round = models.ForeignKey("assessments.Round", models.PROTECT, related_name="amendments")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PROPOSED)
    values = models.JSONField(default=dict)
    reason = models.CharField("更正理由", max_length=500)
    basis = models.CharField("更正依据", max_length=300)
    proposed_by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    proposed_by_name = models.CharField(max_length=40)
    proposed_at = models.DateTimeField()
    decision = models.CharField(max_length=500, blank=True)
    decided_by_name = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)
    number = models.PositiveIntegerField(null=True)
    corrections = models.JSONField(default=list)
    moves = models.JSONField(default=list)
    sentences = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    result_digest = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "assessment_amendment"
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "unit", "code"], condition=Q(status=PROPOSED), name="one_open_amendment"
            ),
            models.UniqueConstraint(
                fields=["round", "number"], condition=Q(number__isnull=False), name="one_amendment_number"
            ),
            models.CheckConstraint(
                condition=Q(status=APPROVED, number__isnull=False)
                | ~Q(status=APPROVED) & Q(number__isnull=True),
                name="approved_amendment_is_numbered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}:{self.unit_id}:{self.code}"

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.PROPOSED
