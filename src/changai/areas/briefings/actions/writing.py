"""Start a paper and write it."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from changai.areas.assessments.models import Round
from changai.areas.assessments.queries import round_for
from changai.areas.briefings.actions._moving import moved
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.policies import require
from changai.areas.briefings.queries import (
    OPEN_STATUSES,
    briefing_for,
    burden_found,
    burden_open,
    last_imprint,
    opinions_hindrance,
    worded,
)
from changai.areas.briefings.rules import BRIEFING, CANCELLED, ISSUED, LETTERS, PAPER_KINDS, cleaned_blocks
from changai.areas.organisations import queries as organisations
from changai.areas.organisations.models import Unit
from changai.areas.schemes.models import Consultation
from changai.areas.schemes.queries.consulting import consultation_for
from changai.core.errors import Invalid, RecordMoved
from changai.core.periods import Month
from changai.documents.characters import single_line
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record

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
    if PAPER_KINDS[kind].sends:
        units = _all_of_the_round(round_id)
    elif PAPER_KINDS[kind].reaches == "addressees" and not units:
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
        **{"number_code": _code(kind)} | last_imprint(kind) | _head(kind, units),
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


def _all_of_the_round(round_id: int | None) -> list[Unit]:
    """Return no unit: the letters of the text go to all of the round, each to its own."""
    if round_id is None:
        raise Invalid("逐单位的反馈意见应从已公布的考核页面起草。")
    refuse_second_wording(round_id)
    return []


def refuse_second_wording(round_id: int | None) -> None:
    """Refuse to write a second text for the letters of a round while one is under way.

    :raises Invalid: when there is one
    """
    begun = Briefing.objects.filter(kind=LETTERS, round=round_id).exclude(status__in=[ISSUED, CANCELLED])
    if begun.exists():
        raise Invalid("本轮考核已有一份没有印发的反馈意见，请接着办理。")


def _head(kind: str, units: list[Unit]) -> dict[str, str]:
    if PAPER_KINDS[kind].sends:
        return {"recipients": "各考核对象"}
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
    briefing = moved(actor, briefing_id, "write", version)
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
