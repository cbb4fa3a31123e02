"""Lines of a result as far as they are announced, and how far a result usually is."""

from collections.abc import Collection, Iterable, Sequence

from django.db.models import F

from changai.areas.assessments.models import Round, Score
from changai.areas.assessments.policies import told
from changai.areas.assessments.rules import GRADES, NOBODY, Announcement, Told
from changai.areas.schemes.queries import scheme_of
from changai.foundation.actors import Actor

# Best first; what has no place stands last.
BEST_FIRST = (F("rank").asc(nulls_last=True), "-total_hundredths", "unit__position", "pk")


def announced_scores(actor: Actor, round_: Round) -> list[tuple[Score, Told]]:
    """Return the results of a round the actor is told anything of, each with how much, best first.

    Where only grades are announced their order must not betray places: units of a grade stand in the tree's order.
    """
    scores = Score.objects.filter(round=round_).select_related("unit").order_by(*BEST_FIRST)
    for score in scores:
        score.round = round_
    lines = [(score, told(actor, round_, score.unit.path, score.rank, score.grade)) for score in scores]
    shown = [(score, how) for score, how in lines if how]
    if all(how is Told.SHEET for _score, how in shown) or round_.announcement.scope != GRADES:
        return shown
    order = {grade: number for number, grade in enumerate(grades_of(round_))}
    return sorted(
        shown,
        key=lambda line: (order.get(line[0].grade, len(order)), line[0].unit.position, line[0].unit.code),
    )


def unannounced(round_: Round, scores: Iterable[Score], at_least: Told) -> list[Score]:
    """Return those of the results of which outsiders are told less than `at_least`."""
    announcement = round_.announcement
    return [score for score in scores if announcement.tells(score.rank, score.grade) < at_least]


def told_scores(actor: Actor, ids: Collection[int]) -> set[int]:
    """Return those of the results, by their ids, of which the actor is told the place and the points."""
    scores = (
        Score.objects.filter(pk__in=ids)
        .select_related("unit", "round")
        .defer("round__frozen_facts", "round__result")
    )
    return {
        score.pk
        for score in scores
        if told(actor, score.round, score.unit.path, score.rank, score.grade) >= Told.PLACE
    }


def grades_of(round_: Round) -> Sequence[str]:
    """Return the grades of a round's table, best first."""
    return [grade.name for grade in scheme_of(round_.scheme).tables[round_.category].grades]


def usual_announcement(round_: Round) -> Announcement:
    """Return how far the latest result of the same kind of table was announced; at first to nobody: what has been
    shown cannot be taken back.
    """
    latest = (
        Round.objects.filter(status=Round.Status.PUBLISHED, category=round_.category)
        .exclude(announced="")
        .defer("frozen_facts", "result")
        .order_by("-published_at", "-pk")
        .first()
    )
    found = latest.announcement if latest else Announcement(NOBODY)
    return found if set(found.grades) <= set(grades_of(round_)) else Announcement(NOBODY)
