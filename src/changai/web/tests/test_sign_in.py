"""The way in and out."""

import json

import pytest
from django.test import Client

from changai.areas.accounts.tests.make import PASSWORD, make_person
from changai.foundation.actors import Role

pytestmark = pytest.mark.django_db
WRONG = "登录名或密码不正确。连续输错 5 次，账号将锁定 30 分钟。"
LOCKED = "连续输错 5 次，账号已锁定 30 分钟。"


@pytest.fixture
def person():
    return make_person(Role.UNIT_LIAISON, login="liwenjing")


def sign_in(client: Client, login: str, password: str = PASSWORD, **more):
    return client.post("/sign-in/", {"username": login, "password": password, **more})


def test_the_right_password_leads_home(client, person):
    response = sign_in(client, "liwenjing")
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert client.get("/").status_code == 200


def test_every_spelling_of_the_login_is_the_same_account(client, person):
    assert sign_in(client, "  ＬｉWenJing ").status_code == 302


@pytest.mark.parametrize("login", ["liwenjing", "nobody"])
def test_a_wrong_password_and_an_unknown_login_look_the_same(client, person, login):
    response = sign_in(client, login, "wrong")
    assert response.status_code == 422
    assert WRONG in response.content.decode()


def test_a_switched_off_account_and_one_without_a_post_look_the_same(client, person):
    without_post = make_person("", login="new")
    assert WRONG in sign_in(client, without_post.login).content.decode()
    person.is_active = False
    person.save()
    assert WRONG in sign_in(client, "liwenjing").content.decode()
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("login", ["liwenjing", "nobody"])
def test_five_wrong_passwords_lock_whatever_the_spelling(client, person, login):
    spellings = [login, login.upper(), f" {login}", login.title(), login]
    statuses = [sign_in(client, spelling, "wrong").status_code for spelling in spellings]
    assert statuses == [422, 422, 422, 422, 429]
    response = sign_in(Client(), login)
    assert response.status_code == 429
    assert LOCKED in response.content.decode()


def test_somebody_locked_out_does_not_lock_others(client, person):
    for _ in range(5):
        sign_in(client, "nobody", "wrong")
    assert sign_in(client, "liwenjing").status_code == 302


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/notices/", "/notices/"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/sign-in/", "/"),
    ],
)
def test_afterwards_only_to_an_own_page(client, person, asked, led_to):
    assert sign_in(client, "liwenjing", next=asked).headers["Location"] == led_to


def test_a_closed_page_comes_back_after_sign_in(client, person):
    address = client.get("/notices/").headers["Location"]
    assert address == "/sign-in/?next=/notices/"
    assert 'name="next" value="/notices/"' in client.get(address).content.decode()


def test_signing_out_takes_a_button(client, person):
    sign_in(client, "liwenjing")
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").status_code == 303
    assert client.get("/").status_code == 302


def test_demonstration_sign_ins_are_shown_only_in_the_demonstration(client, settings, tmp_path):
    settings.DEMONSTRATION_SIGN_INS = tmp_path / "left.json"
    people = [{"post": "领导", "name": "陈主任", "unit": "市", "login": "a", "password": "Shown-2026-only"}]
    settings.DEMONSTRATION_SIGN_INS.write_text(json.dumps(people), encoding="utf-8")
    assert "Shown-2026-only" not in client.get("/sign-in/").content.decode()
    settings.DEMONSTRATION = True
    assert "Shown-2026-only" in client.get("/sign-in/").content.decode()
    settings.DEMONSTRATION_SIGN_INS.unlink()
    assert client.get("/sign-in/").status_code == 200
