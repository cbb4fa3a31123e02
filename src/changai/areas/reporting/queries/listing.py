"""Months listed ahead and their work in pieces: who will owe them, what is being laid out, what is being counted."""

from datetime import date
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from changai.areas.organisations import queries as organisations
from changai.areas.reporting.models import Form, Obligation, Period
from changai.areas.reporting.queries.composed import form_in_force, owing_ids
from changai.areas.reporting.rules.listing import (
    NO_LONGER_OWED,
    ListChanges,
    ListedRow,
    list_changes,
    months_listed,
)
from changai.core.periods import Month
from changai.foundation.actors import Actor

Release = Obligation.Release


def listed_month(series_id: int | None, month: Month) -> Period | None:
    """Return the month of a form, listed or opened, in whichever version; None when there is none."""
    return Period.objects.filter(form__series=series_id, month=month.first_on).select_related("form").first()


def _form_to_list(series_id: int | None, month: Month) -> Form | None:
    """Return the version of a form that units will owe for a month, None when it is out of use."""
    form = form_in_force(series_id, month)
    return None if form is None or form.is_closed else form


def _changes_of_list(form: Form | None, month: Month, period: Period | None) -> ListChanges:
    """Return what makes the rows of a listed month agree with the units that owe it as they stand now."""
    owing = owing_ids(form, on=month.last_on) if form else set()
    is_heir = Exists(Obligation.objects.filter(successor=OuterRef("pk")))
    rows = Obligation.objects.filter(period=period.pk if period else None).annotate(is_heir=is_heir)
    return list_changes(
        owing,
        [
            ListedRow(unit_id, not release, release == Release.ENDED and reason == NO_LONGER_OWED, is_heir)
            for unit_id, release, reason, is_heir in rows.order_by().values_list(
                "unit_id", "release", "exemption_reason", "is_heir"
            )
        ],
    )


class MonthAhead(NamedTuple):
    """A month whose sheets are not laid out: its row, the version units will owe, what brings its list in step."""

    period: Period | None
    version: Form | None
    changes: ListChanges


def month_ahead(series_id: int | None, month: Month) -> MonthAhead | None:
    """Return how a month ahead stands, None once its sheets are laid out."""
    period = listed_month(series_id, month)
    if period is not None and period.opening_at is not None:
        return None
    version = _form_to_list(series_id, month)
    return MonthAhead(period, version, _changes_of_list(version, month, period))


def lists_to_renew(today: date) -> list[tuple[Form, Month]]:
    """Return the forms and months ahead whose rows do not agree with the units that owe them."""
    forms = Form.objects.filter(number=1, issued_at__isnull=False).order_by("pk")
    return [
        (form, month)
        for form in forms
        for month in months_listed(today, form.from_month)
        if _is_to_renew(form, month)
    ]


def _is_to_renew(form: Form, month: Month) -> bool:
    ahead = month_ahead(form.series_id, month)
    return ahead is not None and ahead.changes.number > 0


def listed_periods(month: Month) -> list[Period]:
    """Return a month of every form, listed, laid out or opened."""
    return list(Period.objects.filter(month=month.first_on).select_related("form").order_by("pk"))


def sheets_to_lay_out(period: Period) -> QuerySet[Obligation]:
    """Return the rows of a month whose sheet is not laid out, in the order of units; what was ended gets none."""
    waiting = period.obligations.filter(report__isnull=True).exclude(release=Release.ENDED)
    return waiting.select_related("unit").order_by("unit__position", "pk")


def months_being_opened() -> list[tuple[Period, int, int]]:
    """Return the months whose sheets are being laid out, with how many there will be and how many are ready."""
    waiting = Period.objects.filter(opening_at__isnull=False, opened_at__isnull=True).select_related("form")
    sheets = Count("obligations", filter=~Q(obligations__release=Release.ENDED))
    ready = Count("obligations__report")
    return [
        (one, one.sheets, one.ready)
        for one in waiting.annotate(sheets=sheets, ready=ready).order_by("opening_at", "pk")
    ]


def rows_to_count(period: Period) -> QuerySet[Obligation]:
    """Return the rows of a closed month that are not counted into facts yet; what has no sheet counts nowhere."""
    return period.obligations.filter(report__isnull=False, record={}).order_by("unit__position", "pk")


def months_being_counted() -> list[tuple[Period, int, int]]:
    """Return the closed months that are being counted into facts, with how many units they have and have counted."""
    waiting = Period.objects.filter(closed_at__isnull=False, counted_at__isnull=True).select_related("form")
    counted = Count("obligations__report", filter=~Q(obligations__record={}))
    return [
        (one, one.sheets, one.counted)
        for one in waiting.annotate(sheets=Count("obligations__report"), counted=counted).order_by(
            "closed_at", "pk"
        )
    ]


def coming(month: Month, actor: Actor) -> QuerySet[Obligation]:
    """Return the rows of a month that are listed and not open yet, of the units the actor sees."""
    units = organisations.visible_to(actor, "report.view")
    return Obligation.objects.filter(
        period__month=month.first_on, period__opened_at__isnull=True, unit__in=units
    )
