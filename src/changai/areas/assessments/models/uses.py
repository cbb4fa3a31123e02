"""What is made of a result: how far places depend on the weights."""

from typing import ClassVar

from django.db import models


class Sensitivity(models.Model):
    """How the places of one result move under other reasonable weights; drawn behind the page, once a digest.

    `report` is what the draws came to: {"draws", "varied", "bands", "units": [{"unit", "rank", "median", "p5",
    "p95"}]}; `refusal` says why nothing could be drawn.
    """

    round = models.ForeignKey("assessments.Round", models.CASCADE, related_name="sensitivities")
    result_digest = models.CharField(max_length=64)
    asked_by_name = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    report = models.JSONField(default=dict)
    refusal = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "assessment_sensitivity"
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "result_digest"], name="one_sensitivity"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.result_digest[:12]}"
