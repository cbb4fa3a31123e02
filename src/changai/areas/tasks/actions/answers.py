"""What a unit answers to a share: claims, contests, splits, hands over, and takes its answer back."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from changai.areas.tasks import queries
from changai.areas.tasks.actions.moves import (
    check_unit,
    locked,
    move_claim,
    named,
    share_out,
    tell_office,
    tell_unit,
)
from changai.areas.tasks.models import Claim
from changai.areas.tasks.rules import CLAIMED, OFFERED, WITHDRAWN, Share, check_reason, check_shares
from changai.core.errors import Invalid, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record


@action("claim.claim")
def claim_task(actor: Actor, claim_id: int, *, version: int | None = None, at: datetime) -> None:
    """Claim an offered share.

    :raises NotAllowed: when the actor does not answer for the unit
    :raises RecordMoved: when the claim has changed since `version`, or is not waiting for an answer
    """
    claim = locked(actor, claim_id, "claim", version)
    move_claim(actor, claim, "claim", at=at, answered_at=at, answered_by_name=actor.name)


@action("claim.claim_many")
def claim_tasks(actor: Actor, *, claim_ids: Sequence[int], at: datetime) -> int:
    """Claim all of the shares that still wait for an answer; return how many there were.

    :raises Invalid: when none does
    """
    waiting = queries.visible_to(actor).filter(pk__in=claim_ids, status=OFFERED).order_by("pk")
    ids = list(waiting.values_list("pk", flat=True))
    if not ids:
        raise Invalid("所选任务中没有待认领的，请刷新页面后重新勾选。")
    for claim_id in ids:
        claim_task(actor, claim_id, at=at)
    return len(ids)


@action("claim.unclaim")
def unclaim_task(actor: Actor, claim_id: int, *, version: int, at: datetime) -> None:
    """Take a claim back, as long as no work plan was made.

    :raises Invalid: when there is a work plan
    :raises RecordMoved: when the claim has changed since `version`, or is not claimed
    """
    claim = locked(actor, claim_id, "unclaim", version)
    if claim.milestones.exists():
        raise Invalid("该任务已编制工作计划，不能撤回认领。确需调整的，请转办或联系办公室。")
    move_claim(actor, claim, "unclaim", at=at, answered_at=None, answered_by_name="")


@action("claim.contest")
def contest_task(actor: Actor, claim_id: int, *, reason: str, version: int, at: datetime) -> None:
    """Contest an offered share; the office is to settle it.

    :raises Invalid: when the reason is too short
    :raises RecordMoved: when the claim has changed since `version`, or is not waiting for an answer
    """
    claim = locked(actor, claim_id, "contest", version)
    reason = check_reason(reason, "异议理由")
    fields = {"contest_reason": reason, "settlement": "", "settled_at": None, "settled_by_name": ""}
    move_claim(actor, claim, "contest", at=at, answered_at=at, answered_by_name=actor.name, **fields)
    tell_office(claim, f"{claim.unit.short_name}对{named(claim)}提出异议，请裁定。", at=at)


@action("claim.recant")
def recant_contest(actor: Actor, claim_id: int, *, version: int, at: datetime) -> None:
    """Take a contest back before it is settled; the share waits for an answer again.

    :raises RecordMoved: when the claim has changed since `version`, or is not contested
    """
    claim = locked(actor, claim_id, "recant", version)
    move_claim(actor, claim, "recant", at=at, answered_at=None, answered_by_name="", contest_reason="")
    tell_office(claim, f"{claim.unit.short_name}已撤回对{named(claim)}的异议。", at=at)


@action("claim.split")
def split_task(
    actor: Actor, claim_id: int, *, shares: Sequence[Share], version: int, at: datetime
) -> list[Claim]:
    """Split a share among the unit and those below it and return the parts; the unit's own parts are claimed.

    :raises Invalid: when the parts do not cover the whole, or a unit is not within the own branch
    :raises RecordMoved: when the claim has changed since `version`, or is not open to it
    """
    claim = locked(actor, claim_id, "split", version)
    check_shares(shares, target_value=claim.target_value, due_on=claim.due_on)
    allowed = set(queries.units_sharing(claim, timezone.localdate(at)).values_list("pk", flat=True))
    if not {share.unit_id for share in shares} <= allowed:
        raise Invalid("任务只能分解给本单位及下属单位；给其他单位请用“转办”。")
    parts = [_part(actor, claim, share, at) for share in shares]
    move_claim(actor, claim, "split", at=at, answered_at=at, answered_by_name=actor.name)
    return parts


@action("claim.hand_over")
def hand_over_task(
    actor: Actor, claim_id: int, *, unit_id: int, reason: str, version: int, at: datetime
) -> Claim:
    """Hand a share over to another unit, which is to answer; return that unit's share. The office is told.

    :raises Invalid: when the reason is too short, or the other unit is closed or has a share of the measure
    :raises RecordMoved: when the claim has changed since `version`, or is not open to it
    """
    claim = locked(actor, claim_id, "hand_over", version)
    reason = check_reason(reason, "转办理由")
    check_unit(claim.measure_id, unit_id, at=at)
    fields = {"answered_at": at, "answered_by_name": actor.name, "passing_reason": reason}
    move_claim(actor, claim, "hand_over", at=at, **fields)
    other = share_out(actor, claim, unit_id, at=at)
    tell_unit(other, f"{claim.unit.short_name}将{named(claim)}转办贵单位，请认领或提出异议。", at=at)
    tell_office(claim, f"{claim.unit.short_name}将{named(claim)}转办{other.unit.short_name}。", at=at)
    return other


@action("claim.take_back")
def take_back_task(actor: Actor, claim_id: int, *, version: int, at: datetime) -> None:
    """Take back a share that was handed over, as long as the other unit has not answered; it is claimed then.

    :raises RecordMoved: when the claim has changed since `version`, or the other unit has answered
    """
    claim = locked(actor, claim_id, "take_back", version)
    other = claim.offspring.select_for_update(of=("self",)).select_related("unit").latest("pk")
    if other.status != OFFERED:
        raise RecordMoved(f"{other.unit.short_name}已答复，不能收回。如需调整请联系办公室。")
    other.status = WITHDRAWN
    other.version += 1
    other.save(update_fields=["status", "version"])
    record(actor, "claim.withdraw", other, at=at, before=OFFERED, after=WITHDRAWN)
    move_claim(
        actor, claim, "take_back", at=at, answered_at=at, answered_by_name=actor.name, passing_reason=""
    )
    tell_unit(other, f"{claim.unit.short_name}已收回转办的{named(claim)}。", at=at)


def _part(actor: Actor, claim: Claim, share: Share, at: datetime) -> Claim:
    is_own = share.unit_id == claim.unit_id
    fields = {"status": CLAIMED, "answered_at": at, "answered_by_name": actor.name} if is_own else {}
    part = share_out(
        actor,
        claim,
        share.unit_id,
        at=at,
        text=share.text.strip(),
        target_value=share.target_value,
        due_on=share.due_on or claim.due_on,
        **fields,
    )
    if not is_own:
        tell_unit(part, f"{claim.unit.short_name}将{named(part)}分解给贵单位，请认领。", at=at)
    return part
