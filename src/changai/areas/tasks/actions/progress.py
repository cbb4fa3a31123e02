"""The work plan of a claimed share, and its completion."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone

from changai.areas.tasks import policies, queries
from changai.areas.tasks.actions.moves import locked, move_claim
from changai.areas.tasks.models import Milestone
from changai.areas.tasks.rules import Step, check_steps
from changai.core.errors import Invalid, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record


@action("claim.plan")
def plan_milestones(
    actor: Actor, claim_id: int, *, steps: Sequence[Step], version: int, at: datetime
) -> None:
    """Make the work plan of a claimed share be `steps`, in this order; milestones already done stay.

    :raises Invalid: when a step has no words or lies outside the task's time, or a done one would go
    :raises RecordMoved: when the claim has changed since `version`, or is not claimed
    """
    claim = locked(actor, claim_id, "plan", version)
    check_steps(steps, starts_on=claim.measure.plan.starts_on, due_on=queries.deadline_of(claim))
    kept = {milestone.pk: milestone for milestone in claim.milestones.all()}
    _check_done(kept, steps)
    claim.milestones.exclude(pk__in=[step.key for step in steps if step.key]).delete()
    for position, step in enumerate(steps, start=1):
        row = kept.get(step.key or 0) or Milestone(claim=claim)
        row.position = position
        if row.done_on is None:
            row.text, row.due_on = step.text.strip(), step.due_on
        row.save()
    move_claim(actor, claim, "plan", at=at)


@action("milestone.complete")
def complete_milestone(actor: Actor, milestone_id: int, *, done_on: date, at: datetime) -> None:
    """Mark a milestone as done on a day that is not in the future.

    :raises Invalid: when the day is in the future or before the plan
    :raises RecordMoved: when it is marked already
    """
    milestone = _milestone(actor, milestone_id)
    if milestone.done_on is not None:
        raise RecordMoved("该节点已标记完成，请刷新后查看。")
    if not milestone.claim.measure.plan.starts_on <= done_on <= timezone.localdate(at):
        raise Invalid("完成日期应在方案起始日期之后，且不晚于今天。")
    milestone.done_on = done_on
    milestone.save(update_fields=["done_on"])
    record(actor, "milestone.complete", milestone, at=at, claim=milestone.claim_id)


@action("milestone.reopen")
def reopen_milestone(actor: Actor, milestone_id: int, *, at: datetime) -> None:
    """Take back that a milestone is done.

    :raises RecordMoved: when it is not marked
    """
    milestone = _milestone(actor, milestone_id)
    if milestone.done_on is None:
        raise RecordMoved("该节点未标记完成，请刷新后查看。")
    milestone.done_on = None
    milestone.save(update_fields=["done_on"])
    record(actor, "milestone.reopen", milestone, at=at, claim=milestone.claim_id)


@action("claim.complete")
def complete_claim(actor: Actor, claim_id: int, *, completed_on: date, at: datetime) -> None:
    """Note that a share is complete, as its accepted report says; a second time sets the day anew.

    :raises NotAllowed: when the actor reviews no reports of the unit
    :raises RecordMoved: when the share is not claimed
    """
    claim = locked(actor, claim_id, "complete")
    move_claim(actor, claim, "complete", at=at, completed_on=completed_on)


@action("claim.reopen")
def reopen_claim(actor: Actor, claim_id: int, *, at: datetime) -> None:
    """Note that a share is not complete after all, as its corrected report says.

    :raises NotAllowed: when the actor reviews no reports of the unit
    :raises RecordMoved: when the share is not claimed
    """
    claim = locked(actor, claim_id, "reopen")
    move_claim(actor, claim, "reopen", at=at, completed_on=None)


def _check_done(kept: dict[int, Milestone], steps: Sequence[Step]) -> None:
    keys = [step.key for step in steps if step.key]
    if len(keys) != len(set(keys)) or not set(keys) <= set(kept):
        raise RecordMoved("工作计划已被修改，请刷新页面后重新编辑。")
    if any(row.done_on and key not in keys for key, row in kept.items()):
        raise Invalid("已完成的节点不能删除。")


def _milestone(actor: Actor, milestone_id: int) -> Milestone:
    seen = queries.milestone_for(actor, milestone_id)
    policies.require(actor, "plan", seen.claim)
    milestone = Milestone.objects.select_for_update(of=("self",)).select_related("claim__measure__plan")
    return milestone.get(pk=seen.pk)
