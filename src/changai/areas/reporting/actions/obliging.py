"""Who owes what: reminding of an open month, and the closing that counts it all."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse

from changai.areas.facts import queries as facts
from changai.areas.facts.actions import UnitFigures, accept_month
from changai.areas.facts.rules import NOT_APPLICABLE, NOT_REPORTED, FactInput
from changai.areas.reporting import policies
from changai.areas.reporting.models import ExtensionRequest, Obligation, Period, Report, TaskLine
from changai.areas.reporting.queries import asked_fields, rows_to_count
from changai.areas.reporting.rules.closing import MonthRecord, counted_figures
from changai.areas.reporting.rules.moves import ACCEPTED, SIGNED, WITH_UNIT
from changai.areas.reporting.rules.standings import day_of, standing_of
from changai.core.errors import Invalid, NotVisible, RecordMoved
from changai.core.periods import Month
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import Told, notify_many
from changai.foundation.rows import update_rows

# Units counted in one transaction: of sixty figures each about half a second on one core.
UNITS_AT_ONCE = 250
Percents = tuple[Decimal, Decimal | None]  # a line's scheduled percent, and the one reported


@action("period.remind")
def remind_missing(actor: Actor, period_id: int, *, at: datetime) -> int:
    """Remind the liaison and the head of every unit that has not sent its report, or not sent it again; return how
    many units.

    A unit is reminded once a day at most, and not of a sheet that is locked.

    :raises RecordMoved: when the month is closed
    """
    policies.require_forms(actor)
    period = _take_period(period_id)
    owing = period.obligations.filter(
        exempted_at__isnull=True, locked_at__isnull=True, report__status__in=WITH_UNIT
    )
    waiting = [
        obligation
        for obligation in owing.select_related("report")
        if obligation.reminded_at is None or day_of(obligation.reminded_at) < day_of(at)
    ]
    notify_many(
        (told for obligation in waiting for told in _reminders(period, obligation, day_of(at))), at=at
    )
    Obligation.objects.filter(pk__in=[obligation.pk for obligation in waiting]).update(reminded_at=at)
    record(actor, "period.remind", period, at=at, units=[obligation.unit_id for obligation in waiting])
    return len(waiting)


def _reminders(period: Period, obligation: Obligation, today: date) -> Iterator[Told]:
    due_on, is_first = obligation.awaited_on, not policies.has_arrived(obligation)
    stands, name = ("尚未报送", "应报日期") if is_first else ("退回后尚未重报", "重报期限")
    past = "，已逾期" if due_on < today else ""
    sentence = f"{period.month.month}月月报{stands}，{name}{due_on.month}月{due_on.day}日{past}，请抓紧办理。"
    link = reverse("reporting:sheet", args=[obligation.report.pk])
    for role in (Role.UNIT_LIAISON, Role.UNIT_HEAD):
        yield Told(sentence, role, obligation.unit_id, link=link)


def _take_period(period_id: int) -> Period:
    period = (
        Period.objects.select_for_update(of=("self",)).select_related("form").filter(pk=period_id).first()
    )
    if period is None or period.opened_at is None:
        raise NotVisible
    if period.closed_at is not None:
        raise RecordMoved("本期报送已经关闭。")
    return period


@action("period.close")
def close_period(actor: Actor, period_id: int, *, at: datetime) -> Period:
    """Close a month: nothing moves any more, and every obligation is counted into facts.

    Units without an accepted report get 未报送 for the figures asked, exempt ones 不适用; what the ledger and
    the tasks know of the month becomes facts of every unit. With many units `count_next` counts them afterwards.

    :raises Invalid: when reports wait for review, or a unit still has time
    :raises RecordMoved: when it is closed already
    """
    policies.require_forms(actor)
    period = _take_period(period_id)
    # Rows ended before the month was opened have no sheet and nothing to count.
    obligations = list(period.obligations.filter(report__isnull=False).select_related("unit", "report"))
    _check_closing(obligations, day_of(at))
    period.closed_at = at
    period.save(update_fields=["closed_at"])
    record(actor, "period.close", period, at=at, units=len(obligations))
    if len(obligations) <= UNITS_AT_ONCE:
        _count_next(actor, period, at)
    return period


@action("period.count")
def count_next(actor: Actor, period_id: int, *, at: datetime) -> Period:
    """Count the next units of a closed month into facts; behind the last one the month is counted.

    :raises RecordMoved: when it is counted already
    """
    policies.require_forms(actor)
    found = Period.objects.select_for_update(of=("self",)).select_related("form")
    period = found.filter(pk=period_id, closed_at__isnull=False).first()
    if period is None:
        raise NotVisible
    if period.counted_at is not None:
        raise RecordMoved("本期报送记录已经全部计入数据。")
    record(actor, "period.count", period, at=at, units=_count_next(actor, period, at))
    return period


def _count_next(actor: Actor, period: Period, at: datetime) -> int:
    """Count the next units, and return how many."""
    waiting = list(rows_to_count(period).values_list("pk", flat=True)[: UNITS_AT_ONCE + 1])
    now = waiting[:UNITS_AT_ONCE]
    # What was open again before the closing may be accepted, and counts itself, at this very moment.
    list(Report.objects.select_for_update().filter(obligation__in=now).order_by("pk").values_list("pk"))
    _count(actor, period, list(rows_to_count(period).filter(pk__in=now).select_related("unit", "report")), at)
    if len(waiting) <= UNITS_AT_ONCE:
        period.counted_at = at
        period.save(update_fields=["counted_at"])
    return len(now)


def _check_closing(obligations: Iterable[Obligation], today: date) -> None:
    owing = [obligation for obligation in obligations if obligation.exempted_at is None]
    gone = [o.unit.short_name for o in owing if not o.unit.is_open and policies.is_with_unit(o)]
    if gone:
        names = "、".join(gone[:5])
        raise Invalid(
            f"{names}等 {len(gone)} 个已撤销单位的应报尚未处理，请先转由承接单位报送或终止，再关闭。"
        )
    asked = ExtensionRequest.objects.filter(obligation__in=owing, outcome="").count()
    if asked:
        raise Invalid(f"还有 {asked} 件延期申请未答复，请答复后再关闭。")
    waiting = sum(obligation.report.status == SIGNED for obligation in owing)
    if waiting:
        raise Invalid(f"还有 {waiting} 份月报待审核，请审核完再关闭。")
    early = [o.unit.short_name for o in owing if o.report.status != ACCEPTED and _last_day(o) >= today]
    if early:
        raise Invalid(f"{'、'.join(early[:5])}等 {len(early)} 个单位尚在报送期限内，不能关闭。")


def _last_day(obligation: Obligation) -> date:
    return max(obligation.due_on, obligation.report.return_due_on or obligation.due_on)


def recount(actor: Actor, obligation: Obligation, *, at: datetime) -> None:
    """Count a unit's closed month anew after its report was accepted again; an open month is counted when it closes."""
    if obligation.period.closed_at is not None:
        _count(actor, obligation.period, [obligation], at)


