"""Reads of old figures brought in and carried out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Max, Min, QuerySet

from changai.areas.facts.models import Fact, Field, HistoryExport, HistoryImport, HistoryRow
from changai.areas.facts.rules.history import Known, KnownField, KnownUnit, folded
from changai.areas.organisations import queries as organisations
from changai.core.errors import NotVisible
from changai.foundation.actors import Actor
from changai.foundation.matrix import scope_of

_CHUNK = 2_000


@dataclass(frozen=True)
class ExportedFigure:
    """A figure in force as it is written out."""

    unit_code: str
    unit_name: str
    field_code: str
    field_name: str
    unit_of_measure: str
    month: date
    value: Decimal
    note: str
    origin: str


def history_imports(actor: Actor) -> QuerySet[HistoryImport]:
    """Return the files of old figures, for those who enter figures for the city."""
    rows = HistoryImport.objects.all()
    return rows if scope_of(actor.role, "fact.enter") else rows.none()


def history_exports(actor: Actor) -> QuerySet[HistoryExport]:
    """Return the orders to write figures out."""
    rows = HistoryExport.objects.all()
    return rows if scope_of(actor.role, "fact.enter") else rows.none()


def history_import_for(actor: Actor, batch_id: int) -> HistoryImport:
    """Return one file of old figures.

    :raises NotVisible: when there is none for this actor
    """
    found = history_imports(actor).filter(pk=batch_id).first()
    if found is None:
        raise NotVisible
    return found


def history_export_for(actor: Actor, export_id: int) -> HistoryExport:
    """Return one order.

    :raises NotVisible: when there is none for this actor
    """
    found = history_exports(actor).filter(pk=export_id).first()
    if found is None:
        raise NotVisible
    return found


def counts_of(batch: HistoryImport) -> dict[str, int]:
    """Return how many rows are in each state."""
    found = dict.fromkeys(HistoryRow.State.values, 0)
    counted = batch.lines.order_by().values("state").annotate(rows=Count("pk"))
    return found | {row["state"]: row["rows"] for row in counted}


def rows_in(batch: HistoryImport, state: str) -> QuerySet[HistoryRow]:
    """Return the rows in a state, in the order of the file."""
    rows = batch.lines.filter(state=state).select_related("unit", "field", "replaces")
    return rows.order_by("number", "pk")


def open_imports() -> list[int]:
    """Return the files the job has work with, the oldest first."""
    at_work = [HistoryImport.Status.CHECKING, HistoryImport.Status.TAKING]
    return list(HistoryImport.objects.filter(status__in=at_work).order_by("pk").values_list("pk", flat=True))


def open_exports() -> list[HistoryExport]:
    """Return the orders the job has to write, the oldest first."""
    return list(HistoryExport.objects.filter(status=HistoryExport.Status.WAITING).order_by("pk"))


def known_names(today: date) -> Known:
    """Return what rows may name. A name that means two units, or two fields, means none."""
    units: dict[str, KnownUnit | None] = {}
    for unit in organisations.every_unit():
        one = KnownUnit(unit.pk, unit.code, unit.name, unit.founded_on, unit.closed_on)
        units[folded(unit.code)] = one
        units[folded(unit.name)] = None if folded(unit.name) in units else one
    fields: dict[str, KnownField | None] = {}
    for field in Field.objects.order_by("code"):
        known = KnownField(
            field.pk,
            field.code,
            field.name,
            field.unit_of_measure,
            field.decimals,
            field.minimum,
            field.maximum,
        )
        fields[folded(field.code)] = known
        fields[folded(field.name)] = None if folded(field.name) in fields else known
    return Known(
        {name: unit for name, unit in units.items() if unit},
        {name: field for name, field in fields.items() if field},
        today,
    )


def facts_in_force(
    keys: Iterable[tuple[int, int, date]],
) -> dict[tuple[int, int, date], tuple[int, Decimal | None]]:
    """Return the figures in force under (unit, field, month): their id and value."""
    wanted = set(keys)
    rows = Fact.objects.filter(
        is_current=True,
        unit_id__in={unit for unit, _field, _month in wanted},
        field_id__in={field for _unit, field, _month in wanted},
        month__in={month for _unit, _field, month in wanted},
    ).values_list("unit_id", "field_id", "month", "pk", "value")
    return {
        (unit, field, month): (pk, value)
        for unit, field, month, pk, value in rows.order_by()
        if (unit, field, month) in wanted
    }


def figures_to_export(export: HistoryExport) -> list[int]:
    """Return the ids of the reported figures in force of the months asked, by month, unit and field."""
    rows = Fact.objects.filter(
        is_current=True, value__isnull=False, month__range=(export.first_month, export.last_month)
    )
    return list(rows.order_by("month", "unit__code", "field__code", "pk").values_list("pk", flat=True))


def exported_figures(ids: list[int]) -> Iterator[ExportedFigure]:
    """Yield the figures with these ids in their order, a chunk at a time."""
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        rows = Fact.objects.filter(pk__in=chunk).values_list(
            "pk", "unit__code", "unit__name", "field__code", "field__name", "field__unit_of_measure",
            "month", "value", "history_row__note", "origin_label",
        )  # fmt: skip
        found = {row[0]: row[1:] for row in rows.order_by()}
        for pk in chunk:
            code, name, field, field_name, measure, month, value, note, origin = found[pk]
            yield ExportedFigure(
                code, name, field, field_name, measure, month, value or Decimal(0), note or "", origin
            )


def months_with_facts() -> tuple[date, date] | None:
    """Return the first and the last month of which there are figures."""
    found = Fact.objects.filter(is_current=True).aggregate(first=Min("month"), last=Max("month"))
    return (found["first"], found["last"]) if found["first"] else None
