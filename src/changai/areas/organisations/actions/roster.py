"""Carrying out a previewed workbook: every row of it, or none."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone

from changai.areas.organisations import policies, queries
from changai.areas.organisations.actions._history import NewUnit, change, found
from changai.areas.organisations.models import Group, Liaison, Unit
from changai.areas.organisations.rules.roster import Plan, RosterRow, Verdict, plan_roster
from changai.core.errors import Invalid, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record


@action("unit.import")
def import_units(
    actor: Actor, rows: Sequence[RosterRow], *, fingerprint: str, digest: str, on: date, at: datetime
) -> Plan:
    """Carry out a workbook (of this digest) as it was previewed (with this fingerprint), from a day on.

    :raises Invalid: while a row is faulty, or the day cannot be
    :raises RecordMoved: when the tree has changed since the preview
    """
    policies.require(actor, "unit.edit")
    plan = plan_roster(rows, queries.standing_units(), queries.known_groups())
    if plan.fingerprint != fingerprint:
        raise RecordMoved("预览之后组织机构又有变化，本次没有导入。请重新上传并核对预览。")
    if not plan.is_sound:
        raise Invalid("文件中还有错误，没有导入。请改正后重新上传。")
    if on > timezone.localdate(at):
        raise Invalid("生效日期不能晚于今天。")
    _carry_out(plan, on=on, today=timezone.localdate(at))
    counts = {str(verdict): plan.count(verdict) for verdict in Verdict}
    record(actor, "unit.import", "organisations.unit", at=at, on=str(on), digest=digest, **counts)
    return plan


def _carry_out(plan: Plan, *, on: date, today: date) -> None:
    added = {row.row.code: row.row for row in plan.rows if row.verdict is Verdict.ADDED}
    units = {unit.code: unit for unit in Unit.objects.select_related("parent").order_by("path")}
    changed = [row.row for row in plan.rows if row.verdict is Verdict.CHANGED]
    for code in added:
        _found_with_parents(code, added, units, on)
    for row in changed:
        _change(row, units, on=on, today=today)
    if changed:
        _repath_all()
    for row in (*added.values(), *changed):
        _place_beside(units[row.code], row, on)


def _found_with_parents(code: str, added: dict[str, RosterRow], units: dict[str, Unit], on: date) -> None:
    """Add a unit after the units above it, whatever their order in the workbook. The plan has no loops."""
    row = added[code]
    if code in units:
        return
    if row.parent_code in added:
        _found_with_parents(row.parent_code, added, units, on)
    new = NewUnit(row.code, row.name, row.short_name, row.level, row.position)
    units[code] = found(new, parent=units.get(row.parent_code), on=on)


def _change(row: RosterRow, units: dict[str, Unit], *, on: date, today: date) -> None:
    unit = units[row.code]
    wanted = {"name": row.name, "short_name": row.short_name, "parent": units.get(row.parent_code)}
    fields = {name: value for name, value in wanted.items() if getattr(unit, name) != value}
    if fields:
        try:
            change(unit, on=on, today=today, **fields)
        except Invalid as refusal:
            raise Invalid(f"第 {row.number} 行“{row.name}”：{refusal.sentence}") from refusal
    if row.position is not None and row.position != unit.position:
        unit.position = row.position
        unit.save(update_fields=["position"])


def _repath_all() -> None:
    """Write every path anew, parents first: moves of one workbook may cross each other."""
    paths: dict[int | None, str] = {None: ""}
    units = list(Unit.objects.order_by("pk"))
    while len(paths) <= len(units):
        for unit in units:
            if unit.pk not in paths and unit.parent_id in paths:
                paths[unit.pk] = unit.path = f"{paths[unit.parent_id]}{unit.pk}."
    Unit.objects.bulk_update(units, ["path"], batch_size=200)


def _place_beside(unit: Unit, row: RosterRow, on: date) -> None:
    current = unit.liaisons.filter(valid_to__isnull=True).first()
    telephone = (row.telephone if row.telephone is not None else current.telephone if current else "") or ""
    was = (current.name, current.telephone) if current else ("", "")
    if row.liaison is not None and (row.liaison, telephone) != was:
        start = max(on, current.valid_from) if current else on
        unit.liaisons.filter(valid_to__isnull=True).update(valid_to=start)
        if row.liaison:
            Liaison.objects.create(unit=unit, name=row.liaison, telephone=telephone, valid_from=start)
    for grouping, name in row.groups.items():
        unit.groups.remove(*unit.groups.filter(grouping__name=grouping))
        if name:
            unit.groups.add(Group.objects.get(grouping__name=grouping, name=name))
