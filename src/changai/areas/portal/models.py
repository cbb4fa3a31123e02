"""意见建议: anybody may complain about the system or propose something, without signing in."""

from typing import ClassVar

from django.db import models


class Suggestion(models.Model):
    """One suggestion. Who wrote it is kept only if the writer says so."""

    text = models.TextField("意见建议", max_length=2000)
    contact = models.CharField("联系方式（选填）", max_length=80, blank=True)
    made_at = models.DateTimeField()
    answer = models.TextField("处理情况", max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_name = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "suggestion"
        ordering: ClassVar = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.text[:40]
