"""Who may look at and change the tree of units."""

from changai.core.errors import NotAllowed
from changai.foundation.actors import Actor
from changai.foundation.matrix import allows


def require(actor: Actor, permission: str, unit_path: str | None = None) -> None:
    """Let the actor pass when the matrix grants `permission` for the unit at `unit_path`.

    :raises NotAllowed: otherwise
    """
    if not allows(actor, permission, unit_path):
        raise NotAllowed
