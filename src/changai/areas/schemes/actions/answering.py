"""What a unit does with a draft it was asked about: comments, "no comment", the head's signature."""

from datetime import datetime

from django.utils import timezone

from changai.areas.schemes.models import Answer, Comment
from changai.areas.schemes.policies import require_own
from changai.areas.schemes.queries.consulting import answer_for, node_named
from changai.areas.schemes.rules.consulting import LONGEST_TEXT, is_open, next_status
from changai.core.errors import Invalid, NotAllowed, NotVisible, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify
from changai.foundation.versions import require_version


@action("answer.say")
def add_comment(
    actor: Actor,
    answer_id: int,
    *,
    category: str = "",
    code: str = "",
    text: str,
    proposed: str = "",
    version: int,
    at: datetime,
) -> Comment:
    """Add a comment on a node of the draft (`code`), on a table, or on all of it.

    :raises Invalid: without words, or when the draft has no such node
    :raises RecordMoved: when the answer is sent, or the deadline is past
    """
    answer = _locked(actor, answer_id, version, "comment", at)
    text, proposed = text.strip(), proposed.strip()
    if not text or len(text) > LONGEST_TEXT or len(proposed) > LONGEST_TEXT:
        raise Invalid(f"请写明意见（不超过 {LONGEST_TEXT} 个字）。")
    comment = Comment.objects.create(
        answer=answer, category=category, code=code, text=text, proposed=proposed,
        node_name=node_named(answer.consultation, category, code),
    )  # fmt: skip
    answer.has_no_comment = False
    answer.version += 1
    answer.save(update_fields=["has_no_comment", "version"])
    record(actor, "answer.say", answer, at=at, comment=comment.pk, code=code)
    return comment


@action("answer.drop_comment")
def drop_comment(actor: Actor, answer_id: int, comment_id: int, *, version: int, at: datetime) -> Answer:
    """Take a comment out of an answer that is not sent.

    :raises NotVisible: when the answer has no such comment
    """
    answer = _locked(actor, answer_id, version, "comment", at)
    gone, _rows = answer.comments.filter(pk=comment_id).delete()
    if not gone:
        raise NotVisible
    answer.version += 1
    answer.save(update_fields=["version"])
    record(actor, "answer.drop_comment", answer, at=at, comment=comment_id)
    return answer


@action("answer.send")
def send_answer(actor: Actor, answer_id: int, *, has_no_comment: bool, version: int, at: datetime) -> Answer:
    """Send the unit's comments, or that it has none; where the office wants it, to the unit's head first.

    :raises Invalid: when there is nothing to send, or "no comment" together with comments
    """
    answer = _locked(actor, answer_id, version, "comment", at)
    written = answer.comments.count()
    if has_no_comment and written:
        raise Invalid("已写有意见，不能反馈“无意见”；请先删除意见，或直接反馈。")
    if not has_no_comment and not written:
        raise Invalid("还没有写意见；没有意见的，请点“无意见”。")
    goes_to_head = answer.consultation.is_signed and actor.role is not Role.UNIT_HEAD
    _move(answer, "hand_in" if goes_to_head else "send")
    answer.has_no_comment, answer.written_by_name = has_no_comment, actor.name
    answer.returned_reason = ""
    if not goes_to_head:
        answer.sent_at = at
        answer.signed_by_name = actor.name if actor.role is Role.UNIT_HEAD else ""
    answer.save()
    if goes_to_head:
        _tell_unit(answer, Role.UNIT_HEAD, "有一份指标体系征求意见的反馈待审签。", at=at)
    record(actor, "answer.send", answer, at=at, comments=written, status=answer.status)
    return answer


@action("answer.sign")
def sign_answer(actor: Actor, answer_id: int, *, version: int, at: datetime) -> Answer:
    """Sign the unit's answer as its head: it is sent."""
    answer = _locked(actor, answer_id, version, "sign", at)
    if actor.role is not Role.UNIT_HEAD:
        raise NotAllowed("由单位负责人审签。")
    _move(answer, "sign")
    answer.signed_by_name, answer.sent_at = actor.name, at
    answer.save()
    record(actor, "answer.sign", answer, at=at)
    return answer


@action("answer.decline")
def decline_answer(actor: Actor, answer_id: int, *, reason: str, version: int, at: datetime) -> Answer:
    """Give the answer back to the liaison with a reason, as the unit's head.

    :raises Invalid: without a reason
    """
    answer = _locked(actor, answer_id, version, "decline", at)
    if actor.role is not Role.UNIT_HEAD:
        raise NotAllowed("由单位负责人审签。")
    if not reason.strip():
        raise Invalid("请写明退回的原因。")
    _move(answer, "decline")
    answer.returned_reason = reason.strip()[:500]
    answer.save()
    _tell_unit(answer, Role.UNIT_LIAISON, "指标体系征求意见的反馈被负责人退回，请修改后再报。", at=at)
    record(actor, "answer.decline", answer, at=at, reason=answer.returned_reason)
    return answer


@action("answer.take_back")
def take_back_answer(actor: Actor, answer_id: int, *, version: int, at: datetime) -> Answer:
    """Take the unit's answer back to change it, until the deadline and before any of it is decided.

    :raises RecordMoved: when the office has begun to decide its comments
    """
    answer = _locked(actor, answer_id, version, "take_back", at)
    begun = answer.comments.exclude(decision="").exists()
    begun = begun or answer.comments.filter(merged_into__isnull=False).exists()
    if begun or Comment.objects.filter(merged_into__answer=answer).exists():
        raise RecordMoved("办公室已开始处理贵单位的意见，不能撤回；如有补充请联系办公室。")
    _move(answer, "take_back")
    answer.sent_at, answer.signed_by_name, answer.has_no_comment = None, "", False
    answer.save()
    record(actor, "answer.take_back", answer, at=at)
    return answer


def _locked(actor: Actor, answer_id: int, version: int, move: str, at: datetime) -> Answer:
    """Return the unit's answer, locked, while it can be changed by `move`.

    :raises RecordMoved: when it is sent, changed since, closed, or past its deadline
    """
    answer_for(actor, answer_id)
    answer = (
        Answer.objects.select_for_update(of=("self",))
        .select_related("consultation__scheme", "unit")
        .get(pk=answer_id)
    )
    require_own(actor, "scheme.comment", answer.unit.path)
    require_version(answer, version)
    today, sent = timezone.localdate(at), answer.consultation
    if not is_open(sent.due_on, today, is_closed=sent.closed_at is not None):
        raise RecordMoved("征求意见已截止，不能再反馈。确有意见的，请联系办公室延期。")
    if next_status(answer.status, move) is None:
        raise RecordMoved("反馈已经报出，不能再改；需要修改的请先撤回。")
    return answer


def _move(answer: Answer, move: str) -> None:
    status = next_status(answer.status, move)
    if status is None:
        raise RecordMoved("反馈的状态已经改变，请刷新后再操作。")
    answer.status = status
    answer.version += 1


def _tell_unit(answer: Answer, role: Role, sentence: str, *, at: datetime) -> None:
    notify(sentence, at=at, role=role, unit_id=answer.unit_id, link=f"/schemes/answers/{answer.pk}/")
