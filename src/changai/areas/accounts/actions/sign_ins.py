"""Signing in and out, and the own password. Every attempt is in the audit log."""

from datetime import datetime

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from changai.areas.accounts import queries
from changai.areas.accounts.models import PastPassword, Person, SignIn
from changai.areas.accounts.rules import PASSWORDS_REMEMBERED, folded_login, sessions_at_once
from changai.core.errors import AlreadyDone, Invalid, NotVisible
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record


@action("account.sign_in")
def note_sign_in(actor: Actor, *, browser: str, at: datetime) -> SignIn:
    """Enter a sign-in that has just succeeded; beyond the allowed number the oldest session of the account ends.

    The caller keeps the row's id in the session as `sign_in`.
    """
    kept = sessions_at_once(actor.role) - 1
    for old in queries.open_sign_ins(actor, now=at)[kept:]:
        SignIn.objects.filter(pk=old.pk).update(ended_at=at)
    sign_in = SignIn.objects.create(
        person=queries.self_of(actor), address=actor.address, browser=browser[:120], began_at=at
    )
    record(actor, "account.sign_in", sign_in, at=at)
    return sign_in


@action("account.sign_out")
def note_sign_out(actor: Actor, sign_in_id: int | None, *, at: datetime) -> None:
    """Enter that the actor signs out of the session of this sign-in."""
    SignIn.objects.filter(pk=sign_in_id or 0, person=actor.person_id, ended_at__isnull=True).update(
        ended_at=at
    )
    record(actor, "account.sign_out", "accounts.signin", at=at, sign_in=sign_in_id)


@action("account.sign_in_failed")
def note_failed_sign_in(actor: Actor, *, login: str, is_locked: bool, at: datetime) -> None:
    """Enter a sign-in that failed; `actor` is the visitor.

    A login that does not exist is not written down: it may be a password typed into the wrong field.
    """
    login = folded_login(login)
    told = login if queries.is_known_login(login) else "（无此登录名）"
    record(actor, "account.sign_in_failed", "accounts.person", at=at, login=told, locked=is_locked)


@action("account.end_session")
def end_sign_in(actor: Actor, sign_in_id: int, *, at: datetime) -> None:
    """End one of the actor's own sessions.

    :raises NotVisible: when it is not one
    """
    if not SignIn.objects.filter(pk=sign_in_id, person=actor.person_id, ended_at__isnull=True).update(
        ended_at=at
    ):
        raise NotVisible
    record(actor, "account.end_session", "accounts.signin", at=at, sign_in=sign_in_id)


@action("account.change_password")
def change_password(actor: Actor, *, old: str, new: str, keeping: int | None, at: datetime) -> Person:
    """Change the actor's own password and end their other sessions; `keeping` is the sign-in they are in.

    Give no `once`: a receipt would hold a fast digest of the passwords.

    :raises AlreadyDone: when `new` is the password already, as after a double click
    :raises Invalid: when the old one is wrong or the new one cannot be used
    """
    person = queries.self_of(actor)
    if not person.check_password(old):
        if person.check_password(new) and not person.must_change_password:
            raise AlreadyDone("密码已修改，无需重复提交。")
        raise Invalid("原密码不正确。")
    _refuse_unfit(person, new)
    PastPassword.objects.create(person=person, password=person.password, kept_at=at)
    person.set_password(new)
    person.must_change_password, person.first_password_until, person.password_changed_at = False, None, at
    person.version += 1
    person.save()
    person.sign_ins.filter(ended_at__isnull=True).exclude(pk=keeping or 0).update(ended_at=at)
    record(actor, "account.change_password", person, at=at)
    return person


def _refuse_unfit(person: Person, new: str) -> None:
    try:
        validate_password(new, person)
    except ValidationError as fault:
        raise Invalid("新密码不符合要求。", faults=tuple(fault.messages)) from fault
    past = person.past_passwords.values_list("password", flat=True)[: PASSWORDS_REMEMBERED - 1]
    if any(check_password(new, used) for used in (person.password, *past)):
        raise Invalid(f"新密码不能与最近 {PASSWORDS_REMEMBERED} 次用过的密码相同。")
