"""申诉、答复、复核: what the unit, the office, the reviewer and the clock do with an objection."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils import timezone

from changai.areas.assessments.actions._correcting import corrected, keep_correction
from changai.areas.assessments.actions._steps import check_version, move_on
from changai.areas.assessments.actions.confirming import own_part, taken_by_unit
from changai.areas.assessments.models import FactsVersion, Objection, Round
from changai.areas.assessments.policies import (
    require_answer,
    require_namer,
    require_overruler,
    require_replier,
    require_reviewer,
)
from changai.areas.assessments.queries import (
    challengeable,
    changes_panel_points,
    conflict_of,
    fields_of_item,
    judged_by,
    objection_for,
    others_who_name,
    overdue_objections,
    reviewers_for,
    score_of_unit,
)
from changai.areas.assessments.queries.correcting import Corrected
from changai.areas.assessments.rules import (
    ANSWERED,
    CLOCK_MOVES,
    CLOSED_OBJECTIONS,
    LONGEST_GROUNDS,
    REVIEWING,
    SHORTEST_GROUNDS,
    next_objection_status,
)
from changai.areas.evidence.queries import visible_to as evidence_visible_to
from changai.core.errors import Invalid, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify
from changai.foundation.versions import require_version
from changai.foundation.workdays.queries import work_calendar

_PAST = "这件申诉的办理已有进展，请刷新页面查看后再操作。"


@action("objection.raise")
def raise_objection(
    actor: Actor, round_id: int, code: str, *, grounds: str, evidence_ids: Sequence[int] = (), at: datetime
) -> Objection:
    """Object to the figures or points of one item of the actor's own unit, or to a veto that struck it.

    :raises RecordMoved: after the last day, with the sentence that says so, or when the unit has objected to it
    :raises Invalid: without grounds, or for an item the unit was not scored on
    """
    round_ = taken_by_unit(actor, round_id, "object", at=at)
    part = own_part(actor, round_)
    grounds = _checked(grounds, "申诉事实和理由")
    score = score_of_unit(round_, part.unit_id)
    name = challengeable(score).get(code) if score else None
    if name is None:
        raise Invalid("请选择要申诉的指标。")
    if (
        Objection.objects.filter(round=round_, unit=part.unit_id, code=code)
        .exclude(status="withdrawn")
        .exists()
    ):
        raise RecordMoved(
            "本单位已就这项指标提出过申诉，请打开原申诉查看办理情况；不同意答复的，在期限内申请复核。"
        )
    objection = Objection.objects.create(
        round=round_, unit_id=part.unit_id, code=code, name=name, grounds=grounds,
        raised_by_name=actor.name, raised_at=at, due_on=_due(at, round_.reply_days),
    )  # fmt: skip
    files = evidence_visible_to(actor).filter(pk__in=evidence_ids, unit=part.unit_id)
    objection.evidence.set(files)
    if part.confirmed_at:
        part.confirmed_at, part.confirmed_by_name = None, ""
        part.version += 1
        part.save(update_fields=["confirmed_at", "confirmed_by_name", "version"])
    record(actor, "objection.raise", objection, at=at, code=code, evidence=len(files))
    _tell_office(f"{part.unit.name}就“{name}”提出申诉，请在期限内答复。", objection, at=at)
    return objection


def reply_to_objection(
    actor: Actor,
    objection_id: int,
    *,
    reply: str,
    values: Mapping[str, str],
    version: int,
    at: datetime,
    once: str = "",
) -> Objection:
    """Answer an objection: with corrected figures the round is scored again, without the result stands.

    Either way the unit accepts the reply or asks for a review: what was corrected may be less than it objected to.

    :raises NotAllowed: to somebody of the unit that objects, and to all but the head for points a panel gave
    :raises Invalid: without a reply, or for a value that is no figure
    :raises RecordMoved: when the objection or the round moved on meanwhile
    """
    objection = objection_for(actor, objection_id)
    require_replier(actor, objection)
    require_version(objection, version)
    reply = _checked(reply, "答复意见")
    came_to = _worked_out(actor, objection, values, at=at)
    if came_to and changes_panel_points(objection.round, came_to):
        require_overruler(actor)
    return keep_reply(actor, objection_id, reply=reply, came_to=came_to, version=version, at=at, once=once)  # type: ignore[call-arg]


@action("objection.reply")
def keep_reply(
    actor: Actor, objection_id: int, *, reply: str, came_to: Corrected | None, version: int, at: datetime
) -> Objection:
    """Keep a reply with what it corrects. Call `reply_to_objection`."""
    objection, round_ = _taken(actor, objection_id, "reply", version=version)
    require_replier(actor, objection)
    objection.reply, objection.replied_at = reply, at
    objection.replied_by_id, objection.replied_by_name = actor.person_id, actor.name
    _decide(actor, objection, round_, came_to, reason=reply, at=at)
    objection.due_on = _due(at, round_.confirm_days)
    _save(objection, "reply", "replied_at", "replied_by", "replied_by_name")
    record(actor, "objection.reply", objection, at=at, corrected=bool(came_to))
    told = "申诉已答复，数据已更正并重新计分" if came_to else "申诉已答复"
    _tell_unit(f"本单位关于“{objection.name}”的{told}；如不同意，可在期限内申请复核。", objection, at=at)
    return objection


@action("objection.accept")
def accept_reply(actor: Actor, objection_id: int, *, version: int, at: datetime) -> Objection:
    """Accept a reply: the result stands as the reply left it."""
    return _by_unit(actor, objection_id, "accept", version=version, at=at)


@action("objection.withdraw")
def withdraw_objection(actor: Actor, objection_id: int, *, version: int, at: datetime) -> Objection:
    """Withdraw the own unit's objection at any time before it is decided; what a reply corrected stands."""
    return _by_unit(actor, objection_id, "withdraw", version=version, at=at)


