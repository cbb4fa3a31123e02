"""In-app notices (消息) and the receipts of orders. Both are written in the transaction of the act they tell of."""

from typing import ClassVar

from django.db import models


class Notice(models.Model):
    """One message to everybody who holds `role` in `unit_id` (both empty values mean any), or to one person."""

    person_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=40, blank=True)
    unit_id = models.BigIntegerField(null=True)
    sentence = models.CharField(max_length=300)
    link = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notice"
        ordering: ClassVar = ["-created_at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["unit_id", "role", "read_at"]),
            models.Index(fields=["person_id", "read_at"]),
        ]

    def __str__(self) -> str:
        return self.sentence


class Receipt(models.Model):
    """Proof that one press of a button was carried out; the same key is never carried out twice."""

    key = models.CharField(max_length=64, primary_key=True)
    act = models.CharField(max_length=60)
    person_id = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        db_table = "receipt"

    def __str__(self) -> str:
        return self.key
