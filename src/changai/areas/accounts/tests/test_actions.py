from datetime import timedelta
from itertools import pairwise

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from changai.areas.accounts import actions, queries
from changai.areas.accounts.models import Person, SignIn
from changai.areas.accounts.policies import may_sign_in
from changai.areas.accounts.rules import folded_login, is_password_due, new_first_password, post_fault
from changai.areas.accounts.tests.make import MOMENT, PASSWORD, make_person
from changai.areas.organisations.models import Unit
from changai.core.errors import AlreadyDone, Invalid, NotAllowed, NotVisible, RecordMoved
from changai.foundation.actors import MACHINE, Actor, Role, visitor
from changai.foundation.audit.models import AuditEvent

NEW = "Xin-Mima-2027-Guanli"


def test_two_people_open_and_grant(
    system_administrator: Actor, security_administrator: Actor, unit_a: Unit
) -> None:
    person, password = actions.open_account(
        system_administrator, login="ＺｈａｎｇＳ ", name="张三", at=MOMENT
    )
    assert person.login == "zhangs"
    assert person.check_password(password)
    assert not may_sign_in(person, at=MOMENT)

    with pytest.raises(NotAllowed):
        actions.grant_post(
            system_administrator, person.pk, version=1, role=Role.UNIT_LIAISON, unit_id=unit_a.pk, at=MOMENT
        )
    with pytest.raises(NotAllowed):
        actions.open_account(security_administrator, login="lisi", name="李四", at=MOMENT)
    person = actions.grant_post(
        security_administrator, person.pk, version=1, role=Role.UNIT_LIAISON, unit_id=unit_a.pk, at=MOMENT
    )
    assert may_sign_in(person, at=MOMENT)
    assert not may_sign_in(person, at=MOMENT + timedelta(hours=73))
    assert password not in repr(list(AuditEvent.objects.values()))


@pytest.mark.parametrize("login", ["ADMIN", "ａｄｍｉｎ", " admin ", "ad min"])
def test_a_login_is_used_once_however_it_is_written(system_administrator: Actor, login: str) -> None:
    actions.open_account(system_administrator, login="admin", name="甲", at=MOMENT)
    with pytest.raises(Invalid, match="已有人使用"):
        actions.open_account(system_administrator, login=login, name="乙", at=MOMENT)


@pytest.mark.parametrize("login", ["", "a", "张三", "-a", "a/b", "x" * 41])
def test_a_login_that_cannot_be_used_is_refused(system_administrator: Actor, login: str) -> None:
    with pytest.raises(Invalid, match="登录名应为"):
        actions.open_account(system_administrator, login=login, name="甲", at=MOMENT)


def test_nobody_acts_on_their_own_account(security_administrator: Actor, system_administrator: Actor) -> None:
    own = security_administrator.person_id or 0
    with pytest.raises(NotAllowed, match="自己的账号"):
        actions.reset_password(security_administrator, own, version=1, at=MOMENT)
    with pytest.raises(NotAllowed, match="自己的账号"):
        actions.switch_off(
            system_administrator, system_administrator.person_id or 0, version=1, reason="x", at=MOMENT
        )


def test_the_last_of_each_administrator_stays(
    system_administrator: Actor, security_administrator: Actor, audit_administrator: Actor, unit_a: Unit
) -> None:
    last = audit_administrator.person_id or 0
    with pytest.raises(Invalid, match="唯一在用的审计管理员"):
        actions.switch_off(system_administrator, last, version=1, reason="离任", at=MOMENT)
    with pytest.raises(Invalid, match="唯一在用的审计管理员"):
        actions.withdraw_post(security_administrator, last, version=1, reason="离任", at=MOMENT)
    with pytest.raises(Invalid, match="唯一在用的审计管理员"):
        actions.grant_post(
            security_administrator, last, version=1, role=Role.UNIT_HEAD, unit_id=unit_a.pk, at=MOMENT
        )
    make_person(Role.AUDIT_ADMINISTRATOR)
    actions.switch_off(system_administrator, last, version=1, reason="离任", at=MOMENT)


def test_an_account_switched_off_ends_and_comes_back_without_its_post(
    system_administrator: Actor, liaison: Actor
) -> None:
    sign_in = actions.note_sign_in(liaison, browser="Chrome", at=MOMENT)
    person = actions.switch_off(
        system_administrator, liaison.person_id or 0, version=1, reason="调离", at=MOMENT
    )
    assert not may_sign_in(person, at=MOMENT)
    assert not queries.is_sign_in_open(sign_in.pk)
    with pytest.raises(RecordMoved):
        actions.switch_on(system_administrator, person.pk, version=1, at=MOMENT)
    person = actions.switch_on(system_administrator, person.pk, version=2, at=MOMENT)
    assert (person.is_active, person.role, person.unit) == (True, "", None)


@pytest.mark.parametrize(
    ("role", "level", "said"),
    [
        (Role.AUDIT_ADMINISTRATOR, "office", "不属于任何单位"),
        (Role.UNIT_HEAD, None, "请选择所在单位"),
        (Role.OFFICE_HEAD, "member", "应在办公室"),
        (Role.COUNTY_REVIEWER, "enterprise", "应在县区"),
        (Role.UNIT_LIAISON, "city", "具体单位"),
        (Role.UNIT_LIAISON, "member", ""),
        (Role.LEADER, "city", ""),
        (Role.SYSTEM_ADMINISTRATOR, None, ""),
    ],
)
def test_a_post_goes_with_its_unit(role: Role, level: str | None, said: str) -> None:
    assert said in post_fault(role, level)
    assert bool(post_fault(role, level)) is bool(said)


