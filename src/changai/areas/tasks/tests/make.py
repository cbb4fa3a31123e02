"""Makes claims for tests through the actions: a plan of one measure, handed down."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from changai.areas.organisations.models import Unit
from changai.areas.plans.models import Plan
from changai.areas.plans.tests.make import AT, assign, make_plan
from changai.areas.tasks.actions import claim_task, hand_down_plan
from changai.areas.tasks.models import Claim
from changai.foundation.actors import Actor

OFFERED_AT = datetime(2026, 1, 10, 1, 0, tzinfo=UTC)
LATER = datetime(2026, 2, 2, 2, 0, tzinfo=UTC)
TEXT = "示范市2026年工作要点\n一、要开展宣讲不少于20场。\n"


def make_issued(
    officer: Actor,
    head: Actor,
    *,
    leads: Sequence[Unit],
    supports: Sequence[Unit] = (),
    text: str = TEXT,
    due_on: date | None = None,
) -> Plan:
    """Take in a plan, give every measure the same units and hand it down."""
    plan = make_plan(officer, text=text)
    for measure in plan.measures.all():
        assign(officer, measure, leads=leads, supports=supports, due_on=due_on)
    hand_down_plan(head, plan.pk, version=plan.version, at=OFFERED_AT)
    plan.refresh_from_db()
    return plan


def make_claim(officer: Actor, head: Actor, unit: Unit, *, answered_by: Actor | None = None) -> Claim:
    """Make a lead claim of a unit; claimed, when somebody answers."""
    plan = make_issued(officer, head, leads=[unit])
    claim = Claim.objects.get(measure__plan=plan, unit=unit)
    if answered_by is not None:
        claim_task(answered_by, claim.pk, at=OFFERED_AT)
        claim.refresh_from_db()
    return claim


__all__ = ["AT", "LATER", "OFFERED_AT", "TEXT", "make_claim", "make_issued"]
