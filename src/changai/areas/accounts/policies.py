"""Who may do what to an account. Nobody acts on their own account here: opening and granting take two people."""

from datetime import datetime

from changai.areas.accounts.models import Person
from changai.areas.organisations import policies as organisations
from changai.core.errors import NotAllowed
from changai.foundation.actors import Actor


def require(actor: Actor, permission: str, person: Person | None = None) -> None:
    """Let the actor pass who holds `permission`, for an account other than their own.

    :raises NotAllowed: otherwise
    """
    organisations.require(actor, permission)
    if person is not None and person.pk == actor.person_id:
        raise NotAllowed("不能对自己的账号办理这项操作，请由另一名管理员办理。")


def may_sign_in(person: Person, *, at: datetime) -> bool:
    """Return whether the account lets anybody in: in use, with a post, its first password not older than 72 hours."""
    is_fresh = person.first_password_until is None or at <= person.first_password_until
    return person.is_active and bool(person.role) and is_fresh
