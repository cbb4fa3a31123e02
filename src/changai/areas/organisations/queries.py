"""Reads of the tree: as it is, and as it was on any day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from changai.areas.organisations.models import (
    City,
    Group,
    Grouping,
    Level,
    Liaison,
    Lineage,
    Unit,
    UnitVersion,
)
from changai.areas.organisations.rules.roster import StandingUnit
from changai.core.errors import NotVisible
from changai.documents.workbooks import SheetContent, write_workbook
from changai.foundation.actors import OFFICE, Actor
from changai.foundation.matrix import Scope, scope_of


def visible_to(actor: Actor, permission: str = "unit.view") -> QuerySet[Unit]:
    """Return the units whose records the actor reaches with `permission`, in the tree's order."""
    scope = scope_of(actor.role, permission)
    if scope is None:
        return Unit.objects.none()
    if scope is Scope.ALL:
        return Unit.objects.all()
    if scope is Scope.OWN:
        return Unit.objects.filter(pk=actor.unit_id or 0)
    return Unit.objects.filter(path__startswith=actor.unit_path) if actor.unit_path else Unit.objects.none()


def unit_for(actor: Actor, unit_id: int, permission: str = "unit.view") -> Unit:
    """Return one unit.

    :raises NotVisible: when there is none, or none for this actor
    """
    unit = visible_to(actor, permission).filter(pk=unit_id).first()
    if unit is None:
        raise NotVisible
    return unit


def unit_by_id(unit_id: int) -> Unit:
    """Return one unit, for actions that have asked the policy.

    :raises NotVisible: when there is none
    """
    unit = Unit.objects.select_related("parent").filter(pk=unit_id).first()
    if unit is None:
        raise NotVisible
    return unit


def units_by_id(unit_ids: Iterable[int]) -> list[Unit]:
    """Return units in the tree's order, for reads that have asked who may see them."""
    return list(Unit.objects.filter(pk__in=list(unit_ids)).order_by("position", "code", "pk"))


def units_with_codes(codes: Iterable[str]) -> list[Unit]:
    """Return units by their codes, for reads that have asked who may see them; no question for none."""
    wanted = list(codes)
    return list(Unit.objects.filter(code__in=wanted)) if wanted else []


def city() -> City:
    """Return the city's settings, with the defaults of a new installation when none were saved."""
    return City.objects.filter(pk=1).first() or City(pk=1)


def maker_of(actor: Actor) -> str:
    """Return the name under which the actor's tables leave: the office's, the unit's, or none."""
    if actor.role in OFFICE:
        return city().office_name
    return Unit.objects.filter(pk=actor.unit_id or 0).values_list("name", flat=True).first() or ""


def workbook_of(actor: Actor, sheets: Sequence[SheetContent], *, at: datetime) -> bytes:
    """Return sheets as a workbook that says who made it and when."""
    return write_workbook(sheets, created=at, author=maker_of(actor))


def every_unit() -> QuerySet[Unit]:
    """Return all units, closed ones too, in the tree's order; for jobs that have no reader."""
    return Unit.objects.order_by("position", "code", "pk")


def open_units(*levels: str, on: date) -> QuerySet[Unit]:
    """Return the units of the given levels (all but the city when none are given) that exist on a day."""
    units = Unit.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on), founded_on__lte=on)
    return units.filter(level__in=levels) if levels else units.exclude(level=Level.CITY)


def standing(*levels: str) -> QuerySet[Unit]:
    """Return the units of the given levels that exist now."""
    return Unit.objects.filter(closed_on__isnull=True, level__in=levels)


def sisters(unit: Unit) -> QuerySet[Unit]:
    """Return the other open units of the unit's level, in the tree's order."""
    return Unit.objects.filter(closed_on__isnull=True, level=unit.level).exclude(pk=unit.pk)


def units_below(unit: Unit, *, on: date) -> list[Unit]:
    """Return the units directly below a unit that exist on a day, in the tree's order."""
    return list(open_units(on=on).filter(parent=unit).order_by("position", "code", "pk"))