@action("objection.ask_review")
def ask_review(actor: Actor, objection_id: int, *, grounds: str, version: int, at: datetime) -> Objection:
    """Ask that somebody else looks at an answered objection again, also when the reply corrected figures.

    :raises RecordMoved: after the last day for it
    :raises Invalid: without grounds
    """
    grounds = _checked(grounds, "申请复核的理由")
    objection = objection_for(actor, objection_id)
    if objection.status == ANSWERED and objection.due_on and timezone.localdate(at) > objection.due_on:
        raise RecordMoved("申请复核的期限已过，按答复意见办理。")
    objection.review_grounds, objection.review_asked_at = grounds, at
    return _by_unit(actor, objection_id, "ask_review", version=version, at=at, grounds=grounds)


@action("objection.name_reviewer")
def name_reviewer(
    actor: Actor, objection_id: int, *, person_id: int, version: int, at: datetime
) -> Objection:
    """Name who reviews an objection: nobody who stands near to it (`rules.conflict`); the days begin anew.

    :raises NotAllowed: to who replied, while the office has somebody else
    :raises Invalid: for anybody who may not review it
    """
    objection, round_ = _taken(actor, objection_id, "name_reviewer", version=version)
    require_namer(actor, objection, others_who_name(objection.replied_by_id).count())
    person = next((each for each in reviewers_for(objection) if each.pk == person_id), None)
    if person is None:
        raise Invalid("该人员与这件申诉有利害关系或没有复核权限，请另选复核人。")
    objection.reviewer, objection.reviewer_name = person, person.name
    objection.due_on = _due(at, round_.review_days)
    _save(objection, "reviewer", "reviewer_name")
    record(actor, "objection.name_reviewer", objection, at=at, reviewer=person.pk)
    notify(
        f"请复核{objection.unit.name}关于“{objection.name}”的申诉。",
        at=at, unit_id=person.unit_id, role=person.post, link=_link(objection),
    )  # fmt: skip
    return objection


