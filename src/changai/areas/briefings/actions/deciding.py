"""Submit, return, approve, number, issue. Issuing freezes the text, the figures and the files."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from changai.areas.briefings.actions._freezing import freeze_figures
from changai.areas.briefings.actions._moving import moved
from changai.areas.briefings.actions._submitting import keep_submittal, settle_submittal
from changai.areas.briefings.actions.attaching import attach_drawn, draw_files
from changai.areas.briefings.actions.telling import tell_readers
from changai.areas.briefings.actions.writing import LONGEST_REASON
from changai.areas.briefings.models import Briefing, Distribution, Submittal
from changai.areas.briefings.policies import require
from changai.areas.briefings.queries import (
    Composed,
    briefing_for,
    burden_findings,
    burden_open,
    compose,
    next_numbers,
    opinion_sentences,
    opinions_open,
    paper_catalogue,
    units_sent_to,
)
from changai.core.burden import sentence_of
from changai.core.errors import Invalid, RecordMoved
from changai.documents import fonts
from changai.documents.paper import paper_from_dict
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify


@action("briefing.submit")
def submit_briefing(actor: Actor, briefing_id: int, *, version: int, at: datetime) -> Briefing:
    """Hand the briefing to the head of the office. A draft with faults is refused with all of them."""
    briefing = moved(actor, briefing_id, "submit", version)
    _compose(actor, briefing, at)
    briefing.submitted_at, briefing.submitted_by_name = at, actor.name
    briefing.returned_at, briefing.returned_by_name, briefing.return_reason = None, "", ""
    briefing.save()
    keep_submittal(actor, briefing, at=at)
    notify(
        f"{briefing.paper_kind.name}《{briefing.title}》待审批。",
        at=at,
        role=Role.OFFICE_HEAD,
        link=_address(briefing),
    )
    record(actor, "briefing.submit", briefing, at=at)
    return briefing


@action("briefing.take_back")
def take_back_briefing(actor: Actor, briefing_id: int, *, version: int, at: datetime) -> Briefing:
    """Take a submitted briefing back to write on."""
    briefing = moved(actor, briefing_id, "take_back", version)
    briefing.save()
    settle_submittal(actor, briefing, Submittal.Outcome.TAKEN_BACK, at=at)
    record(actor, "briefing.take_back", briefing, at=at)
    return briefing


@action("briefing.return")
def return_briefing(actor: Actor, briefing_id: int, *, reason: str, version: int, at: datetime) -> Briefing:
    """Give the briefing back to the writers with what to change.

    :raises Invalid: without a reason
    """
    briefing = moved(actor, briefing_id, "return", version)
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise Invalid(f"请写明退改意见（不超过 {LONGEST_REASON} 字）。")
    briefing.return_reason = reason.strip()
    briefing.returned_at, briefing.returned_by_name = at, actor.name
    briefing.approved_at, briefing.approved_by_name = None, ""
    briefing.content, briefing.content_digest = {}, ""
    briefing.save()
    settle_submittal(actor, briefing, Submittal.Outcome.RETURNED, reason=briefing.return_reason, at=at)
    notify(
        f"{briefing.paper_kind.name}《{briefing.title}》退回修改：{reason.strip()[:60]}",
        at=at,
        role=Role.OFFICE_OFFICER,
        link=_address(briefing),
    )
    record(actor, "briefing.return", briefing, at=at)
    return briefing


@action("briefing.approve")
def approve_briefing(actor: Actor, briefing_id: int, *, version: int, at: datetime) -> Briefing:
    """Approve the briefing as it stands; its figures as approved are kept, to compare with at issue."""
    briefing = moved(actor, briefing_id, "approve", version)
    open_units = briefing.countersigns.filter(answer="").values_list("unit__name", flat=True)
    if open_units:
        raise Invalid(f"还有单位没有会签：{'、'.join(open_units)}。请等待会签，或撤回对它们的会签要求。")
    if burden_open(briefing):
        raise Invalid(
            "减负检查有未说明理由的事项，请修改原文，或写明保留的理由后再审批。",
            faults=tuple(sentence_of(finding) for finding in burden_findings(briefing)),
        )
    if opinions_open(briefing):
        raise Invalid(
            "会签有意见，或会签后稿子有改动，请写明采纳情况，或再送会签后再审批。",
            faults=tuple(opinion_sentences(briefing)),
        )
    approved = _compose(actor, briefing, at).paper
    briefing.content, briefing.content_digest = approved.to_dict(), approved.digest
    briefing.approved_at, briefing.approved_by_name = at, actor.name
    briefing.save()
    settle_submittal(actor, briefing, Submittal.Outcome.APPROVED, at=at)
    record(actor, "briefing.approve", briefing, at=at, digest=approved.digest)
    return briefing


def issue_briefing(actor: Actor, briefing_id: int, *, version: int, at: datetime, once: str = "") -> Briefing:
    """Number and issue an approved briefing, then keep its two files, and return it.

    It is drawn once as approved before anything is changed: no number is taken for a paper that cannot be printed. The
    files are drawn outside every transaction (they take a second); were the machine to stop between, the job
    `briefings.files` draws the same bytes from the frozen content.

    :raises FontsMissing: before anything is changed, when no Chinese font is installed
    :raises Damaged: before anything is changed, when a picture's bytes are gone or no longer fit
    """
    require(actor, "briefing.approve")
    fonts.families(fonts.Role.FANGSONG, tuple(settings.FONT_FOLDERS))
    if approved := briefing_for(actor, briefing_id).content:
        draw_files(paper_from_dict(approved))
    briefing = freeze_briefing(  # type: ignore[call-arg]  # every action takes `once`
        actor, briefing_id, version=version, at=at, once=once
    )
    return attach_drawn(actor, briefing, at=at)


@action("briefing.issue")
def freeze_briefing(actor: Actor, briefing_id: int, *, version: int, at: datetime) -> Briefing:
    """Number an approved briefing and freeze its text, its figures and their as-of time."""
    briefing = moved(actor, briefing_id, "issue", version)
    if briefing.paper_kind.sends:
        raise RecordMoved("统一稿本身不印发，请印发各单位的反馈意见。")
    issued_on = timezone.localdate(at)
    briefing.year = issued_on.year
    briefing.issue_number, briefing.total_number = next_numbers(briefing.series, issued_on.year)
    composed = _compose(actor, briefing, at)
    briefing.content, briefing.content_digest = composed.paper.to_dict(), composed.paper.digest
    briefing.issued_at, briefing.issued_by_name = at, actor.name
    briefing.save()
    freeze_figures(briefing, composed, at=at)
    Distribution.objects.bulk_create(
        Distribution(briefing=briefing, unit=unit, sent_at=at) for unit in units_sent_to(briefing, issued_on)
    )
    tell_readers(briefing, f"{briefing.paper_kind.name}{briefing.number_text}已印发：{briefing.title}", at=at)
    number = f"{briefing.series}-{briefing.year}-{briefing.issue_number}"
    record(actor, "briefing.issue", briefing, at=at, number=number, digest=briefing.content_digest)
    return briefing


def _compose(actor: Actor, briefing: Briefing, at: datetime) -> Composed:
    catalogue = paper_catalogue(actor, briefing, as_of=at)
    return compose(briefing, catalogue, issued_on=timezone.localdate(at))


def _address(briefing: Briefing) -> str:
    return reverse("briefings:briefing", args=[briefing.pk])
