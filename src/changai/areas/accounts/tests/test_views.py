import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from changai.areas.accounts.models import Person
from changai.areas.accounts.tests.make import MOMENT, PASSWORD, make_person
from changai.areas.organisations.models import Unit
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.models import AuditEvent

SignIn = Callable[[Actor], Client]
NEW = "Xin-Mima-2027-Guanli"


def sign_in(login: str, password: str = PASSWORD) -> Client:
    client = Client()
    assert client.post(reverse("web:sign_in"), {"username": login, "password": password}).status_code == 302
    return client


def address(name: str, *arguments: int) -> str:
    return reverse(f"accounts:{name}", args=arguments)


def test_an_account_lives_from_opening_to_its_first_page(
    system_administrator: Actor, security_administrator: Actor, unit_a: Unit, signed_in: SignIn
) -> None:
    opening = signed_in(system_administrator)
    order = {"login": "zhangs", "name": "张三", "once": "k1"}
    assert opening.post(address("open"), order).status_code == 303
    assert opening.post(address("open"), order).headers["Location"] == address("first_password")
    shown = opening.get(address("first_password")).content.decode()
    password = re.findall(r"<code>([^<]+)</code>", shown)[0]
    assert password not in opening.get(address("first_password")).content.decode()

    person = Person.objects.get(login="zhangs")
    assert (
        Client().post(reverse("web:sign_in"), {"username": "zhangs", "password": password}).status_code == 422
    )
    post = {"version": 1, "role": "unit_liaison", "unit_id": unit_a.pk}
    assert signed_in(security_administrator).post(address("grant", person.pk), post).status_code == 303

    client = sign_in("zhangs", password)
    assert client.get(reverse("web:home")).headers["Location"] == address("password")
    assert client.get(address("password")).status_code == 200
    typed = {"old": password, "new": NEW, "again": NEW}
    assert client.post(address("password"), typed).status_code == 303
    assert client.get(reverse("web:home")).status_code == 200


def test_a_first_password_dies_after_three_days(
    system_administrator: Actor, signed_in: SignIn, time_machine: Any
) -> None:
    person = make_person(Role.LEADER, must_change_password=True)
    Person.objects.filter(pk=person.pk).update(first_password_until=timezone.now() + timedelta(hours=72))
    sign_in(person.login)
    time_machine.move_to(timezone.now() + timedelta(hours=73))
    answer = Client().post(reverse("web:sign_in"), {"username": person.login, "password": PASSWORD})
    assert answer.status_code == 422


def test_the_two_administrators_see_their_own_buttons(
    system_administrator: Actor, security_administrator: Actor, liaison: Actor, signed_in: SignIn
) -> None:
    opening = signed_in(system_administrator).get(address("person", liaison.person_id or 0)).content.decode()
    granting = (
        signed_in(security_administrator).get(address("person", liaison.person_id or 0)).content.decode()
    )
    assert ("停用" in opening, "授予岗位" in opening, "重置密码" in opening) == (True, False, False)
    assert ("停用账号" in granting, "授予岗位" in granting, "重置密码" in granting) == (False, True, True)


def test_others_do_not_find_the_accounts(everybody: dict[Role, Actor], signed_in: SignIn) -> None:
    keepers = {Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR}
    for role, actor in everybody.items():
        expected = 200 if role in keepers else 404
        assert signed_in(actor).get(address("list")).status_code == expected
        assert signed_in(actor).get(address("audit")).status_code == (
            200 if role is Role.AUDIT_ADMINISTRATOR else 404
        )


def test_a_session_ended_elsewhere_is_over_at_once(liaison: Actor, signed_in: SignIn) -> None:
    login = Person.objects.get(pk=liaison.person_id).login
    first, second = sign_in(login), sign_in(login)
    page = second.get(address("own")).content.decode()
    ended = int(re.findall(r"own/sessions/(\d+)/end/", page)[0])
    assert second.post(address("end_session", ended)).status_code == 303
    assert first.get(reverse("web:home")).status_code == 302
    assert second.get(reverse("web:home")).status_code == 200


def test_a_third_sign_in_ends_the_first(liaison: Actor) -> None:
    login = Person.objects.get(pk=liaison.person_id).login
    clients = [sign_in(login) for _ in range(3)]
    assert [client.get(reverse("web:home")).status_code for client in clients] == [302, 200, 200]


@pytest.mark.parametrize(("role", "minutes"), [(Role.AUDIT_ADMINISTRATOR, 16), (Role.LEADER, 31)])
def test_an_idle_session_ends(role: Role, minutes: int, time_machine: Any, db: None) -> None:
    client = sign_in(make_person(role).login)
    started = timezone.now()
    time_machine.move_to(started + timedelta(minutes=minutes - 2))
    assert client.get(address("own")).status_code == 200
    time_machine.move_to(started + timedelta(minutes=2 * minutes))
    assert client.get(address("own")).status_code == 302


