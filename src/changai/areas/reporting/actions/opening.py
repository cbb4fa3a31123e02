"""The opening of a month: who owes it is listed, the sheets are laid out piece by piece, and all units begin at once.

A large city's sheets take many seconds: laid out in one transaction, nobody else could write meanwhile.
"""

from datetime import datetime

from django.urls import reverse

from changai.areas.reporting import policies
from changai.areas.reporting.actions._listing import list_month
from changai.areas.reporting.actions._prefilling import lay_out_reports
from changai.areas.reporting.actions.composing import take_form
from changai.areas.reporting.models import Form, Period
from changai.areas.reporting.queries import form_in_force, listed_month, sheets_to_lay_out
from changai.core.errors import Invalid, NotVisible, RecordMoved
from changai.core.periods import Month
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import Told, notify_many

# Sheets laid out in one transaction: of sixty items each about half a second on one core.
SHEETS_AT_ONCE = 250


@action("period.list")
def list_owed(actor: Actor, form_id: int, *, month: Month, at: datetime) -> int:
    """Make the rows of a month ahead agree with the units that owe it now; return how many changed."""
    form = take_form(actor, form_id)
    changed = list_month(actor, form, month, at=at)
    record(actor, "period.list", form, at=at, month=str(month), changed=changed)
    return changed


@action("period.open")
def open_period(actor: Actor, form_id: int, *, month: Month, at: datetime) -> Period:
    """Open a month of an issued form: a prefilled report for every unit that owes it.

    With many units the first sheets are laid out and the month opens when `lay_out_next` has laid out the last.

    :raises Invalid: when the form is not issued, is out of use, or no unit owes it
    :raises RecordMoved: when the month is open already, or about to be
    """
    chosen = take_form(actor, form_id)
    form = form_in_force(chosen.series_id, month) or chosen
    _check_opening(form, month)
    list_month(actor, form, month, at=at)
    period = listed_month(form.series_id, month)
    if period is None or not period.obligations.filter(exempted_at__isnull=True).exists():
        raise Invalid("没有应报送的单位，请核对报表的报送单位类别。")
    period.opening_at = at
    period.save(update_fields=["opening_at"])
    record(actor, "period.begin", period, at=at, month=str(month), units=period.obligations.count())
    return _lay_out(actor, period, at)


@action("period.lay_out")
def lay_out_next(actor: Actor, period_id: int, *, at: datetime) -> Period:
    """Lay out the next sheets of a month that is being opened; behind the last one the month is open.

    :raises RecordMoved: when it is open already
    """
    policies.require_forms(actor)
    period = (
        Period.objects.select_for_update(of=("self",)).select_related("form").filter(pk=period_id).first()
    )
    if period is None or period.opening_at is None:
        raise NotVisible
    if period.opened_at is not None:
        raise RecordMoved(f"{Month.of(period.month).label}的报告期已经开启。")
    return _lay_out(actor, period, at)


def _lay_out(actor: Actor, period: Period, at: datetime) -> Period:
    waiting = list(sheets_to_lay_out(period)[: SHEETS_AT_ONCE + 1])
    now = waiting[:SHEETS_AT_ONCE]
    lay_out_reports(period.form, Month.of(period.month), now)
    if len(waiting) > SHEETS_AT_ONCE:
        record(actor, "period.lay_out", period, at=at, sheets=len(now))
    else:
        _let_begin(actor, period, at)
    return period


def _let_begin(actor: Actor, period: Period, at: datetime) -> None:
    month, due_on = Month.of(period.month), period.due_on
    period.opened_at = at
    period.save(update_fields=["opened_at"])
    units = list(period.obligations.filter(exempted_at__isnull=True).values_list("unit_id", flat=True))
    record(actor, "period.open", period, at=at, month=str(month), units=len(units))
    sentence = f"{month.label}月报开始填报，请于{due_on.month}月{due_on.day}日前报送。"
    link = reverse("reporting:reports")
    notify_many((Told(sentence, Role.UNIT_LIAISON, unit_id, link=link) for unit_id in units), at=at)


def _check_opening(form: Form, month: Month) -> None:
    if form.issued_at is None:
        raise Invalid("该报表尚未下发，请先下发再开启报告期。")
    if form.is_closed:
        raise Invalid("该报表已停用，不能再开启报告期。")
    if form.from_month is not None and month.first_on < form.from_month:
        raise Invalid(f"该报表从{Month.of(form.from_month).label}起执行，不能开启以前的月份。")
    begun = listed_month(form.series_id, month)
    if begun is not None and begun.opening_at is not None:
        raise RecordMoved(f"{month.label}的报告期{'已经' if begun.opened_at else '正在'}开启。")
