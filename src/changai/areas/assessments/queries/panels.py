"""A panel's points: what one reviewer gave, how far all are, and what they come to together."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from changai.areas.accounts.models import Person
from changai.areas.assessments.models import Panelist, PanelPoints, ReviewedPoints, Round
from changai.areas.assessments.rules import (
    LEAST_FOR_ONE,
    LEAST_PANEL,
    panel_hindrance,
    panel_words,
    spread,
    trimmed_mean,
)
from changai.areas.organisations.models import Unit
from changai.core.errors import NotVisible
from changai.foundation.actors import Actor, Role
from changai.foundation.matrix import MATRIX


@dataclass(frozen=True)
class Combined:
    """What a panel came to for one unit and item: the trimmed mean, how it came about, how far they lie apart."""

    value: Decimal
    words: str
    spread: Decimal
    at: datetime


def given_points(
    round_: Round, units: list[Unit], fields: tuple[str, ...]
) -> dict[tuple[int, str], ReviewedPoints]:
    """Return the points of judged items, by unit and item: one person's, or unsaved rows of a whole panel."""
    if not round_.panelists.exists():
        return {(row.unit_id, row.field_code): row for row in round_.reviewed.all()}
    return {
        (unit_id, code): ReviewedPoints(
            round=round_, unit_id=unit_id, field_code=code, value=both.value, reason=both.words,
            reviewed_by_name="评审组", reviewed_at=both.at,
        )
        for (unit_id, code), both in combined(round_, units, fields).items()
    }  # fmt: skip


def panelist_of(actor: Actor, round_: Round) -> Panelist | None:
    """Return the actor as a reviewer of the round's panel, None when not one."""
    return round_.panelists.filter(person=actor.person_id or 0).first()


def may_see_spread(actor: Actor, round_: Round) -> bool:
    """Return whether the actor may read what the panel came to: who sits on it only once its points are sealed."""
    return round_.scored_at is not None or panelist_of(actor, round_) is None


def panel_round(actor: Actor, round_id: int) -> tuple[Round, Panelist]:
    """Return a round and the actor as one of its panel.

    :raises NotVisible: when the actor is not
    """
    rounds = Round.objects.exclude(status=Round.Status.DROPPED).select_related("scheme").defer("frozen_facts")
    round_ = rounds.filter(pk=round_id).first()
    panelist = panelist_of(actor, round_) if round_ else None
    if round_ is None or panelist is None:
        raise NotVisible
    return round_, panelist


def candidates(round_: Round) -> QuerySet[Person]:
    """Return the people who may be named to a round's panel and are not yet."""
    roles = [role for role in MATRIX["panel.judge"][1] if role is not Role.MACHINE]
    named = round_.panelists.values("person")
    people = Person.objects.filter(is_active=True, role__in=roles).exclude(pk__in=named)
    return people.select_related("unit").order_by("role", "name", "pk")


def own_panel_points(panelist: Panelist) -> dict[tuple[int, str], PanelPoints]:
    """Return what one reviewer gave, by unit and item; never what the others gave."""
    return {(row.unit_id, row.field_code): row for row in panelist.points.all()}


def combined(round_: Round, units: list[Unit], fields: tuple[str, ...]) -> dict[tuple[int, str], Combined]:
    """Return what the panel came to for every unit and item that all of it have judged.

    A reviewer does not judge the own unit and is not waited for there. A panel too small comes to nothing.
    """
    panel = list(round_.panelists.select_related("person__unit"))
    if len(panel) < LEAST_PANEL:
        return {}
    given: dict[tuple[int, str], dict[int, PanelPoints]] = defaultdict(dict)
    for row in PanelPoints.objects.filter(panelist__round=round_):
        given[row.unit_id, row.field_code][row.panelist_id] = row
    found = {}
    for unit in units:
        due = {one.pk for one in panel if not _is_own(one, unit)}
        for code in fields:
            rows = {pk: row for pk, row in given[unit.pk, code].items() if pk in due}
            if len(due) >= LEAST_FOR_ONE and due == set(rows):
                values = [row.value for row in rows.values()]
                found[unit.pk, code] = Combined(
                    trimmed_mean(values),
                    panel_words(values, len(panel) - len(due)),
                    spread(values),
                    max(row.given_at for row in rows.values()),
                )
    return found


def hindrance_of_panel(round_: Round, units: list[Unit]) -> str:
    """Return why the points of the round's panel cannot count as it stands, or nothing."""
    panel = list(round_.panelists.select_related("person__unit"))
    thin = [
        unit.short_name
        for unit in units
        if panel and sum(not _is_own(one, unit) for one in panel) < LEAST_FOR_ONE
    ]
    return panel_hindrance(len(panel), thin)


def _is_own(panelist: Panelist, unit: Unit) -> bool:
    home = panelist.person.unit
    return home is not None and home.path.startswith(unit.path)


@dataclass(frozen=True)
class PanelProgress:
    """One reviewer and how many judgements came in; what they say is not told."""

    panelist: Panelist
    given: int
    due: int


def panel_progress(round_: Round, units: list[Unit], fields: tuple[str, ...]) -> list[PanelProgress]:
    """Return how far each reviewer has come."""
    return [
        PanelProgress(one, one.points.count(), len(fields) * sum(not _is_own(one, unit) for unit in units))
        for one in round_.panelists.select_related("person__unit")
    ]


def panels_waiting(actor: Actor) -> QuerySet[Round]:
    """Return the rounds that wait for the actor's points as one of their panel."""
    judging = (Round.Status.OPEN, Round.Status.CHECKING)
    return Round.objects.filter(panelists__person=actor.person_id or 0, status__in=judging).order_by("pk")
