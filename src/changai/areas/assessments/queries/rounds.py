"""Reads of rounds and of the results an actor may open."""

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet

from changai.areas.assessments.models import LeafScore, Round, Score
from changai.areas.assessments.policies import sees_all, sees_unpublished
from changai.areas.assessments.rules import LEVEL_OF_CATEGORY
from changai.areas.organisations.models import Group, Unit
from changai.areas.organisations.queries import open_units
from changai.core.errors import NotVisible
from changai.core.periods import Month
from changai.foundation.actors import Actor
from changai.foundation.matrix import allows

SHOWN_TO_UNITS = (
    Round.Status.CONFIRMING,
    Round.Status.DECIDING,
    Round.Status.NOTICE,
    Round.Status.PUBLISHED,
)


def visible_to(actor: Actor) -> QuerySet[Round]:
    """Return the rounds the actor may see, newest first: the office all but dropped ones, others published
    ones, units those that assess the own branch, from the confirmation of facts on.
    """
    if not allows(actor, "assessment.view"):
        return Round.objects.none()
    standing = Round.objects.exclude(status=Round.Status.DROPPED)
    rounds = standing.select_related("scheme").defer("frozen_facts").order_by("-last_month", "-pk")
    if sees_unpublished(actor):
        return rounds
    if sees_all(actor):
        return rounds.filter(status=Round.Status.PUBLISHED)
    shown = rounds.filter(status__in=SHOWN_TO_UNITS)
    return shown.filter(Exists(_own(actor).filter(round=OuterRef("pk"))))


def with_scores_of(actor: Actor, rounds: QuerySet[Round]) -> QuerySet[Round]:
    """Return the rounds, each with `own`: the results of the actor's own branch."""
    return rounds.prefetch_related(Prefetch("scores", _own(actor).select_related("unit"), to_attr="own"))


def round_for(actor: Actor, round_id: int) -> Round:
    """Return one round.

    :raises NotVisible: when there is none for this actor
    """
    found = visible_to(actor).filter(pk=round_id).first()
    if found is None:
        raise NotVisible
    return found


def scores_visible_to(actor: Actor, round_: Round) -> QuerySet[Score]:
    """Return the results of a round that the actor may open: all, or those of the own branch."""
    scores = (
        Score.objects.filter(round=round_)
        .select_related("unit")
        .order_by(F("rank").asc(nulls_last=True), "-total_hundredths", "unit__position", "pk")
    )
    return scores if sees_all(actor) else scores.filter(pk__in=_own(actor).values("pk"))


def _own(actor: Actor) -> QuerySet[Score]:
    if not actor.unit_path:
        return Score.objects.none()
    return Score.objects.filter(unit__path__startswith=actor.unit_path)


def score_for(actor: Actor, score_id: int) -> Score:
    """Return one unit's result.

    :raises NotVisible: when there is none for this actor
    """
    row = Score.objects.filter(pk=score_id).values("round_id").first()
    if row is None:
        raise NotVisible
    round_ = round_for(actor, row["round_id"])
    found = scores_visible_to(actor, round_).filter(pk=score_id).first()
    if found is None:
        raise NotVisible
    found.round = round_
    return found


def leaf_for(actor: Actor, leaf_id: int) -> LeafScore:
    """Return one indicator of a result.

    :raises NotVisible: when there is none for this actor
    """
    leaf = LeafScore.objects.filter(pk=leaf_id).first()
    if leaf is None:
        raise NotVisible
    leaf.score = score_for(actor, leaf.score_id)
    return leaf


def assessed(round_: Round) -> QuerySet[Unit]:
    """Return the units a round's table is for, in the tree's order: the group of that name, else the level of
    that name, as they stood at the end of the round's months. A published round keeps the units it scored, one of
    the full course those it was opened for.
    """
    if round_.is_full and round_.pk:
        return Unit.objects.filter(participations__round=round_).order_by("position", "code", "pk")
    if round_.status == Round.Status.PUBLISHED:
        return Unit.objects.filter(scores__round=round_).order_by("position", "code", "pk")
    open_then = open_units(on=Month.of(round_.last_month).last_on).order_by("position", "code", "pk")
    group = Group.objects.filter(name=round_.category).first()
    if group:
        return open_then.filter(groups=group)
    level = LEVEL_OF_CATEGORY.get(round_.category)
    return open_then.filter(level=level) if level else Unit.objects.none()


def assessed_units(round_: Round) -> list[Unit]:
    """Return the units of `assessed` as a list."""
    return list(assessed(round_))


def going_on(round_: Round) -> QuerySet[Round]:
    """Return the rounds under way by the same table over the same months."""
    return Round.objects.filter(
        scheme_id=round_.scheme_id,
        category=round_.category,
        first_month=round_.first_month,
        last_month=round_.last_month,
    ).exclude(status__in=[Round.Status.PUBLISHED, Round.Status.DROPPED])


def published_rounds() -> QuerySet[Round]:
    """Return the published rounds, newest first."""
    return Round.objects.filter(status=Round.Status.PUBLISHED).order_by("-last_month", "-pk")
