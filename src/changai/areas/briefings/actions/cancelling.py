"""Papers that are given up before issue, and issued ones that are no longer in force."""

from datetime import datetime

from django.urls import reverse

from changai.areas.briefings.actions._moving import moved
from changai.areas.briefings.actions._submitting import settle_submittal
from changai.areas.briefings.actions.telling import tell_readers
from changai.areas.briefings.actions.writing import LONGEST_REASON, refuse_second_wording
from changai.areas.briefings.models import Annulment, Briefing, Submittal
from changai.areas.briefings.policies import require
from changai.areas.briefings.queries import briefing_for, papers_under
from changai.areas.briefings.rules import DRAFT, ISSUED
from changai.core.errors import Invalid, RecordMoved
from changai.documents.characters import single_line
from changai.foundation.actions import action
from changai.foundation.actors import OFFICE, Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify

LONGEST_BASIS = 200


@action("briefing.cancel")
def cancel_briefing(actor: Actor, briefing_id: int, *, reason: str, version: int, at: datetime) -> Briefing:
    """Give up a paper that is not issued; units still asked for their word are told. It can be restored.

    :raises Invalid: without a reason
    """
    was = briefing_for(actor, briefing_id).status
    briefing = moved(actor, briefing_id, "cancel", version)
    briefing.cancel_reason = _reason(reason, "作废原因")
    briefing.cancelled_at, briefing.cancelled_by_name = at, actor.name
    briefing.save()
    if was != DRAFT:
        outcome = Submittal.Outcome.CANCELLED
        settle_submittal(actor, briefing, outcome, reason=briefing.cancel_reason, at=at)
    sentence = f"{briefing.paper_kind.name}《{briefing.title}》已作废"
    link = reverse("briefings:briefing", args=[briefing.pk])
    for role in sorted(OFFICE) if was != DRAFT else ():
        if role is not actor.role:
            notify(f"{sentence}：{briefing.cancel_reason[:60]}", at=at, role=role, link=link)
    for unit_id in briefing.countersigns.filter(answer="").values_list("unit_id", flat=True):
        notify(f"{sentence}，不用会签。", at=at, role=Role.UNIT_HEAD, unit_id=unit_id)
    record(actor, "briefing.cancel", briefing, at=at, was=was)
    return briefing


@action("briefing.restore")
def restore_briefing(actor: Actor, briefing_id: int, *, version: int, at: datetime) -> Briefing:
    """Take a cancelled paper up again as a draft; its approval has fallen, why it was cancelled stays to be read.

    Units that still owe their word are told that it is wanted again.
    """
    briefing = moved(actor, briefing_id, "restore", version)
    if briefing.paper_kind.sends:
        refuse_second_wording(briefing.round_id)
    briefing.approved_at, briefing.approved_by_name = None, ""
    briefing.content, briefing.content_digest = {}, ""
    briefing.save()
    sentence = f"{briefing.paper_kind.name}《{briefing.title}》已恢复办理，请会签。"
    link = reverse("briefings:countersign", args=[briefing.pk])
    for unit_id in briefing.countersigns.filter(answer="").values_list("unit_id", flat=True):
        notify(sentence, at=at, role=Role.UNIT_HEAD, unit_id=unit_id, link=link)
    record(actor, "briefing.restore", briefing, at=at)
    return briefing


@action("briefing.annul")
def annul_paper(
    actor: Actor, briefing_id: int, *, kind: str, reason: str, basis: str = "", at: datetime
) -> Annulment:
    """Mark an issued paper as revoked or repealed and tell those who read it; paper, number and files stay.

    Of the common text of letters all its letters in force are marked with it.

    :raises Invalid: of no known kind, or without a reason
    :raises RecordMoved: when the paper is not issued, or no longer in force
    """
    require(actor, "briefing.approve")
    briefing = Briefing.objects.select_for_update().get(pk=briefing_for(actor, briefing_id).pk)
    if briefing.status != ISSUED:
        raise RecordMoved(f"《{briefing.title}》尚未印发，不需要的可以直接作废。")
    if kind not in Annulment.Kind:
        raise Invalid("请选择“撤销”或“废止”。")
    if earlier := Annulment.objects.filter(briefing=briefing).first():
        raise RecordMoved(f"《{briefing.title}》已由{earlier.annulled_by_name}{earlier.get_kind_display()}。")
    given = {"kind": kind, "reason": _reason(reason, "撤销或废止的原因")}
    given["basis"] = single_line(basis)[:LONGEST_BASIS]
    for paper in papers_under(briefing):
        annulment = Annulment.objects.create(
            briefing=paper, annulled_at=at, annulled_by_name=actor.name, **given
        )
        named = f"{paper.paper_kind.name}{paper.number_text}《{paper.title}》"
        tell_readers(paper, f"{named}已{annulment.get_kind_display()}：{annulment.reason[:60]}", at=at)
        record(actor, "briefing.annul", paper, at=at, kind=kind)
    return annulment


def _reason(written: str, named: str) -> str:
    reason = single_line(written)
    if not 0 < len(reason) <= LONGEST_REASON:
        raise Invalid(f"请写明{named}（不超过 {LONGEST_REASON} 字）。")
    return reason
