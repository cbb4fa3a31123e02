"""Obligation rows and the counts of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    FilteredRelation,
    Func,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from changai.areas.organisations import queries as organisations
from changai.areas.reporting.models import ExtensionRequest, Obligation
from changai.areas.reporting.rules.moves import ACCEPTED, RETURNED, SUBMITTED
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


class CityDay(Func):
    """The city's calendar day of a moment, worked out by the database itself: eight hours before UTC all year."""

    output_field = DateField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(compiler, connection, template="date(%(expressions)s, '+8 hours')", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "((%(expressions)s) AT TIME ZONE 'Asia/Shanghai')::date"
        return super().as_sql(compiler, connection, template=template, **extra)


_OWED = Q(exempted_at__isnull=True)
_ARRIVED = _OWED & Q(report__first_arrived_at__isnull=False)
# What each count counts; `standing_of` and `is_sent_back` say the same of one row.
_COUNTED: dict[str, Q] = {
    "owed": _OWED,
    "arrived": _ARRIVED,
    "on_time": _ARRIVED & Q(arrived_on__lte=F("due_on")),
    "late": _ARRIVED & Q(arrived_on__gt=F("due_on")),
    "missing": _OWED & Q(report__first_arrived_at__isnull=True),
    "returned": _OWED & (Q(report__status=RETURNED) | Q(report__status=SUBMITTED, report__times_returned__gt=0)),
    "accepted": _OWED & Q(report__status=ACCEPTED),
    "exempt": Q(exempted_at__isnull=False),
    "extended": _OWED & Q(times_extended__gt=0),
    "asking": Q(requests__outcome=""),
    "locked": _OWED & Q(locked_at__isnull=False),
}  # fmt: skip


@dataclass(frozen=True)
class Rates(Counts):
    """The counts of a month's obligations by one question to the database; the rows are read when they are named.

    `missing_since` is the earliest due day of what has not arrived.
    """

    extended: int
    asking: int
    locked: int
    missing_since: date | None
    obligations: QuerySet[Obligation]

    @cached_property
    def rows(self) -> tuple[ObligationRow, ...]:
        """All rows behind the counts."""
        return tuple(obligation_rows(self.obligations))

    @property
    def total(self) -> int:
        return self.owed + self.exempt

    def rows_of(self, name: str) -> list[ObligationRow]:
        """Return the rows counted as `owed`, `arrived`, `on_time`, `late`, `missing` …, or all."""
        return [row for row in self.rows if _is_counted_as(row, name)]

    def named(self, name: str) -> QuerySet[Obligation]:
        """Return what is counted as `name`, or all, unread: to be narrowed, ordered and cut into pages."""
        return ready_for_rows(self.obligations.filter(_COUNTED.get(name, Q())))


def _is_counted_as(row: ObligationRow, name: str) -> bool:
    if name in {standing.value for standing in Standing}:
        return row.standing == name
    owes = row.standing is not Standing.EXEMPT
    tests = {
        "owed": owes,
        "arrived": row.standing in {Standing.ON_TIME, Standing.LATE},
        "returned": owes and row.is_sent_back,
        "accepted": owes and row.status == ACCEPTED,
        "extended": owes and row.times_extended > 0,
        "asking": row.is_asking,
        "locked": owes and row.is_locked,
    }
    return tests.get(name, True)


def rates(month: Month, *, actor: Actor | None = None, period_id: int | None = None) -> Rates:
    """Return the month's counts: all units or those the actor sees, all forms or one."""
    # What is listed and not open yet is owed by nobody so far, and what was ended before never had a sheet.
    obligations = Obligation.objects.filter(
        period__month=month.first_on, period__opened_at__isnull=False, report__isnull=False
    )
    if actor is not None:
        obligations = obligations.filter(unit__in=organisations.visible_to(actor, "report.view"))
    if period_id is not None:
        obligations = obligations.filter(period_id=period_id)
    obligations = obligations.annotate(arrived_on=CityDay("report__first_arrived_at"))
    groups = list(_standing_alike(obligations))
    counted = [
        Counted(Standing(group["standing"]), group["report__status"], group["is_again"], group["number"])
        for group in groups
    ]
    late_days = [group["first_due"] for group in groups if group["standing"] == Standing.MISSING]
    return Rates(
        **vars(count(counted)),
        **{name: sum(group[name] for group in groups) for name in ("extended", "asking", "locked")},
        missing_since=min(late_days, default=None),
        obligations=obligations,
    )


def _standing_alike(obligations: QuerySet[Obligation]) -> Iterable[dict[str, Any]]:
    """Return how many obligations stand alike, in one question: a handful of groups, however many units there are."""
    standing = Case(
        *(When(_COUNTED[each], then=Value(each.value)) for each in Standing), output_field=CharField()
    )
    again = Case(When(report__times_returned__gt=0, then=1), default=0)
    # An obligation has one open request at most, so the join counts no row twice.
    asked = FilteredRelation("requests", condition=Q(requests__outcome=""))
    grouped = obligations.order_by().annotate(standing=standing, is_again=again, open_request=asked)
    return grouped.values(  # type: ignore[return-value]  # the types of annotations are not known
        "standing", "report__status", "is_again"
    ).annotate(
        number=Count("pk"),
        extended=Count("pk", filter=_COUNTED["extended"]),
        asking=Count("open_request"),
        locked=Count("pk", filter=_COUNTED["locked"]),
        first_due=Min("due_on"),
    )


def ready_for_rows(obligations: QuerySet[Obligation]) -> QuerySet[Obligation]:
    """Return the obligations with what `row_of` reads, in the order of units."""
    asking = ExtensionRequest.objects.filter(outcome="", obligation=OuterRef("pk"))
    found = obligations.select_related("unit", "period__form", "report").annotate(is_asking=Exists(asking))
    return found.order_by("unit__position", "unit__code", "period__form", "pk")


def obligation_rows(obligations: QuerySet[Obligation]) -> Iterator[ObligationRow]:
    """Yield the obligations as rows, in the order of units."""
    return map(row_of, ready_for_rows(obligations))


def row_of(obligation: Any) -> ObligationRow:
    """Return one of the obligations of `ready_for_rows` as a row."""
    report = obligation.report
    return ObligationRow(
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


def form_names(obligations: QuerySet[Obligation]) -> list[str]:
    """Return the names of the forms among obligations, each once, in order."""
    return list(
        obligations.order_by("period__form__name").values_list("period__form__name", flat=True).distinct()
    )
