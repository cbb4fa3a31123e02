"""Mergers and divisions: units end, others begin or grow, and the line between them is kept."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone

from changai.areas.organisations import policies
from changai.areas.organisations.actions._history import (
    NewUnit,
    change,
    close,
    found,
    open_unit,
    refuse_faults,
    repath,
)
from changai.areas.organisations.models import Lineage, Unit
from changai.areas.organisations.rules.units import is_loop, nesting_fault
from changai.core.errors import Invalid
from changai.documents.characters import single_line
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record


@action("unit.merge")
def merge_units(
    actor: Actor, source_ids: Sequence[int], *, target_id: int, on: date, reason: str, at: datetime
) -> Unit:
    """Merge units into another: they end on the day, what stood below them moves under it. Return the target.

    For a merger into a new unit, add that one first.

    :raises Invalid: without units or reason, when the target is below one of them, or the day cannot be
    """
    policies.require(actor, "unit.edit")
    target = open_unit(target_id)
    sources = [open_unit(unit_id) for unit_id in dict.fromkeys(source_ids)]
    if not sources or target in sources:
        raise Invalid("请选择要并入的单位，且不能选择并入后的单位本身。")
    reason = single_line(reason)
    if not reason:
        raise Invalid("请写明合并依据，如文件名称和文号。")
    if any(is_loop(source.path, target.path) for source in sources):
        raise Invalid(f"“{target.name}”是被并入单位的下属单位，请先调整其上级。")
    if on < target.founded_on:
        raise Invalid(f"“{target.name}”在该日尚未设立，请核对生效日期。")
    for source in sources:
        _end(source, heir=target, kind=Lineage.Kind.MERGED, on=on, reason=reason, at=at)
    record(actor, "unit.merge", target, at=at, on=str(on), sources=[source.pk for source in sources])
    return target


@action("unit.split")
def split_unit(
    actor: Actor,
    unit_id: int,
    parts: Sequence[NewUnit],
    *,
    version: int,
    ends: bool,
    on: date,
    reason: str,
    at: datetime,
) -> list[Unit]:
    """Divide a unit: each part begins on the day beside it. Return the parts.

    The parts are of the unit's own level. With `ends` the unit itself is no more, and what stood below it
    moves under the first part.

    :raises RecordMoved: when somebody else changed the unit meanwhile
    :raises Invalid: without parts or reason, when a part cannot be called so, or the day cannot be
    """
    policies.require(actor, "unit.edit")
    unit = open_unit(unit_id, version=version)
    if len(parts) < (2 if ends else 1):
        raise Invalid("原单位撤销的，应拆分为两个以上单位；原单位保留的，至少应新设一个单位。")
    reason = single_line(reason)
    if not reason:
        raise Invalid("请写明拆分依据，如文件名称和文号。")
    if on > timezone.localdate(at) or on < unit.founded_on:
        raise Invalid("生效日期不能晚于今天，也不能早于原单位设立日期。")
    if any(part.level != unit.level for part in parts):
        raise Invalid("拆分出的单位应与原单位同一层级。")
    made = [found(part, parent=unit.parent, on=on) for part in parts]
    for part in made[1:] if ends else made:
        _link(unit, part, Lineage.Kind.SPLIT, on, reason)
    if ends:
        _end(unit, heir=made[0], kind=Lineage.Kind.SPLIT, on=on, reason=reason, at=at)
    record(actor, "unit.split", unit, at=at, on=str(on), parts=[part.pk for part in made], ends=ends)
    return made


def _end(source: Unit, *, heir: Unit, kind: Lineage.Kind, on: date, reason: str, at: datetime) -> None:
    today = timezone.localdate(at)
    for child in source.children.filter(closed_on__isnull=True):
        refuse_faults(nesting_fault(child.level, heir.level))
        change(child, on=on, today=today, parent=heir)
        repath(child)
    close(source, on=on, today=today)
    _link(source, heir, kind, on, reason)


def _link(source: Unit, target: Unit, kind: Lineage.Kind, on: date, reason: str) -> None:
    Lineage.objects.create(source=source, target=target, kind=kind, happened_on=on, reason=reason[:200])