def line_above(unit: Unit) -> list[Unit]:
    """Return the units above a unit, the nearest first."""
    found = Unit.objects.in_bulk([int(part) for part in unit.path.split(".")[:-2] if part])
    return [found[int(part)] for part in reversed(unit.path.split(".")[:-2]) if int(part) in found]


def closed_among(unit_ids: Iterable[int]) -> frozenset[int]:
    """Return which of the units are no more."""
    closed = Unit.objects.filter(pk__in=list(unit_ids), closed_on__isnull=False)
    return frozenset(closed.values_list("pk", flat=True))


def stood_for_by(unit_id: int) -> QuerySet[Unit]:
    """Return a unit and those merged into it, at once or by way of one other, for use inside another query."""
    once = Q(successors__kind=Lineage.Kind.MERGED, successors__target=unit_id)
    again = Q(
        successors__kind=Lineage.Kind.MERGED,
        successors__target__successors__kind=Lineage.Kind.MERGED,
        successors__target__successors__target=unit_id,
    )
    return Unit.objects.filter(Q(pk=unit_id) | once | again).order_by().distinct()


def heirs_of(unit_ids: Iterable[int]) -> dict[int, Unit]:
    """Return the unit each of the units was merged into, the one that stands last; none for a unit that stands."""
    merged = Lineage.objects.filter(kind=Lineage.Kind.MERGED, source__closed_on__isnull=False)
    into = {line.source_id: line.target for line in merged.select_related("target")}
    heirs: dict[int, Unit] = {}
    for unit_id in unit_ids:
        heir = into.get(unit_id)
        while heir is not None and heir.pk in into:
            heir = into[heir.pk]
        if heir is not None:
            heirs[unit_id] = heir
    return heirs


def restructurings(first_on: date, last_on: date) -> list[str]:
    """Return what changed in the tree between two days, one sentence each: mergers, divisions, new superiors."""
    lines = Lineage.objects.filter(happened_on__range=(first_on, last_on)).select_related("source", "target")
    told = [
        (
            line.happened_on,
            f"{line.happened_on:%Y-%m-%d} “{line.source.name}”并入“{line.target.name}”（{line.reason}）"
            if line.kind == Lineage.Kind.MERGED
            else f"{line.happened_on:%Y-%m-%d} “{line.target.name}”由“{line.source.name}”分设（{line.reason}）",
        )
        for line in lines.order_by("happened_on", "pk")
    ]
    moved = UnitVersion.objects.filter(valid_from__range=(first_on, last_on)).select_related("unit", "parent")
    for version in moved.order_by("valid_from", "pk"):
        before = version.unit.versions.filter(valid_to=version.valid_from).exclude(pk=version.pk).last()
        if before is not None and before.parent_id != version.parent_id and version.parent is not None:
            sentence = f"{version.valid_from:%Y-%m-%d} “{version.name}”改由“{version.parent.name}”管理"
            told.append((version.valid_from, sentence))
    return [sentence for _day, sentence in sorted(told)]


def versions_on(day: date) -> QuerySet[UnitVersion]:
    """Return name and parent of every unit that existed on a day."""
    return UnitVersion.objects.filter(valid_from__lte=day).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    )


def name_on(unit: Unit, day: date) -> str:
    """Return what the unit was called on a day; its present name for days before and after its life."""
    version = versions_on(day).filter(unit=unit).first()
    return version.name if version else unit.name


def names_on(unit_ids: Iterable[int], day: date) -> dict[int, str]:
    """Return what each unit was called on a day, in two queries; see `name_on`."""
    names = dict(Unit.objects.filter(pk__in=unit_ids).values_list("pk", "name"))
    return names | dict(versions_on(day).filter(unit__in=names).values_list("unit_id", "name"))


