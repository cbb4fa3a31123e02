"""Reads of rounds and results, and the replay that proves a result."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from changai.areas.assessments.models import LeafScore, ReviewedPoints, Round, Score
from changai.areas.assessments.policies import sees_unpublished
from changai.areas.assessments.rules import LEVEL_OF_CATEGORY
from changai.areas.organisations.models import Group, Unit
from changai.areas.organisations.queries import open_units
from changai.areas.schemes.queries import scheme_of
from changai.areas.schemes.rules import reviewed_fields
from changai.core import scoring
from changai.core.errors import NotVisible
from changai.core.scoring.statuses import Status
from changai.foundation.actors import Actor
from changai.foundation.matrix import Scope, allows, scope_of


def visible_to(actor: Actor) -> QuerySet[Round]:
    """Return the rounds the actor may see, newest first. Units see only published ones."""
    if not allows(actor, "assessment.view"):
        return Round.objects.none()
    rounds = Round.objects.select_related("scheme").order_by("-last_month", "-pk")
    return rounds if sees_unpublished(actor) else rounds.filter(status=Round.Status.PUBLISHED)


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
        Score.objects.filter(round=round_).select_related("unit").order_by("rank", "unit__position", "pk")
    )
    if scope_of(actor.role, "assessment.view") is Scope.ALL:
        return scores
    return scores.filter(unit__path__startswith=actor.unit_path) if actor.unit_path else scores.none()


def score_for(actor: Actor, score_id: int) -> Score:
    """Return one unit's result.

    :raises NotVisible: when there is none for this actor
    """
    found = Score.objects.select_related("round__scheme", "unit").filter(pk=score_id).first()
    if (
        found is None
        or not scores_visible_to(actor, round_for(actor, found.round_id)).filter(pk=score_id).exists()
    ):
        raise NotVisible
    return found


def leaf_for(actor: Actor, leaf_id: int) -> LeafScore:
    """Return one indicator of a result.

    :raises NotVisible: when there is none for this actor
    """
    leaf = LeafScore.objects.select_related("score").filter(pk=leaf_id).first()
    if leaf is None:
        raise NotVisible
    leaf.score = score_for(actor, leaf.score_id)
    return leaf


def assessed_units(round_: Round) -> list[Unit]:
    """Return the units a round's table is for: the group of that name, else the level of that name."""
    group = Group.objects.filter(name=round_.category).first()
    if group:
        return list(group.units.order_by("position", "pk"))
    level = LEVEL_OF_CATEGORY.get(round_.category)
    return list(open_units(level, on=round_.last_month)) if level else []


@dataclass(frozen=True)
class Judgement:
    """One judged item of one unit: the leaf it counts for and what was given so far."""

    unit: Unit
    leaf: scoring.Node
    field: str
    given: ReviewedPoints | None


def judgements(round_: Round) -> list[Judgement]:
    """Return every judged item of a round, by unit, given or not."""
    table = scheme_of(round_.scheme).tables[round_.category]
    judged = set(reviewed_fields(table))
    given = {(row.unit_id, row.field_code): row for row in round_.reviewed.all()}
    return [
        Judgement(unit, leaf, field, given.get((unit.pk, field)))
        for unit in assessed_units(round_)
        for leaf in table.leaves
        if leaf.rule
        for field in leaf.rule.fields()
        if field in judged
    ]


def facts_of(frozen: list[dict[str, Any]], units: list[str]) -> scoring.Facts:
    """Return the core's facts of frozen rows `{unit, field, value, status, note}`."""
    rows = [
        (
            row["unit"],
            row["field"],
            None if row["value"] is None else Decimal(row["value"]),
            Status(row["status"]),
            row["note"],
        )
        for row in frozen
    ]
    return scoring.Facts.from_rows(rows, units=units)


def rescored(round_: Round) -> scoring.Scorecard:
    """Return the scorecard computed anew from the round's frozen facts."""
    scheme = scheme_of(round_.scheme)
    units = list(dict.fromkeys(row["unit"] for row in round_.frozen_facts))
    return scoring.score(scheme, round_.category, facts_of(round_.frozen_facts, units))


def replays_identically(round_: Round) -> bool:
    """Return whether scoring the frozen facts again gives the very same points, ranks and digest."""
    return rescored(round_).digest == round_.result_digest


def published_rounds() -> QuerySet[Round]:
    """Return the published rounds, newest first."""
    return Round.objects.filter(status=Round.Status.PUBLISHED).order_by("-last_month", "-pk")
