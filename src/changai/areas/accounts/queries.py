"""Reads of accounts."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import QuerySet, Sum

from changai.areas.accounts.models import Person, SignIn
from changai.core.errors import NotVisible
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.models import AuditEvent
from changai.foundation.matrix import scope_of


def actor_of(person: Person, *, address: str = "") -> Actor | None:
    """Return the person as an actor, or None while no post has been granted."""
    if not person.role:
        return None
    unit = person.unit
    return Actor(
        person_id=person.pk,
        name=person.name,
        role=Role(person.role),
        unit_id=unit.pk if unit else None,
        unit_path=unit.path if unit else "",
        address=address,
    )


def visible_to(actor: Actor) -> QuerySet[Person]:
    """Return the accounts the actor keeps: all of them to those who open or grant, none to others."""
    if scope_of(actor.role, "account.view") is None:
        return Person.objects.none()
    return Person.objects.select_related("unit")


def person_for(actor: Actor, person_id: int) -> Person:
    """Return one account.

    :raises NotVisible: when there is none, or none for this actor
    """
    person = visible_to(actor).filter(pk=person_id).first()
    if person is None:
        raise NotVisible
    return person


def self_of(actor: Actor) -> Person:
    """Return the actor's own account.

    :raises NotVisible: for an actor without one, such as a job
    """
    person = Person.objects.select_related("unit").filter(pk=actor.person_id or 0).first()
    if person is None:
        raise NotVisible
    return person


def people_of(unit_ids: Iterable[int], roles: Iterable[Role]) -> QuerySet[Person]:
    """Return who holds one of the posts in the units and can sign in, for those that write to them."""
    posts = [str(role) for role in roles]
    return Person.objects.filter(unit__in=set(unit_ids), role__in=posts, is_active=True).order_by("pk")


def holders_of(*roles: Role) -> QuerySet[Person]:
    """Return who holds one of the posts anywhere and can sign in, for those that write to them."""
    return Person.objects.filter(role__in=[str(role) for role in roles], is_active=True).order_by("pk")


def log_for(actor: Actor) -> QuerySet[AuditEvent]:
    """Return the lines of the audit log, newest first, to who keeps it; none to others."""
    if scope_of(actor.role, "audit.view") is None:
        return AuditEvent.objects.none()
    return AuditEvent.objects.order_by("-sequence")


def is_known_login(login: str) -> bool:
    """Return whether there is an account of a folded login."""
    return Person.objects.filter(login=login).exists()


def has_no_accounts() -> bool:
    """Return whether nobody at all can sign in yet."""
    return not Person.objects.exists()


def locked_logins(*, now: datetime) -> set[str]:
    """Return the logins that are locked for wrong passwords."""
    recent = AccessAttempt.objects.filter(attempt_time__gt=now - settings.AXES_COOLOFF_TIME).order_by()
    counted = recent.values("username").annotate(failures=Sum("failures_since_start"))
    return set(counted.filter(failures__gte=settings.AXES_FAILURE_LIMIT).values_list("username", flat=True))


def open_sign_ins(actor: Actor, *, now: datetime) -> QuerySet[SignIn]:
    """Return the actor's own sign-ins that may still be in use, newest first."""
    oldest = now - timedelta(hours=settings.SESSION_ABSOLUTE_HOURS)
    return SignIn.objects.filter(person=actor.person_id or 0, ended_at__isnull=True, began_at__gt=oldest)


def is_sign_in_open(sign_in_id: int) -> bool:
    """Return whether nobody has ended a sign-in."""
    return SignIn.objects.filter(pk=sign_in_id, ended_at__isnull=True).exists()
