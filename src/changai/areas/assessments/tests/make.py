"""Makes counties with figures, and rounds over them."""

from datetime import datetime, timedelta
from decimal import Decimal

from changai.areas.accounts.tests.make import MOMENT, make_unit
from changai.areas.assessments.actions import (
    ask_units,
    close_confirmation,
    freeze_round,
    give_points,
    open_round,
    publish_round,
    score_round,
    start_notice,
)
from changai.areas.assessments.models import Round
from changai.areas.assessments.queries import judgements
from changai.areas.facts.actions import accept_facts
from changai.areas.facts.models import Field
from changai.areas.facts.rules import FactInput
from changai.areas.organisations.models import Level, Unit
from changai.areas.schemes.models import SchemeVersion
from changai.core.periods import Month
from changai.foundation.actors import Actor

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)
REASON = "机制健全，经验被兄弟县区借鉴"


def make_county(name: str, city: Unit) -> Unit:
    """Make a county below the city."""
    return make_unit(name, level=Level.COUNTY, parent=city)


def report(officer: Actor, unit: Unit, month: Month, *, at: datetime = MOMENT, **figures: int | None) -> None:
    """Accept figures of a unit by the codes of their fields."""
    fields = {field.code: field.pk for field in Field.objects.filter(code__in=figures)}
    accept_facts(
        officer, unit_id=unit.pk, month=month, origin_type="facts.office", origin_id=unit.pk, origin_label="核验",
        at=at,
        figures=[FactInput(fields[code], Decimal(value)) for code, value in figures.items() if value is not None],
    )  # fmt: skip


def make_round(officer: Actor, version: SchemeVersion, **given: object) -> Round:
    """Open a round of the table 县区 over September and October."""
    values = {"category": "县区", "name": "县区考核", "first": SEPTEMBER, "last": OCTOBER, "at": MOMENT}
    return open_round(officer, version.pk, **values | given)


def judge_all(officer: Actor, round_: Round, points: str = "6") -> None:
    """Give every judged item its points."""
    for item in judgements(round_):
        give(officer, round_, item.unit, points, version=item.given.version if item.given else 0)


def give(
    actor: Actor, round_: Round, unit: Unit, points: str, *, version: int = 0, reason: str = REASON
) -> None:
    """Judge the item 典型经验 of one unit."""
    give_points(
        actor, round_.pk, unit.pk, "typical", value=Decimal(points), reason=reason, version=version, at=MOMENT
    )


def scored(officer: Actor, round_: Round) -> Round:
    """Score the round as it stands."""
    round_.refresh_from_db()
    return score_round(officer, round_.pk, version=round_.version, at=MOMENT + timedelta(hours=1))


UNREVIEWED = "审核单位尚在核对，先请各单位确认"


def published_in_full(officer: Actor, head: Actor, round_: Round) -> Round:
    """Take a round of the full course, not frozen yet, from its facts to its publication; nobody objects."""
    round_ = freeze_round(officer, round_.pk, version=round_.version, at=MOMENT)
    judge_all(officer, round_)
    round_ = scored(officer, round_)
    ask_units(officer, round_.pk, version=round_.version, at=MOMENT, reason=UNREVIEWED)
    later = MOMENT + timedelta(days=20)
    round_ = close_confirmation(officer, round_.pk, at=later)
    round_ = start_notice(head, round_.pk, version=round_.version, at=later)
    return publish_round(head, round_.pk, version=round_.version, at=later + timedelta(days=20))


def published(officer: Actor, head: Actor, round_: Round) -> Round:
    """Judge, score and publish the round."""
    judge_all(officer, round_)
    round_ = scored(officer, round_)
    return publish_round(head, round_.pk, version=round_.version, at=MOMENT + timedelta(hours=2))
