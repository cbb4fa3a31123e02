"""What nobody's browser sends: every button with wrong numbers, foreign names, text that means something elsewhere."""

import contextlib
import io
import json
from collections.abc import Callable, Iterator

import openpyxl
import pytest
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

from changai.areas.accounts.models import Person
from changai.areas.accounts.sessions import address_of
from changai.areas.accounts.tests.make import PASSWORD, make_person
from changai.areas.assessments.models import Round
from changai.areas.briefings.models import Briefing
from changai.areas.facts.models import Field
from changai.areas.organisations.models import Unit
from changai.areas.plans.models import Plan
from changai.areas.reporting.models import Report
from changai.areas.schemes.models import SchemeVersion
from changai.areas.tasks.models import Claim
from changai.foundation.actors import ADMINISTRATORS, Role
from changai.foundation.audit.models import AuditEvent
from changai.foundation.matrix import MATRIX
from tests.permissions.test_urls import NOBODYS, addresses

Browser = Callable[[str], Client]
POSTS = ("office", "office-head", "c01-liaison", "c01-head", "c01-review", "system", "security", "audit")
HUGE, SQUARED = "9" * 5000, "²"
VALUES = (
    "",
    SQUARED,
    HUGE,
    "-1",
    "1e400",
    "9223372036854775808",
    "<script>alert(1)</script>",
    "\x00",
    "\ud800",
)
NAMES = (
    "version", "name", "title", "text", "reason", "value", "chosen", "claim", "clause", "field", "file_id", "month",
    "due_on", "unit", "unit_id", "role", "login", "level", "on", "year", "kind", "source", "round", "template", "form",
)  # fmt: skip
RECORDS: dict[str, type[models.Model]] = {
    "reports": Report, "tasks": Claim, "plans": Plan, "assessments": Round, "briefings": Briefing, "units": Unit,
    "accounts": Person, "schemes": SchemeVersion, "data": Field,
}  # fmt: skip


def real_addresses() -> Iterator[tuple[str, str]]:
    """Yield (address, permission) of every URL, with a record of the city where there is one."""
    for address, permission in sorted(set(addresses())):
        model = RECORDS.get(address.split("/")[1])
        first = model._default_manager.order_by("pk").first() if model else None
        yield address.replace(str(NOBODYS), str(first.pk if first else 1)), permission


def holder(permission: str) -> str:
    """Return the login of somebody who holds the permission."""
    roles = MATRIX[permission][1] if permission in MATRIX else ()
    found = Person.objects.filter(login__in=POSTS, role__in=[str(role) for role in roles]).first()
    return found.login if found else "office"


def write_into_every_text(model: type[models.Model], words: str) -> None:
    """Let every row of the model say `words` wherever people may write words."""
    keys = {"path", "password", "origin_type", "origin_id", "category", "source_key", "kind", "series"}
    for field in model._meta.fields:
        is_text = isinstance(field, models.CharField | models.TextField) and not (
            field.choices or field.unique
        )
        is_long = (field.max_length or len(words)) >= max(30, len(words))
        if is_text and is_long and field.name not in keys and "digest" not in field.name:
            # What the database itself keeps from changing, such as an issued scheme, takes no new words.
            with contextlib.suppress(IntegrityError), transaction.atomic():
                model._default_manager.update(**{field.name: words})


@pytest.mark.parametrize("value", VALUES, ids=lambda value: ascii(value[:9]))
def test_no_button_breaks(value: str, browser: Browser) -> None:
    """Whatever a form brings, the answer is a page or a refusal, never a fault."""
    value = value.encode("utf-8", "replace").decode() if value == "\ud800" else value
    clients = {login: browser(login) for login in POSTS}
    for address, permission in real_addresses():
        if address == reverse("web:sign_out"):
            continue
        client = clients[holder(permission)]
        client.raise_request_exception = False
        with transaction.atomic():
            answer = client.post(address, dict.fromkeys(NAMES, value))
            transaction.set_rollback(True)
        assert answer.status_code < 500, (address, holder(permission))


