"""更正: an accepted figure is corrected with a reason, approved by the office; the old one stays to be read."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q
from django.urls import reverse

from changai.areas.facts.actions import accept_facts
from changai.areas.facts.models import Fact, Field
from changai.areas.facts.rules import NOT_APPLICABLE, REPORTED, FactInput
from changai.areas.reporting import policies
from changai.areas.reporting.actions._locking import keep
from changai.areas.reporting.actions._registering import settle
from changai.areas.reporting.models import Correction, Report
from changai.areas.reporting.queries.corrections import (
    correction_for,
    fact_to_correct,
    findings_of_correction,
    picture_of,
)
from changai.areas.reporting.rules.moves import ACCEPTED
from changai.core.checks import Severity
from changai.core.errors import Invalid, NotAllowed, RecordMoved
from changai.core.periods import Month
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify

LEAST_REASON = 5
CORRECTABLE = frozenset({Field.Source.REPORT, Field.Source.OFFICE})


@dataclass(frozen=True)
class CorrectionEntry:
    """What the figure should say (None: it does not apply) and why."""

    value: Decimal | None
    reason: str


@action("correction.ask")
def ask_correction(actor: Actor, fact_id: int, entry: CorrectionEntry, *, at: datetime) -> Correction:
    """Ask for a correction of a figure in force; somebody else, of the office, approves it.

    :raises Invalid: when nothing would change, the reason says too little, the figure comes from elsewhere, or a rule
        finds what has to be corrected
    :raises RecordMoved: when the figure is not in force any more, or a correction of it waits already
    """
    fact = fact_to_correct(actor, fact_id)
    policies.require_correcting(actor, fact.unit.path)
    _check(fact, entry)
    waiting = Correction.objects.filter(
        unit=fact.unit_id, field=fact.field_id, month=fact.month, status=Correction.Status.WAITING
    )
    if waiting.exists():
        raise RecordMoved("这项数据已有更正申请，正待办公室批准。")
    _require_unblocked(fact, entry.value, entry.reason.strip())
    correction = Correction.objects.create(
        kind=Correction.Kind.ASKED,
        status=Correction.Status.WAITING,
        unit=fact.unit,
        field=fact.field,
        month=fact.month,
        old_fact=fact,
        old_value=fact.value,
        new_value=entry.value,
        reason=entry.reason.strip(),
        asked_at=at,
        asked_by_id=actor.person_id,
        asked_by_name=actor.name,
    )
    record(actor, "correction.ask", correction, at=at, fact=fact.pk)
    sentence = f"{fact.unit.short_name}申请更正{Month.of(fact.month).label}“{fact.field.name}”，请审核。"
    for role in (Role.OFFICE_OFFICER, Role.OFFICE_HEAD):
        notify(sentence, at=at, role=role, link=correction_address(correction))
    return correction


def correction_address(correction: Correction) -> str:
    """Return the lasting path of a correction."""
    return reverse("reporting:correction", args=[correction.pk])


def _check(fact: Fact, entry: CorrectionEntry) -> None:
    field, faults = fact.field, []
    if not fact.is_current:
        raise RecordMoved("这一版数据已被更正，请打开当前有效的一版再申请。")
    if sentence := _elsewhere(fact):
        raise Invalid(sentence)
    if len(entry.reason.strip()) < LEAST_REASON:
        faults.append(f"请写明更正原因（不少于 {LEAST_REASON} 个字）。")
    if entry.value == fact.value:
        faults.append("更正后的数值与现在相同。")
    if entry.value is not None and round(entry.value, field.decimals) != entry.value:
        faults.append(f"最多保留 {field.decimals} 位小数。" if field.decimals else "应为整数。")
    if entry.value is not None and _is_out_of_range(field, entry.value):
        faults.append("更正后的数值超出数据项目录规定的范围。")
    if faults:
        raise Invalid("未能提出更正，请核对。", faults=tuple(faults))


def _require_unblocked(fact: Fact, value: Decimal | None, reason: str) -> None:
    found = findings_of_correction(fact, value, reason)
    if faults := [fault.sentence for fault in found if fault.severity is Severity.BLOCK]:
        raise Invalid(f"更正后有 {len(faults)} 处不符合校验规则，请先核对有关数据。", faults=tuple(faults))


def _elsewhere(fact: Fact) -> str:
    """Return where else a figure has to be corrected, or nothing."""
    if fact.field.source not in CORRECTABLE:
        return "该数据由名册或台账自动取得，请先更正来源，再由办公室解锁月报重新核对。"
    return "该数据按分项填报，请由办公室解锁月报后逐项更正。" if fact.parts.exists() else ""


def _is_out_of_range(field: Field, value: Decimal) -> bool:
    is_low = field.minimum is not None and value < field.minimum
    return is_low or (field.maximum is not None and value > field.maximum)


@action("correction.approve")
def approve_correction(actor: Actor, correction_id: int, *, at: datetime) -> Correction:
    """Approve a correction: the new figure is in force, the old one stays to be read, and who moved is listed.

    :raises Invalid: when a rule, read with the figures of today, finds what has to be corrected
    :raises NotAllowed: to the one who asked
    :raises RecordMoved: when it is settled, or the figure was changed meanwhile
    """
    correction = _take(actor, correction_id)
    reports = _lock_sheets(correction)
    if not Fact.objects.filter(pk=correction.old_fact_id, is_current=True).exists():
        raise RecordMoved("该数据在申请之后已被更新，请不同意本申请，核对后重新提出。")
    _require_unblocked(correction.old_fact, correction.new_value, correction.reason)
    month = Month.of(correction.month)
    before = picture_of(correction.field, month)
    value = correction.new_value
    accept_facts(
        actor,
        unit_id=correction.unit_id,
        month=month,
        figures=[FactInput(correction.field_id, value, NOT_APPLICABLE if value is None else REPORTED)],
        origin_type="reporting.correction",
        origin_id=correction.pk,
        origin_label=f"{correction.unit.short_name}{month.label}更正登记第{correction.pk}号",
        at=at,
    )
    _write_back(correction, reports)
    new_fact = Fact.objects.get(
        unit=correction.unit_id, field=correction.field_id, month=correction.month, is_current=True
    )
    settle(correction, before, new_fact, actor, at)
    record(actor, "correction.approve", correction, at=at, old=correction.old_fact_id, new=new_fact.pk)
    _tell(correction, "已批准更正", at)
    return correction


def _lock_sheets(correction: Correction) -> list[Report]:
    """Lock the sheets the figure stands in, as a reviewer does who accepts one: neither undoes the other."""
    sheets = Report.objects.select_for_update(of=("self",)).filter(
        obligation__unit=correction.unit_id,
        obligation__period__month=correction.month,
        figure_lines__field=correction.field_id,
    )
    return list(sheets.order_by("pk"))


def _write_back(correction: Correction, reports: list[Report]) -> None:
    """Write the figure into the sheets, the working copies: what was signed stays in the sending.

    In a sheet that is open again, what the unit has changed meanwhile stays: it is checked and accepted anew.
    """
    for report in reports:
        lines = report.figure_lines.filter(field=correction.field_id)
        if report.status != ACCEPTED:
            lines = lines.filter(Q(taken_at__isnull=False) | Q(value=correction.old_value))
        if lines.update(value=correction.new_value) and report.status != ACCEPTED:
            keep(report)


@action("correction.refuse")
def refuse_correction(actor: Actor, correction_id: int, *, reason: str, at: datetime) -> Correction:
    """Refuse a correction with a reason; the figure stays.

    :raises Invalid: when no reason is given
    """
    correction = _take(actor, correction_id)
    if not reason.strip():
        raise Invalid("请写明不同意的原因。")
    correction.status, correction.refusal = Correction.Status.REFUSED, reason.strip()[:300]
    correction.settled_at, correction.settled_by_name = at, actor.name
    correction.save(update_fields=["status", "refusal", "settled_at", "settled_by_name"])
    record(actor, "correction.refuse", correction, at=at)
    _tell(correction, f"不同意更正：{correction.refusal[:120]}", at)
    return correction


def _take(actor: Actor, correction_id: int) -> Correction:
    correction_for(actor, correction_id)
    policies.require_approving(actor)
    rows = Correction.objects.select_for_update(of=("self",)).select_related("unit", "field", "old_fact")
    correction = rows.get(pk=correction_id)
    if correction.status != Correction.Status.WAITING:
        raise RecordMoved(f"该更正已由{correction.settled_by_name}办理，请刷新页面。")
    if policies.is_same_person(actor, correction.asked_by_id, correction.asked_by_name):
        raise NotAllowed("更正申请由您提出，请办公室另一人批准。")
    return correction


def _tell(correction: Correction, outcome: str, at: datetime) -> None:
    sentence = f"{Month.of(correction.month).label}“{correction.field.name}”{outcome}"
    for role in (Role.UNIT_LIAISON, Role.UNIT_HEAD):
        notify(sentence, at=at, role=role, unit_id=correction.unit_id, link=correction_address(correction))
