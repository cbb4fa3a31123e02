"""How the rows of a month ahead are made and kept in step with who owes it, until its sheets are laid out."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import F

from changai.areas.reporting.actions._events import Kind, keep_events
from changai.areas.reporting.models import ExtensionRequest, Form, Obligation, Period
from changai.areas.reporting.queries import days_of, month_ahead
from changai.areas.reporting.rules.calendar import Days
from changai.areas.reporting.rules.listing import NO_LONGER_OWED, months_listed
from changai.areas.reporting.rules.standings import day_of
from changai.core.periods import Month
from changai.foundation.actors import Actor
from changai.foundation.rows import insert_rows

# So many rows are written in the transaction of who issues a form; the clock lists the months after that.
_ROWS_AT_ONCE = 4000


def list_months_ahead(actor: Actor, form: Form, *, at: datetime) -> int:
    """List the months of a form to the end of the year, the nearest first; return how many rows changed."""
    changed = 0
    for month in months_listed(day_of(at), form.from_month):
        changed += list_month(actor, form, month, at=at)
        if changed >= _ROWS_AT_ONCE:
            break
    return changed


def list_month(actor: Actor, form: Form, month: Month, *, at: datetime) -> int:
    """Make the rows of a month agree with who owes the form and with its days, and return how many changed.

    A month whose sheets are laid out is left alone.
    """
    ahead = month_ahead(form.series_id, month)
    if ahead is None:
        return 0
    period, version, changes = ahead
    if period is None:
        if version is None or not changes.added:
            return 0
        days = days_of(version, month)
        period = Period.objects.create(
            form=version, month=month.first_on,
            due_on=days.due_on, late_until=days.late_until, locks_on=days.locks_on,
        )  # fmt: skip
    elif version is not None:
        _follow(period, version, days_of(version, month))
    _add(actor, period, changes.added, at)
    _end(actor, period, changes.ended, at)
    _restore(actor, period, changes.restored, at)
    return changes.number


def _follow(period: Period, form: Form, days: Days) -> None:
    """Give a listed month the version and the days it will open with; who was given a later day keeps it."""
    before = (period.form_id, period.due_on, period.late_until, period.locks_on)
    if before == (form.pk, days.due_on, days.late_until, days.locks_on):
        return
    rows = period.obligations
    rows.filter(due_on=period.due_on).update(due_on=days.due_on)
    rows.filter(due_on__lt=days.due_on).update(due_on=days.due_on)
    rows.update(late_until=days.late_until)
    rows.filter(late_until__lt=F("due_on")).update(late_until=F("due_on"))
    period.form = form
    period.due_on, period.late_until, period.locks_on = days.due_on, days.late_until, days.locks_on
    period.save(update_fields=["form", "due_on", "late_until", "locks_on"])


def _add(actor: Actor, period: Period, unit_ids: Collection[int], at: datetime) -> None:
    insert_rows([new_row(period, unit_id, due_on=period.due_on) for unit_id in sorted(unit_ids)])
    keep_events(actor, _rows(period, unit_ids), Kind.OWED, at=at)


def new_row(period: Period, unit_id: int, *, due_on: date) -> Obligation:
    """Return an unsaved row of a month, taken late at least until it is due."""
    late_until = period.late_until and max(period.late_until, due_on)
    return Obligation(period=period, unit_id=unit_id, due_on=due_on, late_until=late_until)


def _end(actor: Actor, period: Period, unit_ids: Collection[int], at: datetime) -> None:
    rows = _rows(period, unit_ids)
    Obligation.objects.filter(pk__in=[row.pk for row in rows]).update(
        exempted_at=at, exemption_reason=NO_LONGER_OWED, release=Obligation.Release.ENDED
    )
    ExtensionRequest.objects.filter(obligation__in=[row.pk for row in rows], outcome="").update(
        outcome=ExtensionRequest.Outcome.WITHDRAWN, answer="本期已不需报送", decided_at=at
    )
    keep_events(actor, rows, Kind.ENDED, at=at, words=NO_LONGER_OWED)


def _restore(actor: Actor, period: Period, unit_ids: Collection[int], at: datetime) -> None:
    rows = _rows(period, unit_ids)
    Obligation.objects.filter(pk__in=[row.pk for row in rows]).update(
        exempted_at=None, exemption_reason="", release=""
    )
    keep_events(actor, rows, Kind.RESTORED, at=at)


def _rows(period: Period, unit_ids: Collection[int]) -> list[Obligation]:
    if not unit_ids:
        return []
    return [row for row in period.obligations.order_by("pk") if row.unit_id in unit_ids]
