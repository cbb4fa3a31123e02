"""What the office settles about one obligation, and what a unit asks of it: exemption, more time, transfer, end."""

from datetime import date, datetime

from django.urls import reverse

from changai.areas.organisations import queries as organisations
from changai.areas.reporting import policies
from changai.areas.reporting.actions._events import Kind, keep_events
from changai.areas.reporting.actions._listing import new_row
from changai.areas.reporting.actions._prefilling import lay_out_reports
from changai.areas.reporting.models import ExtensionRequest, Obligation
from changai.areas.reporting.queries import obligation_for
from changai.areas.reporting.rules.calendar import fault_of_given
from changai.areas.reporting.rules.standings import day_of
from changai.core.errors import Invalid, NotVisible, RecordMoved
from changai.core.periods import Month
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify

Outcome, Release = ExtensionRequest.Outcome, Obligation.Release


@action("obligation.exempt")
def exempt_obligation(actor: Actor, obligation_id: int, *, reason: str, at: datetime) -> Obligation:
    """Release a unit from this month's report.

    :raises Invalid: when no reason is given
    :raises RecordMoved: when it has reported, is exempt already, or the month is closed
    """
    obligation = _take_owed(actor, obligation_id, reason)
    if policies.has_arrived(obligation):
        raise RecordMoved("本期月报已报出过，不能免报；退回后要更多时间补正的，请办理延期。")
    _release(obligation, Release.EXEMPT, reason, at)
    record(actor, "obligation.exempt", obligation, at=at)
    keep_events(actor, [obligation], Kind.EXEMPTED, at=at, words=reason.strip())
    _tell(obligation, f"本期月报已免报：{reason.strip()[:120]}", at)
    return obligation


@action("obligation.restore")
def restore_obligation(
    actor: Actor, obligation_id: int, *, due_on: date, reason: str, at: datetime
) -> Obligation:
    """Take an exemption back: the unit owes the report again, by the given day at the earliest.

    :raises Invalid: when no reason is given, or the day is past
    :raises RecordMoved: when it is not exempt, or the month is closed
    """
    obligation = _take(actor, obligation_id, reason)
    if obligation.period.closed_at is not None or obligation.release != Release.EXEMPT:
        raise RecordMoved("这项报送现在不是免报，请刷新页面后再办理。")
    if due_on < day_of(at):
        raise Invalid("恢复后的应报日期不能早于今天，要给单位留出填报时间。")
    _require_near(obligation, due_on, at)
    obligation.exempted_at, obligation.exemption_reason, obligation.release = None, "", ""
    _set_days(obligation, max(due_on, obligation.due_on))
    obligation.save(update_fields=["exempted_at", "exemption_reason", "release", *_DAYS])
    record(actor, "obligation.restore", obligation, at=at, due_on=obligation.due_on.isoformat())
    keep_events(actor, [obligation], Kind.RESTORED, at=at, words=reason.strip(), due_on=obligation.due_on)
    _tell(obligation, f"免报已撤销，请于{_said(obligation.due_on)}前报送：{reason.strip()[:120]}", at)
    return obligation


@action("obligation.extend")
def extend_obligation(
    actor: Actor, obligation_id: int, *, due_on: date, reason: str, at: datetime
) -> Obligation:
    """Give a unit until the end of another day; what arrives by then is on time. An open request is granted by it.

    A report that was sent back gets a later day for sending it again; when it first arrived stays as it was. A day
    not reached yet is also moved forward again, to the month's own day at the earliest: it may have been mistyped.

    :raises Invalid: when no reason is given, or the day cannot be given
    :raises RecordMoved: when the report is not with the unit, it is exempt, or the month is closed
    """
    obligation = _take_owed(actor, obligation_id, reason)
    if day_of(at) <= due_on < obligation.awaited_on:
        return _shorten(actor, obligation, due_on, reason.strip(), at)
    _extend(actor, obligation, due_on, reason.strip(), at)
    asked = obligation.requests.filter(outcome="").first()
    if asked is not None:
        _decide(actor, asked, Outcome.GRANTED, reason.strip(), at, granted_on=due_on)
    return obligation


