"""In-app notices (消息) and the receipts of orders. Both are written in the transaction of the act they tell of."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


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


class Delivery(models.Model):
    """One message on its way out of the house: written with the act it tells of, sent by the worker afterwards.

    `key` names the message for good: the same message is never queued twice. `uncertain`: it was handed over and
    nobody knows whether it arrived; a receiver that cannot tell repetitions apart gets it again only by a person.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("邮件")
        WEBHOOK = "webhook", _("即时消息")

    class State(models.TextChoices):
        WAITING = "waiting", _("待发送")
        SENDING = "sending", _("发送中")
        SENT = "sent", _("已发送")
        UNCERTAIN = "uncertain", _("待核实")
        FAILED = "failed", _("发送失败")
        DROPPED = "dropped", _("不再发送")

    key = models.CharField(max_length=80, unique=True)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    person_id = models.BigIntegerField(null=True)
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=120)
    text = models.TextField()
    link = models.CharField(max_length=200, blank=True)
    # Local hours within which it may go out; empty: at any time.
    hours_from = models.TimeField(null=True)
    hours_until = models.TimeField(null=True)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    last_fault = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "delivery"
        ordering: ClassVar = ["-created_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["state", "next_at"])]

    def __str__(self) -> str:
        return self.key
