"""Why reports are returned: the office's list of reasons, and each use of them."""

from typing import ClassVar

from django.db import models

from changai.areas.reporting.models.sendings import Submission


class ReturnReason(models.Model):
    """A reason reviewers may pick. Out of use, it stays where it was given."""

    words = models.CharField("退回原因", max_length=60, unique=True)
    position = models.PositiveSmallIntegerField("排序", default=0)
    is_closed = models.BooleanField("停用", default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "return_reason"
        ordering: ClassVar = ["is_closed", "position", "pk"]

    def __str__(self) -> str:
        return self.words


class GivenReason(models.Model):
    """That a sending was returned for a reason of the list."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="given_reasons")
    reason = models.ForeignKey(ReturnReason, models.PROTECT, related_name="uses")

    class Meta:
        db_table = "given_return_reason"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["submission", "reason"], name="one_use_of_a_reason")
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.reason_id}"
