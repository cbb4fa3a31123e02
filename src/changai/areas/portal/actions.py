"""Making suggestions and answering them."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.utils import timezone

from changai.areas.organisations import policies as organisations
from changai.areas.portal import queries
from changai.areas.portal.models import Suggestion
from changai.areas.portal.rules import (
    ALTOGETHER,
    FROM_ONE_ADDRESS,
    LONGEST_ANSWER,
    ORIGIN_KEPT,
    new_number,
    origin_of,
    text_fault,
)
from changai.core.errors import ActionRefused, Invalid
from changai.documents.characters import printable, single_line
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify
from changai.foundation.versions import require_version


class TooMany(ActionRefused):
    """More suggestions at once than a person writes."""

    code: ClassVar[str] = "too_many"
    status: ClassVar[int] = 429


@action("suggestion.make")
def make_suggestion(actor: Actor, *, text: str, contact: str, address: str, at: datetime) -> Suggestion:
    """Take a suggestion and return it with its number.

    Give a visitor without an address as `actor`, even when somebody is signed in: the log must not tell who wrote.
    `address` is used to count and is not kept.

    :raises Invalid: when the text is too short or too long
    :raises TooMany: when too many came at once
    """
    text, contact = printable(text).strip(), single_line(contact)
    if fault := text_fault(text):
        raise Invalid(fault)
    if len(contact) > 80:
        raise Invalid("联系方式请控制在 80 个字以内。")
    origin = origin_of(settings.SECRET_KEY.encode(), address, timezone.localdate(at))
    here, everywhere = queries.recent(now=at, origin=origin)
    if here >= FROM_ONE_ADDRESS or everywhere >= ALTOGETHER:
        raise TooMany("提交过于频繁，本条没有收下。请一小时后再提交，已写的内容请先保存。")
    made = Suggestion.objects.create(
        number=new_number(), text=text, contact=contact, origin=origin, made_at=at
    )
    record(actor, "suggestion.make", made, at=at)
    notify(
        "收到一条意见建议，待处理。", at=at, role=Role.OFFICE_OFFICER, link=f"/portal/suggestions/{made.pk}/"
    )
    return made


@action("suggestion.answer")
def answer_suggestion(
    actor: Actor, suggestion_id: int, *, version: int, answer: str, at: datetime
) -> Suggestion:
    """Answer a suggestion, or better an answer; the writer reads it under the number.

    :raises NotVisible: when there is none for this actor
    :raises RecordMoved: when somebody else answered meanwhile
    :raises Invalid: when the answer is empty or too long
    """
    made = queries.suggestion_for(actor, suggestion_id)
    organisations.require(actor, "suggestion.view")
    require_version(made, version)
    answer = printable(answer).strip()
    if not 1 <= len(answer) <= LONGEST_ANSWER:
        raise Invalid(f"请填写处理情况，不超过 {LONGEST_ANSWER} 个字。")
    made.answer, made.answered_at, made.answered_by_name = answer, at, actor.name
    made.version += 1
    made.save(update_fields=["answer", "answered_at", "answered_by_name", "version"])
    record(actor, "suggestion.answer", made, at=at)
    return made


@action("suggestion.forget_origins")
def forget_origins(actor: Actor, *, at: datetime) -> int:
    """Empty what tells suggestions of one address together, a day after; return of how many."""
    forgotten = Suggestion.objects.filter(made_at__lt=at - ORIGIN_KEPT).exclude(origin="").update(origin="")
    record(actor, "suggestion.forget_origins", "portal.suggestion", at=at, rows=forgotten)
    return forgotten
