"""One unit at a time: add, rename, move, number, close."""

from datetime import date, datetime

from django.utils import timezone

from changai.areas.organisations import policies
from changai.areas.organisations.actions._history import (
    NewUnit,
    change,
    close,
    found,
    level_of,
    open_unit,
    refuse_faults,
    repath,
)
from changai.areas.organisations.models import Unit
from changai.areas.organisations.rules.units import (
    cleaned,
    folded_code,
    is_loop,
    naming_faults,
    nesting_fault,
)
from changai.core.errors import Invalid
from changai.documents.characters import single_line
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record


@action("unit.add")
def add_unit(actor: Actor, new: NewUnit, *, parent_id: int | None, on: date, at: datetime) -> Unit:
    """Add a unit below another (None: the city itself) from a day on and return it.

    :raises NotAllowed: when the actor does not keep the tree
    :raises Invalid: when it cannot be called so, or cannot stand there
    """
    policies.require(actor, "unit.edit")
    parent = None if parent_id is None else open_unit(parent_id)
    refuse_faults("设立日期不能晚于今天。" if on > timezone.localdate(at) else "")
    unit = found(new, parent=parent, on=on)
    record(actor, "unit.add", unit, at=at, on=str(on), parent=parent_id)
    return unit


@action("unit.rename")
def rename_unit(
    actor: Actor, unit_id: int, *, version: int, name: str, short_name: str, on: date, at: datetime
) -> Unit:
    """Give a unit another name from a day on; papers of before keep the old one.

    :raises RecordMoved: when somebody else changed the unit meanwhile
    :raises Invalid: when it cannot be called so, or the day cannot be
    """
    policies.require(actor, "unit.edit")
    unit = open_unit(unit_id, version=version)
    name, short_name = cleaned(name), cleaned(short_name)
    refuse_faults(*naming_faults(unit.code, name, short_name).values())
    if (name, short_name) == (unit.name, unit.short_name):
        raise Invalid("名称和简称都没有变化。")
    change(unit, on=on, today=timezone.localdate(at), name=name, short_name=short_name)
    record(actor, "unit.rename", unit, at=at, on=str(on))
    return unit


@action("unit.move")
def move_unit(actor: Actor, unit_id: int, *, version: int, parent_id: int, on: date, at: datetime) -> Unit:
    """Put a unit, with all below it, under another parent from a day on.

    :raises RecordMoved: when somebody else changed the unit meanwhile
    :raises Invalid: when it cannot stand there, or the day cannot be
    """
    policies.require(actor, "unit.edit")
    unit, parent = open_unit(unit_id, version=version), open_unit(parent_id)
    if unit.parent_id == parent.pk:
        raise Invalid(f"“{unit.name}”已在“{parent.name}”之下。")
    if is_loop(unit.path, parent.path):
        raise Invalid("单位不能移到自己或自己的下属单位之下。")
    refuse_faults(nesting_fault(unit.level, level_of(parent)))
    change(unit, on=on, today=timezone.localdate(at), parent=parent)
    repath(unit)
    record(actor, "unit.move", unit, at=at, on=str(on), parent=parent_id)
    return unit


@action("unit.number")
def number_unit(actor: Actor, unit_id: int, *, version: int, code: str, position: int, at: datetime) -> Unit:
    """Change a unit's code and its place among its sisters; neither has a history.

    :raises RecordMoved: when somebody else changed the unit meanwhile
    :raises Invalid: when the code cannot be used
    """
    policies.require(actor, "unit.edit")
    unit = open_unit(unit_id, version=version)
    code = folded_code(code)
    refuse_faults(*naming_faults(code, unit.name, unit.short_name).values())
    if Unit.objects.filter(code=code).exclude(pk=unit.pk).exists():
        raise Invalid(f"编号 {code} 已有单位使用（包括已撤销的单位），请换一个编号。")
    unit.code, unit.position, unit.version = code, position, unit.version + 1
    unit.save(update_fields=["code", "position", "version"])
    record(actor, "unit.number", unit, at=at)
    return unit


@action("unit.close")
def close_unit(actor: Actor, unit_id: int, *, version: int, on: date, reason: str, at: datetime) -> Unit:
    """End a unit without a successor; `on` is the first day on which it is no more.

    :raises RecordMoved: when somebody else changed the unit meanwhile
    :raises Invalid: while units stand below it, without a reason, or when the day cannot be
    """
    policies.require(actor, "unit.edit")
    unit = open_unit(unit_id, version=version)
    reason = single_line(reason)
    if not reason:
        raise Invalid("请写明撤销依据或原因。")
    below = unit.children.filter(closed_on__isnull=True).count()
    if below:
        raise Invalid(f"“{unit.name}”还有 {below} 个下属单位，请先调整或撤销下属单位。")
    close(unit, on=on, today=timezone.localdate(at))
    record(actor, "unit.close", unit, at=at, on=str(on), reason=reason)
    return unit
