"""What people do with a result: commend (表彰), give notice of it, hold a unit to account (约谈、通报)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from changai.areas.assessments.actions._correcting import checked_reason
from changai.areas.assessments.actions._steps import locked
from changai.areas.assessments.models import Accountability, Commendation, Round
from changai.areas.assessments.policies import require
from changai.areas.assessments.queries import (
    accountability_for,
    assessed,
    bar_to,
    commendation_for,
    hindrance_of,
    quota_findings,
    struck_nominees,
    warnings_of,
)
from changai.areas.assessments.rules import (
    COMMENDATION_NOTICE_DAYS,
    LONGEST_LIST,
    NO_QUOTA,
    next_accountability_status,
)
from changai.areas.organisations.models import Level
from changai.areas.organisations.queries import open_units
from changai.core.errors import Invalid, NotAllowed, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import Told, notify, notify_many
from changai.foundation.workdays.queries import work_calendar


@action("commendation.start")
def start_commendation(actor: Actor, round_id: int, *, title: str, basis: str, at: datetime) -> Commendation:
    """Start a list; without the approval it rests on nothing may be commended.

    :raises Invalid: without title or basis
    :raises RecordMoved: before the result is published
    """
    round_ = locked(actor, round_id, "use.edit")
    if round_.status != Round.Status.PUBLISHED:
        raise RecordMoved("结果公布后才能拟定表彰名单，请先公布结果。")
    if not title.strip() or len(basis.strip()) < 6:
        raise Invalid("请填写表彰名称和批准依据（文件名称和文号）。没有批准依据的表彰不能开展。")
    made = Commendation.objects.create(
        round=round_,
        title=title.strip()[:100],
        basis=basis.strip()[:300],
        started_by_name=actor.name,
        started_at=at,
    )
    record(actor, "commendation.start", made, at=at, basis=made.basis)
    return made


@action("commendation.save")
def save_commendation(
    actor: Actor,
    commendation_id: int,
    *,
    quotas: Sequence[dict[str, Any]],
    nominees: Sequence[dict[str, Any]],
    version: int,
    at: datetime,
) -> Commendation:
    """Keep the composition asked for and the list.

    :raises Invalid: for a list too long, or with a name twice
    :raises RecordMoved: once notice was given, or when somebody else saved meanwhile
    """
    made = _locked(actor, commendation_id, "use.edit", version)
    _stands(made, Commendation.Status.DRAFT, "名单已经公示，不能再修改。")
    if len(nominees) > LONGEST_LIST:
        raise Invalid(f"名单最多 {LONGEST_LIST} 人，请分开拟定。")
    seen = [(row["name"], row["employer"]) for row in nominees]
    twice = sorted({name for name, employer in seen if seen.count((name, employer)) > 1})
    if twice:
        raise Invalid(f"名单中有重复：{'、'.join(twice)}，请删去重复的行。")
    made.quotas, made.nominees = list(quotas), list(nominees)
    made.version += 1
    made.save(update_fields=["quotas", "nominees", "version"])
    record(actor, "commendation.save", made, at=at, people=len(nominees))
    return made


@action("commendation.notice")
def notice_commendation(actor: Actor, commendation_id: int, *, version: int, at: datetime) -> Commendation:
    """Give public notice of the list for five working days.

    Everybody at work may read it from now on, and every unit is told.

    :raises Invalid: of an empty list, one without a quota or that breaks one, or that names a unit a veto strikes
    :raises RecordMoved: when notice was given, or the list changed meanwhile
    """
    made = _locked(actor, commendation_id, "use.decide", version)
    _stands(made, Commendation.Status.DRAFT, "名单已经公示过了。")
    if not made.nominees:
        raise Invalid("名单还是空的，请先填写人选。")
    _check_composition(made)
    made.status, made.notice_from = Commendation.Status.NOTICE, timezone.localdate(at)
    made.notice_until = work_calendar().plus(made.notice_from, COMMENDATION_NOTICE_DAYS)
    made.version += 1
    made.save(update_fields=["status", "notice_from", "notice_until", "version"])
    until = made.notice_until
    _tell_units(
        f"“{made.title}”名单现予公示，到{until.year}年{until.month}月{until.day}日为止。有异议的，请在公示期内向办公室反映。",
        at=at,
        link=f"/assessments/commendations/{made.pk}/notice/",
    )
    record(actor, "commendation.notice", made, at=at, until=str(made.notice_until))
    return made


def _check_composition(made: Commendation) -> None:
    if not made.quotas:
        raise Invalid(f"还没有填写结构比例。批准文件没有要求的，请在结构比例中写“{NO_QUOTA}”。")
    broken = tuple(found.sentence for found in quota_findings(made) if not found.is_met)
    if broken:
        raise Invalid(f"名单不符合结构比例，不能公示：{''.join(broken)}", faults=broken)
    if struck := struck_nominees(made).own:
        raise Invalid(f"名单中有被一票否决的单位，不能公示：{''.join(struck)}", faults=struck)


def _tell_units(sentence: str, *, at: datetime, link: str = "") -> None:
    units = open_units(on=timezone.localdate(at)).exclude(level=Level.OFFICE)
    told = [Told(sentence=sentence, unit_id=pk, link=link) for pk in units.values_list("pk", flat=True)]
    notify_many(told, at=at)


@action("commendation.drop")
def drop_commendation(
    actor: Actor, commendation_id: int, *, reason: str, version: int, at: datetime
) -> Commendation:
    """Discard a list that was started by mistake or is not needed any more.

    :raises Invalid: without a reason
    :raises RecordMoved: once notice was given, or when somebody else saved meanwhile
    """
    made = _locked(actor, commendation_id, "use.edit", version)
    _stands(made, Commendation.Status.DRAFT, "名单已经公示，请先停止公示再撤销。")
    reason = checked_reason(reason)
    made.status = Commendation.Status.DROPPED
    made.version += 1
    made.save(update_fields=["status", "version"])
    record(actor, "commendation.drop", made, at=at, reason=reason)
    return made


@action("commendation.object")
def take_objection(
    actor: Actor, commendation_id: int, *, words: str, version: int, at: datetime
) -> Commendation:
    """Enter an objection that came in during the public notice.

    :raises Invalid: without words
    :raises RecordMoved: outside the notice
    """
    made = _locked(actor, commendation_id, "use.edit", version)
    _stands(made, Commendation.Status.NOTICE, "名单不在公示期内，不能登记异议。")
    row = {
        "words": checked_reason(words),
        "taken_by": actor.name,
        "taken_on": str(timezone.localdate(at)),
        "outcome": "",
    }
    made.objections = [*made.objections, row]
    made.version += 1
    made.save(update_fields=["objections", "version"])
    record(actor, "commendation.object", made, at=at, count=len(made.objections))
    return made


@action("commendation.settle")
def settle_objection(
    actor: Actor, commendation_id: int, place: int, *, outcome: str, version: int, at: datetime
) -> Commendation:
    """Enter what looking into an objection came to; `name` of the person stays or goes by a new list.

    :raises Invalid: without words
    :raises RecordMoved: when there is no such open objection
    """
    made = _locked(actor, commendation_id, "use.edit", version)
    if not 0 <= place < len(made.objections) or made.objections[place]["outcome"]:
        raise RecordMoved("这件异议已经办结，请刷新页面。")
    made.objections[place]["outcome"] = checked_reason(outcome)
    made.version += 1
    made.save(update_fields=["objections", "version"])
    record(actor, "commendation.settle", made, at=at, place=place)
    return made


@action("commendation.return")
def return_commendation(
    actor: Actor, commendation_id: int, *, reason: str, version: int, at: datetime
) -> Commendation:
    """End the notice because the list has to change; notice is given anew afterwards.

    :raises Invalid: without a reason
    :raises RecordMoved: outside the notice
    """
    made = _locked(actor, commendation_id, "use.decide", version)
    _stands(made, Commendation.Status.NOTICE, "现在没有公示可以停止。")
    reason = checked_reason(reason)
    made.status, made.notice_from, made.notice_until = Commendation.Status.DRAFT, None, None
    made.version += 1
    made.save(update_fields=["status", "notice_from", "notice_until", "version"])
    _tell_units(f"“{made.title}”名单停止公示，修改后将重新公示。", at=at)
    record(actor, "commendation.return", made, at=at, reason=reason)
    return made


@action("commendation.decide")
def decide_commendation(actor: Actor, commendation_id: int, *, version: int, at: datetime) -> Commendation:
    """Settle the list after its notice.

    :raises Invalid: while the notice runs, or an objection is open
    :raises RecordMoved: outside the notice
    """
    made = _locked(actor, commendation_id, "use.decide", version)
    _stands(made, Commendation.Status.NOTICE, "请先公示名单，公示期满后再确定。")
    until = made.notice_until
    if until and timezone.localdate(at) <= until:
        raise Invalid(f"公示到 {until.year}年{until.month}月{until.day}日为止，期满后才能确定名单。")
    if made.open_objections:
        raise Invalid(f"还有 {made.open_objections} 件异议没有办结，请先核实并登记结果。")
    made.status, made.decided_at, made.decided_by_name = Commendation.Status.DECIDED, at, actor.name
    made.version += 1
    made.save(update_fields=["status", "decided_at", "decided_by_name", "version"])
    record(actor, "commendation.decide", made, at=at, people=len(made.nominees))
    return made


def _locked(actor: Actor, commendation_id: int, permission: str, version: int) -> Commendation:
    commendation_for(actor, commendation_id)
    require(actor, permission)
    made = Commendation.objects.select_for_update().get(pk=commendation_id)
    if made.version != version:
        raise RecordMoved(f"“{made.title}”刚刚被他人更新，请刷新后再操作。")
    return made


def _stands(made: Commendation, status: str, otherwise: str) -> None:
    if made.status != status:
        raise RecordMoved(otherwise)


@action("accountability.propose")
def propose_accountability(
    actor: Actor, round_id: int, unit_id: int, *, kind: str, grounds: str, at: datetime
) -> Accountability:
    """Propose talks with a unit, or a circular about it, on facts that were confirmed.

    :raises Invalid: without grounds, or while facts or objections of the unit are open
    :raises RecordMoved: when the same is under way for the unit
    """
    round_ = locked(actor, round_id, "use.edit")
    unit = assessed(round_).filter(pk=unit_id).first()
    if unit is None or kind not in Accountability.Kind.values:
        raise Invalid("请选择这次考核的单位和方式。")
    if why := hindrance_of(round_, unit, "propose"):
        raise Invalid(why)
    under_way = Accountability.objects.filter(round=round_, unit=unit, kind=kind)
    if under_way.exclude(status__in=["closed", "dropped"]).exists():
        raise RecordMoved("对该单位的同一事项正在办理，不必重复提出。")
    made = Accountability.objects.create(
        round=round_,
        unit=unit,
        kind=kind,
        grounds=checked_reason(grounds),
        proposed_by_id=actor.person_id,
        proposed_by_name=actor.name,
        proposed_at=at,
    )
    record(actor, "accountability.propose", made, at=at, unit=unit.code, way=kind)
    return made


@action("accountability.move")
def move_accountability(
    actor: Actor, accountability_id: int, move: str, *, words: str, version: int, at: datetime
) -> Accountability:
    """Review, decide, close or drop; words are what was found, decided or done.

    :raises Invalid: without words, or while facts or objections of the unit are open
    :raises NotAllowed: to who proposed it and now would review it, and to who reviewed it and now would decide
    :raises RecordMoved: when the move is not open any more
    """
    made = accountability_for(actor, accountability_id)
    require(actor, "use.decide" if move == "decide" else "use.edit")
    held = Accountability.objects.select_for_update().select_related("unit").get(pk=accountability_id)
    status = next_accountability_status(held.status, move)
    if status is None or held.version != version:
        raise RecordMoved("这件事项刚刚被他人办理，请刷新后再操作。")
    if bar := bar_to(actor, held, move):
        raise NotAllowed(bar)
    if move in {"review", "decide"} and (why := hindrance_of(made.round, held.unit, move)):
        raise Invalid(why)
    if move == "decide":
        held.warnings = warnings_of(made.round, held.unit)
    row = {"move": move, "by": actor.name, "person": actor.person_id, "at": at.isoformat()}
    row["words"] = checked_reason(words)
    held.course, held.status = [*held.course, row], status
    held.version += 1
    held.save(update_fields=["course", "status", "warnings", "version"])
    if move == "decide":
        notify(
            f"经研究，决定就{made.round.name}有关事项对本单位{held.get_kind_display()}，具体安排由办公室通知。",
            at=at,
            unit_id=held.unit_id,
            link=f"/assessments/{held.round_id}/",
        )
    record(actor, "accountability.move", held, at=at, move=move)
    return held