def review_objection(
    actor: Actor,
    objection_id: int,
    *,
    review: str,
    values: Mapping[str, str],
    version: int,
    at: datetime,
    once: str = "",
) -> Objection:
    """Decide the review: with corrected figures the objection is upheld, without the result stands. It is final.

    :raises NotAllowed: to anybody but the reviewer named, and to a reviewer with a conflict of interest
    :raises Invalid: without a decision in words, or for a value that is no figure
    :raises RecordMoved: when the objection or the round moved on meanwhile
    """
    objection = objection_for(actor, objection_id)
    require_reviewer(actor, objection, conflict_of(actor, objection, judged_by(objection)))
    require_version(objection, version)
    review = _checked(review, "复核意见")
    came_to = _worked_out(actor, objection, values, at=at)
    return keep_review(actor, objection_id, review=review, came_to=came_to, version=version, at=at, once=once)  # type: ignore[call-arg]


@action("objection.review")
def keep_review(
    actor: Actor, objection_id: int, *, review: str, came_to: Corrected | None, version: int, at: datetime
) -> Objection:
    """Keep a review with what it corrects. Call `review_objection`."""
    move = "uphold_review" if came_to else "refuse_review"
    objection, round_ = _taken(actor, objection_id, move, version=version)
    require_reviewer(actor, objection, conflict_of(actor, objection, judged_by(objection)))
    objection.review, objection.reviewed_at = review, at
    _decide(actor, objection, round_, came_to, reason=review, at=at)
    _save(objection, "review", "reviewed_at")
    record(actor, "objection.review", objection, at=at, upheld=bool(came_to))
    told = _told_of_review(objection, came_to)
    _tell_unit(f"本单位关于“{objection.name}”的申诉已复核：{told}。", objection, at=at)
    return objection


def _told_of_review(objection: Objection, came_to: Corrected | None) -> str:
    if came_to:
        return "数据已更正并重新计分"
    return "维持答复意见" if objection.facts_version_id else "维持原结果"


@action("objection.pass_deadline")
def pass_deadline(actor: Actor, objection_id: int, *, at: datetime) -> Objection:
    """Move an objection on whose day has passed: unanswered it goes to review, answered it is closed, and a review
    that was not decided is given to another reviewer.

    :raises RecordMoved: when its day has not passed
    """
    objection = (
        Objection.objects.select_for_update(of=("self",)).select_related("unit", "round").get(pk=objection_id)
    )
    move = CLOCK_MOVES.get(objection.status, "")
    status = next_objection_status(objection.status, move, objection.facts_version_id)
    if actor.role is not Role.MACHINE or status is None or objection.due_on is None:
        raise RecordMoved(_PAST)
    if timezone.localdate(at) <= objection.due_on:
        raise RecordMoved("办理期限还没有到。")
    objection.status = status
    if status == REVIEWING:
        _call_for_reviewer(objection, move, at=at)
    else:
        _close(objection, at=at)
        _tell_unit(
            f"本单位关于“{objection.name}”的申诉在期限内没有申请复核，按答复意见办结。", objection, at=at
        )
    _save(objection, "review_asked_at", "reviewer", "reviewer_name")
    record(actor, "objection.pass_deadline", objection, at=at, move=move)
    return objection


def _call_for_reviewer(objection: Objection, move: str, *, at: datetime) -> None:
    late, named = "逾期未答复，已转入复核", objection.reviewer_name
    if move == "call_again":
        late = f"，{named}逾期没有作出复核决定" if named else "逾期没有确定复核人"
    else:
        objection.review_asked_at = at
    objection.reviewer, objection.reviewer_name = None, ""
    objection.due_on = _due(at, objection.round.review_days)
    whose = f"{objection.unit.name}关于“{objection.name}”的申诉"
    _tell_office(f"{whose}{late}，请确定复核人。", objection, at=at)


