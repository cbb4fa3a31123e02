"""Publish a result."""

from datetime import datetime

from django.utils import timezone

from changai.areas.assessments.actions._announcing import COLUMNS, announce
from changai.areas.assessments.actions._steps import check_version, locked, move_on
from changai.areas.assessments.actions.confirming import require_settled
from changai.areas.assessments.models import Round
from changai.areas.assessments.queries import assessed_units, judgements
from changai.areas.assessments.rules import Announcement
from changai.core.errors import Invalid, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify


@action("assessment.publish")
def publish_round(
    actor: Actor, round_id: int, *, version: int, at: datetime, announcement: Announcement | None = None
) -> Round:
    """Publish a result: units see it from now on and it can no longer change.

    :param announcement: how far it is announced to units it does not belong to (see `_announcing.announce`)

    :raises Invalid: when a judged item is still open, other units are to be assessed than were scored, or the result
        cannot be announced so
    :raises RecordMoved: when the round changed meanwhile, or its result is out of date or published
    """
    round_ = locked(actor, round_id, "assessment.publish")
    check_version(round_, version)
    if round_.is_full:
        _check_noticed(round_, at)
    else:
        _check_complete(round_)
    move_on(round_, "publish", "考核结果已经公布过了。" if round_.published_at else "请先计分，再公布结果。")
    announce(round_, announcement)
    round_.published_at, round_.published_by_name = at, actor.name
    round_.version += 1
    round_.save(update_fields=["status", "published_at", "published_by_name", "version", *COLUMNS])
    for score in round_.scores.all():
        notify(
            f"{round_.name}结果已公布，请查看本单位得分及说明。",
            at=at,
            unit_id=score.unit_id,
            link=f"/assessments/scores/{score.pk}/",
        )
    record(
        actor,
        "assessment.publish",
        round_,
        at=at,
        result=round_.result_digest,
        announced=round_.announcement.words(),
    )
    return round_


def _check_noticed(round_: Round, at: datetime) -> None:
    if round_.status not in {Round.Status.NOTICE, Round.Status.PUBLISHED}:
        raise RecordMoved("这次考核须先经事实确认、申诉办结和公示，公示期满后才能公布。")
    require_settled(round_)
    until = round_.notice_until
    if until and timezone.localdate(at) <= until and not round_.published_at:
        raise Invalid(f"公示到 {until.year}年{until.month}月{until.day}日为止，期满后才能公布。")


def _check_complete(round_: Round) -> None:
    waiting = sum(item.given is None for item in judgements(round_))
    if waiting:
        raise Invalid(f"还有 {waiting} 项人工核定没有完成，请全部核定并重新计分后再公布。")
    scored = set(round_.scores.values_list("unit_id", flat=True))
    if round_.scored_at and scored != {unit.pk for unit in assessed_units(round_)}:
        raise Invalid("计分后考核对象有增减，请重新计分后再公布。")
