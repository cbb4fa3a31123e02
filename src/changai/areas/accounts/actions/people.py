"""The system administrator opens accounts and switches them off and on; posts are granted by somebody else."""

from datetime import datetime

from changai.areas.accounts import policies
from changai.areas.accounts.actions._steps import (
    end_sessions,
    keep,
    new_person,
    person_by_id,
    refuse_last_administrator,
)
from changai.areas.accounts.models import Person
from changai.core.errors import Invalid
from changai.documents.characters import single_line
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify


@action("account.open")
def open_account(actor: Actor, *, login: str, name: str, at: datetime) -> tuple[Person, str]:
    """Open an account without a post and return it with its first password, which is kept nowhere.

    :raises NotAllowed: when the actor opens no accounts
    :raises Invalid: when login or name cannot be used
    """
    policies.require(actor, "account.edit")
    person, password = new_person(login, name, role="", at=at)
    record(actor, "account.open", person, at=at, login=person.login)
    notify(
        f"新账号 {person.login} 待授予岗位。",
        at=at,
        role=Role.SECURITY_ADMINISTRATOR,
        link=f"/accounts/{person.pk}/",
    )
    return person, password


@action("account.switch_off")
def switch_off(actor: Actor, person_id: int, *, version: int, reason: str, at: datetime) -> Person:
    """Switch an account off and end its sessions.

    :raises NotAllowed: for the actor's own account
    :raises RecordMoved: when somebody else changed it meanwhile
    :raises Invalid: without a reason, or for the last of the three administrators
    """
    person = person_by_id(person_id, version=version)
    policies.require(actor, "account.edit", person)
    reason = single_line(reason)
    if not reason:
        raise Invalid("请写明停用原因。")
    refuse_last_administrator(person)
    person.is_active = False
    keep(person, "is_active")
    end_sessions(person, at=at)
    record(actor, "account.switch_off", person, at=at, reason=reason[:200])
    return person


@action("account.switch_on")
def switch_on(actor: Actor, person_id: int, *, version: int, at: datetime) -> Person:
    """Switch an account on again. Its post is withdrawn: the security administrator grants it anew.

    :raises NotAllowed: for the actor's own account
    :raises RecordMoved: when somebody else changed it meanwhile
    """
    person = person_by_id(person_id, version=version)
    policies.require(actor, "account.edit", person)
    person.is_active, person.role, person.unit = True, "", None
    keep(person, "is_active", "role", "unit")
    record(actor, "account.switch_on", person, at=at)
    notify(f"账号 {person.login} 已重新启用，待授予岗位。", at=at, role=Role.SECURITY_ADMINISTRATOR,
           link=f"/accounts/{person.pk}/")  # fmt: skip
    return person
