"""Reads of the dictionary and of figures."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from changai.areas.facts.models import Breakdown, Category, Fact, Field
from changai.areas.facts.rules import NOT_REPORTED, Gathered, MonthFigure, gather
from changai.areas.organisations import queries as organisations
from changai.areas.organisations.models import Unit
from changai.core.errors import NotVisible
from changai.core.periods import Month
from changai.foundation.actors import Actor


def visible_to(actor: Actor) -> QuerySet[Fact]:
    """Return the figures, past ones too, of the units the actor may read."""
    return Fact.objects.filter(unit__in=organisations.visible_to(actor, "fact.view"))


def fact_for(actor: Actor, fact_id: int) -> Fact:
    """Return one figure with its unit and field.

    :raises NotVisible: when there is none, or none for this actor
    """
    fact = visible_to(actor).select_related("unit", "field").filter(pk=fact_id).first()
    if fact is None:
        raise NotVisible
    return fact


def fact_history(fact: Fact) -> QuerySet[Fact]:
    """Return every version of the same figure, the one in force first."""
    return Fact.objects.filter(unit=fact.unit_id, field=fact.field_id, month=fact.month).order_by(
        "-is_current", "-pk"
    )


def fields() -> QuerySet[Field]:
    """Return the whole dictionary in the order of its codes."""
    return Field.objects.select_related("owner").order_by("code", "pk")


def field_by_id(field_id: int) -> Field:
    """Return one field.

    :raises NotVisible: when there is none
    """
    found = fields().filter(pk=field_id).first()
    if found is None:
        raise NotVisible
    return found


def fields_on(day: date, *sources: str) -> QuerySet[Field]:
    """Return the fields in force on a day, of the given sources (all when none are given)."""
    in_force = fields().filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)
    return in_force.filter(source__in=sources) if sources else in_force


def breakdowns() -> QuerySet[Breakdown]:
    """Return the ways figures are told apart, with their items and the fields that use them."""
    return Breakdown.objects.prefetch_related("categories", "fields").order_by("name", "pk")


@dataclass(frozen=True)
class FieldChange:
    """One change of an entry of the dictionary: who, when, and what it said before and after."""

    number: int
    at: datetime
    by: str
    changes: tuple[tuple[str, str, str], ...]


def field_changes(field: Field) -> list[FieldChange]:
    """Return how the entry of a field came to be as it is, the latest change first."""
    versions = list(field.versions.order_by("number"))
    found = [
        FieldChange(
            now.number,
            now.changed_at,
            now.changed_by_name,
            tuple(_changes(before.entry if before else {}, now.entry)),
        )
        for before, now in zip([None, *versions], versions, strict=False)
    ]
    return found[::-1]


def _changes(before: dict[str, Any], now: dict[str, Any]) -> Iterable[tuple[str, str, str]]:
    for name, value in now.items():
        if before and before.get(name) != value:
            yield name, before.get(name) or "", value or ""


def categories_of(breakdown_ids: Iterable[int | None]) -> list[Category]:
    """Return all items of the given breakdowns, in their order."""
    rows = Category.objects.filter(breakdown__in=[pk for pk in breakdown_ids if pk is not None])
    return list(rows.order_by("breakdown", "position", "pk"))


def current_facts(
    unit_ids: Iterable[int], field_codes: Iterable[str], months: Iterable[Month]
) -> QuerySet[Fact]:
    """Return the figures in force of the given units, fields and months, in the order of months."""
    return (
        Fact.objects.filter(
            is_current=True,
            unit_id__in=list(unit_ids),
            field__code__in=list(field_codes),
            month__in=[month.first_on for month in months],
        )
        .select_related("field")
        .order_by("month", "unit_id", "field_id", "pk")
    )


def values_at(
    unit_ids: Iterable[int], field_codes: Iterable[str], first: Month, last: Month, *, at: datetime
) -> list[tuple[int, str, date, Decimal]]:
    """Return the reported figures as they stood at a moment: unit, field, first day of the month, value."""
    then = Q(superseded_by__isnull=True) | Q(superseded_by__accepted_at__gt=at)
    rows = Fact.objects.filter(
        then,
        accepted_at__lte=at,
        status=Fact.Status.REPORTED,
        unit_id__in=list(unit_ids),
        field__code__in=list(field_codes),
        month__range=(first.first_on, last.first_on),
    ).order_by("month", "pk")
    return [
        (unit_id, code, month, value)
        for unit_id, code, month, value in rows.values_list("unit_id", "field__code", "month", "value")
        if value is not None
    ]


def gathered(
    unit_ids: Sequence[int], field_codes: Sequence[str], first: Month, last: Month
) -> dict[tuple[int, str], Gathered]:
    """Return every unit's figure for the months `first` to `last`, gathered as its field says.

    There is an entry for every unit and every known code; without any fact it is not reported.
    """
    found: dict[tuple[int, str], list[MonthFigure]] = defaultdict(list)
    rows = (
        Fact.objects.filter(
            is_current=True,
            unit_id__in=list(unit_ids),
            field__code__in=list(field_codes),
            month__range=(first.first_on, last.first_on),
        )
        .order_by("month", "pk")
        .values_list("pk", "unit_id", "field__code", "value", "status")
    )
    for fact_id, unit_id, code, value, status in rows:
        found[unit_id, code].append(MonthFigure(fact_id, value, status))
    gatherings = Field.objects.filter(code__in=list(field_codes)).values_list("code", "gathering")
    absent = Gathered(None, NOT_REPORTED, ())
    return {
        (unit_id, code): gather(gathering, found[unit_id, code]) if found[unit_id, code] else absent
        for code, gathering in gatherings
        for unit_id in unit_ids
    }


@dataclass(frozen=True)
class UnitFigures:
    """One unit's row of the table units × months: a figure or None for every month, and the whole."""

    unit_id: int
    name: str
    position: int
    cells: tuple[Fact | None, ...]
    whole: Gathered

    @property
    def total(self) -> Decimal | None:
        return self.whole.value