@pytest.mark.parametrize(
    "value",
    [SQUARED, HUGE[:3000], "-1", "\x00", "'\"><script>alert(1)</script>"],
    ids=lambda value: ascii(value[:9]),
)
def test_no_list_breaks(value: str, browser: Browser) -> None:
    """Whatever stands behind the question mark is understood or ignored, and never written back as markup."""
    names = (
        *NAMES,
        "q",
        "page",
        "size",
        "sort",
        "plan",
        "tab",
        "state",
        "before",
        "since",
        "until",
        "show",
        "check",
    )
    clients = {login: browser(login) for login in POSTS}
    for address, permission in real_addresses():
        client = clients[holder(permission)]
        client.raise_request_exception = False
        answer = client.get(address, dict.fromkeys(names, value))
        assert answer.status_code < 500, (address, holder(permission))
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            assert b"<script>alert(1)" not in answer.content, address


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"[" * 100_000, b'{"cells": 1}', b'{"cells": [{"ref": "x"}]}', b"\xff"]
)
def test_a_broken_grid_is_refused(body: bytes, browser: Browser) -> None:
    mine = Report.objects.filter(obligation__unit__code="C01").order_by("-pk").first()
    assert mine
    client = browser("c01-liaison")
    client.raise_request_exception = False
    answer = client.post(reverse("reporting:save", args=[mine.pk]), body, content_type="application/json")
    assert 400 <= answer.status_code < 500


def test_every_answer_carries_the_policy(browser: Browser, visitor: Client) -> None:
    """Pages, refusals, faults and redirects alike: no inline script, no frame, nothing from elsewhere."""
    clients = [visitor, browser("office"), browser("audit")]
    for address in (
        "/",
        "/sign-in/",
        "/no-such-place/",
        "/reports/",
        "/accounts/audit/",
        "/units/",
        "/portal/",
        "/healthz",
    ):
        for client in clients:
            answer = client.get(address)
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'self'" in policy, address
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["X-Frame-Options"] == "DENY"
    refused = Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "a", "password": "b"})
    assert refused.status_code == 403
    assert "default-src 'self'" in refused.headers["Content-Security-Policy"]


