"""Language, menu, notices, and what every answer has in common."""

import pytest
from django.test import Client, RequestFactory, override_settings
from django.urls import path, resolve

from changai.areas.accounts.tests.make import MOMENT
from changai.foundation.actors import Actor, Role
from changai.foundation.matrix import MATRIX
from changai.foundation.notices.outbox import notify
from changai.foundation.pages import public_page
from changai.web import faults
from changai.web.context import MENU, OWN_ACCOUNT, menu_for

pytestmark = pytest.mark.django_db


def test_chinese_comes_first_whatever_the_browser_asks_for(client):
    response = client.get("/sign-in/", headers={"Accept-Language": "en"})
    assert response.headers["Content-Language"] == "zh-hans"
    assert '<html lang="zh-hans">' in response.content.decode()


def test_the_choice_of_language_stays(client):
    response = client.post("/language/", {"language": "en", "next": "/sign-in/?next=/notices/"})
    assert (response.status_code, response.headers["Location"]) == (303, "/sign-in/?next=/notices/")
    assert '<html lang="en">' in client.get("/sign-in/").content.decode()
    client.post("/language/", {"language": "zh-hans"})
    assert '<html lang="zh-hans">' in client.get("/sign-in/").content.decode()


@pytest.mark.parametrize("language", ["fr", "", "../../x"])
def test_other_languages_are_ignored(client, language):
    assert client.post("/language/", {"language": language, "next": "//x.example"}).headers["Location"] == "/"
    client.cookies["django_language"] = language
    assert client.get("/sign-in/").headers["Content-Language"] == "zh-hans"


def test_language_and_sign_out_need_the_form_of_an_own_page():
    client = Client(enforce_csrf_checks=True)
    assert client.post("/language/", {"language": "en"}).status_code == 403
    assert "页面已过期" in client.post("/sign-in/", {"username": "a", "password": "b"}).content.decode()


def test_answers_to_people_signed_in_are_not_kept(client, signed_in, officer):
    response = signed_in(officer).get("/")
    assert response.headers["Cache-Control"] == "no-store"
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def places(actor: Actor, address: str = "/") -> dict[str, bool]:
    return {entry.link: entry.is_current for group in menu_for(actor, address) for entry in group.entries}


def test_the_menu_is_drawn_from_the_matrix(everybody):
    for role, actor in everybody.items():
        granted = {
            place.link for _label, group in MENU for place in group if role in MATRIX[place.permission][1]
        }
        assert set(places(actor)) == granted, role
    assert "/audit/" not in str(places(everybody[Role.LEADER]))


def test_the_menu_knows_where_one_is(officer):
    assert [link for link, current in places(officer, "/plans/3/clauses/").items() if current] == ["/plans/"]
    assert [link for link, current in places(officer, "/").items() if current] == ["/"]
    assert not any(places(officer, "/notices/").values())


def test_every_place_of_the_menu_exists():
    for _label, group in MENU:
        for place in group:
            assert resolve(place.link).func.permission, place.link
    assert resolve(OWN_ACCOUNT).func.permission == "home.view"


def test_every_role_opens_every_place_of_its_menu(everybody, signed_in):
    for role, actor in everybody.items():
        client = signed_in(actor)
        for link in places(actor):
            assert client.get(link, follow=True).status_code == 200, (role, link)


def test_notices_are_read_by_those_they_are_for(signed_in, liaison, other_liaison):
    notify(
        "市产改办退回了10月月报。",
        at=MOMENT,
        role=Role.UNIT_LIAISON,
        unit_id=liaison.unit_id,
        link="/reports/1/",
    )
    mine, theirs = signed_in(liaison), signed_in(other_liaison)
    shown = mine.get("/notices/").content.decode()
    assert '<a href="/reports/1/">市产改办退回了10月月报。</a>' in shown
    assert "1 条未读消息" in shown
    assert "市产改办退回了" not in theirs.get("/notices/").content.decode()
    theirs.post("/notices/read/")
    assert "1 条未读消息" in mine.get("/notices/").content.decode()
    assert mine.post("/notices/read/").status_code == 303
    assert "0 条未读消息" in mine.get("/notices/").content.decode()


def test_health_needs_no_sign_in(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


def test_an_address_that_does_not_exist(client, signed_in, officer):
    assert client.get("/no-such-place/").status_code == 404
    page = signed_in(officer).get("/no-such-place/")
    assert page.status_code == 404
    assert "没有这个页面" in page.content.decode()
    answer = client.get("/no-such-place/", headers={"Accept": "application/json"})
    assert answer.json()["code"] == "not_visible"


@public_page
def broken(request):
    raise ZeroDivisionError


class Broken:
    """Addresses with a fault in them."""

    handler500 = staticmethod(faults.server_error)
    urlpatterns = [path("broken/", broken)]  # noqa: RUF012 - read by Django


@override_settings(ROOT_URLCONF=Broken)
def test_a_fault_has_a_number_that_is_also_in_the_log(caplog):
    client = Client(raise_request_exception=False)
    response = client.get("/broken/")
    assert response.status_code == 500
    number = response.context["number"]
    assert number in response.content.decode()
    line = next(record for record in caplog.records if record.name == "changai")
    assert number in line.getMessage()
    assert line.exc_info[0] is ZeroDivisionError


def test_the_fault_page_asks_nothing_of_the_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        faults.server_error(RequestFactory().get("/"))