def table_of(actor: Actor, field: Field, months: Sequence[Month]) -> list[UnitFigures]:
    """Return the figures in force of a field, a row for every unit visible to the actor that has any."""
    cells: dict[int, dict[date, Fact]] = defaultdict(dict)
    facts = visible_to(actor).filter(
        is_current=True, field=field, month__range=(months[0].first_on, months[-1].first_on)
    )
    for fact in facts.select_related("unit").order_by("unit__position", "unit__code", "month", "pk"):
        cells[fact.unit_id][fact.month] = fact
    return [_row(place, field, found, months) for place, found in enumerate(cells.values())]


def _row(place: int, field: Field, found: dict[date, Fact], months: Sequence[Month]) -> UnitFigures:
    unit = next(iter(found.values())).unit
    whole = gather(
        field.gathering, (MonthFigure(fact.pk, fact.value, fact.status) for fact in found.values())
    )
    cells = tuple(found.get(month.first_on) for month in months)
    return UnitFigures(unit.pk, unit.name, place, cells, whole)


@dataclass(frozen=True)
class OfficeCell:
    """A cell of the sheet the office fills: the figure in force, and for a level what was set last before."""

    field: Field
    fact: Fact | None
    earlier: Decimal | None


@dataclass(frozen=True)
class OfficeRow:
    """One unit's row of the sheet the office fills."""

    unit: Unit
    cells: tuple[OfficeCell, ...]


def office_sheet(actor: Actor, level: str, month: Month) -> tuple[list[Field], list[OfficeRow]]:
    """Return the fields that the office sets or verifies, and a row for every unit of a level in that month."""
    fields = list(fields_on(month.last_on, Field.Source.OFFICE))
    reached = organisations.visible_to(actor, "fact.enter").values("pk")
    units = list(
        organisations.open_units(level, on=month.last_on)
        .filter(pk__in=reached)
        .order_by("position", "code", "pk")
    )
    facts = Fact.objects.filter(is_current=True, unit__in=units, field__in=fields)
    found = {(fact.unit_id, fact.field_id): fact for fact in facts.filter(month=month.first_on)}
    held = facts.filter(month__lt=month.first_on, field__gathering=Field.Gathering.LAST, value__isnull=False)
    earlier = {
        (unit, field): value
        for unit, field, value in held.order_by("month", "pk").values_list("unit", "field", "value")
    }
    return fields, [
        OfficeRow(
            unit,
            tuple(
                OfficeCell(field, found.get((unit.pk, field.pk)), earlier.get((unit.pk, field.pk)))
                for field in fields
            ),
        )
        for unit in units
    ]


def years_with_facts(actor: Actor) -> list[int]:
    """Return the years for which the actor can read figures, the last first."""
    days = visible_to(actor).filter(is_current=True).dates("month", "year", order="DESC")
    return [day.year for day in days]
