"""The office settles what units contest."""

from datetime import datetime

from changai.areas.tasks.actions.moves import check_unit, locked, move_claim, named, share_out, tell_unit
from changai.areas.tasks.models import Claim
from changai.areas.tasks.rules import check_reason
from changai.core.errors import Invalid
from changai.foundation.actions import action
from changai.foundation.actors import Actor

UPHOLD, REFUSE = "uphold", "refuse"


@action("claim.settle")
def settle_contest(
    actor: Actor,
    claim_id: int,
    *,
    decision: str,
    opinion: str,
    other_unit_id: int | None = None,
    version: int,
    at: datetime,
) -> Claim | None:
    """Settle a contest with an opinion; return the share of the other unit, when there is one.

    `decision` "uphold" withdraws the share and offers it to `other_unit_id` when one is named; "refuse"
    leaves it with the unit, as claimed.

    :raises Invalid: when the opinion is too short, the decision unknown, the unit cannot take it
    :raises RecordMoved: when the claim has changed since `version`, or is not contested
    """
    if decision not in {UPHOLD, REFUSE}:
        raise Invalid("请选择“异议成立”或“异议不成立”。")
    claim = locked(actor, claim_id, decision, version)
    opinion = check_reason(opinion, "裁定意见")
    if decision == REFUSE and other_unit_id is not None:
        raise Invalid("异议不成立的，任务仍由原单位承担，不需另选单位。")
    if other_unit_id is not None:
        _check_other(claim, other_unit_id, at)
    move_claim(actor, claim, decision, at=at, settlement=opinion, settled_at=at, settled_by_name=actor.name)
    outcome = "异议成立，任务已撤销" if decision == UPHOLD else "异议不成立，任务由贵单位承担"
    tell_unit(claim, f"{named(claim)}：{outcome}。裁定意见：{opinion}"[:300], at=at)
    return _pass_on(actor, claim, other_unit_id, at) if other_unit_id is not None else None


def _check_other(claim: Claim, unit_id: int, at: datetime) -> None:
    if unit_id == claim.unit_id:
        raise Invalid("请选择提出异议单位以外的单位。")
    check_unit(claim.measure_id, unit_id, at=at)


def _pass_on(actor: Actor, claim: Claim, unit_id: int, at: datetime) -> Claim:
    other = share_out(actor, claim, unit_id, at=at)
    tell_unit(other, f"{named(other)}改由贵单位{other.get_part_display()}，请认领。", at=at)
    return other
