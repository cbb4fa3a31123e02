"""Order the letters of a round: numbered in one row, composed at one moment, stopped or tried again by the head."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from changai.areas.assessments.models import Round
from changai.areas.briefings.actions._freezing import freeze_figures
from changai.areas.briefings.actions._moving import moved
from changai.areas.briefings.actions._submitting import settle_submittal
from changai.areas.briefings.actions.writing import LONGEST_REASON
from changai.areas.briefings.models import Briefing, Submittal
from changai.areas.briefings.queries import (
    Letters,
    Receiver,
    batch_of,
    issued_before,
    letter_to,
    letters_of,
    next_numbers,
    picture_contents,
    receivers,
)
from changai.areas.briefings.rules import CANCELLED, ISSUING, LETTERS
from changai.core.errors import Invalid, RecordMoved
from changai.documents import fonts
from changai.documents.characters import single_line
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify

_MOST_NAMED = 3
_ROWS_AT_ONCE = 50


def order_letters(
    actor: Actor, wording_id: int, *, version: int, reason: str = "", at: datetime, once: str = ""
) -> Briefing:
    """Number and compose the letters of an approved text; the job renders them behind the page and issues them all.

    :raises FontsMissing: before anything is changed, when no Chinese font is installed
    """
    fonts.families(fonts.Role.FANGSONG, tuple(settings.FONT_FOLDERS))
    return number_letters(  # type: ignore[call-arg]  # every action takes `once`
        actor, wording_id, version=version, reason=reason, at=at, once=once
    )


@action("briefing.number_letters")
def number_letters(
    actor: Actor, wording_id: int, *, version: int, reason: str = "", at: datetime
) -> Briefing:
    """Number the letters of an approved text in one row, one a unit, and freeze texts and figures of all as of now.

    No fact moves between the first and the last: actions wait for each other.

    :param reason: why the units get letters once more, when letters of the round are in force
    :raises Invalid: when the round has no unit to write to, when a letter has a fault (no number is taken then), or
        without a reason where one is needed
    :raises RecordMoved: when the text is not approved, was changed since, or letters of the round are ordered already
    """
    wording = moved(actor, wording_id, "issue", version)
    if not wording.paper_kind.sends or wording.round is None:
        raise RecordMoved(f"《{wording.title}》不是逐单位的函件。")
    wording.again_reason = _again(wording, wording.round, reason)
    sent_to = receivers(wording.round)
    if not sent_to:
        raise Invalid("本轮考核没有考核对象，不能印发反馈意见。")
    wording.status, wording.year = ISSUING, timezone.localdate(at).year
    wording.issued_at, wording.issued_by_name, wording.refusal = at, actor.name, ""
    letters = _numbered(wording, sent_to)
    _compose(wording, letters, sent_to, at=at)
    wording.save(
        update_fields=["status", "version", "year", "issued_at", "issued_by_name", "refusal", "again_reason"]
    )
    first, last = letters[0].issue_number, letters[-1].issue_number
    numbers = f"{wording.series}-{wording.year}-{first}-{last}"
    told = {"again": wording.again_reason} if wording.again_reason else {}
    record(actor, "briefing.number_letters", wording, at=at, numbers=numbers, letters=len(letters), **told)
    return wording


def _again(wording: Briefing, round_: Round, reason: str) -> str:
    """Return why letters go out once more, empty when none of the round is in force; the round is locked from here."""
    Round.objects.select_for_update().get(pk=round_.pk)
    others = Briefing.objects.filter(kind=LETTERS, round=round_).exclude(pk=wording.pk)
    if other := others.filter(status=ISSUING).first():
        raise RecordMoved(f"本轮的《{other.title}》正在印发，请等它全部印发，或停止印发后再办理。")
    out = [batch for batch in issued_before(wording) if batch.in_force]
    if not out:
        return ""
    said = single_line(reason)
    if not 0 < len(said) <= LONGEST_REASON:
        listed = "、".join(batch.numbers for batch in out)
        raise Invalid(
            f"本轮考核已印发{listed}，再印发各单位会有两件。"
            f"确需补发的，请写明补发理由（不超过 {LONGEST_REASON} 字）；要代替原函件的，请先撤销原函件。"
        )
    return said


def _numbered(wording: Briefing, sent_to: Sequence[Receiver]) -> list[Briefing]:
    first, _total = next_numbers(wording.series, wording.year or 0)
    letters = [letter_to(wording, each) for each in sent_to]
    for number, letter in enumerate(letters, start=first):
        letter.status, letter.year, letter.issue_number = ISSUING, wording.year, number
        letter.issued_at, letter.issued_by_name = wording.issued_at, wording.issued_by_name
    made = Briefing.objects.bulk_create(letters)
    sent = Briefing.addressees.through
    sent.objects.bulk_create(
        sent(briefing_id=letter.pk, unit_id=each.unit.pk) for letter, each in zip(made, sent_to, strict=True)
    )
    return made


def _compose(
    wording: Briefing, letters: Sequence[Briefing], sent_to: Sequence[Receiver], *, at: datetime
) -> None:
    """Freeze text and figures of every letter, or refuse with the faults of all, each with the units that have it."""
    at_hand = Letters(wording, as_of=at)
    faulty: dict[str, list[str]] = {}
    for letter, each in zip(letters, sent_to, strict=True):
        composed, faults = at_hand.checked(letter, each.unit.pk, issued_on=timezone.localdate(at))
        for fault in faults:
            faulty.setdefault(fault, []).append(each.name)
        if faulty:
            continue
        if letter is letters[0]:
            picture_contents(composed.paper)  # the same in all: refused here while they are not at hand
        letter.content, letter.content_digest = composed.paper.to_dict(), composed.paper.digest
        freeze_figures(letter, composed, at=at)
    if faulty:
        told = tuple(f"{_named(names)}：{fault}" for fault, names in faulty.items())
        raise Invalid("有的单位的函件还不能生成，没有编号。请退回修改文字后再报批。", faults=told)
    Briefing.objects.bulk_update(letters, ["content", "content_digest"], batch_size=_ROWS_AT_ONCE)


def _named(names: Sequence[str]) -> str:
    listed = "、".join(names[:_MOST_NAMED])
    return f"{listed}等 {len(names)} 个单位" if len(names) > _MOST_NAMED else listed


@action("briefing.retry_letters")
def retry_letters(actor: Actor, wording_id: int, *, version: int, at: datetime) -> Briefing:
    """Let the job try once more to write what it could not.

    :raises RecordMoved: when nothing was refused, or the letters are no longer under way
    """
    wording = moved(actor, wording_id, "retry", version)
    refused = letters_of(wording).exclude(refusal="")
    tried = [letter.issue_number for letter in refused]
    if not tried and not wording.refusal:
        raise RecordMoved(f"《{wording.title}》没有不能生成的函件，不用重试。")
    refused.update(refusal="")
    wording.refusal = ""
    wording.save(update_fields=["status", "version", "refusal"])
    record(actor, "briefing.retry_letters", wording, at=at, numbers=tried)
    return wording


@action("briefing.stop_letters")
def stop_letters(actor: Actor, wording_id: int, *, reason: str, version: int, at: datetime) -> Briefing:
    """Give up letters that are being written: their numbers are void, nobody sees one, the text is a draft again.

    :raises Invalid: without a reason
    :raises RecordMoved: when the letters are issued already, or were never ordered
    """
    wording = moved(actor, wording_id, "stop", version)
    said = single_line(reason)
    if not 0 < len(said) <= LONGEST_REASON:
        raise Invalid(f"请写明停止印发的原因（不超过 {LONGEST_REASON} 字）。")
    letters = letters_of(wording)
    void = batch_of(letters)
    letters.update(status=CANCELLED, cancelled_at=at, cancelled_by_name=actor.name, cancel_reason=said)
    wording.returned_at, wording.returned_by_name, wording.return_reason = at, actor.name, said
    wording.approved_at, wording.approved_by_name = None, ""
    wording.year, wording.issued_at, wording.issued_by_name = None, None, ""
    wording.content, wording.content_digest = {}, ""
    wording.refusal = wording.again_reason = ""
    wording.save()
    settle_submittal(actor, wording, Submittal.Outcome.RETURNED, reason=said, at=at)
    sentence = f"《{wording.title}》已停止印发，{void.numbers if void else ''}作废，文字退回修改：{said[:60]}"
    link = reverse("briefings:briefing", args=[wording.pk])
    notify(sentence, at=at, role=Role.OFFICE_OFFICER, link=link)
    record(actor, "briefing.stop_letters", wording, at=at, void=void.numbers if void else "", reason=said)
    return wording
