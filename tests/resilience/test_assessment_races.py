"""Two at once on one round, on PostgreSQL: one outcome, told plainly to the other."""

from decimal import Decimal
from typing import Any

import pytest

from changai.areas.accounts.tests.make import MOMENT, actor_for, make_unit
from changai.areas.assessments import actions, queries
from changai.areas.assessments.models import Objection, ReviewedPoints, Round
from changai.areas.assessments.tests.make import (
    OCTOBER,
    REASON,
    judge_all,
    make_county,
    make_round,
    report,
    scored,
)
from changai.areas.organisations.models import Level
from changai.areas.schemes.tests.make import make_dictionary, make_issued
from changai.core.errors import ActionRefused, RecordMoved
from changai.foundation.actors import Actor, Role
from tests.resilience.test_races import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
GROUNDS = "我县十月另有一期培训班已结业，花名册附后"


@pytest.fixture
def office() -> tuple[Actor, Actor, Round]:
    """Two of the office, and a round of the full course with its facts frozen."""
    city = make_unit("示范市", level=Level.CITY)
    home = make_unit("市产改办", level=Level.OFFICE, parent=city)
    officer, head = actor_for(Role.OFFICE_OFFICER, home), actor_for(Role.OFFICE_HEAD, home)
    make_dictionary()
    version = make_issued(officer, head)
    for name, trained in (("丙县", 200), ("丁县", 300)):
        report(officer, make_county(name, city), OCTOBER, trained=trained, target=600, late=1)
    round_ = make_round(officer, version, course="full")
    return officer, head, actions.freeze_round(officer, round_.pk, version=round_.version, at=MOMENT)


def refusals(outcomes: list[Any]) -> list[ActionRefused]:
    return [outcome for outcome in outcomes if isinstance(outcome, ActionRefused)]


def test_two_who_judge_one_item_have_one_outcome(office: tuple[Actor, Actor, Round]) -> None:
    officer, head, round_ = office
    unit = queries.assessed_units(round_)[0]

    def order(actor: Actor, points: int) -> Any:
        return lambda: actions.give_points(
            actor, round_.pk, unit.pk, "typical", value=Decimal(points), reason=REASON, version=0, at=MOMENT
        )

    (refused,) = refusals(at_once(order(officer, 6), order(head, 9)))
    assert isinstance(refused, RecordMoved)
    kept = ReviewedPoints.objects.get()
    assert f"{kept.reviewed_by_name} 已核定为 {kept.value.normalize():f} 分" in refused.sentence


def test_two_who_answer_one_objection_have_one_outcome(office: tuple[Actor, Actor, Round]) -> None:
    officer, head, round_ = office
    judge_all(officer, round_)
    round_ = scored(officer, round_)
    round_ = actions.ask_units(officer, round_.pk, version=round_.version, at=MOMENT)
    unit = queries.assessed_units(round_)[0]
    insider = actor_for(Role.UNIT_LIAISON, unit)
    objection = actions.raise_objection(insider, round_.pk, "1.1", grounds=GROUNDS, at=MOMENT)

    def order(actor: Actor, trained: str) -> Any:
        return lambda: actions.reply_to_objection(
            actor,
            objection.pk,
            reply="经核对花名册，予以更正",
            values={"trained": trained},
            version=1,
            at=MOMENT,
        )

    (refused,) = refusals(at_once(order(officer, "500"), order(head, "400")))
    assert refused.status == 409
    round_.refresh_from_db()
    assert round_.facts_version == 2
    assert Objection.objects.get().status == "upheld"
    assert queries.replays_identically(round_)
