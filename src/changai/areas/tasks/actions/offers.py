"""The office hands a plan down, gives one more unit a share, or takes an unanswered share back."""

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from changai.areas.plans import queries as plans
from changai.areas.plans.actions import issue_plan
from changai.areas.tasks.actions.moves import check_unit, locked, move_claim, named, tell_unit
from changai.areas.tasks.models import Claim
from changai.areas.tasks.rules import check_reason
from changai.core.errors import Invalid, NotAllowed
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.matrix import allows
from changai.foundation.notices.outbox import notify

if TYPE_CHECKING:
    from changai.areas.plans.models import Measure


@action("plan.hand_down")
def hand_down_plan(actor: Actor, plan_id: int, *, version: int, at: datetime) -> int:
    """Issue a plan and offer every unit its shares; return how many shares there are.

    :raises Invalid: when the plan has no measure
    :raises NotAllowed: when the actor may not issue
    :raises RecordMoved: when the plan has changed since `version` or is issued
    """
    plan = issue_plan(actor, plan_id, version=version, at=at)
    rows = [
        _share(measure, assigned.unit_id, assigned.part, at)
        for measure in plans.measures_of(plan)
        for assigned in measure.assignments.all()
    ]
    Claim.objects.bulk_create(rows)
    link = f"{reverse('tasks:index')}?tab=offered"
    for unit_id, count in Counter(row.unit_id for row in rows).items():
        sentence = f"《{plan.name}》已下达，贵单位有{count}项任务待认领。"
        notify(sentence, at=at, unit_id=unit_id, link=link)
    record(actor, "plan.hand_down", plan, at=at, claims=len(rows))
    return len(rows)


@action("claim.offer")
def offer_measure(actor: Actor, measure_id: int, *, unit_id: int, part: str, at: datetime) -> Claim:
    """Give one more unit a share of an issued measure, as lead or in support, and return it.

    :raises Invalid: when the unit is closed, or has a share of the measure
    :raises NotAllowed: when the actor may not settle claims
    """
    measure = plans.measure_for(actor, measure_id)
    if not allows(actor, "claim.settle"):
        raise NotAllowed
    if not measure.code:
        raise Invalid("方案尚未下达，请在拆解页面明确承担单位。")
    check_unit(measure.pk, unit_id, at=at)
    claim = _share(measure, unit_id, part, at)
    claim.save()
    record(actor, "claim.offer", claim, at=at, measure=measure.pk, unit=unit_id, part=part)
    tell_unit(claim, f"{named(claim)}已下达贵单位{claim.get_part_display()}，请认领。", at=at)
    return claim


@action("claim.withdraw")
def withdraw_task(actor: Actor, claim_id: int, *, reason: str, version: int, at: datetime) -> None:
    """Take back a share that its unit has not answered.

    :raises Invalid: when the reason is too short
    :raises RecordMoved: when the claim has changed since `version`, or was answered
    """
    claim = locked(actor, claim_id, "withdraw", version)
    opinion = check_reason(reason, "撤销理由")
    move_claim(actor, claim, "withdraw", at=at, settlement=opinion, settled_at=at, settled_by_name=actor.name)
    tell_unit(claim, f"{named(claim)}已撤销，贵单位无需办理。", at=at)


def _share(measure: "Measure", unit_id: int, part: str, at: datetime) -> Claim:
    """Return an unsaved share of a measure; the target is the leads' own, units in support have none."""
    is_lead = part == Claim.Part.LEAD
    return Claim(
        measure=measure,
        unit_id=unit_id,
        part=part,
        text=measure.text,
        target_value=measure.target_value if is_lead else None,
        target_unit=measure.target_unit if is_lead else "",
        due_on=measure.due_on,
        offered_at=at,
    )
