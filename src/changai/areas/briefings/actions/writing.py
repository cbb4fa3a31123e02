"""Write, submit, approve, number, issue. Issuing freezes the text, the figures and the files."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from changai.areas.assessments.models import Round
from changai.areas.assessments.queries import round_for
from changai.areas.briefings.actions.telling import tell_readers
from changai.areas.briefings.models import Briefing, FrozenFigure
from changai.areas.briefings.policies import require
from changai.areas.briefings.queries import (
    OPEN_STATUSES,
    Composed,
    addressed_units,
    briefing_for,
    burden_findings,
    burden_found,
    burden_open,
    catalogue_for,
    compose,
    file_name,
    last_imprint,
    next_numbers,
    opinion_sentences,
    opinions_hindrance,
    opinions_open,
    worded,
)
from changai.areas.briefings.rules import BRIEFING, ISSUED, MOVES, PAPER_KINDS, cleaned_blocks
from changai.areas.evidence.actions import keep_file
from changai.areas.organisations import queries as organisations
from changai.areas.organisations.models import Unit
from changai.areas.schemes.models import Consultation
from changai.areas.schemes.queries.consulting import consultation_for
from changai.core.burden import sentence_of
from changai.core.errors import Invalid, RecordMoved
from changai.core.periods import Month
from changai.documents import fonts
from changai.documents.characters import single_line
from changai.documents.docx import render_docx
from changai.documents.paper import paper_from_dict
from changai.documents.pdf import render_pdf
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify

LINES = ("report_to", "send_to", "distribute_to", "copy_to", "recipients")
URGENCIES = ("", "特急", "加急", "平急")
LONGEST_TITLE, LONGEST_LINE, MOST_COPIES, LONGEST_REASON = 100, 200, 9999, 500
LONGEST_RECIPIENTS, LONGEST_CODE, LONGEST_SIGNERS = 200, 20, 60


@action("briefing.start")
def start_briefing(
    actor: Actor,
    *,
    title: str,
    month: Month,
    kind: str = BRIEFING,
    unit_ids: tuple[int, ...] = (),
    round_id: int | None = None,
    consultation_id: int | None = None,
    blocks: list[dict[str, str]],
    at: datetime,
) -> Briefing:
    """Start a paper about a month, with the blocks of a template or none, and the receivers of the last of its kind.

    `unit_ids` are the units it is sent to: a letter or notice is read by them alone.

    :raises Invalid: without a title, of no known kind, without the units or the consultation it needs, or when the
        round's result is not published
    """
    require(actor, "briefing.edit")
    if kind not in PAPER_KINDS:
        raise Invalid("没有这样的文种，请重新选择。")
    units = list(organisations.visible_to(actor).filter(pk__in=unit_ids))
    if PAPER_KINDS[kind].reaches == "addressees" and not units:
        raise Invalid(f"{PAPER_KINDS[kind].name}应选择主送单位。")
    if round_id is not None and round_for(actor, round_id).status != Round.Status.PUBLISHED:
        raise Invalid("考核结果尚未公布，公布后才能写入简报。")
    consultation = _consultation(actor, kind, consultation_id)
    briefing = Briefing.objects.create(
        kind=kind,
        series=PAPER_KINDS[kind].series,
        title=_title(title),
        month=month.first_on,
        round_id=round_id,
        consultation=consultation,
        draft=cleaned_blocks(blocks),
        written_by_name=actor.name,
        created_at=at,
        written_at=at,
        **{"number_code": _code(kind)} | last_imprint(kind) | _head(units),
    )
    briefing.addressees.set(units)
    record(actor, "briefing.start", briefing, at=at)
    return briefing


def _consultation(actor: Actor, kind: str, consultation_id: int | None) -> Consultation | None:
    if not PAPER_KINDS[kind].tells_opinions:
        return None
    if consultation_id is None:
        raise Invalid("请选择已结束的征求意见。")
    found = consultation_for(actor, consultation_id)
    if sentence := opinions_hindrance(found):
        raise Invalid(sentence)
    return found


def _head(units: list[Unit]) -> dict[str, str]:
    recipients = "，".join(unit.name for unit in units)[:LONGEST_RECIPIENTS]
    return {"recipients": recipients} if recipients else {}


def _code(kind: str) -> str:
    return worded(PAPER_KINDS[kind].code, organisations.city())


@action("briefing.write")
def write_briefing(
    actor: Actor,
    briefing_id: int,
    *,
    title: str,
    blocks: list[dict[str, str]],
    imprint: dict[str, Any],
    version: int,
    at: datetime,
) -> Briefing:
    """Save what is written. Faults of the draft do not stop saving; they stop submitting.

    `imprint` may hold the names of `LINES`, `number_code`, `signers`, `urgency` and `copies`.

    :raises Invalid: without a title, or when something is longer than a briefing can hold
    """
    briefing = _moved(actor, briefing_id, "write", version)
    briefing.title, briefing.draft = _title(title), cleaned_blocks(blocks)
    for name in LINES:
        setattr(briefing, name, _line(imprint.get(name, getattr(briefing, name))))
    code = single_line(imprint.get("number_code", briefing.number_code))[:LONGEST_CODE]
    briefing.number_code = code or _code(briefing.kind)
    briefing.signers = single_line(imprint.get("signers", briefing.signers))[:LONGEST_SIGNERS]
    urgency = imprint.get("urgency", briefing.urgency)
    briefing.urgency = urgency if urgency in URGENCIES else ""
    briefing.copies = _copies(imprint.get("copies", briefing.copies))
    briefing.written_by_name, briefing.written_at = actor.name, at
    briefing.save()
    record(actor, "briefing.write", briefing, at=at, blocks=len(blocks))
    return briefing


def _title(written: str) -> str:
    title = single_line(written)
    if not title:
        raise Invalid("请填写标题。")
    if len(title) > LONGEST_TITLE:
        raise Invalid(f"标题不超过 {LONGEST_TITLE} 字，请精简。")
    return title


def _line(written: str) -> str:
    line = single_line(written)
    if len(line) > LONGEST_LINE:
        raise Invalid(f"主送、抄送、报、送、发各不超过 {LONGEST_LINE} 字，请精简。")
    return line


def _copies(written: int) -> int:
    if not 0 <= written <= MOST_COPIES:
        raise Invalid(f"印数应在 0 至 {MOST_COPIES} 之间。")
    return written


@action("briefing.submit")
def submit_briefing(actor: Actor, briefing_id: int, *, version: int, at: datetime) -> Briefing:
    """Hand the briefing to the head of the office. A draft with faults is refused with all of them."""
    briefing = _moved(actor, briefing_id, "submit", version)
    _compose(actor, briefing, at)
    briefing.submitted_at, briefing.submitted_by_name = at, actor.name
    briefing.returned_at, briefing.returned_by_name, briefing.return_reason = None, "", ""
    briefing.earlier_draft = briefing.submitted_draft
    briefing.submitted_draft = [{"kind": "title", "text": briefing.title}, *briefing.draft]
    briefing.save()
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
    briefing = _moved(actor, briefing_id, "take_back", version)
    briefing.save()
    record(actor, "briefing.take_back", briefing, at=at)
    return briefing


@action("briefing.return")
def return_briefing(actor: Actor, briefing_id: int, *, reason: str, version: int, at: datetime) -> Briefing:
    """Give the briefing back to the writers with what to change.

    :raises Invalid: without a reason
    """
    briefing = _moved(actor, briefing_id, "return", version)
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise Invalid(f"请写明退改意见（不超过 {LONGEST_REASON} 字）。")
    briefing.return_reason = reason.strip()
    briefing.returned_at, briefing.returned_by_name = at, actor.name
    briefing.approved_at, briefing.approved_by_name = None, ""
    briefing.content, briefing.content_digest = {}, ""
    briefing.save()
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
    briefing = _moved(actor, briefing_id, "approve", version)
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
    record(actor, "briefing.approve", briefing, at=at, digest=approved.digest)
    return briefing


@action("briefing.keep_burden")
def keep_burden(actor: Actor, briefing_id: int, *, reason: str, at: datetime) -> Briefing:
    """Keep, with a written reason, what the burden rules object to now; other words found later need another.

    :raises Invalid: without a reason
    :raises RecordMoved: when the rules object to nothing, somebody gave the reason, or the paper is approved already
    """
    require(actor, "briefing.edit")
    briefing = Briefing.objects.select_for_update().get(pk=briefing_for(actor, briefing_id).pk)
    found = burden_found(briefing)
    if briefing.status not in OPEN_STATUSES or not found:
        raise RecordMoved(f"《{briefing.title}》已经审批，或没有需要说明的事项，请刷新后查看。")
    if not burden_open(briefing):
        raise RecordMoved(f"{briefing.burden_kept['by']}已经写明保留的理由，请刷新后查看。")
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise Invalid(f"请写明保留的理由（不超过 {LONGEST_REASON} 字）。")
    moment = timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
    briefing.burden_kept = {"reason": reason.strip(), "by": actor.name, "at": moment, "found": found}
    briefing.save(update_fields=["burden_kept"])
    rules = [rule for rule, _words in found]
    record(actor, "briefing.keep_burden", briefing, at=at, rules=rules, reason=reason.strip())
    return briefing


def issue_briefing(actor: Actor, briefing_id: int, *, version: int, at: datetime, once: str = "") -> Briefing:
    """Number and issue an approved briefing, then keep its two files, and return it.

    The files are rendered outside every transaction (they take a second). Were the machine to stop between,
    the same bytes can be rendered from the frozen content at any later time.

    :raises FontsMissing: before anything is changed, when no Chinese font is installed
    """
    folders = tuple(settings.FONT_FOLDERS)
    fonts.families(fonts.Role.FANGSONG, folders)
    briefing = freeze_briefing(  # type: ignore[call-arg]  # every action takes `once`
        actor, briefing_id, version=version, at=at, once=once
    )
    paper = paper_from_dict(briefing.content)
    name = file_name(briefing, paper)
    unit_id = actor.unit_id or 0
    docx = keep_file(
        actor, unit_id=unit_id, name=f"{name}.docx", content=render_docx(paper, font_paths=folders), at=at
    )
    pdf = keep_file(
        actor, unit_id=unit_id, name=f"{name}.pdf", content=render_pdf(paper, font_paths=folders), at=at
    )
    return attach_papers(actor, briefing_id, docx_id=docx.pk, pdf_id=pdf.pk, at=at)


@action("briefing.issue")
def freeze_briefing(actor: Actor, briefing_id: int, *, version: int, at: datetime) -> Briefing:
    """Number an approved briefing and freeze its text, its figures and their as-of time."""
    briefing = _moved(actor, briefing_id, "issue", version)
    issued_on = timezone.localdate(at)
    briefing.year = issued_on.year
    briefing.issue_number, briefing.total_number = next_numbers(briefing.series, issued_on.year)
    composed = _compose(actor, briefing, at)
    briefing.content, briefing.content_digest = composed.paper.to_dict(), composed.paper.digest
    briefing.issued_at, briefing.issued_by_name = at, actor.name
    briefing.save()
    _freeze_figures(briefing, composed, at)
    tell_readers(briefing, f"{briefing.paper_kind.name}{briefing.number_text}已印发：{briefing.title}", at=at)
    number = f"{briefing.series}-{briefing.year}-{briefing.issue_number}"
    record(actor, "briefing.issue", briefing, at=at, number=number, digest=briefing.content_digest)
    return briefing


@action("briefing.attach")
def attach_papers(actor: Actor, briefing_id: int, *, docx_id: int, pdf_id: int, at: datetime) -> Briefing:
    """Tie the kept files to the issued briefing; done once."""
    require(actor, "briefing.approve")
    briefing = Briefing.objects.select_for_update().get(pk=briefing_for(actor, briefing_id).pk)
    if briefing.status != ISSUED or briefing.docx_file_id is not None:
        raise RecordMoved(f"{briefing.paper_kind.name}《{briefing.title}》尚未印发，或文件已经生成。")
    briefing.docx_file_id, briefing.pdf_file_id = docx_id, pdf_id
    briefing.save(update_fields=["docx_file", "pdf_file"])
    record(actor, "briefing.attach", briefing, at=at, docx=docx_id, pdf=pdf_id)
    return briefing


def _moved(actor: Actor, briefing_id: int, move: str, version: int) -> Briefing:
    briefing_for(actor, briefing_id)
    briefing = Briefing.objects.select_for_update().get(pk=briefing_id)
    permission = next(needed for (_, name), (_, needed) in MOVES.items() if name == move)
    require(actor, permission)
    if (briefing.status, move) not in MOVES:
        raise RecordMoved(
            f"{briefing.paper_kind.name}《{briefing.title}》现在的状态是“{briefing.get_status_display()}”，不能再这样办理，请刷新后查看。"
        )
    if briefing.version != version:
        raise RecordMoved(
            f"{briefing.paper_kind.name}《{briefing.title}》刚刚被他人修改，请刷新看过最新内容后再操作。"
        )
    briefing.status = MOVES[briefing.status, move][0]
    briefing.version += 1
    return briefing


def _compose(actor: Actor, briefing: Briefing, at: datetime) -> Composed:
    catalogue = catalogue_for(
        actor,
        Month.of(briefing.month),
        round_=briefing.round,
        as_of=at,
        units=addressed_units(briefing),
        consultation=briefing.consultation,
    )
    return compose(briefing, catalogue, issued_on=timezone.localdate(at))


def _freeze_figures(briefing: Briefing, composed: Composed, at: datetime) -> None:
    FrozenFigure.objects.bulk_create(
        FrozenFigure(
            briefing=briefing,
            key=produced.key,
            position=place,
            printed=produced.text,
            name=produced.name,
            definition=produced.definition,
            formula=produced.formula,
            as_of=at,
            records=[record_.to_dict() for record_ in produced.records],
        )
        for place, produced in enumerate(composed.produced.values(), start=1)
    )


def _address(briefing: Briefing) -> str:
    return reverse("briefings:briefing", args=[briefing.pk])
