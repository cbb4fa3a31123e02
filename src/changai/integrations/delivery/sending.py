"""Sends what is due, one message after the other, and writes down what became of each."""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from changai.foundation.notices.deliveries import (
    note_failure,
    note_sent,
    note_uncertain,
    recover,
    take_due,
)
from changai.foundation.notices.models import Delivery
from changai.integrations.delivery.channels import (
    NotSent,
    Unknown,
    channels_on,
    repeatable_channels,
)
from changai.integrations.delivery.mail import send_mail
from changai.integrations.delivery.webhook import send_webhook

logger = logging.getLogger("changai.delivery")
# Source: 企业微信, 群机器人配置说明: 20 messages a minute. A gateway or mail server takes more.
SECONDS_BETWEEN_GROUP_MESSAGES = 3.0


def deliver_due(now: datetime, *, clock: Callable[[], datetime] = timezone.now) -> dict[str, int]:
    """Send every message due at `now` and return how many were tried; `clock` dates the outcomes."""
    outcome = {"recovered": recover(now=now, repeatable=repeatable_channels()), "tried": 0}
    for delivery in take_due(now=now):
        outcome["tried"] += 1
        _deliver(delivery, clock)
        if delivery.channel == Delivery.Channel.WEBHOOK and channels_on().message_group:
            time.sleep(SECONDS_BETWEEN_GROUP_MESSAGES)
    return outcome


def _deliver(delivery: Delivery, clock: Callable[[], datetime]) -> None:
    try:
        _hand_over(delivery)
    except NotSent as fault:
        note_failure(delivery, fault.reason, at=clock(), is_final=fault.is_final)
    except Unknown as fault:
        if delivery.channel in repeatable_channels():
            note_failure(delivery, str(fault), at=clock())
        else:
            note_uncertain(delivery, str(fault), at=clock())
    else:
        note_sent(delivery, at=clock())


def _hand_over(delivery: Delivery) -> None:
    if delivery.channel == Delivery.Channel.EMAIL:
        send_mail(delivery)
    else:
        send_webhook(delivery, milliseconds=int(timezone.now().timestamp() * 1000))
