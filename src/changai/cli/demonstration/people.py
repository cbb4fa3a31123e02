"""The demonstration's accounts, one password for all. Exists in the demonstration only."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password

from changai.areas.accounts.models import Person
from changai.areas.organisations.models import Level, Unit
from changai.core.errors import NotAllowed
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record

PASSWORD = "Shifan-2026-Chanye"  # noqa: S105 - the demonstration's, printed at its start


@action("demonstration.accounts")
def open_accounts(actor: Actor, units: Sequence[Unit], *, at: datetime) -> None:
    """Open an account for every post of the demonstration, all with the same password.

    :raises NotAllowed: outside the demonstration
    """
    if not settings.DEMONSTRATION:
        raise NotAllowed("只有演示环境才能批量开设演示账号。")
    # One hash for all: a slow hash for each of a hundred and thirty accounts would take half a minute.
    password = make_password(PASSWORD)
    people = Person.objects.bulk_create(
        Person(
            login=login,
            name=name,
            role=str(role),
            unit=unit,
            password=password,
            must_change_password=False,
            created_at=at,
        )
        for login, name, role, unit in _accounts(units)
    )
    record(actor, "demonstration.accounts", "accounts.person", at=at, count=len(people))


def _accounts(units: Sequence[Unit]) -> Iterator[tuple[str, str, Role, Unit | None]]:
    office = next(unit for unit in units if unit.level == Level.OFFICE)
    root = next(unit for unit in units if unit.level == Level.CITY)
    yield "office", "办公室工作人员", Role.OFFICE_OFFICER, office
    yield "office-head", "办公室负责人", Role.OFFICE_HEAD, office
    yield "leader", "市领导", Role.LEADER, root
    yield "inspector", "督查员", Role.INSPECTOR, office
    yield "system", "系统管理员", Role.SYSTEM_ADMINISTRATOR, None
    yield "security", "安全管理员", Role.SECURITY_ADMINISTRATOR, None
    yield "audit", "审计管理员", Role.AUDIT_ADMINISTRATOR, None
    for unit in units:
        if unit.level in {Level.CITY, Level.OFFICE} or not unit.is_open:
            continue
        login = unit.code.lower()
        yield f"{login}-liaison", f"{unit.short_name}联络员", Role.UNIT_LIAISON, unit
        yield f"{login}-head", f"{unit.short_name}负责人", Role.UNIT_HEAD, unit
        if unit.level == Level.COUNTY:
            yield f"{login}-review", f"{unit.short_name}审核员", Role.COUNTY_REVIEWER, unit