def press_clock(actor: Actor, *, at: datetime) -> int:
    """Move on every objection whose day has passed and return how many."""
    overdue = list(overdue_objections(timezone.localdate(at)).values_list("pk", flat=True))
    for objection_id in overdue:
        pass_deadline(actor, objection_id, at=at)
    return len(overdue)


def _by_unit(
    actor: Actor, objection_id: int, move: str, *, version: int, at: datetime, grounds: str = ""
) -> Objection:
    objection, round_ = _taken(actor, objection_id, move, version=version)
    require_answer(actor, objection)
    if objection.status in CLOSED_OBJECTIONS:
        _close(objection, at=at)
    if objection.status == REVIEWING:
        objection.review_grounds, objection.review_asked_at = grounds, at
        objection.due_on = _due(at, round_.review_days)
        _tell_office(f"{objection.unit.name}就“{objection.name}”申请复核，请确定复核人。", objection, at=at)
    _save(objection, "review_grounds", "review_asked_at")
    record(actor, f"objection.{move}", objection, at=at)
    return objection


def _taken(actor: Actor, objection_id: int, move: str, *, version: int) -> tuple[Objection, Round]:
    """Return the objection after the move and its round, both locked: nobody decides while another does."""
    seen = objection_for(actor, objection_id)
    rounds = Round.objects.select_for_update(of=("self",)).select_related("scheme")
    round_ = rounds.defer("frozen_facts").get(pk=seen.round_id)
    move_on(round_, "settle", "这次考核已不在申诉办理阶段，请刷新页面查看。")
    objection = Objection.objects.select_for_update(of=("self",)).select_related("unit").get(pk=objection_id)
    objection.round = round_
    require_version(objection, version)
    status = next_objection_status(objection.status, move, objection.facts_version_id)
    if status is None:
        raise RecordMoved(_PAST)
    objection.status = status
    return objection, round_


def _worked_out(
    actor: Actor, objection: Objection, values: Mapping[str, str], *, at: datetime
) -> Corrected | None:
    if set(values) - set(fields_of_item(objection.round, objection.code)):
        raise Invalid("只能更正所申诉指标采用的数据，请刷新页面。")
    return corrected(objection.round, objection.unit_id, values, by=actor.name, at=at) if values else None


def _decide(
    actor: Actor, objection: Objection, round_: Round, came_to: Corrected | None, *, reason: str, at: datetime
) -> None:
    if came_to:
        check_version(round_, came_to.version)
        cause = FactsVersion.Cause.OBJECTION
        objection.facts_version = keep_correction(
            actor, round_, came_to, cause=cause, reason=reason[:500], at=at
        )
    if objection.status in CLOSED_OBJECTIONS:
        _close(objection, at=at)


def _close(objection: Objection, *, at: datetime) -> None:
    objection.closed_at, objection.due_on = at, None


def _save(objection: Objection, *names: str) -> None:
    objection.version += 1
    objection.save(update_fields=[*names, "status", "due_on", "closed_at", "facts_version", "version"])


def _checked(text: str, what: str) -> str:
    text = text.strip()
    if not SHORTEST_GROUNDS <= len(text) <= LONGEST_GROUNDS:
        raise Invalid(f"请写明{what}（{SHORTEST_GROUNDS} 至 {LONGEST_GROUNDS} 个字）。")
    return text


def _due(at: datetime, workdays: int) -> date:
    return work_calendar().plus(timezone.localdate(at), workdays)


def _link(objection: Objection) -> str:
    return f"/assessments/objections/{objection.pk}/"


def _tell_office(sentence: str, objection: Objection, *, at: datetime) -> None:
    for role in (Role.OFFICE_OFFICER, Role.OFFICE_HEAD):
        notify(sentence, at=at, role=role, link=_link(objection))


def _tell_unit(sentence: str, objection: Objection, *, at: datetime) -> None:
    notify(sentence, at=at, unit_id=objection.unit_id, link=_link(objection))
