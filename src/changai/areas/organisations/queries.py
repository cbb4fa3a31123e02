"""Reads of the tree."""

from datetime import date

from django.db.models import Q, QuerySet

from changai.core.errors import NotVisible
from changai.areas.organisations.models import City, Level, Unit, UnitVersion
from changai.foundation.actors import Actor
from changai.foundation.matrix import Scope, scope_of


def visible_to(actor: Actor, permission: str = "unit.view") -> QuerySet[Unit]:
    """Return the units whose records the actor reaches with `permission`, in the tree's order."""
    scope = scope_of(actor.role, permission)
    if scope is None:
        return Unit.objects.none()
    if scope is Scope.ALL:
        return Unit.objects.all()
    if scope is Scope.OWN:
        return Unit.objects.filter(pk=actor.unit_id)
    return Unit.objects.filter(path__startswith=actor.unit_path) if actor.unit_path else Unit.objects.none()


def unit_for(actor: Actor, unit_id: int, permission: str = "unit.view") -> Unit:
    """Return one unit.

    :raises NotVisible: when there is none, or none for this actor
    """
    unit = visible_to(actor, permission).filter(pk=unit_id).first()
    if unit is None:
        raise NotVisible
    return unit


def city() -> City:
    """Return the city's settings, with the defaults of a new installation when none were saved."""
    return City.objects.filter(pk=1).first() or City(pk=1)


def open_units(*levels: str, on: date) -> QuerySet[Unit]:
    """Return the units of the given levels (all when none are given) that exist on a day."""
    units = Unit.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on), founded_on__lte=on)
    return units.filter(level__in=levels) if levels else units.exclude(level=Level.CITY)


def name_on(unit: Unit, day: date) -> str:
    """Return what the unit was called on a day."""
    version = (
        UnitVersion.objects.filter(unit=unit, valid_from__lte=day)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))
        .first()
    )
    return version.name if version else unit.name
