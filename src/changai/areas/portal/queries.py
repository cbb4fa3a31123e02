"""Reads of suggestions."""

from django.db.models import QuerySet

from changai.areas.portal.models import Suggestion


def unanswered() -> QuerySet[Suggestion]:
    """Return the suggestions nobody has answered, oldest first."""
    return Suggestion.objects.filter(answered_at__isnull=True).order_by("made_at", "pk")
