"""The working days of the city: the years the product came with, and over them what the office loaded."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from django.db.models import Q, QuerySet

from changai.core.workdays import WorkCalendar, YearPlan, read_year
from changai.foundation.workdays.models import WorkYear

_YEARS = Path(__file__).with_name("years")


@dataclass(frozen=True)
class KnownYear:
    """A year's arrangement and who brought it; nobody did when the product came with it."""

    plan: YearPlan
    loaded_at: datetime | None = None
    loaded_by_name: str = ""


@cache
def shipped_plans() -> tuple[YearPlan, ...]:
    """Return the arrangements the product came with, by year."""
    files = sorted(_YEARS.glob("*.json"))
    return tuple(read_year(json.loads(file.read_text(encoding="utf-8"))) for file in files)


def work_calendar(as_of: datetime | None = None) -> WorkCalendar:
    """Return the working days as known now, or as they were known at a moment. One question to the database."""
    return WorkCalendar.of([known.plan for known in reversed(known_years(as_of))])


def known_years(as_of: datetime | None = None) -> Sequence[KnownYear]:
    """Return every year's arrangement, the newest year first."""
    years = {plan.year: KnownYear(plan) for plan in shipped_plans()}
    for row in _holding(as_of):
        years[row.year] = KnownYear(read_year(row.plan), row.loaded_at, row.loaded_by_name)
    return [years[year] for year in sorted(years, reverse=True)]


def _holding(as_of: datetime | None) -> QuerySet[WorkYear]:
    if as_of is None:
        return WorkYear.objects.filter(replaced_at__isnull=True)
    return WorkYear.objects.filter(
        Q(replaced_at__isnull=True) | Q(replaced_at__gt=as_of), loaded_at__lte=as_of
    ).order_by("loaded_at", "pk")


def loadings_of(year: int) -> QuerySet[WorkYear]:
    """Return what was loaded for a year, the latest first."""
    return WorkYear.objects.filter(year=year).order_by("-loaded_at", "-pk")
