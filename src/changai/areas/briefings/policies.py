"""Who writes, approves and reads briefings. Unissued ones are the office's own papers."""

from changai.core.errors import NotAllowed
from changai.foundation.actors import OFFICE, Actor
from changai.foundation.matrix import allows


def sees_unissued(actor: Actor) -> bool:
    """Return whether the actor may see briefings before they are issued."""
    return actor.role in OFFICE


def require(actor: Actor, permission: str) -> None:
    """Let the actor pass when the matrix grants `permission`.

    :raises NotAllowed: otherwise
    """
    if not allows(actor, permission):
        raise NotAllowed
