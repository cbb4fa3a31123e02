"""Who may run, judge and publish. Nobody judges the own unit."""

from changai.areas.organisations.models import Unit
from changai.core.errors import NotAllowed
from changai.foundation.actors import OFFICE, Actor
from changai.foundation.matrix import Scope, allows, scope_of


def sees_unpublished(actor: Actor) -> bool:
    """Return whether the actor may see rounds before they are published."""
    return actor.role in OFFICE


def sees_all(actor: Actor) -> bool:
    """Return whether the actor reads every unit's result, not only those of the own branch."""
    return scope_of(actor.role, "assessment.view") is Scope.ALL


def require(actor: Actor, permission: str) -> None:
    """Let the actor pass when the matrix grants `permission`.

    :raises NotAllowed: otherwise
    """
    if not allows(actor, permission):
        raise NotAllowed


def require_judge_of(actor: Actor, unit: Unit) -> None:
    """Let the actor judge a unit that is not the own one.

    :raises NotAllowed: otherwise
    """
    require(actor, "assessment.review")
    if unit.pk == actor.unit_id:
        raise NotAllowed("不能核定本单位的得分，请由其他工作人员核定。")
