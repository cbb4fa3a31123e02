"""Evidence files: stored once under their digest, referred to by name."""

from typing import ClassVar

from django.db import models


class EvidenceFile(models.Model):
    """One file a unit has handed in. The bytes lie under `digest` (SHA-256), served only after a check."""

    digest = models.CharField(max_length=64, db_index=True)
    name = models.CharField("文件名", max_length=200)
    kind = models.CharField(max_length=10)
    size_bytes = models.PositiveBigIntegerField()
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+")
    added_by_name = models.CharField(max_length=40)
    added_at = models.DateTimeField()

    class Meta:
        db_table = "evidence_file"
        ordering: ClassVar = ["-added_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "digest", "name"], name="one_reference_per_name")
        ]

    def __str__(self) -> str:
        return self.name
