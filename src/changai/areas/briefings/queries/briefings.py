"""Which briefings an actor may read, and the next numbers of the series."""

from django.db.models import Max, QuerySet

from changai.areas.briefings.models import Briefing, FrozenFigure
from changai.areas.briefings.policies import sees_unissued
from changai.core.errors import NotVisible
from changai.foundation.actors import Actor
from changai.foundation.matrix import allows


def visible_to(actor: Actor) -> QuerySet[Briefing]:
    """Return the briefings the actor may read, newest first: all for the office, issued ones for others."""
    if not allows(actor, "briefing.view"):
        return Briefing.objects.none()
    briefings = Briefing.objects.order_by("-created_at", "-pk")
    return briefings if sees_unissued(actor) else briefings.filter(status=Briefing.Status.ISSUED)


def briefing_for(actor: Actor, briefing_id: int) -> Briefing:
    """Return one briefing.

    :raises NotVisible: when there is none for this actor
    """
    found = visible_to(actor).select_related("round", "docx_file", "pdf_file").filter(pk=briefing_id).first()
    if found is None:
        raise NotVisible
    return found


def figure_for(actor: Actor, briefing_id: int, key: str) -> FrozenFigure:
    """Return one frozen figure of an issued briefing.

    :raises NotVisible: when there is none for this actor
    """
    found = FrozenFigure.objects.filter(briefing=briefing_for(actor, briefing_id), key=key).first()
    if found is None:
        raise NotVisible
    return found


def next_numbers(year: int) -> tuple[int, int]:
    """Return the issue number of the year and the total number that the next issued briefing gets."""
    of_year = Briefing.objects.filter(year=year).aggregate(last=Max("issue_number"))["last"] or 0
    of_all = Briefing.objects.aggregate(last=Max("total_number"))["last"] or 0
    return of_year + 1, of_all + 1
