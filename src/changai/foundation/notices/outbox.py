"""Writes notices and reads the ones meant for an actor."""

from datetime import datetime

from django.db.models import Q, QuerySet

from changai.foundation.actors import Actor, Role
from changai.foundation.notices.models import Notice


def notify(
    sentence: str, *, at: datetime, role: Role | None = None, unit_id: int | None = None, link: str = ""
) -> None:
    """Put one notice into the outbox, in the caller's transaction. `link` is a path inside the site."""
    Notice.objects.create(sentence=sentence, role=str(role or ""), unit_id=unit_id, link=link, created_at=at)


def notices_for(actor: Actor) -> QuerySet[Notice]:
    """Return the notices the actor may read, newest first."""
    mine = Q(unit_id=actor.unit_id) | Q(unit_id__isnull=True)
    return Notice.objects.filter(mine, role__in=[str(actor.role), ""]).order_by("-created_at", "-pk")


def mark_read(actor: Actor, *, at: datetime) -> int:
    """Mark all of the actor's unread notices as read and return how many there were."""
    return notices_for(actor).filter(read_at__isnull=True).update(read_at=at)
