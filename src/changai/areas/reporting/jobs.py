"""The clock of reporting: the month opens by itself; who owes a report is reminded by the office's rules."""

import time
from datetime import datetime, timedelta

from changai.areas.reporting import queries
from changai.areas.reporting.actions import (
    count_next,
    join_claims,
    lay_out_next,
    list_owed,
    lock_late,
    open_period,
    send_reminders,
)
from changai.areas.reporting.queries import has_run, reminder_plan
from changai.areas.reporting.rules.standings import day_of
from changai.foundation.actors import MACHINE
from changai.foundation.jobs.registry import job
from changai.foundation.workdays.queries import work_calendar

# Between two pieces: SQLite lets a waiting writer look again every tenth of a second.
_BREATH = 0.15


@job("reporting.open_month", every=timedelta(hours=1))
def open_month(at: datetime) -> str:
    """Open the month of every issued form whose opening day has come."""
    today = day_of(at)
    waiting = queries.months_to_open(today)
    opened = [open_period(MACHINE, form.pk, month=month, at=at) for form, month in waiting]
    return f"已开启 {len(opened)} 个报告期"


@job("reporting.lay_out", every=timedelta(minutes=1), longest=timedelta(minutes=5))
def lay_out(at: datetime) -> str:
    """Lay out the sheets of the months that are being opened, a piece at a time; killed, the next run goes on."""
    opened = 0
    for period, _sheets, _ready in queries.months_being_opened():
        while lay_out_next(MACHINE, period.pk, at=at).opened_at is None:
            time.sleep(_BREATH)
        opened += 1
    return f"已开启 {opened} 个报告期"


@job("reporting.count", every=timedelta(minutes=1), longest=timedelta(minutes=5))
def count(at: datetime) -> str:
    """Count the closed months into facts, a piece at a time; killed, the next run goes on."""
    counted = 0
    for period, _units, _counted in queries.months_being_counted():
        while count_next(MACHINE, period.pk, at=at).counted_at is None:
            time.sleep(_BREATH)
        counted += 1
    return f"已计入 {counted} 个报告期"


@job("reporting.list", every=timedelta(hours=1))
def list_months(at: datetime) -> str:
    """Let the rows of the months ahead follow the units and forms of today."""
    waiting = queries.lists_to_renew(day_of(at))
    changed = sum(list_owed(MACHINE, form.pk, month=month, at=at) for form, month in waiting)
    return f"已更新 {changed} 项应报"


@job("reporting.watch", every=timedelta(minutes=10))
def watch(at: datetime) -> str:
    """Lock what is too late, and put newly claimed items into the open sheets; where there is nothing, do nothing."""
    locked = sum(lock_late(MACHINE, pk, at=at) for pk in queries.periods_to_lock(day_of(at)))
    joined = sum(join_claims(MACHINE, pk, at=at) for pk in queries.periods_with_new_claims())
    return f"锁定 {locked} 份月报，增列 {joined} 项任务"


@job("reporting.remind", every=timedelta(minutes=10))
def remind(at: datetime) -> str:
    """Make the day's reminders once messages may go out: on working days, within the hours of the rules."""
    plan, _version = reminder_plan()
    if not plan.allows_sending(at, work_calendar()):
        return "不在发送时段内"
    if has_run(day_of(at)):
        return "今天的提醒已发出"
    run = send_reminders(MACHINE, at=at)
    return f"已提醒 {run.people} 人，涉及 {run.reports} 份应报未报"
