"""Reads of the obligations ledger: what happened to a row, what waits for the office, what the clock has to do."""

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from changai.areas.organisations import queries as organisations
from changai.areas.reporting.models import ExtensionRequest, Obligation, ObligationEvent, Period, TaskLine
from changai.areas.reporting.rules.moves import WITH_UNIT
from changai.areas.tasks import queries as tasks
from changai.core.errors import NotVisible
from changai.core.periods import Month
from changai.foundation.actors import Actor

if TYPE_CHECKING:
    from changai.areas.organisations.models import Unit


def events_of(obligation: Obligation) -> QuerySet[ObligationEvent]:
    """Return what happened to an obligation, in its order."""
    return obligation.events.order_by("at", "pk")


def requests_for(actor: Actor) -> QuerySet[ExtensionRequest]:
    """Return the requests for more time of the units the actor sees, the latest first."""
    units = organisations.visible_to(actor, "report.view")
    return (
        ExtensionRequest.objects.filter(obligation__unit__in=units)
        .select_related("obligation__unit", "obligation__period__form", "obligation__report")
        .order_by("-asked_at", "-pk")
    )


def request_for(actor: Actor, request_id: int) -> ExtensionRequest:
    """Return one request for more time.

    :raises NotVisible: when there is none, or none for this actor
    """
    asked = requests_for(actor).filter(pk=request_id).first()
    if asked is None:
        raise NotVisible
    return asked


def orphaned(actor: Actor) -> QuerySet[Obligation]:
    """Return what units still owe that were closed, in months that are not: the office passes it on or ends it."""
    units = organisations.visible_to(actor, "report.view")
    return (
        Obligation.objects.filter(
            unit__in=units,
            unit__closed_on__isnull=False,
            period__opened_at__isnull=False,
            period__closed_at__isnull=True,
            exempted_at__isnull=True,
            report__status__in=WITH_UNIT,
        )
        .select_related("unit", "period__form", "report")
        .order_by("period__month", "unit__position", "pk")
    )


def heirs_of(unit: "Unit") -> "list[Unit]":
    """Return the units that may take over what a closed unit owes: its successors first, then its sisters."""
    named = [line.target for line in unit.successors.select_related("target") if line.target.is_open]
    others = [one for one in organisations.sisters(unit) if one not in named]
    return [*named, *others]


def last_day_over(today: date) -> Q:
    """Return what tells obligations whose last day is over: what never came, and what was sent back, is locked.

    A day that the office or a reviewer gave to one unit goes before the days of the month.
    """
    never_came = Q(report__first_arrived_at__isnull=True, late_until__lt=today)
    sent_back = Q(period__locks_on__lt=today, report__status__in=WITH_UNIT) & (
        Q(report__return_due_on__isnull=True) | Q(report__return_due_on__lt=today)
    )
    return Q(due_on__lt=today) & (never_came | sent_back)


def periods_to_lock(today: date) -> list[int]:
    """Return the open months that hold a sheet whose last day is over."""
    found = Obligation.objects.filter(
        last_day_over(today), period__opened_at__isnull=False, period__closed_at__isnull=True,
        exempted_at__isnull=True, locked_at__isnull=True,
    )  # fmt: skip
    return sorted(set(found.values_list("period_id", flat=True)))


def periods_with_new_claims() -> list[int]:
    """Return the open months in which a unit has claimed an item since the sheets were laid out or last looked at."""
    found = []
    open_months = Period.objects.filter(
        opened_at__isnull=False, closed_at__isnull=True, form__asks_tasks=True
    )
    for period in open_months.annotate(since=Coalesce(F("joined_at"), F("opening_at"))):
        units = period.obligations.filter(exempted_at__isnull=True).values_list("unit_id", flat=True)
        listed = TaskLine.objects.filter(report__obligation__period__month=period.month)
        claims = tasks.reportable_claims_of(units, Month.of(period.month))
        if claims.filter(answered_at__gt=period.since).exclude(pk__in=listed.values("claim_id")).exists():
            found.append(period.pk)
    return found
