"""How a unit begins, changes and ends: the row of today, the versions of before and the paths stay in step.

Not actions: the actions of this package are made of these, inside their transaction.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Max, Value
from django.db.models.functions import Concat, Substr

from changai.areas.organisations import queries
from changai.areas.organisations.models import Unit, UnitVersion
from changai.areas.organisations.rules.units import (
    cleaned,
    date_fault,
    folded_code,
    naming_faults,
    nesting_fault,
)
from changai.core.errors import Invalid
from changai.foundation.versions import require_version


@dataclass(frozen=True)
class NewUnit:
    """A unit to be added. `position` None: behind all others, so that lists keep the order of entry."""

    code: str
    name: str
    short_name: str
    level: str
    position: int | None = None


def open_unit(unit_id: int, *, version: int | None = None) -> Unit:
    """Return a unit that may be changed, as the person saw it when `version` is given.

    :raises NotVisible: when there is none
    :raises RecordMoved: when somebody else changed it meanwhile
    :raises Invalid: when it was closed
    """
    unit = queries.unit_by_id(unit_id)
    if version is not None:
        require_version(unit, version)
    if not unit.is_open:
        raise Invalid(f"“{unit.name}”已撤销，不能再变更。")
    return unit


def found(new: NewUnit, *, parent: Unit | None, on: date) -> Unit:
    """Add a unit below `parent` from a day on, and return it.

    :raises Invalid: when it cannot be called so, or cannot stand there
    """
    code, name, short_name = folded_code(new.code), cleaned(new.name), cleaned(new.short_name)
    refuse_faults(*naming_faults(code, name, short_name).values(), nesting_fault(new.level, level_of(parent)))
    if Unit.objects.filter(code=code).exists():
        raise Invalid(f"编号 {code} 已有单位使用（包括已撤销的单位），请换一个编号。")
    if parent is not None and on < parent.founded_on:
        raise Invalid(f"上级单位“{parent.name}”在该日尚未设立，请核对设立日期。")
    unit = Unit.objects.create(
        code=code, name=name, short_name=short_name, level=new.level, parent=parent, founded_on=on,
        position=_last_position() + 10 if new.position is None else new.position,
    )  # fmt: skip
    unit.path = f"{parent.path if parent else ''}{unit.pk}."
    unit.save(update_fields=["path"])
    UnitVersion.objects.create(unit=unit, name=name, short_name=short_name, parent=parent, valid_from=on)
    return unit


def change(unit: Unit, *, on: date, today: date, **fields: object) -> None:
    """Change `name`, `short_name` or `parent` from a day on. After a new parent, `repath` the unit.

    :raises Invalid: when the day cannot be
    """
    current = unit.versions.get(valid_to__isnull=True)
    refuse_faults(date_fault(unit.name, on, since=current.valid_from, today=today))
    UnitVersion.objects.filter(pk=current.pk).update(valid_to=on)
    for name, value in fields.items():
        setattr(unit, name, value)
    unit.version += 1
    unit.save(update_fields=[*fields, "version"])
    UnitVersion.objects.create(
        unit=unit, name=unit.name, short_name=unit.short_name, parent=unit.parent, valid_from=on
    )


def close(unit: Unit, *, on: date, today: date) -> None:
    """End a unit: the day is the first on which it is no more. Its liaison officer ends with it.

    :raises Invalid: when the day cannot be
    """
    current = unit.versions.get(valid_to__isnull=True)
    refuse_faults(date_fault(unit.name, on, since=current.valid_from, today=today))
    UnitVersion.objects.filter(pk=current.pk).update(valid_to=on)
    unit.liaisons.filter(valid_to__isnull=True, valid_from__lte=on).update(valid_to=on)
    unit.liaisons.filter(valid_to__isnull=True).update(valid_to=F("valid_from"))
    unit.closed_on = on
    unit.version += 1
    unit.save(update_fields=["closed_on", "version"])


def repath(unit: Unit) -> None:
    """Bring the paths of a unit and of everything below it in step with its parent."""
    old, new = unit.path, f"{unit.parent.path if unit.parent else ''}{unit.pk}."
    Unit.objects.filter(path__startswith=old).update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    unit.path = new


def refuse_faults(*sentences: str) -> None:
    """:raises Invalid: with the sentences that are not empty, when there are any."""
    told = tuple(sentence for sentence in sentences if sentence)
    if told:
        raise Invalid(
            told[0] if len(told) == 1 else "所填内容有误，请更正。", faults=told if len(told) > 1 else ()
        )


def level_of(parent: Unit | None) -> str | None:
    """Return the parent's level, or None below nothing."""
    return parent.level if parent else None


def _last_position() -> int:
    return Unit.objects.aggregate(last=Max("position"))["last"] or 0