def test_an_old_password_leads_to_its_change(liaison: Actor) -> None:
    person = Person.objects.get(pk=liaison.person_id)
    Person.objects.filter(pk=person.pk).update(password_changed_at=timezone.now() - timedelta(days=91))
    client = sign_in(person.login)
    assert client.get(address("own")).headers["Location"] == address("password")
    assert "超过 90 天" in client.get(address("password")).content.decode()
    assert client.post(reverse("web:sign_out")).status_code == 303


def test_wrong_passwords_lock_and_the_security_administrator_unlocks(
    liaison: Actor, security_administrator: Actor, signed_in: SignIn
) -> None:
    login = Person.objects.get(pk=liaison.person_id).login
    for _ in range(5):
        Client().post(reverse("web:sign_in"), {"username": login, "password": "wrong"})
    right = {"username": login, "password": PASSWORD}
    assert Client().post(reverse("web:sign_in"), right).status_code == 429
    client = signed_in(security_administrator)
    assert login in client.get(address("list"), {"state": "locked"}).content.decode()
    assert client.post(address("unlock", liaison.person_id or 0)).status_code == 303
    sign_in(login)

    acts = list(AuditEvent.objects.order_by("sequence").values_list("act", flat=True))
    assert acts.count("account.sign_in_failed") == 6
    assert acts[-2:] == ["account.unlock", "account.sign_in"]


def test_the_log_is_searched_paged_exported_and_verified(
    audit_administrator: Actor, signed_in: SignIn, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_FOLDER = tmp_path
    login = Person.objects.get(pk=audit_administrator.person_id).login
    for _ in range(105):
        sign_in(login)
    client = signed_in(audit_administrator)
    page = client.get(address("audit")).content.decode()
    assert "账号：登录" in page
    older = re.findall(r'rel="next" href="([^"]+)"', page)[0]
    assert len(client.get(address("audit") + older).context["events"]) == 5
    assert "没有符合条件" in client.get(address("audit"), {"act": "account.grant"}).content.decode()
    narrowed = {"person": "测试", "since": "2020-01-01", "until": "x", "object_type": "accounts.signin"}
    assert client.get(address("audit"), narrowed).context["next"] is not None

    book = openpyxl.load_workbook(io.BytesIO(client.get(address("audit_export")).content))
    assert book.active.max_row >= 106
    assert "校验通过：共 106 条" in client.post(address("audit_verify"), follow=True).content.decode()
    assert (tmp_path / "audit" / "anchors.txt").exists()
    acts = list(AuditEvent.objects.order_by("-sequence").values_list("act", flat=True)[:2])
    assert acts == ["audit.verify", "audit.export"]


def test_the_matrix_is_shown_and_taken_out(
    security_administrator: Actor, liaison: Actor, signed_in: SignIn
) -> None:
    client = signed_in(security_administrator)
    assert "填写月报" in client.get(address("matrix")).content.decode()
    book = openpyxl.load_workbook(io.BytesIO(client.get(address("matrix_export")).content))
    assert any(cell.value == "填写月报" for row in book.active.iter_rows() for cell in row)
    assert signed_in(liaison).get(address("matrix")).status_code == 404


def test_mistyped_passwords_are_told_beside_their_fields(liaison: Actor, signed_in: SignIn) -> None:
    client = signed_in(liaison)
    wrong = {"old": "wrong", "new": NEW, "again": NEW}
    for typed, said in (
        (wrong, "原密码不正确"),
        (wrong | {"old": PASSWORD, "again": "other"}, "两次输入"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "至少三类"),
    ):
        answer = client.post(address("password"), typed)
        assert (answer.status_code, said in answer.content.decode()) == (422, True)


def test_a_change_over_a_change_is_told(
    security_administrator: Actor, liaison: Actor, signed_in: SignIn
) -> None:
    client, pk = signed_in(security_administrator), liaison.person_id or 0
    assert client.post(address("withdraw", pk), {"version": 1, "reason": "调离"}).status_code == 303
    assert client.post(address("reset", pk), {"version": 1}).status_code == 409
    assert client.post(address("reset", pk), {"version": 2}).status_code == 303
    assert Person.objects.get(pk=pk).created_at == MOMENT


def test_hostile_input_is_answered_not_broken(
    system_administrator: Actor, audit_administrator: Actor, liaison: Actor, signed_in: SignIn
) -> None:
    client = signed_in(system_administrator)
    assert client.get(address("list"), {"q": "a\0b", "role": "x\0", "state": "?"}).status_code == 200
    off = {"version": "1", "reason": "\0\r\n调离\u202e"}
    assert client.post(address("switch_off", liaison.person_id or 0), off).status_code == 303
    assert AuditEvent.objects.get(act="account.switch_off").detail["reason"] == "调离"
    assert client.post(address("switch_on", liaison.person_id or 0), {"version": "9" * 40}).status_code in {
        409,
        422,
    }
    log = signed_in(audit_administrator)
    for before in ("9" * 5000, "9" * 30, "-1", "²"):
        assert log.get(address("audit"), {"before": before, "object_id": "\0"}).status_code == 200
    typed = {"username": "a\0b", "password": "x\0"}
    assert Client().post(reverse("web:sign_in"), typed).status_code == 422
