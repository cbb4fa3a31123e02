"""Who may do what to a claim, and whether its status is open to it."""

from typing import TYPE_CHECKING

from changai.areas.tasks.rules import next_status
from changai.core.errors import NotAllowed, RecordMoved
from changai.foundation.actors import Actor
from changai.foundation.matrix import allows

if TYPE_CHECKING:
    from changai.areas.tasks.models import Claim

_ENDS = ("complete", "reopen")
_PERMISSIONS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("claim", "contest", "split", "hand_over", "take_back", "unclaim", "recant"), ("claim.answer",)
    ),
    **dict.fromkeys(("uphold", "refuse", "withdraw"), ("claim.settle",)),
    "plan": ("milestone.edit",),
    # A task is complete when its report says so and the reviewer has accepted it.
    **dict.fromkeys(_ENDS, ("report.review", "claim.settle")),
}
_STATUS_SENTENCES = {
    "offered": "该任务尚未认领，请先认领。",
    "claimed": "该任务已认领，请刷新后查看。",
    "contested": "该任务有异议正在裁定，请等待办公室裁定。",
    "withdrawn": "该任务已撤销，无需办理。",
    "split": "该任务已分解，请在分解后的任务中办理。",
    "handed_over": "该任务已转办其他单位，无需办理。",
}


def holds(actor: Actor, move: str, claim: "Claim") -> bool:
    """Return whether the matrix grants the actor the move for the claim's unit; nobody ends the own unit's tasks."""
    if move in _ENDS and actor.unit_id == claim.unit_id:
        return False
    return any(allows(actor, permission, claim.unit.path) for permission in _PERMISSIONS[move])


def may(actor: Actor, move: str, claim: "Claim") -> bool:
    """Return whether the actor may do `move` to the claim now."""
    return (
        holds(actor, move, claim)
        and next_status(claim.status, move) is not None
        and not (claim.completed_on and move in {"unclaim", "split", "hand_over"})
    )


def require(actor: Actor, move: str, claim: "Claim") -> None:
    """Let the actor pass when the matrix grants the move and the claim is open to it.

    :raises NotAllowed: when the matrix does not grant it
    :raises RecordMoved: when the claim's status is not open to it
    """
    if not holds(actor, move, claim):
        raise NotAllowed
    if not may(actor, move, claim):
        done = "该任务已完成，不能再办理。" if claim.completed_on else _STATUS_SENTENCES[claim.status]
        raise RecordMoved(done)
