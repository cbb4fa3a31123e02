"""One step of a paper along `rules.MOVES`: who may take it, whether it is still there to be taken."""

from changai.areas.briefings.models import Briefing
from changai.areas.briefings.policies import require
from changai.areas.briefings.queries import briefing_for
from changai.areas.briefings.rules import MOVES
from changai.core.errors import RecordMoved
from changai.foundation.actors import Actor


def moved(actor: Actor, briefing_id: int, move: str, version: int) -> Briefing:
    """Return the paper, locked and with the status after the move, not yet saved.

    :raises NotAllowed: when the matrix does not grant the move from where the paper stands
    :raises RecordMoved: when the paper stands elsewhere, or was changed since the person saw it
    """
    briefing_for(actor, briefing_id)
    briefing = Briefing.objects.select_for_update().get(pk=briefing_id)
    steps = [step for (_, name), step in MOVES.items() if name == move]
    require(actor, MOVES.get((briefing.status, move), steps[0])[1])
    if (briefing.status, move) not in MOVES:
        raise RecordMoved(
            f"{briefing.paper_kind.name}《{briefing.title}》现在的状态是“{briefing.get_status_display()}”，不能再这样办理，请刷新后查看。"
        )
    if briefing.version != version:
        raise RecordMoved(
            f"{briefing.paper_kind.name}《{briefing.title}》刚刚被他人修改，请刷新看过最新内容后再操作。"
        )
    briefing.status = MOVES[briefing.status, move][0]
    briefing.version += 1
    return briefing