@override_settings(ALLOWED_HOSTS=["changai.example"])
def test_a_foreign_host_gets_nothing(db: None, visitor: Client) -> None:
    answer = visitor.get("/sign-in/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert b"evil.example" not in answer.content
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert visitor.get("/sign-in/", headers={"Host": "changai.example"}).status_code == 200


@pytest.mark.django_db
def test_signing_in_begins_a_new_session(visitor: Client) -> None:
    """A session somebody planted in the browser before is worth nothing afterwards."""
    person = make_person(Role.UNIT_LIAISON)
    visitor.get("/sign-in/")
    session = visitor.session
    session["planted"] = "yes"
    session.save()
    visitor.cookies[settings.SESSION_COOKIE_NAME] = planted = session.session_key
    visitor.post("/sign-in/", {"username": person.login, "password": PASSWORD})
    assert visitor.cookies[settings.SESSION_COOKIE_NAME].value != planted
    cookie = visitor.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert thief.get("/").status_code == 302


@pytest.mark.django_db
def test_a_lock_holds_from_every_address() -> None:
    person = make_person(Role.UNIT_LIAISON)
    for place in range(5):
        Client(REMOTE_ADDR=f"192.0.2.{place}").post(
            "/sign-in/", {"username": person.login, "password": "wrong"}
        )
    forged = Client(REMOTE_ADDR="198.51.100.1", headers={"X-Forwarded-For": "203.0.113.9"})
    assert forged.post("/sign-in/", {"username": person.login, "password": PASSWORD}).status_code == 429
    told = AuditEvent.objects.filter(act="account.sign_in_failed").order_by("sequence")
    assert [line.detail["locked"] for line in told][:5] == [False, False, False, False, True]
    assert told.first().address == "192.0.2.0"  # type: ignore[union-attr]


@pytest.mark.parametrize(("behind_proxy", "told"), [(False, "10.0.0.1"), (True, "203.0.113.9")])
def test_an_address_is_what_the_server_or_its_own_proxy_saw(behind_proxy: bool, told: str) -> None:  # noqa: FBT001
    asked = RequestFactory().get(
        "/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "198.51.100.7, 203.0.113.9"}
    )
    with override_settings(BEHIND_PROXY=behind_proxy):
        assert address_of(asked) == told


def test_a_database_that_fails_at_the_sign_in_leaves_no_session(
    db: None, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    from changai.web import sign_in

    def fail(*_arguments: object, **_named: object) -> None:
        raise OperationalError("locked")

    person = make_person(Role.UNIT_LIAISON)
    monkeypatch.setattr(sign_in, "note_sign_in", fail)
    assert visitor.post("/sign-in/", {"username": person.login, "password": PASSWORD}).status_code == 503
    assert visitor.get("/").status_code == 302


@pytest.mark.django_db
def test_a_first_password_opens_nothing_but_its_change() -> None:
    person = make_person(Role.OFFICE_HEAD, must_change_password=True)
    client = Client()
    client.post("/sign-in/", {"username": person.login, "password": PASSWORD})
    for address, _permission in sorted(set(addresses())):
        for method in (client.get, client.post):
            if address in {reverse("accounts:password"), reverse("web:sign_out"), reverse("web:language")}:
                continue
            answer = method(address)
            assert (answer.status_code, answer.headers["Location"]) == (303, reverse("accounts:password")), (
                address
            )


def test_administrators_read_no_business_word(browser: Browser) -> None:
    """Canaries stand in every text a unit or the office can write; no page of the three shows one."""
    canary = "金丝雀甲"
    for model in (Plan, Claim, Report, Briefing, Round, SchemeVersion, Field):
        write_into_every_text(model, canary)
    for person in Person.objects.filter(role__in=ADMINISTRATORS):
        client = browser(person.login)
        for address, _permission in real_addresses():
            answer = client.get(address, {"q": canary}, follow=True)
            shown = answer.content.decode("utf-8", "replace")
            for asked in (f'value="{canary}"', f"“{canary}”"):  # the search box says what was searched for
                shown = shown.replace(asked, "")
            assert canary not in shown, (person.login, address)
    for line in AuditEvent.objects.filter(act__startswith="report."):
        assert not {"value", "progress", "problems", "next_steps"} & set(line.detail)


def test_the_log_tells_every_change_of_state(browser: Browser) -> None:
    """A page that was opened writes nothing; signing out, unlike reading, is a line."""
    client = browser("c01-liaison")
    before = AuditEvent.objects.count()
    for address in ("/", "/reports/", "/tasks/", "/units/"):
        client.get(address)
    assert AuditEvent.objects.count() == before
    client.post("/sign-out/")
    assert AuditEvent.objects.order_by("-sequence").values_list("act", flat=True)[0] == "account.sign_out"


def test_no_export_holds_a_formula(browser: Browser) -> None:
    """A name beginning with = is text in every workbook."""
    formula = '=HYPERLINK("http://evil.example","x")'
    Unit.objects.exclude(level="city").update(name=formula[:40], short_name="=1+1")
    Claim.objects.update(text=formula)
    Field.objects.update(name=formula[:40])
    seen = 0
    for address, permission in real_addresses():
        answer = browser(holder(permission)).get(address)
        if not answer.headers.get("Content-Type", "").startswith("application/vnd.openxml"):
            continue
        if "attachment" not in answer.headers["Content-Disposition"]:
            continue
        if not answer.headers["Content-Disposition"].endswith(".xlsx"):
            continue
        seen += 1
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
        assert "f" not in kinds, address
    assert seen >= 6


def test_a_script_in_a_text_is_shown_as_text(browser: Browser) -> None:
    """Names, remarks and file names come out as they were typed, and never as markup."""
    script = "<script>alert(1)</script>"
    for model in (Plan, Claim, Report, Briefing, Round, Field, Unit, Person):
        write_into_every_text(model, script)
    clients = {login: browser(login) for login in ("office-head", "leader", "c01-liaison")}
    for address, _permission in real_addresses():
        for login, client in clients.items():
            answer = client.get(address)
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                assert script.encode() not in answer.content, (login, address)


def test_json_in_a_page_cannot_end_its_script() -> None:
    from django.utils.html import json_script

    assert "</script><b>" not in json_script(json.loads('{"x": "</script><b>"}'), "x")
