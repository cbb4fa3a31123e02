"""The first three accounts of a new installation; everybody else is opened and granted through them."""

from datetime import datetime

from changai.areas.accounts.actions._steps import new_person
from changai.areas.accounts.models import Person
from changai.areas.accounts.queries import has_no_accounts
from changai.core.errors import Invalid, NotAllowed
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record

FIRST = (
    (Role.SYSTEM_ADMINISTRATOR, "system"),
    (Role.SECURITY_ADMINISTRATOR, "security"),
    (Role.AUDIT_ADMINISTRATOR, "audit"),
)


@action("account.open_first")
def open_first_administrators(actor: Actor, *, at: datetime) -> list[tuple[Person, str]]:
    """Open the accounts of the three administrators and return each with its first password, kept nowhere.

    :raises NotAllowed: to anybody but the machine
    :raises Invalid: when there is any account already
    """
    if actor.role is not Role.MACHINE:
        raise NotAllowed
    if not has_no_accounts():
        raise Invalid("系统中已有账号。请由系统管理员开设账号，由安全管理员授予岗位。")
    opened = [new_person(login, str(role.label), role=str(role), at=at) for role, login in FIRST]
    record(
        actor, "account.open_first", "accounts.person", at=at, logins=[person.login for person, _ in opened]
    )
    return opened
