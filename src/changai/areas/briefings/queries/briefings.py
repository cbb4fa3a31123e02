"""Which briefings an actor may read, and the next numbers of the series."""

from datetime import date
from typing import Any

from django.db.models import Count, Max, QuerySet

from changai.areas.assessments.models import Round
from changai.areas.assessments.queries import published_rounds
from changai.areas.briefings.models import Briefing, FrozenFigure
from changai.areas.briefings.policies import sees_unissued
from changai.core.errors import NotVisible
from changai.core.periods import Month
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


def counts(actor: Actor) -> dict[str, int]:
    """Return how many briefings the actor may read in each status."""
    rows = visible_to(actor).order_by().values("status").annotate(rows=Count("pk"))
    return {row["status"]: row["rows"] for row in rows}


def years(actor: Actor) -> list[int]:
    """Return the years in which a briefing was issued, the last first."""
    issued = visible_to(actor).filter(year__isnull=False).order_by("-year")
    return [year for year in issued.values_list("year", flat=True).distinct() if year]


def months_to_tell(today: date) -> list[Month]:
    """Return the months a new briefing may be about, the last whole month first."""
    last = Month.of(today).plus(-1)
    return [last, Month.of(today), *(last.plus(-back) for back in range(1, 12))]


def rounds_to_tell() -> QuerySet[Round]:
    """Return the published results a briefing may tell of, newest first."""
    return published_rounds()


def last_imprint() -> dict[str, Any]:
    """Return receivers and number of copies of the briefing started last, for the next one; nothing at first."""
    names = ("report_to", "send_to", "distribute_to", "copies")
    return Briefing.objects.order_by("-pk").values(*names).first() or {}


def next_numbers(year: int) -> tuple[int, int]:
    """Return the issue number of the year and the total number that the next issued briefing gets."""
    of_year = Briefing.objects.filter(year=year).aggregate(last=Max("issue_number"))["last"] or 0
    of_all = Briefing.objects.aggregate(last=Max("total_number"))["last"] or 0
    return of_year + 1, of_all + 1
