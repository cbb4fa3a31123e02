"""What the clock does to open months: late sheets are locked, newly claimed items join the open sheets."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Max

from changai.areas.reporting import policies
from changai.areas.reporting.actions._events import Kind, keep_events
from changai.areas.reporting.actions._locking import sheet_address
from changai.areas.reporting.models import Obligation, Period, Report, TaskLine
from changai.areas.reporting.queries import last_day_over, lines_of_claims
from changai.areas.reporting.rules.moves import DRAFT, RETURNED
from changai.areas.reporting.rules.standings import day_of
from changai.areas.tasks import queries as tasks
from changai.core.errors import NotVisible
from changai.core.periods import Month
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import Told, notify_many

if TYPE_CHECKING:
    from changai.areas.tasks.models import Claim


@action("period.lock")
def lock_late(actor: Actor, period_id: int, *, at: datetime) -> int:
    """Lock the sheets whose last day is over and return how many: late ones that never came, and those sent back.

    A day that the office or a reviewer gave to one unit goes before the days of the month.
    """
    policies.require_forms(actor)
    period, today = _open_period(period_id), day_of(at)
    overdue = period.obligations.filter(last_day_over(today), exempted_at__isnull=True)
    late = list(overdue.filter(locked_at__isnull=True))
    Obligation.objects.filter(pk__in=[one.pk for one in late]).update(locked_at=at)
    keep_events(actor, late, Kind.LOCKED, at=at)
    record(actor, "period.lock", period, at=at, units=[one.unit_id for one in late])
    sentence = f"{Month.of(period.month).label}月报已过受理期限，已锁定；确需报送的，请申请延期。"
    notify_many((Told(sentence, Role.UNIT_LIAISON, one.unit_id) for one in late), at=at)
    return len(late)


@action("period.join_claims")
def join_claims(actor: Actor, period_id: int, *, at: datetime) -> int:
    """Put items claimed since the month was opened into the sheets that are still filled; return how many.

    Where the sheet has gone out already the unit is told that the item is reported from the next month on.
    """
    policies.require_forms(actor)
    period = _open_period(period_id)
    month, since = Month.of(period.month), period.joined_at or period.opening_at
    reports = {
        report.obligation.unit_id: report
        for report in Report.objects.filter(
            obligation__period=period, obligation__exempted_at__isnull=True
        ).select_related("obligation__unit")
    }
    listed = TaskLine.objects.filter(report__obligation__period__month=period.month)
    claims = tasks.reportable_claims_of(reports, month).filter(answered_at__gt=since, answered_at__lte=at)
    fresh = list(claims.exclude(pk__in=listed.values("claim_id")))
    period.joined_at = at
    period.save(update_fields=["joined_at"])
    joined = _join(actor, month, [(reports[claim.unit_id], claim) for claim in fresh], at)
    record(actor, "period.join_claims", period, at=at, joined=joined, claims=[claim.pk for claim in fresh])
    return joined


def _join(actor: Actor, month: Month, fresh: Sequence[tuple[Report, "Claim"]], at: datetime) -> int:
    joined, told = 0, []
    for report, claim in fresh:
        unit_id, name = report.obligation.unit_id, claim.text[:60]
        if report.status in {DRAFT, RETURNED} and report.obligation.locked_at is None:
            last = report.task_lines.aggregate(last=Max("position"))["last"] or 0
            TaskLine.objects.bulk_create(lines_of_claims(month, [(report, claim)], after=last))
            keep_events(actor, [report.obligation], Kind.JOINED, at=at, words=name)
            told.append(
                Told(
                    f"新认领的任务“{name}”已列入{month.label}月报。",
                    Role.UNIT_LIAISON, unit_id, link=sheet_address(report),
                )
            )  # fmt: skip
            joined += 1
        else:
            sentence = f"{month.label}月报已报出，新认领的任务“{name}”从下月起报送。"
            told.append(Told(sentence, Role.UNIT_LIAISON, unit_id))
    notify_many(told, at=at)
    return joined


def _open_period(period_id: int) -> Period:
    period = (
        Period.objects.select_for_update(of=("self",))
        .select_related("form")
        .filter(pk=period_id, opened_at__isnull=False, closed_at__isnull=True)
        .first()
    )
    if period is None:
        raise NotVisible
    return period
