"""Tables that were issued: what stood in them then stands in them for good."""

from typing import ClassVar

from django.db import models


class IssuedTable(models.Model):
    """A table of sums as it was issued: its content, the workbook's very bytes, and the digests of both."""

    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField("编号")
    title = models.CharField("表名", max_length=120)
    field = models.ForeignKey("facts.Field", models.PROTECT, related_name="issued_tables")
    first_month = models.DateField()
    last_month = models.DateField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    workbook = models.BinaryField()
    workbook_digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    issued_by_name = models.CharField(max_length=40)

    class Meta:
        db_table = "issued_table"
        ordering: ClassVar = ["-issued_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "number"], name="issued_table_number")
        ]

    def __str__(self) -> str:
        return self.title
