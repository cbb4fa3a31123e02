"""What other bodies do with a paper: countersign it before approval, sign for it after issue; and its corrections."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from changai.areas.briefings.models import Briefing, Countersign, Erratum, Receipt
from changai.areas.briefings.policies import require
from changai.areas.briefings.queries import briefing_for, countersign_for
from changai.areas.briefings.rules import DRAFT, ISSUED, SUBMITTED
from changai.areas.organisations import queries as organisations
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
    """Ask units for their word on a paper that is not yet approved; those asked already are not asked again.

    :raises Invalid: when no unit is chosen
    """
    require(actor, "briefing.edit")
    briefing = _locked(actor, briefing_id)
    if briefing.status not in {DRAFT, SUBMITTED}:
        raise RecordMoved(f"《{briefing.title}》已经审批，不能再送会签。")
    asked = set(briefing.countersigns.values_list("unit_id", flat=True))
    units = organisations.visible_to(actor).filter(pk__in=unit_ids).exclude(pk__in=asked)
    if not units:
        raise Invalid("请选择要会签的单位（已送会签的不重复送）。")
    made = [
        Countersign.objects.create(briefing=briefing, unit=unit, asked_at=at, asked_by_name=actor.name)
        for unit in units
    ]
    for each in made:
        link = reverse("briefings:countersign", args=[briefing.pk])
        sentence = f"请会签{briefing.paper_kind.name}《{briefing.title}》。"
        notify(sentence, at=at, role=Role.UNIT_HEAD, unit_id=each.unit_id, link=link)
    record(actor, "briefing.ask_countersigns", briefing, at=at, units=[each.unit_id for each in made])
    return made


@action("briefing.countersign")
def answer_countersign(
    actor: Actor, briefing_id: int, *, answer: str, words: str = "", at: datetime
) -> Countersign:
    """Give the own unit's word on a paper: agreed, or an opinion in words.

    :raises Invalid: when an opinion has no words
    :raises RecordMoved: when the unit has answered, or the paper has gone on
    """
    require(actor, "countersign.answer")
    found = countersign_for(actor, briefing_id)
    countersign = Countersign.objects.select_for_update().get(pk=found.pk)
    if countersign.answer or found.briefing.status not in {DRAFT, SUBMITTED}:
        raise RecordMoved("本单位已经会签，或公文已审批，不能再改会签意见。")
    if answer not in {Countersign.Answer.AGREED, Countersign.Answer.OPINION}:
        raise Invalid("请选择“同意”或“有意见”。")
    said = single_line(words)[:LONGEST_WORDS]
    if answer == Countersign.Answer.OPINION and not said:
        raise Invalid("有意见的，请写明意见。")
    countersign.answer, countersign.words = answer, said
    countersign.answered_at, countersign.answered_by_name = at, actor.name
    countersign.save()
    told = "同意" if answer == Countersign.Answer.AGREED else f"有意见：{said[:60]}"
    sentence = f"{countersign.unit.name}会签《{found.briefing.title}》：{told}"
    notify(sentence, at=at, role=Role.OFFICE_OFFICER, link=_address(found.briefing))
    record(actor, "briefing.countersign", found.briefing, at=at, answer=answer)
    return countersign


@action("briefing.withdraw_countersign")
def withdraw_countersign(actor: Actor, briefing_id: int, *, unit_id: int, at: datetime) -> None:
    """Take back the question to a unit that has not answered, so that the paper can go on."""
    require(actor, "briefing.edit")
    briefing = _locked(actor, briefing_id)
    open_ones = briefing.countersigns.filter(unit=unit_id, answer="")
    if not open_ones.exists():
        raise RecordMoved("该单位已经会签或没有送会签，请刷新后查看。")
    open_ones.delete()
    record(actor, "briefing.withdraw_countersign", briefing, at=at, unit=unit_id)


@action("briefing.receive")
def receive_paper(actor: Actor, briefing_id: int, *, at: datetime) -> Receipt:
    """Sign for an issued paper on behalf of the own unit.

    :raises RecordMoved: when somebody of the unit has signed already, or the paper is not issued
    """
    require(actor, "paper.receive")
    briefing = _locked(actor, briefing_id)
    if briefing.status != ISSUED or actor.unit_id is None:
        raise RecordMoved("公文印发后才能签收。")
    signed = briefing.receipts.filter(unit=actor.unit_id).first()
    if signed is not None:
        raise RecordMoved(f"本单位已由{signed.received_by_name}签收，不用再签。")
    receipt = Receipt.objects.create(
        briefing=briefing, unit_id=actor.unit_id, received_at=at, received_by_name=actor.name
    )
    record(actor, "briefing.receive", briefing, at=at)
    return receipt


@action("briefing.add_erratum")
def correct_paper(
    actor: Actor, briefing_id: int, *, place: str, printed: str, right: str, reason: str, at: datetime
) -> Erratum:
    """Enter a correction of an issued paper into the register; the paper itself stays as it was issued.

    :raises Invalid: when something is missing
    """
    require(actor, "briefing.approve")
    briefing = _locked(actor, briefing_id)
    if briefing.status != ISSUED:
        raise RecordMoved(f"《{briefing.title}》尚未印发，请直接修改。")
    texts = [single_line(text)[:LONGEST_WORDS] for text in (place, printed, right, reason)]
    if not all(texts):
        raise Invalid("更正之处、原文、更正为、更正原因都要填写。")
    erratum = Erratum.objects.create(
        briefing=briefing,
        place=texts[0][:LONGEST_PLACE],
        printed=texts[1],
        right=texts[2],
        reason=texts[3],
        corrected_at=at,
        corrected_by_name=actor.name,
    )
    for unit_id in _receivers(briefing):
        notify(f"《{briefing.title}》有更正：{texts[0]}", at=at, unit_id=unit_id, link=_address(briefing))
    record(actor, "briefing.add_erratum", briefing, at=at, place=texts[0])
    return erratum


def _receivers(briefing: Briefing) -> QuerySet[Receipt, int]:
    return briefing.receipts.order_by("unit_id").values_list("unit_id", flat=True)


def _locked(actor: Actor, briefing_id: int) -> Briefing:
    found = briefing_for(actor, briefing_id)
    briefing = Briefing.objects.select_for_update().filter(pk=found.pk).first()
    if briefing is None:
        raise NotVisible
    return briefing


def _address(briefing: Briefing) -> str:
    return reverse("briefings:briefing", args=[briefing.pk])
