"""意见建议: anybody may complain about the system or propose something, without signing in."""

from typing import ClassVar

from django.db import models


class Suggestion(models.Model):
    """One suggestion. Who wrote it is kept only if the writer says so; the number lets the writer read the answer."""

    number = models.CharField("查询码", max_length=14, unique=True)
    text = models.TextField("意见建议", max_length=2000)
    contact = models.CharField("联系方式（选填）", max_length=80, blank=True)
    # A keyed digest of the address of the day it came: counts one sender's suggestions, then is emptied.
    origin = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    answer = models.TextField("处理情况", max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_name = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "suggestion"
        ordering: ClassVar = ["-made_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["made_at"])]

    def __str__(self) -> str:
        return self.text[:40]
