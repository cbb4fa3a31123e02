"""What people judge in a round, given or not."""

from dataclasses import dataclass

from changai.areas.assessments.models import ReviewedPoints, Round
from changai.areas.assessments.queries.panels import given_points
from changai.areas.assessments.queries.rounds import assessed, assessed_units
from changai.areas.organisations.models import Unit
from changai.areas.schemes.queries import scheme_of
from changai.areas.schemes.rules import JudgedItem, judged_items


@dataclass(frozen=True)
class Judgement:
    """One judged item of one unit: the indicator it counts for and what was given so far."""

    unit: Unit
    leaf: JudgedItem
    field: str
    given: ReviewedPoints | None


def items_of(round_: Round) -> tuple[JudgedItem, ...]:
    """Return what is judged in a round, in table order."""
    return judged_items(scheme_of(round_.scheme).tables[round_.category])


def judgements(round_: Round) -> list[Judgement]:
    """Return every judged item of a round, by unit, given or not."""
    items = items_of(round_)
    if not items:
        return []
    units = assessed_units(round_)
    given = given_points(round_, units, tuple(item.field for item in items))
    return [
        Judgement(unit, item, item.field, given.get((unit.pk, item.field)))
        for unit in units
        for item in items
    ]


def judgement_of(round_: Round, unit_id: int, field_code: str) -> Judgement | None:
    """Return one judged item of one unit, None when the unit is not assessed or has no such item."""
    item = next((item for item in items_of(round_) if item.field == field_code), None)
    unit = assessed(round_).filter(pk=unit_id).first()
    if item is None or unit is None:
        return None
    given = ReviewedPoints.objects.filter(round=round_, unit=unit, field_code=field_code).first()
    return Judgement(unit, item, field_code, given)