def branch_on(unit_id: int, day: date) -> set[int]:
    """Return the ids of the unit and of all units below it as the tree stood on a day."""
    below: dict[int | None, list[int]] = defaultdict(list)
    for child, parent in versions_on(day).values_list("unit_id", "parent_id"):
        below[parent].append(child)
    found, waiting = set(), [unit_id]
    while waiting:
        unit = waiting.pop()
        if unit not in found:
            found.add(unit)
            waiting += below[unit]
    return found


@dataclass(frozen=True)
class Branch:
    """A unit as it stood on a day, with what was below it; `depth` counts from 0."""

    unit: Unit
    name: str
    depth: int
    children: tuple["Branch", ...]

    @property
    def size(self) -> int:
        """The number of units below."""
        return sum(1 + child.size for child in self.children)


def tree_on(day: date) -> tuple[Branch, ...]:
    """Return the whole tree as it stood on a day, roots first, in the tree's order. Two queries."""
    below: dict[int | None, list[UnitVersion]] = defaultdict(list)
    for version in (
        versions_on(day).select_related("unit").order_by("unit__position", "unit__code", "unit__pk")
    ):
        below[version.parent_id].append(version)
    return _branches(below, None, 0)


def flat_tree(day: date) -> Iterator[Branch]:
    """Yield every unit of a day, each behind the one it stands below, in the tree's order."""
    waiting = list(reversed(tree_on(day)))
    while waiting:
        branch = waiting.pop()
        yield branch
        waiting += reversed(branch.children)


def _branches(
    below: dict[int | None, list[UnitVersion]], parent: int | None, depth: int
) -> tuple[Branch, ...]:
    return tuple(
        Branch(version.unit, version.name, depth, _branches(below, version.unit_id, depth + 1))
        for version in below[parent]
    )


def liaison_on(unit: Unit, day: date) -> Liaison | None:
    """Return the unit's liaison officer on a day."""
    named = unit.liaisons.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    return named.first()


def groupings() -> QuerySet[Grouping]:
    """Return the ways units are sorted beside the tree, each with its groups and their units."""
    return Grouping.objects.prefetch_related("groups__units").order_by("name", "pk")


def members_of(grouping_id: int) -> dict[int, list[str]]:
    """Return the names of the groups each unit is in, of one grouping: unit -> names."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Group.units.through.objects.filter(group__grouping=grouping_id).order_by("group__name")
    for unit_id, name in rows.values_list("unit_id", "group__name"):
        found[unit_id].append(name)
    return found


def groups_of(unit: Unit) -> QuerySet[Group]:
    """Return the groups the unit is in, by grouping."""
    return unit.groups.select_related("grouping").order_by("grouping__name", "name", "pk")


def standing_units() -> dict[str, StandingUnit]:
    """Return every unit by code, as `plan_roster` judges a workbook against it. Four queries."""
    groups: dict[int, dict[str, str]] = defaultdict(dict)
    sorted_units = Group.units.through.objects.select_related("group__grouping")
    for membership in sorted_units:
        groups[membership.unit_id][membership.group.grouping.name] = membership.group.name
    liaisons = {one.unit_id: one for one in Liaison.objects.filter(valid_to__isnull=True)}
    return {
        unit.code: _standing(unit, liaisons.get(unit.pk), groups[unit.pk])
        for unit in Unit.objects.select_related("parent").order_by("path")
    }


def _standing(unit: Unit, liaison: Liaison | None, groups: dict[str, str]) -> StandingUnit:
    return StandingUnit(
        code=unit.code,
        name=unit.name,
        short_name=unit.short_name,
        level=unit.level,
        parent_code=unit.parent.code if unit.parent else "",
        position=unit.position,
        liaison=liaison.name if liaison else "",
        telephone=liaison.telephone if liaison else "",
        groups=groups,
        is_open=unit.is_open,
    )


def known_groups() -> dict[str, frozenset[str]]:
    """Return the names of the groups of each grouping."""
    return {
        grouping.name: frozenset(group.name for group in grouping.groups.all())
        for grouping in Grouping.objects.prefetch_related("groups")
    }
