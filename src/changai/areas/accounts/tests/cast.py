"""The fixed cast of the tests, loaded by the root conftest.

Units: `city_unit` > `office_unit`, `unit_a`, `unit_b`, `county` > `township`. People are `Actor`s
named after their post; `signed_in(actor)` gives a browser of theirs, `visitor` one of nobody.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from changai.foundation.actors import Actor, Role

if TYPE_CHECKING:
    from django.test import Client

    from changai.areas.organisations.models import Unit

# Models are imported inside: this module is loaded by pytest before Django is set up.


def _unit(name: str, level: str, parent: "Unit | None" = None) -> "Unit":
    from changai.areas.accounts.tests.make import make_unit
    from changai.areas.organisations.models import Level

    return make_unit(name, level=Level(level), parent=parent)


def _actor(role: Role, unit: "Unit | None" = None) -> Actor:
    from changai.areas.accounts.tests.make import actor_for

    return actor_for(role, unit)


@pytest.fixture
def city_unit(db: None) -> "Unit":
    return _unit("示范市", "city")


@pytest.fixture
def office_unit(city_unit: "Unit") -> "Unit":
    return _unit("市产改办", "office", city_unit)


@pytest.fixture
def unit_a(city_unit: "Unit") -> "Unit":
    return _unit("甲局", "member", city_unit)


@pytest.fixture
def unit_b(city_unit: "Unit") -> "Unit":
    return _unit("乙局", "member", city_unit)


@pytest.fixture
def county(city_unit: "Unit") -> "Unit":
    return _unit("丙县", "county", city_unit)


@pytest.fixture
def township(county: "Unit") -> "Unit":
    return _unit("丙县总工会", "sub", county)


@pytest.fixture
def officer(office_unit: "Unit") -> Actor:
    return _actor(Role.OFFICE_OFFICER, office_unit)


@pytest.fixture
def office_head(office_unit: "Unit") -> Actor:
    return _actor(Role.OFFICE_HEAD, office_unit)


@pytest.fixture
def liaison(unit_a: "Unit") -> Actor:
    return _actor(Role.UNIT_LIAISON, unit_a)


@pytest.fixture
def unit_head(unit_a: "Unit") -> Actor:
    return _actor(Role.UNIT_HEAD, unit_a)


@pytest.fixture
def other_liaison(unit_b: "Unit") -> Actor:
    return _actor(Role.UNIT_LIAISON, unit_b)


@pytest.fixture
def county_reviewer(county: "Unit") -> Actor:
    return _actor(Role.COUNTY_REVIEWER, county)


@pytest.fixture
def inspector(office_unit: "Unit") -> Actor:
    return _actor(Role.INSPECTOR, office_unit)


@pytest.fixture
def leader(city_unit: "Unit") -> Actor:
    return _actor(Role.LEADER, city_unit)


@pytest.fixture
def system_administrator(db: None) -> Actor:
    return _actor(Role.SYSTEM_ADMINISTRATOR)


@pytest.fixture
def security_administrator(db: None) -> Actor:
    return _actor(Role.SECURITY_ADMINISTRATOR)


@pytest.fixture
def audit_administrator(db: None) -> Actor:
    return _actor(Role.AUDIT_ADMINISTRATOR)


@pytest.fixture
def everybody(  # noqa: PLR0917 - fixtures
    officer: Actor, office_head: Actor, liaison: Actor, unit_head: Actor, county_reviewer: Actor,
    inspector: Actor, leader: Actor, system_administrator: Actor, security_administrator: Actor,
    audit_administrator: Actor,
) -> dict[Role, Actor]:  # fmt: skip
    """One actor for each role that a person can hold."""
    cast = (
        officer, office_head, liaison, unit_head, county_reviewer, inspector, leader, system_administrator,
        security_administrator, audit_administrator,
    )  # fmt: skip
    return {actor.role: actor for actor in cast}


@pytest.fixture
def visitor() -> "Client":
    """A browser in which nobody is signed in."""
    from django.test import Client

    return Client()


@pytest.fixture
def signed_in(db: None) -> "Callable[[Actor], Client]":
    """Give a browser in which the actor is signed in."""
    from django.test import Client

    from changai.areas.accounts.models import Person

    def sign_in(actor: Actor) -> Client:
        client = Client()
        client.force_login(
            Person.objects.get(pk=actor.person_id), backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    return sign_in
