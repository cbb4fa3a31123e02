"""Who may move a report on, and why not."""

from collections.abc import Sequence

from changai.areas.organisations.policies import require as require_permission
from changai.areas.reporting.models import Obligation, Report, ReviewStep
from changai.areas.reporting.rules import moves, routes
from changai.areas.reporting.rules.routes import StepState
from changai.core.errors import ActionRefused, NotAllowed, RecordMoved
from changai.foundation.actors import OFFICE, Actor, Role
from changai.foundation.matrix import allows

RELEASE_SENTENCES = {
    "exempt": "本单位本期已免报（{reason}），不需办理。",
    "transferred": "本期已转由承接单位报送（{reason}），不需办理。",
    "ended": "本期报送已终止（{reason}），不需办理。",
}


def require_forms(actor: Actor) -> None:
    """Let pass who composes forms, opens and closes months and settles obligations.

    :raises NotAllowed: otherwise
    """
    require_permission(actor, "form.edit")


def require_unlocking(actor: Actor) -> None:
    """Let pass who opens accepted reports again.

    :raises NotAllowed: otherwise
    """
    require_permission(actor, "report.unlock")


def require_correcting(actor: Actor, unit_path: str) -> None:
    """Let pass who may ask for a correction of a unit's figure.

    :raises NotAllowed: otherwise
    """
    require_permission(actor, "correction.ask", unit_path)


def require_approving(actor: Actor) -> None:
    """Let pass who approves corrections.

    :raises NotAllowed: otherwise
    """
    require_permission(actor, "correction.approve")


def is_same_person(actor: Actor, person_id: int | None, name: str) -> bool:
    """Return whether the actor is the person noted before; without an account, by name."""
    return actor.name == name if person_id is None else actor.person_id == person_id


def may_except_forbidden(actor: Actor) -> bool:
    """Return whether the actor may let a form ask what the rules of burden forbid, with a reason."""
    return allows(actor, "burden.except")


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


def may_edit_checks(actor: Actor) -> bool:
    """Return whether the actor writes rules of checking and sees their drafts."""
    return allows(actor, "check.edit")


def refusal(actor: Actor, move: str, report: Report) -> ActionRefused | None:
    """Return why the actor may not move the report, or None when he may."""
    if move in moves.REVIEWS:
        return _refusal_to_review(actor, move, report)
    obligation = report.obligation
    if not allows(actor, moves.PERMISSIONS[move], obligation.unit.path):
        return NotAllowed()
    return _refusal_by_state(actor, move, report)


def _refusal_by_state(actor: Actor, move: str, report: Report) -> RecordMoved | None:
    if move != moves.UNLOCK and (sentence := closure(report.obligation)):
        return RecordMoved(sentence)
    if move not in moves.REVIEWS and (sentence := lock_sentence(report.obligation)):
        return RecordMoved(sentence)
    if (report.status, move) not in moves.MOVES:
        unlocks = allows(actor, moves.PERMISSIONS[moves.UNLOCK])
        return RecordMoved(moves.refusal_in(report.status, by=report.reviewed_by_name, unlocks=unlocks))
    return None


def _refusal_to_review(actor: Actor, move: str, report: Report) -> ActionRefused | None:
    if not allows(actor, moves.PERMISSIONS[move]):
        return NotAllowed()
    steps = review_steps(report)
    if not any(is_step_of(actor, step, report) for step in steps):
        return NotAllowed() if actor.unit_id != report.obligation.unit_id else NotAllowed(_OWN)
    if sentence := _bias(actor, report, steps):
        return NotAllowed(sentence)
    if refused := _refusal_by_state(actor, move, report):
        return refused
    step = open_step(actor, report, steps)
    if step is None:
        waiting = "、".join(step.name for step in open_steps(steps))
        return RecordMoved(f"现在轮到“{waiting}”办理，您的环节已经办完或尚未轮到。")
    if move == moves.PART and not is_last_step(step, steps):
        return RecordMoved("还有其他环节未办理，不能部分采用，请选择通过或退回。")
    return None


_OWN = "不能审核本单位的月报，请由上级审核。"


