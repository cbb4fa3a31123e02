"""Reads of the training register."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.urls import reverse

from changai.areas.organisations import queries as organisations
from changai.areas.registers.rules import RegisterFigure
from changai.areas.registers.training.models import TrainingClass
from changai.core.checks import Entry, Ledger
from changai.core.errors import NotVisible
from changai.core.periods import Month
from changai.foundation.actors import Actor

COUNTED = {"classes": Count("pk"), "persons": Sum("persons"), "certified": Sum("certified")}
# Classes that ended so near the month are counted in the wrong one by mistake.
DAYS_AROUND = timedelta(days=7)


def visible_to(actor: Actor) -> QuerySet[TrainingClass]:
    """Return the classes of the units the actor reaches, cancelled ones too, newest first."""
    reached = organisations.visible_to(actor, "register.view")
    return TrainingClass.objects.filter(unit__in=reached).select_related("unit")


def class_for(actor: Actor, class_id: int) -> TrainingClass:
    """Return one class.

    :raises NotVisible: when there is none, or none for this actor
    """
    found = visible_to(actor).filter(pk=class_id).first()
    if found is None:
        raise NotVisible
    return found


def present_keys(actor: Actor) -> set[tuple[str, date]]:
    """Return title and day of the classes of the actor's own unit that stand."""
    own = standing(TrainingClass.objects.filter(unit=actor.unit_id or 0))
    return set(own.values_list("title", "held_on"))


def standing(rows: QuerySet[TrainingClass]) -> QuerySet[TrainingClass]:
    """Return the rows without the cancelled ones."""
    return rows.filter(cancelled_at__isnull=True)


def held_in(rows: QuerySet[TrainingClass], month: Month) -> QuerySet[TrainingClass]:
    """Return the rows of classes that ended in a month."""
    return rows.filter(held_on__range=(month.first_on, month.last_on))


def totals(rows: QuerySet[TrainingClass]) -> dict[str, int]:
    """Return `classes`, `persons` and `certified` over rows that stand."""
    return {name: value or 0 for name, value in standing(rows).order_by().aggregate(**COUNTED).items()}


def month_figures(unit_ids: Iterable[int], month: Month) -> dict[int, dict[str, RegisterFigure]]:
    """Return all of `COUNTED` for the classes of each unit that ended in a month: unit -> name -> figure."""
    units = list(unit_ids)
    rows = standing(held_in(TrainingClass.objects.filter(unit__in=units), month)).order_by().values("unit_id")
    counted = {
        row["unit_id"]: row for row in rows.annotate(**{f"all_{name}": one for name, one in COUNTED.items()})
    }
    return {unit_id: _figures(unit_id, month, counted.get(unit_id, {})) for unit_id in units}


def _figures(unit_id: int, month: Month, counted: Mapping[str, Any]) -> dict[str, RegisterFigure]:
    return {
        name: RegisterFigure(
            value=Decimal(counted.get(f"all_{name}") or 0),
            label=f"培训名册：{month.label}结业 {counted.get('all_classes', 0)} 个班",
            address=f"{reverse('training:list')}?unit={unit_id}&month={month}",
        )
        for name in COUNTED
    }


def month_ledgers(unit_ids: Iterable[int], month: Month) -> dict[int, dict[str, Ledger]]:
    """Return all of `COUNTED` with the classes behind each, and those left out: unit -> name -> ledger."""
    units = list(unit_ids)
    span = (month.first_on - DAYS_AROUND, month.last_on + DAYS_AROUND)
    rows: dict[int, list[TrainingClass]] = defaultdict(list)
    for found in TrainingClass.objects.filter(unit__in=units, held_on__range=span).order_by("held_on", "pk"):
        rows[found.unit_id].append(found)
    return {unit_id: {name: _ledger(rows[unit_id], name, month) for name in COUNTED} for unit_id in units}


def _ledger(rows: Iterable[TrainingClass], name: str, month: Month) -> Ledger:
    counted, left_out = [], []
    for row in rows:
        amount = Decimal(1) if name == "classes" else Decimal(getattr(row, name))
        held_in_month = Month.of(row.held_on)
        address = f"{reverse('training:list')}?unit={row.unit_id}&month={held_in_month}#class-{row.pk}"
        if row.cancelled_at is not None:
            left_out.append(Entry(row.title, amount, "已作废", address))
        elif held_in_month != month:
            left_out.append(
                Entry(row.title, amount, f"{row.held_on.month}月{row.held_on.day}日结业", address)
            )
        else:
            counted.append(Entry(row.title, amount, "", address))
    total = sum((entry.value for entry in counted), Decimal(0))
    return Ledger(total, tuple(counted), tuple(left_out))
