"""Who may run, judge, object, answer, review and publish. Nobody judges the own unit."""

from changai.areas.assessments.models import LeafOwner, Objection, Participant, Round
from changai.areas.assessments.rules import Told
from changai.areas.organisations.models import Unit
from changai.core.errors import NotAllowed, NotVisible
from changai.foundation.actors import OFFICE, Actor, Role
from changai.foundation.matrix import Scope, allows, scope_of


def sees_unpublished(actor: Actor) -> bool:
    """Return whether the actor may see rounds before they are published."""
    return actor.role in OFFICE or actor.role is Role.MACHINE


def sees_all(actor: Actor) -> bool:
    """Return whether the actor reads every unit's result, not only those of the own branch."""
    return scope_of(actor.role, "assessment.view") is Scope.ALL


def told(actor: Actor, round_: Round, unit_path: str, rank: int | None, grade: str) -> Told:
    """Return how much the actor is told of the result of the unit at `unit_path`, of this place and grade.

    The office, inspectors and leaders read everything, units their own branch whole, and of others what is announced.
    Everything that shows a result to anybody asks here.
    """
    if sees_all(actor) or actor.is_within(unit_path):
        return Told.SHEET
    return round_.announcement.tells(rank, grade)


def require(actor: Actor, permission: str) -> None:
    """Let the actor pass when the matrix grants `permission`.

    :raises NotAllowed: otherwise
    """
    if not allows(actor, permission):
        raise NotAllowed


def require_judge_of(actor: Actor, unit: Unit, permission: str = "assessment.review") -> None:
    """Let the actor judge a unit that is neither the own one nor above it.

    :raises NotAllowed: otherwise
    """
    require(actor, permission)
    if is_own(actor, unit):
        raise NotAllowed("不能核定本单位的得分，请由其他工作人员核定。")


def is_own(actor: Actor, unit: Unit) -> bool:
    """Return whether the actor belongs to a unit or to something below it."""
    return bool(actor.unit_path) and actor.unit_path.startswith(unit.path)


def require_other(actor: Actor, proposed_by: int | None) -> None:
    """Let pass who did not propose it.

    :raises NotAllowed: otherwise
    """
    if actor.person_id is not None and actor.person_id == proposed_by:
        raise NotAllowed("提出人不能批准自己提出的更正，请由其他负责人批准，或撤回后由工作人员提出。")


def require_leaf_owner(actor: Actor, owner: LeafOwner | None) -> None:
    """Let pass who confirms the figures of an indicator: its owner's people, or the office where there is none.

    :raises NotVisible: when there is no such indicator
    :raises NotAllowed: to others
    """
    if owner is None:
        raise NotVisible
    require(actor, "leaf.review")
    if owner.unit_id != actor.unit_id and actor.role not in OFFICE:
        raise NotAllowed(f"这项指标的数据由{owner.named or '办公室'}审核。")


def require_dropper(actor: Actor) -> None:
    """Let pass who may take back a round whose result the units have seen: the head.

    :raises NotAllowed: otherwise
    """
    if not may_drop_shown(actor):
        raise NotAllowed("各单位已看到结果，作废须由办公室负责人办理，请报负责人决定。")


def may_drop_shown(actor: Actor) -> bool:
    """Return whether the actor may take back a round whose result the units have seen."""
    return allows(actor, "assessment.publish")


def require_own_unit(part: Participant | None) -> None:
    """Let pass who acts for a unit that is assessed; `part` is the own unit's part in the round.

    :raises NotAllowed: when it has none
    """
    if part is None:
        raise NotAllowed("本单位不是这次考核的对象，不需办理。")


def require_answer(actor: Actor, objection: Objection) -> None:
    """Let pass who acts for the unit that objected.

    :raises NotAllowed: otherwise
    """
    if not allows(actor, "assessment.answer", objection.unit.path):
        raise NotAllowed("只能由提出申诉的单位办理。")


def require_replier(actor: Actor, objection: Objection) -> None:
    """Let pass who answers objections, unless the objection is of the own unit.

    :raises NotAllowed: otherwise
    """
    require(actor, "objection.reply")
    if actor.unit_path and actor.unit_path.startswith(objection.unit.path):
        raise NotAllowed("不能答复本单位提出的申诉，请由其他工作人员答复。")


def require_overruler(actor: Actor) -> None:
    """Let pass who may put other points in the place of a whole panel's: the head.

    :raises NotAllowed: otherwise
    """
    if not allows(actor, "assessment.publish"):
        raise NotAllowed(
            "这项得分由多名评审人员评定，改动须由办公室负责人办理。请转请负责人办理，或者不改动得分、说明理由。"
        )


def require_namer(actor: Actor, objection: Objection, others: int) -> None:
    """Let pass who names the reviewer: somebody of the office who did not give the reply, while there are `others`.

    :raises NotAllowed: otherwise
    """
    require(actor, "objection.reply")
    if others and actor.person_id is not None and actor.person_id == objection.replied_by_id:
        raise NotAllowed("这件申诉由您答复，请由办公室其他人员确定复核人。")


def require_reviewer(actor: Actor, objection: Objection, conflict: str) -> None:
    """Let pass the reviewer named for an objection; `conflict` is why the actor stands too near to it, or nothing.

    :raises NotAllowed: with the conflict, or when somebody else or nobody was named
    """
    require(actor, "objection.review")
    if conflict:
        raise NotAllowed(conflict)
    if objection.reviewer_id is None:
        raise NotAllowed("还没有确定复核人，请由办公室先确定。")
    if objection.reviewer_id != actor.person_id:
        raise NotAllowed(f"这件申诉由{objection.reviewer_name}复核。")