def _bias(actor: Actor, report: Report, steps: Sequence[ReviewStep]) -> str:
    """Return why this person is no judge of the report, or nothing."""
    if actor.unit_id == report.obligation.unit_id:
        return _OWN
    if actor.person_id is not None and actor.person_id in report.hands:
        return "您参与了这份月报的填报或审签，请由其他审核人办理。"
    if actor.person_id is not None and any(step.decided_by_id == actor.person_id for step in steps):
        return "这份月报的另一环节已由您办理，请由其他人办理本环节。"
    return ""


def review_steps(report: Report) -> list[ReviewStep]:
    """Return the steps of the latest sending, in their order; none before the first sending."""
    latest = report.submissions.order_by("-number").first()
    return [] if latest is None else list(latest.steps.select_related("unit").order_by("position", "pk"))


def state_of(step: ReviewStep) -> StepState:
    """Return a step as the rules read it."""
    return StepState(step.stage, bool(step.decision))


def open_steps(steps: Sequence[ReviewStep]) -> list[ReviewStep]:
    """Return the steps whose turn it is."""
    states = [state_of(step) for step in steps]
    return [step for step, state in zip(steps, states, strict=True) if routes.is_open(state, states)]


def is_last_step(step: ReviewStep, steps: Sequence[ReviewStep]) -> bool:
    """Return whether the report is accepted as soon as this step signs."""
    return routes.is_last(state_of(step), [state_of(one) for one in steps])


def open_step(actor: Actor, report: Report, steps: Sequence[ReviewStep]) -> ReviewStep | None:
    """Return the step whose turn it is and which is the actor's to do, or None."""
    return next((step for step in open_steps(steps) if is_step_of(actor, step, report)), None)


def is_step_of(actor: Actor, step: ReviewStep, report: Report) -> bool:
    """Return whether a step is for the actor's post to do; what a unit no longer there had to do, the office does."""
    if step.post == routes.ANYBODY:
        return allows(actor, "report.review", report.obligation.unit.path)
    if step.post == routes.OFFICE or step.unit is None or not step.unit.is_open:
        return actor.role in OFFICE
    return actor.role is Role.COUNTY_REVIEWER and actor.unit_id == step.unit_id


def closure(obligation: Obligation) -> str:
    """Return why nothing moves any more for this obligation, or nothing."""
    if obligation.period.closed_at is not None and obligation.report.reopened_at is None:
        return "本期报送已关闭，不再受理；如需更正，请联系办公室。"
    if obligation.exempted_at is not None:
        return RELEASE_SENTENCES[obligation.release].format(reason=obligation.exemption_reason)
    return ""


def has_arrived(obligation: Obligation) -> bool:
    """Return whether the report has arrived; what is listed ahead has no report yet."""
    report = getattr(obligation, "report", None)
    return report is not None and report.first_arrived_at is not None


def is_with_unit(obligation: Obligation) -> bool:
    """Return whether the unit has the report in hand: not sent yet, or sent back; also what is listed ahead."""
    report = getattr(obligation, "report", None)
    return report is None or report.status in moves.WITH_UNIT


def lock_sentence(obligation: Obligation) -> str:
    """Return why the unit can send nothing any more though the month is not closed, or nothing."""
    if obligation.locked_at is None:
        return ""
    return "本期已过受理期限，月报已锁定；确需报送的，请申请延期，由办公室审批后解锁。"


def require_ask_extension(actor: Actor, obligation: Obligation) -> None:
    """Let pass who fills or signs the report of the unit.

    :raises NotAllowed: otherwise
    """
    if not allows(actor, moves.PERMISSIONS[moves.FILL], obligation.unit.path):
        raise NotAllowed("延期由本单位联络员或负责人申请。")


def may_ask_extension(actor: Actor, obligation: Obligation) -> bool:
    """Return whether the actor may ask for more time."""
    return allows(actor, moves.PERMISSIONS[moves.FILL], obligation.unit.path)


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


def reaches_evidence(actor: Actor, report: Report) -> bool:
    """Return whether the actor opens the unit's evidence anyway, not only what was sent with the report."""
    return allows(actor, "evidence.view", report.obligation.unit.path)


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
