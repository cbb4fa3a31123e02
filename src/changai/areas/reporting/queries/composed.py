"""Forms and their months."""

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from changai.areas.facts import queries as facts
from changai.areas.organisations.rules.units import CITY, LEVEL_NAMES
from changai.areas.registers import figures as registers
from changai.areas.reporting.models import Form, Period
from changai.core.errors import NotVisible
from changai.core.periods import Month

if TYPE_CHECKING:
    from changai.areas.facts.models import Field


def level_names() -> dict[str, str]:
    """Return the levels of units that may owe a report: code -> name in the reader's language."""
    return {code: _(name) for code, name in LEVEL_NAMES.items() if code != CITY}


def askable_fields() -> "list[Field]":
    """Return the fields a form may hold: what units report, and what a register really gives.

    What the ledger or the tasks know is counted at the closing, and never asked.
    """
    return [
        field
        for field in facts.fields().filter(source__in=["report", "register"])
        if field.source == "report" or field.source_key in registers.SOURCES
    ]


def forms() -> QuerySet[Form]:
    """Return all forms, those in use first."""
    return Form.objects.order_by("is_closed", "pk")


def form_by_id(form_id: int) -> Form:
    """Return one form.

    :raises NotVisible: when there is none
    """
    form = Form.objects.filter(pk=form_id).first()
    if form is None:
        raise NotVisible
    return form


def periods(month: Month | None = None) -> QuerySet[Period]:
    """Return the opened months, the latest first; of one month when it is given."""
    found = Period.objects.select_related("form").order_by("-month", "pk")
    return found.filter(month=month.first_on) if month else found


def period_by_id(period_id: int) -> Period:
    """Return one opened month.

    :raises NotVisible: when there is none
    """
    period = periods().filter(pk=period_id).first()
    if period is None:
        raise NotVisible
    return period


def forms_to_open(today: date) -> list[Form]:
    """Return the issued forms whose month of `today` should be open by now and is not."""
    open_by_now = Form.objects.filter(issued_at__isnull=False, is_closed=False, opens_day__lte=today.day)
    return list(open_by_now.exclude(periods__month=Month.of(today).first_on).order_by("pk"))
