"""Makes units, people and actors for tests. Every value has a default; a test names what it is about."""

from datetime import UTC, date, datetime
from itertools import count

from changai.areas.accounts.models import Person
from changai.areas.accounts.queries import actor_of
from changai.areas.organisations.models import Level, Unit, UnitVersion
from changai.foundation.actors import ADMINISTRATORS, Actor, Role

MOMENT = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)  # 09:30 in Shanghai
FOUNDED = date(2024, 1, 1)
PASSWORD = "Gongye-Duiwu-2026"

_numbers = count(1)


def make_unit(
    name: str = "",
    *,
    level: Level = Level.MEMBER,
    parent: Unit | None = None,
    code: str = "",
    founded_on: date = FOUNDED,
    closed_on: date | None = None,
) -> Unit:
    """Make a unit below `parent` (a new root when none is given), with its first version and its path."""
    number = next(_numbers)
    name = name or f"第{number}单位"
    unit = Unit.objects.create(
        code=code or f"T{number:04d}", name=name, short_name=name[:20], level=level, parent=parent,
        position=number, founded_on=founded_on, closed_on=closed_on,
    )  # fmt: skip
    unit.path = f"{parent.path if parent else ''}{unit.pk}."
    unit.save(update_fields=["path"])
    UnitVersion.objects.create(
        unit=unit,
        name=name,
        short_name=unit.short_name,
        parent=parent,
        valid_from=founded_on,
        valid_to=closed_on,
    )
    return unit


def make_person(
    role: Role | str,
    unit: Unit | None = None,
    *,
    login: str = "",
    name: str = "",
    must_change_password: bool = False,
) -> Person:
    """Make an account that can sign in with `PASSWORD`; a role that acts for a unit gets a new one."""
    number = next(_numbers)
    if unit is None and role and role not in ADMINISTRATORS:
        unit = make_unit()
    person = Person(
        login=login or f"person{number}", name=name or f"测试{number}", role=str(role), unit=unit,
        must_change_password=must_change_password, created_at=MOMENT,
    )  # fmt: skip
    person.set_password(PASSWORD)
    person.save()
    return person


def actor_for(role: Role, unit: Unit | None = None) -> Actor:
    """Make an account and return it as an actor."""
    actor = actor_of(make_person(role, unit), address="192.0.2.1")
    if actor is None:
        raise AssertionError("an account with a role is an actor")
    return actor
