"""Moving the days of one month of a form in the calendar."""

from datetime import datetime

from django.db.models import F
from django.urls import reverse

from changai.areas.reporting.actions._events import Kind, keep_events
from changai.areas.reporting.actions._listing import list_month
from changai.areas.reporting.actions.composing import take_form
from changai.areas.reporting.models import Form, Obligation, Period, PlannedMonth
from changai.areas.reporting.queries import calendar_month, days_of_period, last_day_over
from changai.areas.reporting.rules.calendar import Days, day_faults, shortening
from changai.areas.reporting.rules.standings import day_of
from changai.core.errors import Invalid, RecordMoved
from changai.core.periods import Month
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import Told, notify_many


@action("period.plan")
def plan_month(
    actor: Actor, form_id: int, *, month: Month, days: Days, version: int, at: datetime
) -> PlannedMonth:
    """Give one month of a form days of its own; an open month only gets more time, and its units are told.

    :raises Invalid: when the days contradict each other, or an open month would lose time
    :raises RecordMoved: when the month is closed, or somebody else moved its days meanwhile
    """
    form = take_form(actor, form_id)
    now = calendar_month(form, month)
    if now.state == "closed":
        raise RecordMoved(f"{month.label}的报告期已关闭，日期不能再改。")
    if now.version != version:
        raise RecordMoved(f"{month.label}的日期刚被他人改动，请刷新后核对再改。")
    if faults := day_faults(month, days):
        raise Invalid("日期有误，请更正。", faults=tuple(faults))
    if now.period_id is not None:
        _move_open(actor, now.period_id, days, at)
    planned, _made = PlannedMonth.objects.update_or_create(
        form=form.series, month=month.first_on, defaults={**vars(days), "version": version + 1}
    )
    list_month(actor, form, month, at=at)
    written = {name: day.isoformat() if day else "" for name, day in vars(days).items()}
    record(actor, "period.plan", planned, at=at, month=str(month), **written)
    return planned


@action("period.unplan")
def unplan_month(actor: Actor, form_id: int, *, month: Month, at: datetime) -> Form:
    """Let a month that is not opened go by the form's own days again.

    :raises RecordMoved: when it has no days of its own, or is open already
    """
    form = take_form(actor, form_id)
    planned = PlannedMonth.objects.filter(form=form.series_id, month=month.first_on).first()
    if planned is None or calendar_month(form, month).period_id is not None:
        raise RecordMoved(f"{month.label}没有另定日期，或已经开启。")
    planned.delete()
    list_month(actor, form, month, at=at)
    record(actor, "period.unplan", form, at=at, month=str(month))
    return form


def _move_open(actor: Actor, period_id: int, days: Days, at: datetime) -> None:
    period = Period.objects.select_for_update(of=("self",)).get(pk=period_id)
    before, month = days_of_period(period), Month.of(period.month)
    if sentence := shortening(before, days, day_of(at)):
        raise Invalid(sentence)
    waiting = period.obligations.filter(exempted_at__isnull=True, report__first_arrived_at__isnull=True)
    # Who was given another day keeps it unless the new day is later.
    moved = list(waiting.filter(due_on__lt=days.due_on))
    period.due_on, period.late_until, period.locks_on = days.due_on, days.late_until, days.locks_on
    period.save(update_fields=["due_on", "late_until", "locks_on"])
    reopened = [one.pk for one in moved]
    period.obligations.filter(pk__in=reopened).update(due_on=days.due_on, locked_at=None)
    if days.late_until is None:
        waiting.update(late_until=None)
    else:
        waiting.filter(late_until__lt=days.late_until).update(late_until=days.late_until)
    waiting.filter(late_until__lt=F("due_on")).update(late_until=F("due_on"))
    back = _unlock(actor, period, at)
    keep_events(actor, moved, Kind.EXTENDED, at=at, words="本期日期统一推后", due_on=days.due_on)
    day = f"{days.due_on.month}月{days.due_on.day}日"
    sentence = f"{month.label}月报截止日期推后到{day}。"
    link = reverse("reporting:reports")
    notify_many((Told(sentence, Role.UNIT_LIAISON, one.unit_id, link=link) for one in moved), at=at)
    sentence = f"{month.label}月报受理期限推后，已解除锁定，请抓紧报送。"
    notify_many((Told(sentence, Role.UNIT_LIAISON, one.unit_id, link=link) for one in back), at=at)


def _unlock(actor: Actor, period: Period, at: datetime) -> list[Obligation]:
    """Open again what is locked though, by the days as they are now, its last day is not over; return it."""
    locked = period.obligations.filter(locked_at__isnull=False, exempted_at__isnull=True)
    over = period.obligations.filter(last_day_over(day_of(at)))
    back = list(locked.exclude(pk__in=over.values("pk")))
    period.obligations.filter(pk__in=[one.pk for one in back]).update(locked_at=None)
    keep_events(actor, back, Kind.EXTENDED, at=at, words="本期受理期限统一推后，解除锁定")
    return back
