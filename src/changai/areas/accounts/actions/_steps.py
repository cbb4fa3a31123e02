"""Steps the actions of this package share, inside their transaction. Not actions."""

from datetime import datetime

from changai.areas.accounts.models import Person
from changai.areas.accounts.rules import FIRST_PASSWORD_LIVES, folded_login, login_fault, new_first_password
from changai.core.errors import Invalid, NotVisible
from changai.foundation.actors import ADMINISTRATORS, Role
from changai.foundation.versions import require_version


def new_person(login: str, name: str, *, role: str, at: datetime) -> tuple[Person, str]:
    """Save a new account with a first password and return both.

    :raises Invalid: when login or name cannot be used
    """
    login, name = folded_login(login), " ".join(name.split())
    if fault := login_fault(login):
        raise Invalid(fault)
    if not 1 <= len(name) <= 40:
        raise Invalid("姓名应为 1—40 个字。")
    if Person.objects.filter(login=login).exists():
        raise Invalid(f"登录名 {login} 已有人使用，请换一个。")
    person = Person(login=login, name=name, role=role, created_at=at)
    password = set_first_password(person, at=at)
    person.save()
    return person, password


def set_first_password(person: Person, *, at: datetime) -> str:
    """Give a person, not yet saved, a random password for one sign-in and return it."""
    password = new_first_password()
    person.set_password(password)
    person.must_change_password = True
    person.first_password_until = at + FIRST_PASSWORD_LIVES
    person.password_changed_at = None
    return password


def person_by_id(person_id: int, *, version: int | None = None) -> Person:
    """Return an account, as the actor saw it when `version` is given.

    :raises NotVisible: when there is none
    :raises RecordMoved: when somebody else changed it meanwhile
    """
    person = Person.objects.select_related("unit").filter(pk=person_id).first()
    if person is None:
        raise NotVisible
    if version is not None:
        require_version(person, version)
    return person


def keep(person: Person, *fields: str) -> None:
    """Save the named fields of an account and count the change."""
    person.version += 1
    person.save(update_fields=[*fields, "version"])


def refuse_last_administrator(person: Person) -> None:
    """Refuse to take away the only account in use of one of the three administrators.

    :raises Invalid: when there is no other
    """
    if not person.is_active or person.role not in ADMINISTRATORS:
        return
    if not Person.objects.filter(role=person.role, is_active=True).exclude(pk=person.pk).exists():
        raise Invalid(f"这是唯一在用的{Role(person.role).label}账号，请先为另一人授予该岗位。")


def end_sessions(person: Person, *, at: datetime) -> None:
    """End all sessions of an account, from the next request on."""
    person.sign_ins.filter(ended_at__isnull=True).update(ended_at=at)
