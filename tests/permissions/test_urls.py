"""Every address × every post, generated from the matrix; and strangers' records, which do not exist for them."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter

from changai.foundation.actors import Actor, Role
from changai.foundation.matrix import EVERYBODY, MATRIX, scope_of
from changai.foundation.pages import PUBLIC

pytestmark = pytest.mark.django_db
NOBODYS = 987_654_321  # an id that no record has


def addresses() -> Iterator[tuple[str, str]]:
    """Yield (address with made-up ids, permission) of every URL."""

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[tuple[str, str]]:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, route)
            else:
                yield _filled(route, pattern), getattr(pattern.callback, "permission", "")

    yield from walk(get_resolver().url_patterns, "/")


def _filled(route: str, pattern: URLPattern) -> str:
    for name, converter in pattern.pattern.converters.items():
        value = str(NOBODYS) if isinstance(converter, IntConverter) else "x"
        start = route.index("<", 0)
        end = route.index(">", start)
        assert name in route[start:end]
        route = route[:start] + value + route[end + 1 :]
    return route


def allowed(address: str, permission: str) -> list[Role]:
    return [role for role in EVERYBODY if permission == PUBLIC or scope_of(role, permission) is not None]


@pytest.mark.parametrize(("address", "permission"), sorted(addresses()))
def test_the_matrix_decides_who_opens_an_address(
    address: str, permission: str, everybody: dict[Role, Actor], signed_in: Callable[[Actor], Client]
) -> None:
    """Without the right a page does not exist (404) and a button is refused (403)."""
    opened = allowed(address, permission)
    for role, actor in everybody.items():
        for method in ("get", "post"):
            status = getattr(signed_in(actor), method)(address).status_code
            told = f"{role} {method} {address}: {status}"
            if role in opened:
                assert status != 403 or method == "post", told
                assert status < 500, told
            else:
                assert status in ({404, 405} if permission.endswith(".view") else {403, 404, 405}), told


@pytest.mark.parametrize(("address", "permission"), sorted(addresses()))
def test_who_is_not_signed_in_goes_to_the_sign_in(address: str, permission: str, visitor: Client) -> None:
    for method in ("get", "post"):
        response = getattr(visitor, method)(address)
        if permission == PUBLIC:
            assert response.status_code < 500
        else:
            assert response.status_code == 302, address
            assert response.headers["Location"].startswith("/sign-in/"), address


def test_administrators_hold_no_business_right() -> None:
    """None of the three reads business values: they hold accounts, the matrix, the log, and the names of units."""
    own = {
        "home.view",
        "unit.view",
        "account.view",
        "account.edit",
        "account.grant",
        "delivery.view",
        "delivery.edit",
        "matrix.view",
        "audit.view",
    }
    for role in (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR):
        held = {permission for permission in MATRIX if scope_of(role, permission) is not None}
        assert held <= own, role


def test_opening_an_account_and_granting_it_lie_with_different_people() -> None:
    assert not [
        role for role in EVERYBODY if scope_of(role, "account.edit") and scope_of(role, "account.grant")
    ]


def test_who_reports_does_not_review() -> None:
    for role in (Role.UNIT_LIAISON, Role.UNIT_HEAD):
        assert scope_of(role, "report.review") is None
    for role in EVERYBODY:
        assert not (scope_of(role, "report.submit") and scope_of(role, "report.sign")), role
