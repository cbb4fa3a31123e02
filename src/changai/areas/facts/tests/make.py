"""Makes fields, figures and the units they belong to."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

from changai.areas.facts.actions import accept_facts
from changai.areas.facts.models import Fact, Field
from changai.areas.facts.rules import FactInput
from changai.areas.organisations.models import Level, Unit
from changai.core.periods import Month
from changai.foundation.actors import Actor, Role

AT = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
OCTOBER = Month(2026, 10)
_number = count(1)


def make_unit(
    name: str = "", *, level: str = Level.COUNTY, parent: Unit | None = None, **named: object
) -> Unit:
    number = next(_number)
    unit = Unit.objects.create(
        code=f"U{number:04d}", name=name or f"第{number}县", short_name=name or f"{number}县", level=level,
        parent=parent, position=number, founded_on=named.pop("founded_on", date(2017, 1, 1)), **named,
    )  # fmt: skip
    unit.path = f"{parent.path if parent else ''}{unit.pk}."
    unit.save()
    return unit


def make_office() -> Unit:
    return make_unit("市产改办", level=Level.OFFICE)


def actor_of(role: Role, unit: Unit | None = None, name: str = "") -> Actor:
    return Actor(
        person_id=None, name=name or str(role), role=role,
        unit_id=unit.pk if unit else None, unit_path=unit.path if unit else "",
    )  # fmt: skip


def make_field(code: str = "", **named: object) -> Field:
    # By the rows there are, so that tests which begin alike name their figures alike (tests/kept.py).
    number = 1 + (Field.objects.order_by("-pk").values_list("pk", flat=True).first() or 0)
    values = {
        "name": f"数据项{number}", "unit_of_measure": "人次", "definition": "当月新增。",
        "source": Field.Source.REPORT, "valid_from": date(2017, 1, 1),
    }  # fmt: skip
    return Field.objects.create(code=code or f"f.{number}", **values | named)


def make_fact(
    unit: Unit, field: Field, value: object = 5, *, month: Month = OCTOBER, status: str = ""
) -> Fact:
    exact = None if value is None else Decimal(str(value))
    given = FactInput(field.pk, exact, status or ("REPORTED" if exact is not None else "NOT_REPORTED"))
    accept_facts(
        actor_of(Role.OFFICE_OFFICER, name="办公室甲"), unit_id=unit.pk, month=month, figures=[given],
        origin_type="reporting.report", origin_id=1, origin_label="月报", at=AT,
    )  # fmt: skip
    return Fact.objects.get(unit=unit, field=field, month=month.first_on, is_current=True)
