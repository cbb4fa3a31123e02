"""Units say what they are asked again, with one press; the office answers each."""

from datetime import datetime

from django.urls import reverse

from changai.areas.reporting import policies
from changai.areas.reporting.models import RepeatedAsk
from changai.areas.reporting.queries import asked_line_name, known_of, repeated_by_id, report_for
from changai.core.errors import Invalid, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify

Outcome = RepeatedAsk.Outcome


@action("repeated.say")
def say_repeated(actor: Actor, report_id: int, *, line: str, known: str = "", at: datetime) -> RepeatedAsk:
    """Say that a line of the sheet (`figure:5`) was given elsewhere already; where, is found when it is not said.

    :raises Invalid: when the sheet has no such line
    :raises RecordMoved: when it was said of this line already
    """
    report = report_for(actor, report_id)
    policies.require_ask_extension(actor, report.obligation)
    name = asked_line_name(report, line)
    if not name:
        raise Invalid("表中没有这一行，请刷新页面。")
    if report.repeated.filter(line=line).exists():
        raise RecordMoved(f"“{name[:30]}”已经反映过重复要求，正在办理或已答复，不必重复反映。")
    said = RepeatedAsk.objects.create(
        report=report,
        line=line,
        name=name,
        known=(known.strip() or known_of(report, name))[:200],
        said_at=at,
        said_by_name=actor.name,
    )
    record(actor, "repeated.say", said, at=at, line=line)
    notify(
        f"{report.obligation.unit.short_name}反映“{name[:40]}”重复要求，请答复。",
        at=at, role=Role.OFFICE_OFFICER, link=reverse("reporting:repeated"),
    )  # fmt: skip
    return said


@action("repeated.answer")
def answer_repeated(
    actor: Actor, repeated_id: int, *, outcome: str, answer: str, at: datetime
) -> RepeatedAsk:
    """Answer a unit that said it is asked again: the line goes with the next version, or it stays, and why.

    :raises Invalid: without an answer or a known outcome
    :raises RecordMoved: when it was answered already
    """
    policies.require_forms(actor)
    said = RepeatedAsk.objects.select_for_update().get(pk=repeated_by_id(actor, repeated_id).pk)
    if said.outcome:
        raise RecordMoved(f"已由{said.answered_by_name}答复。")
    if outcome not in Outcome.values or not answer.strip():
        raise Invalid("请选择处理结果并写明答复，单位会看到。")
    said.outcome, said.answer = outcome, answer.strip()[:300]
    said.answered_at, said.answered_by_name = at, actor.name
    said.save(update_fields=["outcome", "answer", "answered_at", "answered_by_name"])
    record(actor, "repeated.answer", said, at=at, outcome=outcome)
    report = report_for(actor, said.report_id)
    notify(
        f"您反映的“{said.name[:40]}”重复要求：{said.get_outcome_display()}。{said.answer[:100]}",
        at=at, role=Role.UNIT_LIAISON, unit_id=report.obligation.unit_id, link=reverse("reporting:repeated"),
    )  # fmt: skip
    return said
