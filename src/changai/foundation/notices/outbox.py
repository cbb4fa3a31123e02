"""Writes notices and reads the ones meant for an actor."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from changai.foundation.actors import Actor, Role
from changai.foundation.notices.models import Notice
from changai.foundation.rows import insert_rows


@dataclass(frozen=True)
class Told:
    """A notice to be written: to the holders of a role in a unit (empty: any), or to one person."""

    sentence: str
    role: Role | None = None
    unit_id: int | None = None
    person_id: int | None = None
    link: str = ""


def notify(
    sentence: str,
    *,
    at: datetime,
    role: Role | None = None,
    unit_id: int | None = None,
    person_id: int | None = None,
    link: str = "",
) -> None:
    """Put one notice (see `Told`) into the outbox, in the caller's transaction. `link` is a path inside the site."""
    Notice.objects.create(
        sentence=sentence,
        role=str(role or ""),
        unit_id=unit_id,
        person_id=person_id,
        link=link,
        created_at=at,
    )


def notify_many(told: Iterable[Told], *, at: datetime) -> None:
    """Put many notices into the outbox at once, in the caller's transaction."""
    insert_rows(
        [
            Notice(
                sentence=each.sentence, role=str(each.role or ""), unit_id=each.unit_id, person_id=each.person_id,
                link=each.link, created_at=at,
            )
            for each in told
        ]
    )  # fmt: skip


def notices_for(actor: Actor) -> QuerySet[Notice]:
    """Return the notices the actor may read, newest first."""
    mine = Q(unit_id=actor.unit_id) | Q(unit_id__isnull=True)
    posted = mine & Q(person_id__isnull=True, role__in=[str(actor.role), ""])
    personal = Q(person_id=actor.person_id) if actor.person_id is not None else Q(pk__in=[])
    return Notice.objects.filter(posted | personal).order_by("-created_at", "-pk")


def mark_read(actor: Actor, *, at: datetime) -> int:
    """Mark all of the actor's unread notices as read and return how many there were."""
    return notices_for(actor).filter(read_at__isnull=True).update(read_at=at)
