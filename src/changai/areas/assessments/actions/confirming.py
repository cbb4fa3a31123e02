"""事实确认 and 公示: ask the units, take their confirmations, close, give public notice, halt it."""

from datetime import date, datetime

from django.utils import timezone

from changai.areas.assessments.actions._announcing import COLUMNS, announce
from changai.areas.assessments.actions._steps import check_version, locked, move_on
from changai.areas.assessments.models import Participant, Round
from changai.areas.assessments.policies import require_own_unit
from changai.areas.assessments.queries import (
    assessed_units,
    hindrance_of_panel,
    judgements,
    open_doubts,
    open_objections,
    silent_units,
    unfinished,
)
from changai.areas.assessments.rules import LONGEST_REASON, SHORTEST_REASON, Announcement
from changai.core.errors import Invalid, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify
from changai.foundation.workdays.queries import work_calendar


@action("assessment.ask_units")
def ask_units(actor: Actor, round_id: int, *, version: int, at: datetime, reason: str = "") -> Round:
    """Show every unit its facts and points and let it confirm or object until the last working day.

    :param reason: why it goes on although owners have not reviewed every figure

    :raises Invalid: while something judged is open, a doubt unsettled, or figures are unreviewed without a reason
    :raises RecordMoved: when the round changed meanwhile or is past it
    """
    round_ = locked(actor, round_id, "assessment.run")
    check_version(round_, version)
    move_on(round_, "ask_units", "请先计分，再请各单位确认事实。")
    waiting = sum(item.given is None for item in judgements(round_))
    if waiting:
        told = f"还有 {waiting} 项人工核定没有完成，请全部核定并重新计分后再请各单位确认。"
        raise Invalid(told + hindrance_of_panel(round_, assessed_units(round_)))
    doubts = open_doubts(round_).count()
    if doubts:
        raise Invalid(f"还有 {doubts} 项数据疑问没有办结，请先更正数据或写明排除理由。")
    round_.unreviewed_reason = _reason_to_go_on(round_, reason)
    round_.confirm_until = work_calendar().plus(_today(at), round_.confirm_days)
    round_.version += 1
    round_.save(update_fields=["status", "confirm_until", "unreviewed_reason", "version"])
    for unit in assessed_units(round_):
        notify(
            f"请核对{round_.name}采用的数据和得分，于 {_day(round_.confirm_until)}前确认或提出申诉，"
            "逾期视为无异议。",
            at=at,
            unit_id=unit.pk,
            link=f"/assessments/{round_.pk}/",
        )
    unreviewed = {"unreviewed": round_.unreviewed_reason} if round_.unreviewed_reason else {}
    record(actor, "assessment.ask_units", round_, at=at, until=str(round_.confirm_until), **unreviewed)
    return round_


def _reason_to_go_on(round_: Round, reason: str) -> str:
    waiting = unfinished(round_)
    if not waiting.items:
        return ""
    if len(reason.strip()) < SHORTEST_REASON:
        raise Invalid(
            f"还有 {len(waiting.items)} 项指标的数据没有全部经归口审核（{waiting.named_items}），请先催办审核；"
            f"确需继续的，请写明理由（不少于 {SHORTEST_REASON} 个字）。"
        )
    return reason.strip()[:LONGEST_REASON]


@action("assessment.confirm")
def confirm_facts(actor: Actor, round_id: int, *, at: datetime) -> Participant:
    """Confirm the facts of the actor's own unit: no objection.

    :raises RecordMoved: when the days are over, or the unit has an objection open
    """
    round_ = taken_by_unit(actor, round_id, "confirm", at=at)
    part = own_part(actor, round_)
    if open_objections(round_).filter(unit_id=part.unit_id).exists():
        raise RecordMoved("本单位还有申诉正在办理。如无异议，请先撤回申诉再确认。")
    if part.confirmed_at:
        raise RecordMoved(f"{part.confirmed_by_name}已代表本单位确认，不必重复确认。")
    part.confirmed_at, part.confirmed_by_name = at, actor.name
    part.version += 1
    part.save(update_fields=["confirmed_at", "confirmed_by_name", "version"])
    record(actor, "assessment.confirm", part, at=at)
    return part


