"""The clock of reporting: the month opens by itself; who has not reported is reminded before the due day."""

from datetime import datetime, time, timedelta

from changai.areas.reporting.actions import open_period, remind_missing
from changai.areas.reporting.queries import forms_to_open, periods
from changai.areas.reporting.rules.standings import day_of
from changai.core.periods import Month
from changai.foundation.actors import MACHINE
from changai.foundation.jobs.registry import job

REMINDER_DAYS = 3


@job("reporting.open_month", every=timedelta(hours=1))
def open_month(at: datetime) -> str:
    """Open the running month of every issued form whose opening day has come."""
    today = day_of(at)
    opened = [open_period(MACHINE, form.pk, month=Month.of(today), at=at) for form in forms_to_open(today)]
    return f"已开启 {len(opened)} 个报告期"


@job("reporting.remind", daily_at=time(9, 0))
def remind(at: datetime) -> str:
    """Remind the units that still owe a report three days before it is due; never who owes nothing."""
    soon = day_of(at) + timedelta(days=REMINDER_DAYS)
    due = [period for period in periods() if period.closed_at is None and period.due_on == soon]
    return f"已提醒 {sum(remind_missing(MACHINE, period.pk, at=at) for period in due)} 个单位"
