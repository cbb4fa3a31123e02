"""When each scheduled job last ran, and who runs it now."""

from typing import ClassVar

from django.db import models


class JobRun(models.Model):
    """The state of one scheduled job. `leased_until` keeps two workers from running it at once."""

    name = models.CharField(max_length=60, primary_key=True)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    last_finished_at = models.DateTimeField(null=True)
    last_outcome = models.CharField(max_length=300, blank=True)
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "job_run"
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name
