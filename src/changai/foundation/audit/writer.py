"""The one writer of the audit log."""

from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, models

from changai.foundation.actors import Actor
from changai.foundation.audit.models import AuditEvent
from changai.foundation.audit.sealing import FIRST, preferred_algorithm, seal

_written: ContextVar[int] = ContextVar("audit_lines_written", default=0)


class OutsideTransaction(RuntimeError):
    """An audit line must stand or fall with the act it tells of."""


def lines_written() -> int:
    """Return how many audit lines this thread has written so far."""
    return _written.get()


def record(actor: Actor, act: str, subject: models.Model | str, *, at: datetime, **detail: Any) -> AuditEvent:
    """Append one line to the log, in the caller's transaction.

    `detail` holds names of fields, states and digests (JSON values), never business values.

    :raises OutsideTransaction: when no transaction is open
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(act)
    sequence, previous_mac = AuditEvent.objects.order_by("-sequence").values_list(
        "sequence", "mac"
    ).first() or (0, FIRST)
    line: dict[str, Any] = {
        "sequence": sequence + 1,
        "actor_id": actor.person_id,
        "actor_name": actor.name,
        "role": str(actor.role),
        "unit_id": actor.unit_id,
        "address": actor.address,
        "act": act,
        "object_type": subject if isinstance(subject, str) else subject._meta.label_lower,
        "object_id": "" if isinstance(subject, str) else str(subject.pk),
        "detail": detail,
        "algorithm": preferred_algorithm(),
        "previous_mac": previous_mac,
    }
    mac = seal(settings.AUDIT_KEY, line, at=at)
    event = AuditEvent.objects.create(at=at, mac=mac, **line)
    _written.set(_written.get() + 1)
    return event