@action("extension.ask")
def ask_extension(
    actor: Actor, obligation_id: int, *, wanted_on: date, reason: str, at: datetime
) -> ExtensionRequest:
    """Ask the office for more time, before the due day or after it.

    :raises Invalid: when no reason is given, or the day is not later than today and the due day
    :raises RecordMoved: when it was asked already, has reported, is exempt, or the month is closed
    """
    obligation = _locked(obligation_for(actor, obligation_id))
    policies.require_ask_extension(actor, obligation)
    _require_owed(obligation)
    if obligation.requests.filter(outcome="").exists():
        raise RecordMoved("延期申请已经提交，正等办公室答复，不必重复申请。")
    if not reason.strip():
        raise Invalid("请写明申请延期的原因。")
    now_on = obligation.awaited_on
    if wanted_on <= now_on or wanted_on < day_of(at):
        raise Invalid(f"申请延至的日期应晚于应报日期（{now_on:%Y-%m-%d}），且不早于今天。")
    _require_near(obligation, wanted_on, at)
    asked = ExtensionRequest.objects.create(
        obligation=obligation,
        wanted_on=wanted_on,
        reason=reason.strip(),
        asked_at=at,
        asked_by_name=actor.name,
    )
    record(actor, "extension.ask", asked, at=at, wanted_on=wanted_on.isoformat())
    keep_events(actor, [obligation], Kind.ASKED, at=at, words=reason.strip(), due_on=wanted_on)
    sentence = f"{obligation.unit.short_name}申请{Month.of(obligation.period.month).label}月报延至{_said(wanted_on)}。"
    notify(
        sentence, at=at, role=Role.OFFICE_OFFICER, link=reverse("reporting:obligation", args=[obligation.pk])
    )
    return asked


@action("extension.withdraw")
def withdraw_extension(actor: Actor, request_id: int, *, at: datetime) -> ExtensionRequest:
    """Take a request for more time back before it is answered.

    :raises RecordMoved: when it was answered already
    """
    asked = _take_request(actor, request_id)
    policies.require_ask_extension(actor, asked.obligation)
    _decide(actor, asked, Outcome.WITHDRAWN, "", at)
    record(actor, "extension.withdraw", asked, at=at)
    keep_events(actor, [asked.obligation], Kind.WITHDRAWN, at=at)
    return asked


@action("extension.grant")
def grant_extension(
    actor: Actor, request_id: int, *, due_on: date, answer: str = "", at: datetime
) -> ExtensionRequest:
    """Give the unit more time as asked, or until another later day.

    :raises Invalid: when the day is not later than the due day
    :raises RecordMoved: when it was answered already, or the unit has reported meanwhile
    """
    policies.require_forms(actor)
    asked = _take_request(actor, request_id)
    _require_owed(asked.obligation)
    _extend(actor, asked.obligation, due_on, asked.reason, at)
    _decide(actor, asked, Outcome.GRANTED, answer.strip(), at, granted_on=due_on)
    record(actor, "extension.grant", asked, at=at, due_on=due_on.isoformat())
    return asked


@action("extension.refuse")
def refuse_extension(actor: Actor, request_id: int, *, answer: str, at: datetime) -> ExtensionRequest:
    """Let the due day stand, and say why.

    :raises Invalid: when no answer is given
    :raises RecordMoved: when it was answered already
    """
    policies.require_forms(actor)
    asked = _take_request(actor, request_id)
    if not answer.strip():
        raise Invalid("请写明不同意的原因，单位会看到。")
    _decide(actor, asked, Outcome.REFUSED, answer.strip(), at)
    record(actor, "extension.refuse", asked, at=at)
    keep_events(actor, [asked.obligation], Kind.REFUSED, at=at, words=answer.strip())
    _tell(asked.obligation, f"延期申请未获同意：{answer.strip()[:120]}", at)
    return asked


