"""Obligation rows and the counts of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from changai.areas.organisations import queries as organisations
from changai.areas.reporting.models import ExtensionRequest, Obligation
from changai.areas.reporting.rules.standings import (
    Counted,
    Counts,
    Standing,
    count,
    is_sent_back,
    standing_of,
)
from changai.core.errors import NotVisible
from changai.core.periods import Month
from changai.foundation.actors import Actor


@dataclass(frozen=True)
class ObligationRow:
    """One unit's obligation for a month, as boards, lists and briefings name it."""

    obligation_id: int
    report_id: int
    unit_id: int
    unit_name: str
    form_name: str
    period_id: int
    month: date
    due_on: date
    arrived_at: datetime | None
    status: str
    status_label: str
    standing: Standing
    times_returned: int
    exemption_reason: str
    extension_reason: str
    return_reason: str
    release: str = ""
    release_label: str = ""
    times_extended: int = 0
    is_locked: bool = False
    is_asking: bool = False

    @property
    def is_sent_back(self) -> bool:
        return is_sent_back(self.status, self.times_returned)

    @property
    def counted(self) -> Counted:
        return Counted(self.standing, self.status, self.times_returned)


@dataclass(frozen=True)
class Rates(Counts):
    """The counts of a month's obligations, and the rows behind each of them."""

    rows: tuple[ObligationRow, ...]

    def rows_of(self, name: str) -> list[ObligationRow]:
        """Return the rows counted as `owed`, `arrived`, `on_time`, `late`, `missing` …, or all."""
        return [row for row in self.rows if _is_counted_as(row, name)]


def _is_counted_as(row: ObligationRow, name: str) -> bool:
    if name in {standing.value for standing in Standing}:
        return row.standing == name
    owes = row.standing is not Standing.EXEMPT
    tests = {
        "owed": owes,
        "arrived": row.standing in {Standing.ON_TIME, Standing.LATE},
        "returned": owes and row.is_sent_back,
        "accepted": owes and row.status == "accepted",
        "extended": owes and row.times_extended > 0,
        "asking": row.is_asking,
        "locked": owes and row.is_locked,
    }
    return tests.get(name, True)


def rates(month: Month, *, actor: Actor | None = None, period_id: int | None = None) -> Rates:
    """Return the month's counts with their rows: all units or those the actor sees, all forms or one."""
    obligations = Obligation.objects.filter(period__month=month.first_on)
    if actor is not None:
        obligations = obligations.filter(unit__in=organisations.visible_to(actor, "report.view"))
    if period_id is not None:
        obligations = obligations.filter(period_id=period_id)
    rows = tuple(obligation_rows(obligations))
    return Rates(**vars(count(row.counted for row in rows)), rows=rows)


def obligation_rows(obligations: QuerySet[Obligation]) -> Iterator[ObligationRow]:
    """Yield the obligations as rows, in the order of units."""
    found = obligations.select_related("unit", "period__form", "report")
    asking = ExtensionRequest.objects.filter(outcome="", obligation=OuterRef("pk"))
    found = found.annotate(is_asking=Exists(asking))
    for obligation in found.order_by("unit__position", "unit__code", "period__form", "pk"):
        report = obligation.report
        yield ObligationRow(
            obligation_id=obligation.pk,
            report_id=report.pk,
            unit_id=obligation.unit_id,
            unit_name=obligation.unit.name,
            form_name=obligation.period.form.name,
            period_id=obligation.period_id,
            month=obligation.period.month,
            due_on=obligation.due_on,
            arrived_at=report.first_arrived_at,
            status=report.status,
            status_label=report.get_status_display(),
            standing=standing_of(obligation.due_on, report.first_arrived_at, obligation.exempted_at),
            times_returned=report.times_returned,
            exemption_reason=obligation.exemption_reason,
            extension_reason=obligation.extension_reason,
            return_reason=report.return_reason,
            release=obligation.release,
            release_label=obligation.get_release_display(),
            times_extended=obligation.times_extended,
            is_locked=obligation.locked_at is not None,
            is_asking=obligation.is_asking,
        )


def obligation_for(actor: Actor, obligation_id: int) -> Obligation:
    """Return one obligation with its unit, period and report.

    :raises NotVisible: when there is none, or none for this actor
    """
    units = organisations.visible_to(actor, "report.view")
    found = Obligation.objects.select_related("unit", "period__form", "report")
    obligation = found.filter(pk=obligation_id, unit__in=units).first()
    if obligation is None:
        raise NotVisible
    return obligation
