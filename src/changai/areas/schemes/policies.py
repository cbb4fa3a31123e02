"""Who may see and issue indicator systems. A draft is the office's own paper."""

from changai.areas.schemes.models import SchemeVersion
from changai.core.errors import NotAllowed, RecordMoved
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


def require_draft(version: SchemeVersion) -> SchemeVersion:
    """Return the version when it can still be written.

    :raises RecordMoved: when it is issued
    """
    if not version.is_draft:
        raise RecordMoved("这一版已印发，不能再修改。如需调整，请以它为底稿新建一版。")
    return version


def require_own(actor: Actor, permission: str, unit_path: str) -> None:
    """Let the actor pass when the matrix grants `permission` for records of the unit at `unit_path`.

    :raises NotAllowed: otherwise
    """
    if not allows(actor, permission, unit_path):
        raise NotAllowed