@action("obligation.transfer")
def transfer_obligation(
    actor: Actor, obligation_id: int, *, unit_id: int, reason: str, at: datetime
) -> Obligation:
    """Let another unit report for one that was closed; return what that unit owes now.

    A unit that owes the same month already takes it over in its own report: one report, never two.

    :raises Invalid: when the unit was not closed, no reason is given, or the other unit cannot take over
    :raises RecordMoved: when it has reported, owes nothing, or the month is closed
    """
    obligation = _take_owed(actor, obligation_id, reason)
    _require_unclosed(obligation)
    if obligation.unit.is_open:
        raise Invalid(f"{obligation.unit.name}没有撤销，应由本单位报送；确需免报的，请办理免报。")
    heir = organisations.unit_for(actor, unit_id)
    if not heir.is_open or heir.pk == obligation.unit_id:
        raise Invalid("请选择在册的承接单位。")
    successor, is_new = _owed_by(heir.pk, obligation, at)
    obligation.successor = successor
    _release(obligation, Release.TRANSFERRED, f"{heir.name}承接，{reason.strip()}", at)
    record(actor, "obligation.transfer", obligation, at=at, successor=successor.pk, is_new=is_new)
    keep_events(actor, [obligation], Kind.TRANSFERRED, at=at, words=f"{heir.name}：{reason.strip()}")
    words = f"{obligation.unit.name}：{reason.strip()}"
    keep_events(actor, [successor], Kind.TAKEN_OVER, at=at, words=words, due_on=successor.due_on)
    _tell(successor, f"{obligation.unit.name}本期月报由你单位一并报送：{reason.strip()[:100]}", at)
    return successor


@action("obligation.end")
def end_obligation(actor: Actor, obligation_id: int, *, reason: str, at: datetime) -> Obligation:
    """End what a closed unit owes: nobody reports it any more.

    :raises Invalid: when the unit was not closed, or no reason is given
    :raises RecordMoved: when it has reported, owes nothing, or the month is closed
    """
    obligation = _take_owed(actor, obligation_id, reason)
    _require_unclosed(obligation)
    if obligation.unit.is_open:
        raise Invalid(f"{obligation.unit.name}没有撤销，不能终止；确需免报的，请办理免报。")
    _release(obligation, Release.ENDED, reason, at)
    record(actor, "obligation.end", obligation, at=at)
    keep_events(actor, [obligation], Kind.ENDED, at=at, words=reason.strip())
    return obligation


_DAYS = ("due_on", "late_until", "locked_at")


def _set_days(obligation: Obligation, due_on: date) -> None:
    """Let the unit send until a day: it opens again, and is taken late as long as others or until then.

    When the first report arrived is judged by the day it had then; only the day of sending again is moved.
    """
    obligation.locked_at = None
    if policies.has_arrived(obligation):
        obligation.report.return_due_on = due_on
        obligation.report.save(update_fields=["return_due_on"])
        return
    obligation.due_on = due_on
    if obligation.late_until is not None:
        obligation.late_until = max(obligation.period.late_until or due_on, due_on)


def _require_near(obligation: Obligation, day: date, at: datetime) -> None:
    if sentence := fault_of_given(day, obligation.awaited_on, day_of(at)):
        raise Invalid(sentence)


def _require_unclosed(obligation: Obligation) -> None:
    if obligation.period.closed_at is not None:
        raise RecordMoved("本期已关闭，数字已经计入，不能再转出或终止；要改数字的，请申请更正。")


def _shorten(actor: Actor, obligation: Obligation, due_on: date, reason: str, at: datetime) -> Obligation:
    if due_on < obligation.period.due_on and not policies.has_arrived(obligation):
        raise Invalid(f"不能早于本期统一的应报日期（{obligation.period.due_on:%Y-%m-%d}）。")
    before = obligation.awaited_on
    _set_days(obligation, due_on)
    obligation.save(update_fields=_DAYS)
    record(
        actor, "obligation.extend", obligation, at=at, due_on=due_on.isoformat(), before=before.isoformat()
    )
    words = f"由{_said(before)}改早：{reason}"
    keep_events(actor, [obligation], Kind.EXTENDED, at=at, words=words, due_on=due_on)
    _tell(obligation, f"本期月报的期限由{_said(before)}改为{_said(due_on)}：{reason[:120]}", at)
    return obligation


