"""Opening an accepted report again: with a reason, and after the closing with a second person of the office."""

from datetime import date, datetime

from changai.areas.reporting import policies
from changai.areas.reporting.actions._locking import keep, report_address, sheet_address, take, title_of
from changai.areas.reporting.models import Report, Unlocking
from changai.areas.reporting.rules.calendar import fault_of_resending
from changai.areas.reporting.rules.moves import UNLOCK, status_after
from changai.areas.reporting.rules.standings import day_of
from changai.core.errors import Invalid, NotAllowed, NotVisible, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify

LEAST_REASON = 5


@action("report.unlock")
def unlock_report(
    actor: Actor, report_id: int, *, reason: str, due_on: date, version: int, at: datetime
) -> Unlocking:
    """Open an accepted report again for its unit. What was accepted stays in force until it is accepted anew.

    In a closed month this only asks: a second person of the office confirms or refuses it.

    :raises Invalid: when the reason says too little or the day is past
    :raises RecordMoved: when it is not accepted, was changed, or an unlocking waits already
    """
    report = take(actor, report_id, UNLOCK, version=version)
    _check(reason.strip(), due_on, day_of(at))
    if report.unlockings.filter(settled_at__isnull=True).exists():
        raise RecordMoved("这份月报已有解锁申请，正待办公室另一人确认。")
    unlocking = Unlocking.objects.create(
        report=report,
        reason=reason.strip(),
        due_on=due_on,
        asked_at=at,
        asked_by_id=actor.person_id,
        asked_by_name=actor.name,
    )
    record(actor, "report.unlock", report, at=at, is_closed=report.obligation.period.closed_at is not None)
    if report.obligation.period.closed_at is None:
        _open_again(actor, unlocking, report, at)
    else:
        sentence = f"{report.obligation.unit.short_name}{title_of(report)}已关闭，{actor.name}申请解锁，请另一人确认。"
        for role in (Role.OFFICE_HEAD, Role.OFFICE_OFFICER):
            notify(sentence, at=at, role=role, link=report_address(report))
    return unlocking


@action("report.confirm_unlocking")
def confirm_unlocking(actor: Actor, unlocking_id: int, *, at: datetime) -> Report:
    """Confirm an unlocking that somebody else of the office asked for.

    :raises NotAllowed: to the one who asked
    :raises RecordMoved: when it is settled, or the report is not accepted any more, or its month is being counted
    """
    unlocking = _take(actor, unlocking_id)
    report = take(actor, unlocking.report_id, UNLOCK)
    period = report.obligation.period
    if period.closed_at is not None and period.counted_at is None:
        raise RecordMoved("本期报送记录正在计入数据，请等几分钟，计入完毕后再确认解锁。")
    record(actor, "report.confirm_unlocking", report, at=at, asked_by=unlocking.asked_by_id)
    _open_again(actor, unlocking, report, at)
    return report


@action("report.refuse_unlocking")
def refuse_unlocking(actor: Actor, unlocking_id: int, *, reason: str, at: datetime) -> Unlocking:
    """Refuse an unlocking that somebody else of the office asked for.

    :raises Invalid: when no reason is given
    """
    unlocking = _take(actor, unlocking_id)
    if not reason.strip():
        raise Invalid("请写明不同意解锁的原因。")
    unlocking.refusal = reason.strip()[:300]
    _settle(actor, unlocking, at)
    record(actor, "report.refuse_unlocking", unlocking.report, at=at)
    return unlocking


def _check(reason: str, due_on: date, today: date) -> None:
    faults = []
    if len(reason) < LEAST_REASON:
        faults.append(f"请写明解锁原因（不少于 {LEAST_REASON} 个字）。")
    if fault := fault_of_resending(due_on, today):
        faults.append(fault)
    if faults:
        raise Invalid("未能解锁，请更正。", faults=tuple(faults))


def _take(actor: Actor, unlocking_id: int) -> Unlocking:
    policies.require_unlocking(actor)
    unlocking = Unlocking.objects.select_for_update().filter(pk=unlocking_id).first()
    if unlocking is None:
        raise NotVisible
    if unlocking.settled_at is not None:
        raise RecordMoved(f"该申请已由{unlocking.settled_by_name}办理，请刷新页面。")
    if policies.is_same_person(actor, unlocking.asked_by_id, unlocking.asked_by_name):
        raise NotAllowed("解锁申请由您提出，请办公室另一人确认。")
    return unlocking


def _settle(actor: Actor, unlocking: Unlocking, at: datetime) -> None:
    unlocking.settled_at, unlocking.settled_by_id = at, actor.person_id
    unlocking.settled_by_name = actor.name
    unlocking.save(update_fields=["settled_at", "settled_by_id", "settled_by_name", "is_granted", "refusal"])


def _open_again(actor: Actor, unlocking: Unlocking, report: Report, at: datetime) -> None:
    unlocking.is_granted = True
    _settle(actor, unlocking, at)
    report.status = status_after(report.status, UNLOCK, report.times_returned)
    report.reopened_at = at
    report.return_reason, report.return_due_on = f"解锁：{unlocking.reason}", unlocking.due_on
    keep(report, "status", "reopened_at", "return_reason", "return_due_on")
    report.task_lines.update(taken_at=None)
    report.figure_lines.update(taken_at=None)
    report.narrative_lines.update(taken_at=None)
    due_on = unlocking.due_on
    sentence = (
        f"{title_of(report)}已解锁，请于{due_on.month}月{due_on.day}日前更正重报：{unlocking.reason[:120]}"
    )
    for role in (Role.UNIT_LIAISON, Role.UNIT_HEAD):
        notify(sentence, at=at, role=role, unit_id=report.obligation.unit_id, link=sheet_address(report))
