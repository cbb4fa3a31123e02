"""What other bodies do with a paper: countersign it before approval, sign for it after issue; and its corrections."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from changai.areas.briefings.actions.telling import tell_readers
from changai.areas.briefings.models import Annulment, Briefing, Countersign, Distribution, Erratum, Receipt
from changai.areas.briefings.policies import require
from changai.areas.briefings.queries import (
    OPEN_STATUSES,
    briefing_for,
    countersign_for,
    opinions_found,
    opinions_open,
    own_receipt,
    papers_under,
    to_press,
    units_to_sign,
)
from changai.areas.briefings.rules import ISSUED
from changai.areas.organisations import queries as organisations
from changai.areas.organisations.models import Unit
from changai.core.errors import Invalid, NotVisible, RecordMoved
from changai.documents.characters import single_line
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify

LONGEST_WORDS, LONGEST_PLACE = 500, 120


@action("briefing.ask_countersigns")
def ask_countersigns(
    actor: Actor, briefing_id: int, *, unit_ids: tuple[int, ...], at: datetime
) -> list[Countersign]:
    """Ask units for their word on a paper that is not yet approved.

    A unit is asked again only when the text was changed after its word; the earlier word is kept beside the new one.

    :raises Invalid: when no unit is chosen
    """
    require(actor, "briefing.edit")
    briefing = _locked(actor, briefing_id)
    if briefing.status not in OPEN_STATUSES:
        raise RecordMoved(f"《{briefing.title}》已经审批或作废，不能再送会签。")
    asked = {each.unit_id: each for each in briefing.countersigns.select_for_update()}
    settled = [unit_id for unit_id, each in asked.items() if not each.is_stale]
    units = organisations.visible_to(actor).filter(pk__in=unit_ids).exclude(pk__in=settled)
    if not units:
        raise Invalid("请选择要会签的单位（已送会签、稿子没有改动的不重复送）。")
    made = [_asked(actor, briefing, unit, asked.get(unit.pk), at) for unit in units]
    for each in made:
        link = reverse("briefings:countersign", args=[briefing.pk])
        again = "（稿子有改动，请再次会签）" if each.earlier else ""
        sentence = f"请会签{briefing.paper_kind.name}《{briefing.title}》{again}。"
        notify(sentence, at=at, role=Role.UNIT_HEAD, unit_id=each.unit_id, link=link)
    record(actor, "briefing.ask_countersigns", briefing, at=at, units=[each.unit_id for each in made])
    return made


@action("briefing.countersign")
def answer_countersign(
    actor: Actor, briefing_id: int, *, answer: str, words: str = "", text: str = "", at: datetime
) -> Countersign:
    """Give the own unit's word on the text as it is now: agreed, or an opinion in words.

    :param text: the digest of the text that was read, when it was read on a page
    :raises Invalid: when an opinion has no words
    :raises RecordMoved: when the unit has answered, the paper has gone on, or it was changed while it was read
    """
    require(actor, "countersign.answer")
    found = countersign_for(actor, briefing_id)
    briefing = Briefing.objects.select_for_update().get(pk=found.briefing_id)
    countersign = Countersign.objects.select_for_update().get(pk=found.pk)
    if countersign.answer or briefing.status not in OPEN_STATUSES:
        raise RecordMoved("本单位已经会签，或公文已审批、已作废，不能再改会签意见。")
    if text and text != briefing.text_digest:
        raise RecordMoved("稿子刚刚改动过，请看过最新的稿子再会签。")
    if answer not in {Countersign.Answer.AGREED, Countersign.Answer.OPINION}:
        raise Invalid("请选择“同意”或“有意见”。")
    said = single_line(words)[:LONGEST_WORDS]
    if answer == Countersign.Answer.OPINION and not said:
        raise Invalid("有意见的，请写明意见。")
    countersign.answer, countersign.words, countersign.text_digest = answer, said, briefing.text_digest
    countersign.answered_at, countersign.answered_by_name = at, actor.name
    countersign.save()
    told = "同意" if answer == Countersign.Answer.AGREED else f"有意见：{said[:60]}"
    sentence = f"{countersign.unit.name}会签《{briefing.title}》：{told}"
    notify(sentence, at=at, role=Role.OFFICE_OFFICER, link=_address(briefing))
    record(actor, "briefing.countersign", briefing, at=at, answer=answer, text=briefing.text_digest)
    return countersign


@action("briefing.withdraw_countersign")
def withdraw_countersign(actor: Actor, briefing_id: int, *, unit_id: int, at: datetime) -> None:
    """Take back the question to a unit that has not answered, so that the paper can go on; its earlier word stays."""
    require(actor, "briefing.edit")
    briefing = _locked(actor, briefing_id)
    waiting = briefing.countersigns.select_for_update().filter(unit=unit_id, answer="").first()
    if waiting is None:
        raise RecordMoved("该单位已经会签或没有送会签，请刷新后查看。")
    if waiting.earlier:
        _restore(waiting)
    else:
        waiting.delete()
    record(actor, "briefing.withdraw_countersign", briefing, at=at, unit=unit_id)


@action("briefing.keep_opinions")
def keep_opinions(actor: Actor, briefing_id: int, *, reason: str, at: datetime) -> Briefing:
    """Write down what became of the units' opinions and of words on an earlier text; it holds for the text as it is.

    :raises Invalid: without words
    :raises RecordMoved: when there is nothing to answer, somebody has answered it, or the paper is approved already
    """
    require(actor, "briefing.edit")
    briefing = _locked(actor, briefing_id)
    if briefing.status not in OPEN_STATUSES or not opinions_open(briefing):
        raise RecordMoved(f"《{briefing.title}》已经审批，或没有要说明采纳情况的会签意见，请刷新后查看。")
    if not 0 < len(reason.strip()) <= LONGEST_WORDS:
        raise Invalid(f"请写明意见采纳、不采纳情况（不超过 {LONGEST_WORDS} 字）。")
    moment = timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
    found = opinions_found(briefing)
    briefing.opinions_kept = {"reason": reason.strip(), "by": actor.name, "at": moment, "found": found}
    briefing.save(update_fields=["opinions_kept"])
    units = [unit for unit, *_held in found]
    record(actor, "briefing.keep_opinions", briefing, at=at, units=units, reason=reason.strip())
    return briefing


@action("briefing.receive")
def receive_paper(actor: Actor, briefing_id: int, *, at: datetime) -> Receipt:
    """Sign for an issued paper on behalf of the own unit, and of those merged into it that have not signed.

    :raises RecordMoved: when somebody of the unit has signed already, or the paper is not issued
    """
    require(actor, "paper.receive")
    briefing = _locked(actor, briefing_id)
    if briefing.status != ISSUED or actor.unit_id is None:
        raise RecordMoved("公文印发后才能签收。")
    if annulment := Annulment.objects.filter(briefing=briefing).first():
        raise RecordMoved(f"公文已经{annulment.get_kind_display()}，不用签收。")
    waiting = units_to_sign(actor, briefing)
    if not waiting:
        signed = own_receipt(actor, briefing)
        raise RecordMoved(f"本单位已由{signed.received_by_name if signed else '他人'}签收，不用再签。")
    receipt, *_others = [
        Receipt.objects.create(
            briefing=briefing, unit_id=unit_id, received_at=at, received_by_name=actor.name
        )
        for unit_id in waiting
    ]
    record(actor, "briefing.receive", briefing, at=at)
    return receipt


@action("briefing.press_receipts")
def press_receipts(actor: Actor, briefing_id: int, *, at: datetime) -> int:
    """Remind the units that have not signed for an issued paper, each once a day, and return how many.

    :raises RecordMoved: when nobody is left to remind today, or the paper is no longer in force
    """
    require(actor, "briefing.edit")
    briefing = _locked(actor, briefing_id)
    if briefing.status != ISSUED or Annulment.objects.filter(briefing=briefing).exists():
        raise RecordMoved("公文尚未印发，或已经撤销、废止，不用催签收。")
    on = timezone.localdate(at)
    owed = [(paper, each) for paper in papers_under(briefing) for each in to_press(paper, on)]
    left = [each for _paper, each in owed]
    heirs = organisations.heirs_of(each.unit_id for each in left)
    for paper, each in owed:
        named = f"{paper.paper_kind.name}{paper.number_text}《{paper.title}》"
        each.pressed_at, each.pressed_by_name = at, actor.name
        unit_id = heirs[each.unit_id].pk if each.unit_id in heirs else each.unit_id
        notify(f"请签收{named}。", at=at, unit_id=unit_id, link=_address(paper))
    if not left:
        raise RecordMoved("都已签收，或今天已经催过。一天只催一次，请明天再看。")
    Distribution.objects.bulk_update(left, ["pressed_at", "pressed_by_name"])
    record(actor, "briefing.press_receipts", briefing, at=at, units=len(left))
    return len(left)


@action("briefing.add_erratum")
def correct_paper(
    actor: Actor, briefing_id: int, *, place: str, printed: str, right: str, reason: str, at: datetime
) -> Erratum:
    """Enter a correction of an issued paper into the register; the paper itself stays as it was issued.

    A correction of the common text of letters is one of each of its letters in force.

    :raises Invalid: when something is missing
    """
    require(actor, "briefing.approve")
    briefing = _locked(actor, briefing_id)
    if briefing.status != ISSUED:
        raise RecordMoved(f"《{briefing.title}》尚未印发，请直接修改。")
    texts = [single_line(text)[:LONGEST_WORDS] for text in (place, printed, right, reason)]
    if not all(texts):
        raise Invalid("更正之处、原文、更正为、更正原因都要填写。")
    for paper in papers_under(briefing):
        erratum = Erratum.objects.create(
            briefing=paper,
            place=texts[0][:LONGEST_PLACE],
            printed=texts[1],
            right=texts[2],
            reason=texts[3],
            corrected_at=at,
            corrected_by_name=actor.name,
        )
        tell_readers(paper, f"《{paper.title}》有更正：{texts[0]}", at=at)
        record(actor, "briefing.add_erratum", paper, at=at, place=texts[0])
    return erratum


def _asked(
    actor: Actor, briefing: Briefing, unit: Unit, before: Countersign | None, at: datetime
) -> Countersign:
    asked = before or Countersign(briefing=briefing, unit=unit)
    if before is not None and before.answered_at is not None:
        word = {"answer": before.answer, "words": before.words, "text_digest": before.text_digest}
        asked.earlier.append(word | {"at": before.answered_at.isoformat(), "by": before.answered_by_name})
    asked.asked_at, asked.asked_by_name = at, actor.name
    asked.answer, asked.words, asked.text_digest = "", "", ""
    asked.answered_at, asked.answered_by_name = None, ""
    asked.save()
    return asked


def _restore(waiting: Countersign) -> None:
    word = waiting.earlier.pop()
    waiting.answer, waiting.words, waiting.text_digest = word["answer"], word["words"], word["text_digest"]
    waiting.answered_at, waiting.answered_by_name = datetime.fromisoformat(word["at"]), word["by"]
    waiting.save()


def _locked(actor: Actor, briefing_id: int) -> Briefing:
    found = briefing_for(actor, briefing_id)
    briefing = Briefing.objects.select_for_update().filter(pk=found.pk).first()
    if briefing is None:
        raise NotVisible
    return briefing


def _address(briefing: Briefing) -> str:
    return reverse("briefings:briefing", args=[briefing.pk])