def _extend(actor: Actor, obligation: Obligation, due_on: date, reason: str, at: datetime) -> None:
    now_on = obligation.awaited_on
    if due_on <= now_on or due_on < day_of(at):
        raise Invalid(f"延期后的日期应晚于原应报日期（{now_on:%Y-%m-%d}），且不早于今天。")
    _require_near(obligation, due_on, at)
    _set_days(obligation, due_on)
    obligation.extension_reason = reason
    obligation.times_extended += 1
    obligation.save(update_fields=["extension_reason", "times_extended", *_DAYS])
    record(
        actor,
        "obligation.extend",
        obligation,
        at=at,
        due_on=due_on.isoformat(),
        times=obligation.times_extended,
    )
    keep_events(actor, [obligation], Kind.EXTENDED, at=at, words=reason, due_on=due_on)
    _tell(obligation, f"本期月报延期至{_said(due_on)}：{reason[:120]}", at)


def _decide(
    actor: Actor,
    asked: ExtensionRequest,
    outcome: str,
    answer: str,
    at: datetime,
    *,
    granted_on: date | None = None,
) -> None:
    asked.outcome, asked.answer, asked.granted_on = outcome, answer[:200], granted_on
    asked.decided_at, asked.decided_by_name = at, actor.name
    asked.save(update_fields=["outcome", "answer", "granted_on", "decided_at", "decided_by_name"])


def _release(obligation: Obligation, release: str, reason: str, at: datetime) -> None:
    obligation.exempted_at, obligation.exemption_reason = at, reason.strip()[:200]
    obligation.release = release
    obligation.save(update_fields=["exempted_at", "exemption_reason", "release", "successor"])
    obligation.requests.filter(outcome="").update(
        outcome=Outcome.WITHDRAWN, answer="本期已不需报送", decided_at=at
    )


def _owed_by(unit_id: int, source: Obligation, at: datetime) -> tuple[Obligation, bool]:
    """Return what a unit owes for the same month, making it where there is none, and whether it was made."""
    found = Obligation.objects.select_for_update(of=("self",)).select_related("report", "unit")
    owed = found.filter(period=source.period_id, unit=unit_id).first()
    if owed is None:
        owed = new_row(source.period, unit_id, due_on=max(source.due_on, day_of(at)))
        owed.save()
        if source.period.opened_at is not None:
            lay_out_reports(source.period.form, Month.of(source.period.month), [owed])
        return owed, True
    if owed.exempted_at is not None:
        raise Invalid(f"{owed.unit.name}本期不需报送，不能承接；请先恢复其报送，或选择其他单位。")
    return owed, False


def _take(actor: Actor, obligation_id: int, reason: str) -> Obligation:
    policies.require_forms(actor)
    obligation = _locked(obligation_for(actor, obligation_id))
    if not reason.strip():
        raise Invalid("请写明原因。")
    return obligation


def _take_owed(actor: Actor, obligation_id: int, reason: str) -> Obligation:
    obligation = _take(actor, obligation_id, reason)
    _require_owed(obligation)
    return obligation


def _locked(obligation: Obligation) -> Obligation:
    """Return the obligation anew, locked for this transaction."""
    rows = Obligation.objects.select_for_update(of=("self",)).select_related("period__form", "unit", "report")
    return rows.get(pk=obligation.pk)


def _require_owed(obligation: Obligation) -> None:
    if sentence := policies.closure(obligation):
        raise RecordMoved(sentence)
    if not policies.is_with_unit(obligation):
        raise RecordMoved(f"{obligation.unit.name}本期已经报送，不需再办理。")


def _take_request(actor: Actor, request_id: int) -> ExtensionRequest:
    asked = ExtensionRequest.objects.select_for_update().filter(pk=request_id).first()
    if asked is None:
        raise NotVisible
    asked.obligation = _locked(obligation_for(actor, asked.obligation_id))
    if asked.outcome:
        raise RecordMoved(
            f"这件延期申请已由{asked.decided_by_name or '系统'}办理（{asked.get_outcome_display()}）。"
        )
    return asked


def _tell(obligation: Obligation, sentence: str, at: datetime) -> None:
    page, pk = (
        ("sheet", obligation.report.pk) if obligation.period.opened_at else ("obligation", obligation.pk)
    )
    link = reverse(f"reporting:{page}", args=[pk])
    notify(sentence, at=at, role=Role.UNIT_LIAISON, unit_id=obligation.unit_id, link=link)


def _said(day: date) -> str:
    return f"{day.month}月{day.day}日"
