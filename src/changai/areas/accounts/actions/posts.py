"""The security administrator grants posts, unlocks and resets passwords; accounts are opened by somebody else."""

from datetime import datetime

from axes.utils import reset

from changai.areas.accounts import policies
from changai.areas.accounts.actions._steps import (
    end_sessions,
    keep,
    person_by_id,
    refuse_last_administrator,
    set_first_password,
)
from changai.areas.accounts.models import Person
from changai.areas.accounts.rules import post_fault
from changai.areas.organisations import queries as organisations
from changai.core.errors import Invalid
from changai.documents.characters import single_line
from changai.foundation.actions import action
from changai.foundation.actors import NOBODYS, Actor, Role
from changai.foundation.audit.writer import record


@action("account.grant")
def grant_post(
    actor: Actor, person_id: int, *, version: int, role: Role, unit_id: int | None, at: datetime
) -> Person:
    """Give an account its one post, in a unit where the post has one; a post it had before is gone.

    :raises NotAllowed: for the actor's own account
    :raises RecordMoved: when somebody else changed it meanwhile
    :raises Invalid: when the post does not go with the unit, or the account is switched off
    """
    person = person_by_id(person_id, version=version)
    policies.require(actor, "account.grant", person)
    if not person.is_active:
        raise Invalid("账号已停用，请先由系统管理员启用。")
    unit = None if unit_id is None else organisations.unit_by_id(unit_id)
    fault = post_fault(role, unit.level if unit else None)
    if fault or role in NOBODYS or (unit is not None and not unit.is_open):
        raise Invalid(fault or "请选择现有的岗位和在用的单位。")
    if person.role != role:
        refuse_last_administrator(person)
    person.role, person.unit = str(role), unit
    keep(person, "role", "unit")
    end_sessions(person, at=at)
    record(actor, "account.grant", person, at=at, role=str(role), unit=unit_id)
    return person


@action("account.withdraw")
def withdraw_post(actor: Actor, person_id: int, *, version: int, reason: str, at: datetime) -> Person:
    """Take an account's post away; nobody can sign in with it until another is granted.

    :raises NotAllowed: for the actor's own account
    :raises RecordMoved: when somebody else changed it meanwhile
    :raises Invalid: without a reason, or for the last of the three administrators
    """
    person = person_by_id(person_id, version=version)
    policies.require(actor, "account.grant", person)
    reason = single_line(reason)
    if not reason:
        raise Invalid("请写明收回岗位的原因。")
    refuse_last_administrator(person)
    person.role, person.unit = "", None
    keep(person, "role", "unit")
    end_sessions(person, at=at)
    record(actor, "account.withdraw", person, at=at, reason=reason[:200])
    return person


@action("account.unlock")
def unlock(actor: Actor, person_id: int, *, at: datetime) -> Person:
    """Let an account that is locked for wrong passwords try again.

    :raises NotAllowed: when the actor grants no posts
    """
    person = person_by_id(person_id)
    policies.require(actor, "account.grant")
    reset(username=person.login)
    record(actor, "account.unlock", person, at=at)
    return person


@action("account.reset")
def reset_password(actor: Actor, person_id: int, *, version: int, at: datetime) -> tuple[Person, str]:
    """Give an account a new first password and end its sessions; return both. The password is kept nowhere.

    :raises NotAllowed: for the actor's own account
    :raises RecordMoved: when somebody else changed it meanwhile
    """
    person = person_by_id(person_id, version=version)
    policies.require(actor, "account.grant", person)
    password = set_first_password(person, at=at)
    keep(person, "password", "must_change_password", "first_password_until", "password_changed_at")
    end_sessions(person, at=at)
    reset(username=person.login)
    record(actor, "account.reset", person, at=at)
    return person, password
