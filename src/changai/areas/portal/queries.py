"""Reads of suggestions."""

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from changai.areas.portal.models import Suggestion
from changai.areas.portal.rules import WINDOW, folded_number
from changai.core.errors import NotVisible
from changai.foundation.actors import Actor
from changai.foundation.matrix import scope_of


def visible_to(actor: Actor) -> QuerySet[Suggestion]:
    """Return all suggestions, newest first, to who handles them; none to others."""
    if scope_of(actor.role, "suggestion.view") is None:
        return Suggestion.objects.none()
    return Suggestion.objects.all()


def unanswered() -> QuerySet[Suggestion]:
    """Return the suggestions nobody has answered, oldest first."""
    return Suggestion.objects.filter(answered_at__isnull=True).order_by("made_at", "pk")


def suggestion_for(actor: Actor, suggestion_id: int) -> Suggestion:
    """Return one suggestion.

    :raises NotVisible: when there is none, or none for this actor
    """
    found = visible_to(actor).filter(pk=suggestion_id).first()
    if found is None:
        raise NotVisible
    return found


def by_number(written: str) -> Suggestion | None:
    """Return the suggestion whose number somebody has typed."""
    return Suggestion.objects.filter(number=folded_number(written)).first()


def counts() -> dict[str, int]:
    """Return how many suggestions there are: `received`, `answered`."""
    return Suggestion.objects.aggregate(
        received=Count("pk"), answered=Count("pk", filter=Q(answered_at__isnull=False))
    )


def recent(*, now: datetime, origin: str) -> tuple[int, int]:
    """Return how many suggestions the last hour brought: from one origin, altogether."""
    rows = Suggestion.objects.filter(made_at__gt=now - WINDOW).order_by()
    told = rows.aggregate(here=Count("pk", filter=Q(origin=origin)), everywhere=Count("pk"))
    return told["here"], told["everywhere"]
