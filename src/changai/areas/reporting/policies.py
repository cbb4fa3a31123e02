"""Who may move a report on, and why not."""

from changai.areas.organisations.policies import require as require_permission
from changai.areas.reporting.models import Obligation, Report
from changai.areas.reporting.rules import moves
from changai.core.errors import ActionRefused, NotAllowed, RecordMoved
from changai.foundation.actors import Actor
from changai.foundation.matrix import allows


def require_forms(actor: Actor) -> None:
    """Let pass who composes forms, opens and closes months and settles obligations.

    :raises NotAllowed: otherwise
    """
    require_permission(actor, "form.edit")


def may_edit_forms(actor: Actor) -> bool:
    """Return whether the actor composes forms, opens and closes months."""
    return allows(actor, "form.edit")


def require_person(actor: Actor) -> None:
    """Let pass who settles obligations and is a person: what names and blames is never sent by the machine.

    :raises NotAllowed: otherwise
    """
    require_forms(actor)
    if actor.person_id is None:
        raise NotAllowed("督办提醒只能由工作人员本人发出。")


def require_checks(actor: Actor) -> None:
    """Let pass who writes rules of checking, tries them and switches them on and off.

    :raises NotAllowed: otherwise
    """
    require_permission(actor, "check.edit")


def refusal(actor: Actor, move: str, report: Report) -> ActionRefused | None:
    """Return why the actor may not move the report, or None when he may."""
    obligation = report.obligation
    if not allows(actor, moves.PERMISSIONS[move], obligation.unit.path):
        return NotAllowed()
    if move in moves.REVIEWS and actor.unit_id == obligation.unit_id:
        return NotAllowed("不能审核本单位的月报，请由上级审核。")
    if sentence := closure(obligation):
        return RecordMoved(sentence)
    if (report.status, move) not in moves.MOVES:
        return RecordMoved(moves.refusal_in(report.status))
    return None


def closure(obligation: Obligation) -> str:
    """Return why nothing moves any more for this obligation, or nothing."""
    if obligation.period.closed_at is not None:
        return "本期报送已关闭，不再受理；如需更正，请联系办公室。"
    if obligation.exempted_at is not None:
        return f"本单位本期已免报（{obligation.exemption_reason}），不需办理。"
    return ""


def require(actor: Actor, move: str, report: Report) -> None:
    """Let the actor move the report.

    :raises NotAllowed: when it is not for the actor to do
    :raises RecordMoved: when the report, or its month, is past it
    """
    if refused := refusal(actor, move, report):
        raise refused


def may(actor: Actor, move: str, report: Report) -> bool:
    """Return whether the actor may move the report now."""
    return refusal(actor, move, report) is None


def available_moves(actor: Actor, report: Report) -> frozenset[str]:
    """Return the moves open to the actor now: what a page shows buttons for."""
    return frozenset(move for move in moves.PERMISSIONS if may(actor, move, report))


def lock_reason(actor: Actor, report: Report) -> str:
    """Return why the sheet cannot be filled by the actor now, or nothing when it can."""
    refused = refusal(actor, moves.FILL, report)
    if refused is None:
        return ""
    if isinstance(refused, NotAllowed):
        return "月报由本单位联络员和负责人填写，您可以查看。"
    return refused.sentence


def may_read_sheet(actor: Actor, report: Report) -> bool:
    """Return whether the actor sees the sheet while it is filled; others see what was signed."""
    return actor.unit_id == report.obligation.unit_id


def comment_refusal(actor: Actor, report: Report) -> ActionRefused | None:
    """Return why the actor may not comment on the report's cells, or None when he may."""
    if not allows(actor, "report.comment", report.obligation.unit.path):
        return NotAllowed()
    sentence = closure(report.obligation)
    return RecordMoved(sentence) if sentence else None


def require_comment(actor: Actor, report: Report) -> None:
    """Let the actor comment on the report's cells.

    :raises NotAllowed: when it is not for the actor to do
    :raises RecordMoved: when the month is closed
    """
    if refused := comment_refusal(actor, report):
        raise refused


def may_read_comments(actor: Actor, report: Report) -> bool:
    """Return whether the actor reads what the unit and its reviewers say about cells."""
    return allows(actor, "report.comment", report.obligation.unit.path)
