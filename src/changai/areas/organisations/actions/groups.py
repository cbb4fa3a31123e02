"""Sorting units beside the tree."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, transaction

from changai.areas.organisations import policies
from changai.areas.organisations.actions._history import open_unit
from changai.areas.organisations.models import Group, Grouping, Unit
from changai.areas.organisations.rules.units import cleaned
from changai.core.errors import Invalid, NotVisible
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record

LONGEST = 40

Row = TypeVar("Row", Grouping, Group)


@action("grouping.add")
def add_grouping(actor: Actor, *, name: str, at: datetime) -> Grouping:
    """Add a way to sort units, such as 考核分类.

    :raises Invalid: without a name, or when there is one of this name
    """
    policies.require(actor, "unit.edit")
    grouping = _saved(Grouping(name=_named(name)))
    record(actor, "grouping.add", grouping, at=at)
    return grouping


@action("group.add")
def add_group(actor: Actor, grouping_id: int, *, name: str, at: datetime) -> Group:
    """Add a class to a grouping.

    :raises NotVisible: when there is no such grouping
    :raises Invalid: without a name, or when the grouping has one of this name
    """
    policies.require(actor, "unit.edit")
    if not Grouping.objects.filter(pk=grouping_id).exists():
        raise NotVisible
    group = _saved(Group(grouping_id=grouping_id, name=_named(name)))
    record(actor, "group.add", group, at=at)
    return group


@action("group.rename")
def rename_group(actor: Actor, group_id: int, *, name: str, at: datetime) -> Group:
    """Call a group otherwise.

    :raises NotVisible: when there is no such group
    :raises Invalid: without a name, or when the grouping has one of this name
    """
    policies.require(actor, "unit.edit")
    group = Group.objects.filter(pk=group_id).first()
    if group is None:
        raise NotVisible
    group.name = _named(name)
    _saved(group)
    record(actor, "group.rename", group, at=at)
    return group


@action("unit.sort")
def sort_unit(actor: Actor, unit_id: int, *, group_ids: Iterable[int], at: datetime) -> Unit:
    """Put a unit into exactly these groups, at most one of each grouping.

    :raises Invalid: when two of them are of one grouping
    """
    policies.require(actor, "unit.edit")
    unit = open_unit(unit_id)
    groups = list(Group.objects.filter(pk__in=list(group_ids)))
    if len({group.grouping_id for group in groups}) < len(groups):
        raise Invalid("同一分类方式下，一个单位只能归入一类。")
    unit.groups.set(groups)
    record(actor, "unit.sort", unit, at=at, groups=[group.pk for group in groups])
    return unit


def _named(name: str) -> str:
    name = cleaned(name)
    if not 1 <= len(name) <= LONGEST:
        raise Invalid(f"名称应为 1—{LONGEST} 个字。")
    return name


def _saved(row: Row) -> Row:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as fault:
        raise Invalid(f"“{row.name}”已经有了，请换一个名称。") from fault
    return row
