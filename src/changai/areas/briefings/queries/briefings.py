"""Which briefings an actor may read, and the next numbers of the series."""

import json
from datetime import date
from typing import Any

from django.db.models import Count, Max, Prefetch, Q, QuerySet, TextField
from django.db.models.functions import Cast

from changai.areas.assessments.models import Round
from changai.areas.assessments.queries import AmendedScore, amended_rounds, amended_scores, published_rounds
from changai.areas.briefings.models import Briefing, Countersign, Erratum, FrozenFigure
from changai.areas.briefings.policies import sees_unissued
from changai.areas.briefings.queries.records import OWN_TOTAL, SCORE
from changai.areas.briefings.rules import BRIEFING, CANCELLED, DRAFT, LETTERS, PAPER_KINDS, SUBMITTED
from changai.areas.facts.models import Fact
from changai.areas.organisations import queries as organisations
from changai.core.errors import NotVisible
from changai.core.periods import Month
from changai.documents.paper import Paper
from changai.foundation.actors import Actor, Role
from changai.foundation.matrix import allows

OPEN_STATUSES = (DRAFT, SUBMITTED)


def visible_to(actor: Actor) -> QuerySet[Briefing]:
    """Return the papers the actor may read, newest first: all for the office, issued ones for others.

    Letters and notices are read by the units they are sent to, by the heirs of those and by leaders only.
    """
    if not allows(actor, "briefing.view"):
        return Briefing.objects.none()
    # Of letters that are being written nobody sees one before all are issued.
    half = Q(wording__isnull=False) & ~Q(status=Briefing.Status.ISSUED)
    briefings = Briefing.objects.exclude(half).order_by("-created_at", "-pk")
    if sees_unissued(actor):
        return briefings
    issued = briefings.filter(status=Briefing.Status.ISSUED)
    if actor.role is Role.LEADER:
        return issued
    kept = [kind.key for kind in PAPER_KINDS.values() if kind.reaches == "addressees"]
    sent = Briefing.addressees.through.objects.filter(
        unit__in=organisations.stood_for_by(actor.unit_id or 0).values("pk")
    )
    return issued.exclude(Q(kind__in=kept) & ~Q(pk__in=sent.values("briefing_id")))


def listed_to(actor: Actor) -> QuerySet[Briefing]:
    """Return the papers as lists show them: to those who read all, the letters of one text as one line."""
    papers = visible_to(actor)
    reads_all = sees_unissued(actor) or actor.role is Role.LEADER
    return papers.filter(wording__isnull=True) if reads_all else papers


def briefing_for(actor: Actor, briefing_id: int) -> Briefing:
    """Return one briefing.

    :raises NotVisible: when there is none for this actor
    """
    whole = visible_to(actor).select_related(
        "round", "consultation__scheme", "docx_file", "pdf_file", "annulment"
    )
    found = whole.filter(pk=briefing_id).first()
    if found is None:
        raise NotVisible
    return found


def begun_notice(actor: Actor, unit_id: int, title: str) -> Briefing | None:
    """Return the 督办单 of a title to a unit that is still being written, or None."""
    notices = visible_to(actor).filter(series="notice", status=DRAFT, title=title)
    return notices.filter(addressees=unit_id).first()


def file_name(briefing: Briefing, paper: Paper) -> str:
    """Return what the file of an issued paper is called, without ending: masthead and issue, or number and title."""
    if briefing.paper_kind.form == "briefing":
        return f"{paper.masthead}{briefing.number_text}"
    return f"{briefing.number_text}{briefing.title}"


def countersign_for(actor: Actor, briefing_id: int) -> Countersign:
    """Return what the actor's unit is asked to countersign.

    :raises NotVisible: when it is not asked about this paper
    """
    asked = Countersign.objects.select_related("briefing", "unit")
    found = asked.filter(briefing=briefing_id, unit=actor.unit_id or 0).first()
    if found is None:
        raise NotVisible
    return found


def countersigns_waiting(actor: Actor) -> QuerySet[Countersign]:
    """Return what the actor's unit has yet to countersign, the oldest first."""
    if not allows(actor, "countersign.answer"):
        return Countersign.objects.none()
    waiting = Countersign.objects.filter(
        answer="", unit=actor.unit_id or 0, briefing__status__in=OPEN_STATUSES
    )
    return waiting.select_related("briefing").order_by("asked_at", "pk")


def answered_papers(actor: Actor) -> QuerySet[Briefing]:
    """Return the drafts on which every unit asked has given its word, for those who write."""
    if actor.role is not Role.OFFICE_OFFICER:
        return Briefing.objects.none()
    drafts = Briefing.objects.filter(status=DRAFT, countersigns__isnull=False)
    waiting = Countersign.objects.filter(answer="").values("briefing_id")
    return drafts.exclude(pk__in=waiting).distinct().order_by("created_at", "pk")


def errata(actor: Actor) -> QuerySet[Erratum]:
    """Return the corrections of the papers the actor may read, the latest first; of a common text, its letters'."""
    papers = visible_to(actor).exclude(kind=LETTERS).order_by()
    return Erratum.objects.filter(briefing__in=papers).select_related("briefing")


def superseded_figures(briefing: Briefing) -> list[tuple[FrozenFigure, Fact]]:
    """Return the figures of an issued paper of which a source has been corrected since, each with the fact in force."""
    sources = {
        record["id"]: figure
        for figure in briefing.figures.all()
        for record in figure.records
        if record["type"] == "facts.fact"
    }
    moved = Fact.objects.filter(pk__in=sources, is_current=False).select_related(
        "unit", "field", "superseded_by"
    )
    return [(sources[fact.pk], fact) for fact in moved.order_by("pk")]


