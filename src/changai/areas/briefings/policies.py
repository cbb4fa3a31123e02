"""Who writes, approves and reads briefings. Unissued ones are the office's own papers."""

from changai.core.errors import NotAllowed
from changai.foundation.actors import OFFICE, Actor, Role
from changai.foundation.matrix import allows

# A paper has one text, whoever opens it: its figures are taken with the sight of the office that writes it.
PAPERS_SIGHT = Actor(person_id=None, name="办公室", role=Role.OFFICE_OFFICER)


def sees_unissued(actor: Actor) -> bool:
    """Return whether the actor may see briefings before they are issued."""
    return actor.role in OFFICE


def require(actor: Actor, permission: str) -> None:
    """Let the actor pass when the matrix grants `permission`.

    :raises NotAllowed: otherwise
    """
    if not allows(actor, permission):
        raise NotAllowed
