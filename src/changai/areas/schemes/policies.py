"""Who may see and issue indicator systems. A draft is the office's own paper."""

from changai.core.errors import NotAllowed
from changai.foundation.actors import OFFICE, Actor
from changai.foundation.matrix import allows


def sees_drafts(actor: Actor) -> bool:
    """Return whether the actor may see versions that are not issued."""
    return actor.role in OFFICE


def require(actor: Actor, permission: str) -> None:
    """Let the actor pass when the matrix grants `permission`.

    :raises NotAllowed: otherwise
    """
    if not allows(actor, permission):
        raise NotAllowed
