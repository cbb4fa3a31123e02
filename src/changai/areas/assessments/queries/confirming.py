"""Who has confirmed the facts of a round, and the objections raised against it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from changai.areas.accounts.models import Person
from changai.areas.assessments.models import (
    LeafOwner,
    LeafReview,
    LeafScore,
    Objection,
    PanelPoints,
    Participant,
    ReviewedPoints,
    Round,
    Score,
)
from changai.areas.assessments.policies import sees_all
from changai.areas.assessments.queries.items import VetoLine, fields_of_item, veto_lines
from changai.areas.assessments.rules import CLOCK_MOVES, CLOSED_OBJECTIONS, conflict
from changai.areas.organisations.models import Level, Unit
from changai.areas.schemes.queries import scheme_of
from changai.core.errors import NotVisible
from changai.foundation.actors import OFFICE, Actor, Role
from changai.foundation.matrix import MATRIX, allows

OBJECTION_SHOWN = ("round__scheme", "unit", "reviewer", "replied_by", "facts_version")


def participants(round_: Round) -> QuerySet[Participant]:
    """Return the units of a round with what they sent in, in the tree's order."""
    return round_.participants.select_related("unit").order_by("unit__position", "unit__code", "pk")


def part_of(actor: Actor, round_: Round) -> Participant | None:
    """Return the actor's own unit's part in a round, None when it has none."""
    return participants(round_).filter(unit_id=actor.unit_id or 0).first()


def open_objections(round_: Round) -> QuerySet[Objection]:
    """Return the objections of a round that are not decided."""
    return round_.objections.exclude(status__in=CLOSED_OBJECTIONS)


def silent_units(round_: Round) -> list[Unit]:
    """Return the units that neither confirmed their facts nor have an objection."""
    objected = Objection.objects.filter(round=round_, unit=OuterRef("unit"))
    silent = participants(round_).filter(confirmed_at__isnull=True).exclude(Exists(objected))
    return [part.unit for part in silent]


def objections_visible_to(actor: Actor) -> QuerySet[Objection]:
    """Return the objections the actor may read: all, those of the own branch, those named to review."""
    every = (
        Objection.objects.select_related(*OBJECTION_SHOWN)
        .defer("round__frozen_facts")
        .exclude(round__status=Round.Status.DROPPED)
    )
    if not allows(actor, "assessment.view"):
        return every.none()
    if sees_all(actor):
        return every.order_by("due_on", "pk")
    own = every.filter(unit__path__startswith=actor.unit_path) if actor.unit_path else every.none()
    named = every.filter(reviewer=actor.person_id or 0)
    return (own | named).order_by("due_on", "pk")


def objection_for(actor: Actor, objection_id: int) -> Objection:
    """Return one objection.

    :raises NotVisible: when there is none for this actor
    """
    found = objections_visible_to(actor).filter(pk=objection_id).first()
    if found is None:
        raise NotVisible
    return found


def judged_by(objection: Objection) -> set[int]:
    """Return the people who judged the challenged indicator of the unit, or confirmed its figures."""
    fields = fields_of_item(objection.round, objection.code)
    alone = ReviewedPoints.objects.filter(
        round=objection.round_id, unit=objection.unit_id, field_code__in=fields, reviewed_by__isnull=False
    )
    panel = PanelPoints.objects.filter(
        panelist__round=objection.round_id, unit=objection.unit_id, field_code__in=fields
    )
    owners = LeafReview.objects.filter(
        round=objection.round_id, unit=objection.unit_id, code=objection.code, reviewed_by__isnull=False
    )
    return {
        *alone.values_list("reviewed_by", flat=True),
        *panel.values_list("panelist__person", flat=True),
        *owners.values_list("reviewed_by", flat=True),
    }


def conflict_of(actor: Actor, objection: Objection, judges: Collection[int]) -> str:
    """Return why the actor may not review an objection, or nothing."""
    return conflict(actor.person_id, actor.unit_path, **_near_to(objection, judges))


def reviewers_for(objection: Objection) -> list[Person]:
    """Return the people who may be named to review an objection: nobody who stands near to it."""
    roles = [role for role in MATRIX["objection.review"][1] if role is not Role.MACHINE]
    people = Person.objects.filter(is_active=True, role__in=roles).select_related("unit")
    near = _near_to(objection, judged_by(objection))
    return [
        person
        for person in people.order_by("role", "name", "pk")
        if not conflict(person.pk, person.unit.path if person.unit else "", **near)
    ]


def _near_to(objection: Objection, judges: Collection[int]) -> dict[str, Any]:
    """Return what `conflict` asks of an objection. Two queries."""
    owners = Unit.objects.filter(
        pk__in=LeafOwner.objects.filter(round=objection.round_id, code=objection.code).values("unit")
    )
    # The office answers for the figures of its own indicators: there the replier and the judges stand back by name.
    owner = owners.exclude(level=Level.OFFICE).first()
    return {
        "challenged_path": objection.unit.path,
        "assessed_paths": list(participants(objection.round).values_list("unit__path", flat=True)),
        "owner_path": owner.path if owner else "",
        "judged_by": judges,
        "replied_by": objection.replied_by_id,
    }


def others_who_name(person_id: int | None) -> QuerySet[Person]:
    """Return the people but this one who may name who reviews an objection."""
    return Person.objects.filter(is_active=True, role__in=OFFICE).exclude(pk=person_id or 0)


def overdue_objections(today: date) -> QuerySet[Objection]:
    """Return the objections the clock has to move on: their day has passed and the clock knows a move."""
    return (
        Objection.objects.filter(status__in=CLOCK_MOVES, due_on__lt=today)
        .exclude(round__status=Round.Status.DROPPED)
        .order_by("pk")
    )


def rounds_to_close(today: date) -> QuerySet[Round]:
    """Return the rounds whose days for confirming facts are over."""
    return Round.objects.filter(status=Round.Status.CONFIRMING, confirm_until__lt=today).order_by("pk")


def score_of_unit(round_: Round, unit_id: int) -> Score | None:
    """Return a unit's result in a round, None when there is none."""
    found = Score.objects.select_related("unit").filter(round=round_, unit=unit_id).first()
    if found is not None:
        found.round = round_
    return found


@dataclass(frozen=True)
class Figure:
    """A frozen figure an indicator was scored from, in the words of the dictionary; None is not reported."""

    field: str
    label: str
    value: str | None
    unit_of_measure: str


def figures_of(round_: Round, objection: Objection) -> list[Figure]:
    """Return the frozen figures of the challenged indicator of the unit."""
    return frozen_figures(round_, objection.unit, objection.code)


def frozen_figures(round_: Round, unit: Unit, code: str) -> list[Figure]:
    """Return the frozen figures one indicator of one unit is scored from."""
    scheme = scheme_of(round_.scheme)
    rows = {row["field"]: row for row in round_.frozen_facts if row["unit"] == unit.code}
    return [
        Figure(name, scheme.labels.get(name, name), rows[name]["value"], scheme.units.get(name, ""))
        for name in fields_of_item(round_, code)
        if name in rows
    ]


def leaf_of(objection: Objection) -> LeafScore | None:
    """Return the challenged indicator as it is scored now."""
    leaves = LeafScore.objects.filter(score__round=objection.round_id, score__unit=objection.unit_id)
    return leaves.filter(code=objection.code).first()


def veto_of(objection: Objection) -> VetoLine | None:
    """Return the challenged veto as it stands now, None for an objection to points."""
    lines = veto_lines(objection.round, objection.unit)
    return next((line for line in lines if line.code == objection.code), None)