def amended_figures(actor: Actor, briefing: Briefing) -> list[tuple[FrozenFigure, AmendedScore]]:
    """Return the figures of an issued paper from a result that was corrected since, each with what it is now; of
    several figures from one result the first.
    """
    sources = _results_cited(briefing)
    return [(sources[each.score.pk], each) for each in amended_scores(actor, sources)] if sources else []


def _results_cited(briefing: Briefing) -> dict[int, FrozenFigure]:
    """Return the results a paper cites, each with the first figure that does."""
    sources: dict[int, FrozenFigure] = {}
    for figure in briefing.figures.all():
        for record in figure.records:
            if record["type"] == SCORE:
                sources.setdefault(record["id"], figure)
    return sources


def papers_with_amended_figures(actor: Actor) -> list[tuple[Briefing, int]]:
    """Return the issued papers that cite corrected results, each with how many of them; for those who write papers."""
    if not sees_unissued(actor):
        return []
    papers = visible_to(actor).filter(status=Briefing.Status.ISSUED, round__in=amended_rounds())
    # A letter of a round cites one result of it, by each of its many figures: one of them says which.
    figures = FrozenFigure.objects.filter(Q(briefing__wording__isnull=True) | Q(key=OWN_TOTAL))
    cited = {paper: _results_cited(paper) for paper in papers.prefetch_related(Prefetch("figures", figures))}
    amended = {
        each.score.pk for each in amended_scores(actor, {pk for found in cited.values() for pk in found})
    }
    counted = [(paper, len(amended & found.keys())) for paper, found in cited.items()]
    return [(paper, count) for paper, count in counted if count]


def addressed_units(briefing: Briefing) -> frozenset[int]:
    """Return the units whose tasks a paper tells of: those it is sent to, none when it tells of all."""
    if briefing.paper_kind.reaches == "everybody":
        return frozenset()
    return frozenset(briefing.addressees.values_list("pk", flat=True))


def figure_for(actor: Actor, briefing_id: int, key: str) -> FrozenFigure:
    """Return one frozen figure of an issued briefing.

    :raises NotVisible: when there is none for this actor
    """
    whole = FrozenFigure.objects.select_related("briefing__annulment")
    found = whole.filter(briefing=briefing_for(actor, briefing_id), key=key).first()
    if found is None:
        raise NotVisible
    return found


def counts(actor: Actor) -> dict[str, int]:
    """Return how many briefings the actor may read in each status."""
    rows = listed_to(actor).order_by().values("status").annotate(rows=Count("pk"))
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


def months_told(actor: Actor) -> list[Month]:
    """Return the months the papers the actor reads are about, the last first."""
    months = listed_to(actor).order_by("-month").values_list("month", flat=True).distinct()
    return [Month.of(month) for month in months]


def with_words(briefings: QuerySet[Briefing], text: str) -> QuerySet[Briefing]:
    """Return the papers with the words in their title or in their text as it was written, figures by name."""
    escaped = json.dumps(text)[1:-1]  # SQLite keeps JSON with everything but ASCII escaped
    told = briefings.annotate(told=Cast("draft", TextField()))
    return told.filter(Q(title__icontains=text) | Q(told__icontains=text) | Q(told__icontains=escaped))


def twins(kind: str, month: Month, *, but: int | None = None) -> list[Briefing]:
    """Return the papers of a kind about a month, in force or under way, those issued first; of letters, notices
    and minutes none: many a month are usual.
    """
    if PAPER_KINDS[kind].reaches == "addressees" or PAPER_KINDS[kind].form == "minutes":
        return []
    same = Briefing.objects.filter(kind=kind, month=month.first_on, annulment__isnull=True)
    under_way = same.exclude(status=CANCELLED).exclude(pk=but or 0).order_by("pk")
    return sorted(under_way, key=lambda paper: paper.status != Briefing.Status.ISSUED)


def other_codes(briefing: Briefing, year: int) -> list[str]:
    """Return the words before the year in the numbers its series was given that year, where they are not its own."""
    issued = Briefing.objects.filter(series=briefing.series, year=year, issue_number__isnull=False)
    codes = issued.exclude(number_code__in=["", briefing.number_code])
    return list(codes.order_by("number_code").values_list("number_code", flat=True).distinct())


def last_imprint(kind: str) -> dict[str, Any]:
    """Return receivers, words of the number and copies of the paper of a kind started last; nothing at first.

    Whom a letter or notice is sent to is chosen anew each time.
    """
    kept = () if PAPER_KINDS[kind].reaches == "addressees" else ("recipients",)
    names = (*kept, "report_to", "send_to", "distribute_to", "copies", "copy_to", "number_code", "signers")
    started = Briefing.objects.filter(kind=kind).exclude(status=CANCELLED)
    return started.order_by("-pk").values(*names).first() or {}


def last_of_kind(actor: Actor, kind: str) -> Briefing | None:
    """Return the paper of a kind that was issued last, or begun last when none was, or None."""
    papers = visible_to(actor).filter(kind=kind)
    issued = papers.filter(status=Briefing.Status.ISSUED).order_by("-issued_at", "-pk")
    return issued.first() or papers.exclude(draft=[]).first()


def next_numbers(series: str, year: int) -> tuple[int, int | None]:
    """Return the number of the year and the total number that the next issued paper of a series gets.

    Only the 简报 is counted through the years.
    """
    of_year = (
        Briefing.objects.filter(series=series, year=year).aggregate(last=Max("issue_number"))["last"] or 0
    )
    if series != BRIEFING:
        return of_year + 1, None
    of_all = Briefing.objects.aggregate(last=Max("total_number"))["last"] or 0
    return of_year + 1, of_all + 1