def taken_by_unit(actor: Actor, round_id: int, move: str, *, at: datetime) -> Round:
    """Return the round, locked, for a unit that confirms or objects in time.

    :raises NotVisible: when the actor's unit is not assessed in it
    :raises RecordMoved: when the days are over, with the day they ended
    """
    round_ = locked(actor, round_id, "assessment.answer")
    if round_.confirm_until and _today(at) > round_.confirm_until:
        raise RecordMoved(
            f"事实确认已于 {_day(round_.confirm_until)}截止，逾期提出的申诉不再受理；"
            "确有新的证据，请在公示期内书面向办公室反映。"
        )
    move_on(round_, move, "这次考核现在不在事实确认期内，请刷新页面查看进展。")
    return round_


def own_part(actor: Actor, round_: Round) -> Participant:
    """Return the actor's own unit's part in a round, locked.

    :raises NotAllowed: when the own unit is not assessed in it
    """
    part = Participant.objects.select_for_update().filter(round=round_, unit_id=actor.unit_id or 0).first()
    require_own_unit(part)
    assert part is not None  # noqa: S101 - the policy let it pass
    return part


@action("assessment.close")
def close_confirmation(actor: Actor, round_id: int, *, at: datetime) -> Round:
    """End the confirmation of facts: by the clock after the last day, by the office once every unit has spoken.

    :raises Invalid: when units may still speak
    :raises RecordMoved: when it has ended
    """
    round_ = locked(actor, round_id, "assessment.run")
    move_on(round_, "close", "事实确认已经结束。")
    is_over = round_.confirm_until is not None and _today(at) > round_.confirm_until
    silent = silent_units(round_)
    if not is_over and silent:
        raise Invalid(
            f"还有 {len(silent)} 个单位没有确认（{'、'.join(unit.short_name for unit in silent[:5])}"
            f"{'等' if len(silent) > 5 else ''}），期限到 {_day(round_.confirm_until)}为止，到期自动结束。"
        )
    round_.version += 1
    round_.save(update_fields=["status", "version"])
    record(actor, "assessment.close", round_, at=at, silent=len(silent))
    return round_


@action("assessment.announce")
def start_notice(
    actor: Actor, round_id: int, *, version: int, at: datetime, announcement: Announcement | None = None
) -> Round:
    """Give public notice of the result for the working days the round was opened with.

    :param announcement: how far it is announced to units it does not belong to (see `_announcing.announce`)
    :raises Invalid: while an objection is undecided, or when the result cannot be announced so
    :raises RecordMoved: when the round changed meanwhile or is past it
    """
    round_ = locked(actor, round_id, "assessment.publish")
    check_version(round_, version)
    move_on(round_, "announce", "请先结束事实确认、办结全部申诉，再公示。")
    require_settled(round_)
    announce(round_, announcement)
    round_.notice_from = _today(at)
    round_.notice_until = work_calendar().plus(round_.notice_from, round_.notice_days)
    round_.version += 1
    round_.save(update_fields=["status", "notice_from", "notice_until", "version", *COLUMNS])
    for unit in assessed_units(round_):
        notify(
            f"{round_.name}结果自即日起公示至 {_day(round_.notice_until)}，如有意见请书面向办公室反映。",
            at=at,
            unit_id=unit.pk,
            link=f"/assessments/{round_.pk}/",
        )
    record(
        actor,
        "assessment.announce",
        round_,
        at=at,
        until=str(round_.notice_until),
        announced=round_.announcement.words(),
    )
    return round_


def require_settled(round_: Round) -> None:
    """Let pass when every objection of a round is decided or withdrawn.

    :raises Invalid: otherwise, saying how many are not
    """
    waiting = open_objections(round_).count()
    if waiting:
        raise Invalid(f"还有 {waiting} 件申诉没有办结，全部办结后才能公示和公布。")


@action("assessment.halt")
def halt_notice(actor: Actor, round_id: int, *, reason: str, version: int, at: datetime) -> Round:
    """Stop the public notice because something has to be corrected; notice is given anew afterwards.

    :raises Invalid: without a reason
    :raises RecordMoved: when the round changed meanwhile, or no notice is running
    """
    round_ = locked(actor, round_id, "assessment.publish")
    check_version(round_, version)
    if not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        raise Invalid(f"请写明停止公示的原因（{SHORTEST_REASON} 至 {LONGEST_REASON} 个字）。")
    move_on(round_, "halt", "现在没有公示可以停止。")
    round_.notice_from = round_.notice_until = None
    round_.version += 1
    round_.save(update_fields=["status", "notice_from", "notice_until", "version"])
    record(actor, "assessment.halt", round_, at=at, reason=reason.strip())
    return round_


def _today(at: datetime) -> date:
    return timezone.localdate(at)


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
