"""征求意见: a draft is sent out, units answer, the office decides every comment with a reason."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone

from changai.areas.organisations.models import Unit
from changai.areas.schemes.actions._drafting import open_draft
from changai.areas.schemes.models import Answer, Comment, Consultation
from changai.areas.schemes.policies import require
from changai.areas.schemes.queries.consulting import comment_for, consultation_for, undecided
from changai.areas.schemes.rules.consulting import DECISIONS, LONGEST_LETTER, LONGEST_TEXT, SHORTEST_REASON
from changai.core.errors import Invalid, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify
from changai.foundation.versions import require_version


@action("scheme.circulate")
def circulate_draft(
    actor: Actor,
    version_id: int,
    *,
    unit_ids: Sequence[int],
    due_on: date,
    letter: str = "",
    is_signed: bool = False,
    version: int,
    at: datetime,
) -> Consultation:
    """Send a draft as it stands to units for comment until the day `due_on`; they are told.

    :raises Invalid: without units, with a day that is past, or when there is nothing in the draft
    :raises RecordMoved: when it is out for comment already, or changed meanwhile
    """
    require(actor, "scheme.consult")
    row = open_draft(actor, version_id, version)
    if row.consultations.filter(closed_at__isnull=True).exists():
        raise RecordMoved("这份草案正在征求意见，请先结束再发新一轮。")
    units = list(
        Unit.objects.filter(pk__in=unit_ids, closed_on__isnull=True).order_by("position", "code", "pk")
    )
    faults = []
    if not units:
        faults.append("请选择征求意见的单位。")
    if due_on < timezone.localdate(at):
        faults.append("反馈期限已过，请改为今天或以后。")
    if len(letter) > LONGEST_LETTER:
        faults.append(f"说明不能超过 {LONGEST_LETTER} 个字。")
    if not any(table["nodes"] for table in row.content["tables"]):
        faults.append("草案中还没有指标，不能征求意见。")
    if faults:
        raise Invalid(faults[0], faults=tuple(faults))
    last = row.consultations.aggregate(last=Max("round_number"))["last"] or 0
    sent = Consultation.objects.create(
        scheme=row, round_number=last + 1, content=row.content, digest=row.digest, letter=letter.strip(),
        is_signed=is_signed, opened_at=at, opened_by_name=actor.name, due_on=due_on,
    )  # fmt: skip
    answers = Answer.objects.bulk_create(Answer(consultation=sent, unit=unit) for unit in units)
    for answer in answers:
        _tell(answer, f"请对《{row}》征求意见稿提出意见，{_day(due_on)}前反馈；没有意见也请反馈。", at=at)
    record(
        actor, "scheme.circulate", row, at=at, consultation=sent.pk, digest=sent.digest, units=len(answers)
    )
    return sent


def _tell(answer: Answer, sentence: str, *, at: datetime, role: Role | None = Role.UNIT_LIAISON) -> None:
    notify(sentence, at=at, role=role, unit_id=answer.unit_id, link=f"/schemes/answers/{answer.pk}/")


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


@action("scheme.extend")
def extend_consultation(
    actor: Actor, consultation_id: int, *, due_on: date, version: int, at: datetime
) -> Consultation:
    """Move the deadline of an open consultation to a later day and tell the units that have not answered.

    :raises Invalid: when the day is not later, or past
    """
    row = _locked(actor, consultation_id, version)
    if due_on <= row.due_on or due_on < timezone.localdate(at):
        raise Invalid("新的期限应晚于原期限和今天。")
    row.due_on = due_on
    row.version += 1
    row.save(update_fields=["due_on", "version"])
    for answer in row.answers.exclude(status=Answer.Status.SENT):
        _tell(answer, f"《{row.scheme}》征求意见期限延至{_day(due_on)}。", at=at)
    record(actor, "scheme.extend", row, at=at, due_on=due_on.isoformat())
    return row


@action("scheme.close")
def close_consultation(actor: Actor, consultation_id: int, *, version: int, at: datetime) -> Consultation:
    """End a consultation: nobody answers any more. Units learn of the decisions once all are made."""
    row = _locked(actor, consultation_id, version)
    row.closed_at, row.closed_by_name = at, actor.name
    row.version += 1
    row.save(update_fields=["closed_at", "closed_by_name", "version"])
    answered = row.answers.filter(status=Answer.Status.SENT).count()
    for answer in row.answers.filter(status=Answer.Status.WRITTEN):
        sentence = f"《{row.scheme}》征求意见已结束，贵单位的反馈未经负责人审签，不计入采纳情况。"
        _tell(answer, sentence, at=at, role=None)
    record(actor, "scheme.close", row, at=at, answered=answered)
    _tell_decisions(row, at=at)
    return row


def _locked(actor: Actor, consultation_id: int, version: int) -> Consultation:
    """Return the open consultation, locked.

    :raises RecordMoved: when it is closed, or changed since the page was shown
    """
    consultation_for(actor, consultation_id)
    require(actor, "scheme.consult")
    row = (
        Consultation.objects.select_for_update(of=("self",)).select_related("scheme").get(pk=consultation_id)
    )
    if row.closed_at is not None:
        raise RecordMoved("这一轮征求意见已经结束。")
    require_version(row, version)
    return row


def _tell_decisions(row: Consultation, *, at: datetime) -> None:
    if row.closed_at is None or undecided(row).exists():
        return
    for answer in row.answers.filter(comments__isnull=False, status=Answer.Status.SENT).distinct():
        _tell(answer, f"贵单位对《{row.scheme}》征求意见稿的意见已处理，请查看采纳情况。", at=at)


@action("scheme.decide")
def decide_comment(
    actor: Actor, comment_id: int, *, decision: str, reason: str, version: int, at: datetime
) -> Comment:
    """Decide a comment, and with it all that are merged into it: adopted, partly, or refused, with the reason.

    :raises Invalid: without decision or reason
    :raises RecordMoved: when it was merged, or decided by somebody else meanwhile, or the version is issued
    """
    comment = _locked_comment(actor, comment_id, version)
    if decision not in DECISIONS:
        raise Invalid("请选择采纳、部分采纳或不采纳。")
    if not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_TEXT:
        raise Invalid(f"请写明理由（{SHORTEST_REASON} 至 {LONGEST_TEXT} 个字），提意见的单位会看到。")
    if comment.merged_into_id is not None:
        raise RecordMoved("这条意见已并入另一条，请处理那一条。")
    comment.decision, comment.reason = decision, reason.strip()
    comment.decided_at, comment.decided_by_name = at, actor.name
    comment.version += 1
    comment.save()
    record(actor, "scheme.decide", comment, at=at, decision=decision)
    _tell_decisions(comment.answer.consultation, at=at)
    return comment


@action("scheme.merge")
def merge_comments(actor: Actor, lead_id: int, *, comment_ids: Sequence[int], at: datetime) -> Comment:
    """Merge comments that say the same into the comment `lead_id`, which is then decided for all of them.

    :raises Invalid: without another comment, or with one of another consultation
    :raises RecordMoved: when one of them is decided or merged already
    """
    lead = _locked_comment(actor, lead_id)
    others = list(
        Comment.objects.select_for_update(of=("self",)).select_related("answer").filter(pk__in=comment_ids)
        .exclude(pk=lead.pk).order_by("pk")
    )  # fmt: skip
    if not others:
        raise Invalid("请至少选择两条意见再合并。")
    if any(each.answer.consultation_id != lead.answer.consultation_id for each in others):
        raise Invalid("只能合并同一轮征求意见中的意见。")
    if lead.merged_into_id or any(each.merged_into_id or each.decision for each in others):
        raise RecordMoved("所选意见中有的已处理或已合并，请刷新后再选。")
    for each in others:
        Comment.objects.filter(merged_into=each).update(merged_into=lead)
        each.merged_into = lead
        each.version += 1
        each.save(update_fields=["merged_into", "version"])
    record(actor, "scheme.merge", lead, at=at, merged=[each.pk for each in others])
    return lead


@action("scheme.part")
def part_comment(actor: Actor, comment_id: int, *, version: int, at: datetime) -> Comment:
    """Take a comment out of the one it was merged into; it is then decided by itself.

    :raises RecordMoved: when it is not merged
    """
    comment = _locked_comment(actor, comment_id, version)
    if comment.merged_into_id is None:
        raise RecordMoved("这条意见没有并入其他意见。")
    record(actor, "scheme.part", comment, at=at, lead=comment.merged_into_id)
    comment.merged_into = None
    comment.version += 1
    comment.save(update_fields=["merged_into", "version"])
    return comment


def _locked_comment(actor: Actor, comment_id: int, version: int | None = None) -> Comment:
    comment_for(actor, comment_id)
    require(actor, "scheme.consult")
    comment = (
        Comment.objects.select_for_update(of=("self",))
        .select_related("answer__consultation__scheme")
        .get(pk=comment_id)
    )
    if version is not None:
        require_version(comment, version)
    if not comment.answer.consultation.scheme.is_draft:
        raise RecordMoved("这一版已印发，意见的处理结果不能再改。")
    return comment
