"""The append-only log. Rows are written by `writer.record` alone; database triggers refuse changes and removals."""

from typing import ClassVar

from django.db import models


class AuditEvent(models.Model):
    """One line: who did what to which record, when. `mac` seals it, `previous_mac` ties it to the line before."""

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=100)
    role = models.CharField(max_length=40)
    unit_id = models.BigIntegerField(null=True)
    address = models.CharField(max_length=60, blank=True)
    act = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    # Names of changed fields, states, digests: never business values, for the audit administrator reads this.
    detail = models.JSONField(default=dict)
    algorithm = models.CharField(max_length=20)
    previous_mac = models.CharField(max_length=64)
    mac = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_event"
        ordering: ClassVar = ["sequence"]
        indexes: ClassVar = [
            models.Index(fields=["object_type", "object_id"]),
            models.Index(fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.act}"
