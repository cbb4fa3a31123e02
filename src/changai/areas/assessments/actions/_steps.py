"""Steps that every action of a round takes: lock it, compare the version the person saw, move it on."""

from changai.areas.assessments.models import Round
from changai.areas.assessments.policies import require
from changai.areas.assessments.queries import round_for
from changai.areas.assessments.rules import next_status
from changai.core.errors import RecordMoved
from changai.foundation.actors import Actor


def locked(actor: Actor, round_id: int, permission: str) -> Round:
    """Return the round, locked for this transaction, when the actor sees it and holds the permission.

    :raises NotVisible: when there is none for this actor
    :raises NotAllowed: without the permission
    """
    round_for(actor, round_id)
    require(actor, permission)
    return Round.objects.select_for_update(of=("self",)).select_related("scheme").get(pk=round_id)


def check_version(round_: Round, version: int) -> None:
    """Let pass when the round is still as the person saw it.

    :raises RecordMoved: otherwise
    """
    if round_.version != version:
        raise RecordMoved(f"“{round_.name}”刚刚被他人更新，请刷新后再操作。")


def move_on(round_: Round, move: str, otherwise: str) -> None:
    """Give the round its status after the move.

    :raises RecordMoved: with the sentence `otherwise`, when the move is not open
    """
    status = next_status(round_.status, move)
    if status is None:
        raise RecordMoved(otherwise)
    round_.status = status