def test_the_database_itself_keeps_administrators_out_of_units(unit_a: Unit) -> None:
    person = make_person(Role.AUDIT_ADMINISTRATOR)
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(unit=unit_a)


def test_first_passwords_fit_the_rules_and_differ(system_administrator: Actor) -> None:
    made = {new_first_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        validate_password(password)
    with pytest.raises(ValidationError):
        validate_password("password")


def test_the_own_password_is_changed(liaison: Actor) -> None:
    here = actions.note_sign_in(liaison, browser="A", at=MOMENT)
    elsewhere = actions.note_sign_in(liaison, browser="B", at=MOMENT)
    person = actions.change_password(liaison, old=PASSWORD, new=NEW, keeping=here.pk, at=MOMENT)

    assert person.check_password(NEW)
    assert (queries.is_sign_in_open(here.pk), queries.is_sign_in_open(elsewhere.pk)) == (True, False)
    with pytest.raises(AlreadyDone):
        actions.change_password(liaison, old=PASSWORD, new=NEW, keeping=here.pk, at=MOMENT)
    with pytest.raises(Invalid, match="原密码"):
        actions.change_password(liaison, old="wrong", new=NEW + "x", keeping=None, at=MOMENT)
    told = repr(list(AuditEvent.objects.values()))
    assert NEW not in told
    assert PASSWORD not in told


@pytest.mark.parametrize(
    "new", ["short-A1", "onlysmallletters", "Person-2026-login", "password12345", "Gonghui-2026-!"]
)
def test_an_unfit_password_is_refused_in_chinese(liaison: Actor, new: str) -> None:
    Person.objects.filter(pk=liaison.person_id).update(login="person-2026")
    with pytest.raises(Invalid) as refusal:
        actions.change_password(liaison, old=PASSWORD, new=new, keeping=None, at=MOMENT)
    assert all("密码" in fault for fault in refusal.value.faults)


def test_the_last_five_passwords_do_not_come_back(liaison: Actor) -> None:
    used = [PASSWORD, *(f"{NEW}{number}" for number in range(5))]
    for old, new in pairwise(used):
        actions.change_password(liaison, old=old, new=new, keeping=None, at=MOMENT)
    for again in used[1:]:
        with pytest.raises(Invalid, match="最近 5 次"):
            actions.change_password(liaison, old=used[-1], new=again, keeping=None, at=MOMENT)
    actions.change_password(liaison, old=used[-1], new=PASSWORD, keeping=None, at=MOMENT)


def test_a_password_grows_old() -> None:
    assert not is_password_due(MOMENT, must_change=False, now=MOMENT + timedelta(days=90))
    assert is_password_due(MOMENT, must_change=False, now=MOMENT + timedelta(days=91))
    assert not is_password_due(None, must_change=False, now=MOMENT)
    assert is_password_due(None, must_change=True, now=MOMENT)


def test_the_oldest_session_gives_way(liaison: Actor, audit_administrator: Actor) -> None:
    first, second, third = (actions.note_sign_in(liaison, browser=name, at=MOMENT) for name in "abc")
    assert [queries.is_sign_in_open(one.pk) for one in (first, second, third)] == [False, True, True]
    one, other = (actions.note_sign_in(audit_administrator, browser=name, at=MOMENT) for name in "ab")
    assert [queries.is_sign_in_open(row.pk) for row in (one, other)] == [False, True]


def test_only_own_sessions_are_ended(liaison: Actor, other_liaison: Actor) -> None:
    sign_in = actions.note_sign_in(liaison, browser="", at=MOMENT)
    with pytest.raises(NotVisible):
        actions.end_sign_in(other_liaison, sign_in.pk, at=MOMENT)
    actions.end_sign_in(liaison, sign_in.pk, at=MOMENT)
    assert SignIn.objects.get().ended_at == MOMENT


def test_failed_sign_ins_are_told_without_what_may_be_a_password(liaison: Actor) -> None:
    login = Person.objects.get(pk=liaison.person_id).login
    for typed in (login.upper(), "Gongye-Duiwu-2026"):
        actions.note_failed_sign_in(visitor("192.0.2.9"), login=typed, is_locked=False, at=MOMENT)
    assert [event.detail["login"] for event in AuditEvent.objects.order_by("sequence")] == [
        login,
        "（无此登录名）",
    ]


def test_the_first_three_are_opened_once(db: None) -> None:
    opened = actions.open_first_administrators(MACHINE, at=MOMENT)
    assert [person.role for person, _password in opened] == [
        "system_administrator", "security_administrator", "audit_administrator",
    ]  # fmt: skip
    assert all(person.check_password(password) and person.must_change_password for person, password in opened)
    with pytest.raises(Invalid, match="已有账号"):
        actions.open_first_administrators(MACHINE, at=MOMENT)


def test_only_the_machine_opens_the_first_three(officer: Actor) -> None:
    with pytest.raises(NotAllowed):
        actions.open_first_administrators(officer, at=MOMENT)


def test_folding_is_done_once_for_all() -> None:
    assert folded_login(folded_login(" Ａ Ｂ\u3000c")) == folded_login(" Ａ Ｂ\u3000c") == "abc"