def _count(actor: Actor, period: Period, obligations: Sequence[Obligation], at: datetime) -> None:
    month = Month.of(period.month)
    lines, claims = _lines_by_unit(period, obligations), _due_claims_by_unit(obligations, month)
    counted = list(facts.fields_on(month.last_on, "ledger", "task"))
    asked = [found.field for found in asked_fields(period.form, month)]
    known = _known(obligations, [field.code for field in asked], month)
    given = []
    for obligation in obligations:
        record_of_month = _record(obligation, lines[obligation.unit_id], claims[obligation.unit_id])
        obligation.record = record_of_month.as_json()
        figures = [*counted_figures(record_of_month, {field.source_key: field.pk for field in counted})]
        absent = NOT_APPLICABLE if obligation.exempted_at else NOT_REPORTED
        figures += [
            FactInput(field.pk, None, absent)
            for field in asked
            if (obligation.unit_id, field.pk) not in known
        ]
        label = f"{obligation.unit.short_name}{month.label}报送记录"
        given.append(UnitFigures(obligation.unit_id, figures, obligation.pk, label))
    accept_month(actor, given, month=month, origin_type="reporting.record", at=at)
    update_rows(obligations, ["record"])


def _record(
    obligation: Obligation, lines: Sequence[Percents], claims: Sequence[dict[str, Any]]
) -> MonthRecord:
    report = obligation.report
    return MonthRecord(
        standing=standing_of(obligation.due_on, report.first_arrived_at, obligation.exempted_at),
        is_accepted=report.status == ACCEPTED,
        times_returned=report.times_returned,
        due_on=obligation.due_on,
        arrived_at=report.first_arrived_at,
        scheduled=tuple(scheduled for scheduled, _percent in lines),
        percents=tuple(percent or Decimal(0) for _scheduled, percent in lines),
        claims=tuple(claims),
    )


def _lines_by_unit(period: Period, obligations: Sequence[Obligation]) -> dict[int, list[Percents]]:
    found: dict[int, list[Percents]] = defaultdict(list)
    owing = {obligation.pk: obligation.unit_id for obligation in obligations}
    lines = TaskLine.objects.filter(report__obligation__period=period, report__obligation__in=owing)
    for owed, scheduled, percent in lines.values_list("report__obligation", "scheduled_percent", "percent"):
        found[owing[owed]].append((scheduled, percent))
    return found


def _due_claims_by_unit(obligations: Sequence[Obligation], month: Month) -> dict[int, list[dict[str, Any]]]:
    """Return the claims due by the month's end that the units have reported on, by unit."""
    found: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
    rows = TaskLine.objects.filter(
        claim__unit__in=[obligation.unit_id for obligation in obligations],
        claim__status="claimed",
        claim__due_on__lte=month.last_on,
        report__obligation__period__month__lte=month.first_on,
    ).values("claim_id", "claim__unit_id", "claim__text", "claim__due_on", "claim__completed_on")
    for row in rows.distinct().order_by("claim__due_on", "claim_id"):
        found[row["claim__unit_id"]][row["claim_id"]] = _claim_json(row, month)
    return defaultdict(list, {unit_id: list(claims.values()) for unit_id, claims in found.items()})


def _claim_json(row: Mapping[str, Any], month: Month) -> dict[str, Any]:
    completed_on = row["claim__completed_on"]
    return {
        "claim_id": row["claim_id"],
        "text": row["claim__text"],
        "due_on": row["claim__due_on"].isoformat(),
        "completed_on": completed_on.isoformat() if completed_on and completed_on <= month.last_on else "",
    }


def _known(obligations: Sequence[Obligation], codes: Sequence[str], month: Month) -> set[tuple[int, int]]:
    units = [obligation.unit_id for obligation in obligations]
    rows = facts.current_facts(units, codes, [month])
    return set(rows.values_list("unit_id", "field_id"))
