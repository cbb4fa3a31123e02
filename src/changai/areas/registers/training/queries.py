"""Reads of the training register."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.urls import reverse

from changai.areas.organisations import queries as organisations
from changai.areas.registers.rules import RegisterFigure
from changai.areas.registers.training.models import TrainingClass
from changai.core.errors import NotVisible
from changai.core.periods import Month
from changai.foundation.actors import Actor

COUNTED = {"classes": Count("pk"), "persons": Sum("persons"), "certified": Sum("certified")}


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
