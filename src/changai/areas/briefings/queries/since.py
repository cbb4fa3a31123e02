"""What became of the records behind an issued figure: each as it is now, and the figure worked out again."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from changai.areas.assessments.queries import amended_scores
from changai.areas.briefings.models import FrozenFigure
from changai.areas.briefings.policies import PAPERS_SIGHT
from changai.areas.briefings.queries.briefings import addressed_units
from changai.areas.briefings.queries.catalogue import Catalogue, catalogue_for
from changai.areas.briefings.queries.records import SCORE, Produced, decimal_words
from changai.areas.briefings.queries.rows import day_words
from changai.areas.facts.models import Fact
from changai.areas.reporting.models import Report
from changai.areas.tasks.models import Claim
from changai.core.periods import Month
from changai.foundation.actors import Actor

Place = tuple[str, int]
Row = Mapping[str, Any]


def changed_since(actor: Actor, rows: Iterable[Row]) -> dict[Place, str]:
    """Return for each record that reads otherwise now what it says, in words: 现为 380.

    The rows are those the actor may open.
    """
    told: dict[Place, str] = {}
    by_type: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_type[row["type"]].append(row)
    for kind, find in _FINDERS.items():
        if by_type[kind]:
            told |= {(kind, pk): words for pk, words in find(actor, by_type[kind]).items()}
    return told


def _facts(_actor: Actor, rows: list[Row]) -> dict[int, str]:
    """Return the figures that were replaced, each with the one in force: corrections may follow one another."""
    replaced = Fact.objects.filter(pk__in=[row["id"] for row in rows], is_current=False)
    now: dict[int, Fact] = {fact.pk: fact for fact in replaced}
    while superseded := {fact.superseded_by_id for fact in now.values() if fact.superseded_by_id}:
        later = Fact.objects.in_bulk(superseded)
        now = {pk: later.get(fact.superseded_by_id, fact) for pk, fact in now.items()}
    return {pk: f"现为 {_fact_words(fact)}" for pk, fact in now.items()}


def _fact_words(fact: Fact) -> str:
    return str(fact.get_status_display()) if fact.value is None else decimal_words(fact.value)


def _claims(_actor: Actor, rows: list[Row]) -> dict[int, str]:
    told = {}
    claims = Claim.objects.in_bulk([row["id"] for row in rows])
    for row in rows:
        claim = claims[row["id"]]
        status = str(claim.get_status_display())
        if not row["value"].startswith(status):
            told[claim.pk] = f"现为{status}"
        elif claim.completed_on and "完成" not in row["value"]:
            told[claim.pk] = f"已于{day_words(claim.completed_on)}完成"
    return told


def _reports(_actor: Actor, rows: list[Row]) -> dict[int, str]:
    missing = [row["id"] for row in rows if row["value"].endswith("未报出")]
    sent = Report.objects.filter(pk__in=missing, first_arrived_at__isnull=False)
    return {report.pk: f"已于{_day(report.first_arrived_at)}报出" for report in sent}


def _day(moment: datetime | None) -> str:
    return day_words(timezone.localdate(moment))


def _scores(actor: Actor, rows: list[Row]) -> dict[int, str]:
    amended = amended_scores(actor, [row["id"] for row in rows])
    return {
        each.score.pk: f"现为 {each.after.total}" for each in amended if each.before.total != each.after.total
    }


_FINDERS = {"facts.fact": _facts, "tasks.claim": _claims, "reporting.report": _reports, SCORE: _scores}


def figure_now(figure: FrozenFigure) -> Produced | None:
    """Return a frozen figure worked out again from what is known now; None when there is no such figure any more."""
    briefing = figure.briefing
    catalogue = catalogue_for(
        PAPERS_SIGHT,
        Month.of(briefing.month),
        round_=briefing.round,
        as_of=timezone.now(),
        units=addressed_units(briefing),
        consultation=briefing.consultation,
    )
    named = next((entry.name for entry in catalogue.entries.values() if entry.key == figure.key), None)
    if named is not None:
        return catalogue.produce(named)
    return next((found for found in _elsewhere(figure, catalogue) if found.key == figure.key), None)


def _elsewhere(figure: FrozenFigure, catalogue: Catalogue) -> Iterable[Produced]:
    """Yield the figures of the paper's tables, charts and repeated paragraphs."""
    for block in figure.briefing.draft:
        if block.get("source") in catalogue.drawings:
            yield from catalogue.draw(block["source"]).produced
        elif block.get("each") in catalogue.repeats:
            for own in catalogue.repeated(block["each"]):
                yield from own.values()
