"""Who may see and correct plans. A draft is the office's own paper."""

from changai.areas.plans.rules import DRAFT, MOVES
from changai.core.errors import NotAllowed, RecordMoved
from changai.foundation.actors import OFFICE, Actor, Role
from changai.foundation.matrix import allows

_PERMISSIONS = {"edit": "plan.edit", "discard": "plan.edit", "issue": "plan.issue"}


def sees_drafts(actor: Actor) -> bool:
    """Return whether the actor may see plans that are not issued."""
    return actor.role in OFFICE or actor.role is Role.MACHINE


def may(actor: Actor, move: str, status: str = DRAFT) -> bool:
    """Return whether the actor may do `move` to a plan in `status` now."""
    return allows(actor, _PERMISSIONS[move]) and (status, move) in MOVES


def require(actor: Actor, move: str, status: str = DRAFT) -> None:
    """Let the actor pass when the matrix grants the move and the plan's status is open to it.

    :raises NotAllowed: when the matrix does not grant it
    :raises RecordMoved: when the plan has been issued
    """
    if not allows(actor, _PERMISSIONS[move]):
        raise NotAllowed
    if (status, move) not in MOVES:
        raise RecordMoved("方案已下达，拆解内容不能再修改。如需调整任务，请在“认领情况”中办理。")
