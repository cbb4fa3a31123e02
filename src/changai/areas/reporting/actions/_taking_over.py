"""What acceptance does: figures become facts, items reported complete are completed."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Q

from changai.areas.facts.actions import accept_facts
from changai.areas.facts.rules import NOT_APPLICABLE, REPORTED, FactInput
from changai.areas.reporting.actions._locking import title_of
from changai.areas.reporting.actions._quoting import requote_from
from changai.areas.reporting.models import FigureLine, FigurePart, Report
from changai.areas.reporting.queries import parts_in
from changai.areas.reporting.rules.standings import day_of
from changai.areas.tasks.actions import complete_claim, reopen_claim
from changai.core.periods import Month
from changai.foundation.actors import Actor, Role
from changai.foundation.matrix import allows


def take_over(actor: Actor, report: Report, at: datetime, *, without: Collection[str] = ()) -> None:
    """Take over the lines of an accepted report, except those named in `without` (`task:12`, `figure:5`) and those
    taken before: these are in force already, and may have been corrected since.
    """
    actor = with_reach(actor, report)
    figures = report.figure_lines.filter(taken_at__isnull=True)
    _take_over_figures(
        actor, report, [line for line in figures if f"figure:{line.field_id}" not in without], at
    )
    _complete_and_reopen(actor, report, at, without)
    requote_from(report)


def _complete_and_reopen(actor: Actor, report: Report, at: datetime, without: Collection[str]) -> None:
    """Complete what is reported at 100 %, and reopen what this report completed before it was unlocked."""
    month = Month.of(report.obligation.period.month)
    completed_on = min(month.last_on, day_of(report.signed_at or at))
    of_this_month = Q(claim__completed_on__range=(month.first_on, month.last_on))
    lines = report.task_lines.filter(
        Q(percent=100, claim__completed_on__isnull=True) | Q(of_this_month, percent__lt=100),
        taken_at__isnull=True,
    )
    for claim_id, percent in lines.values_list("claim_id", "percent"):
        if f"task:{claim_id}" in without:
            continue
        if percent == 100:
            complete_claim(actor, claim_id, completed_on=completed_on, at=at)
        else:
            reopen_claim(actor, claim_id, at=at)


def with_reach(actor: Actor, report: Report) -> Actor:
    """Return who takes over: a department that signs last does not reach the unit's records, so the machine does it
    in that person's name.
    """
    if allows(actor, "report.review", report.obligation.unit.path):
        return actor
    return replace(actor, role=Role.MACHINE, unit_id=None, unit_path="")


def _take_over_figures(actor: Actor, report: Report, lines: list[FigureLine], at: datetime) -> None:
    if not lines:
        return
    parts = parts_in(report)
    obligation = report.obligation
    accept_facts(
        actor,
        unit_id=obligation.unit_id,
        month=Month.of(obligation.period.month),
        figures=[_fact_of(line, parts[line.pk]) for line in lines],
        origin_type="reporting.report",
        origin_id=report.pk,
        origin_label=f"{obligation.unit.short_name}{title_of(report)}",
        at=at,
    )


def _fact_of(line: FigureLine, parts: Sequence[FigurePart]) -> FactInput:
    """Return the fact of a line; one left empty was explained, and the reviewer took the explanation."""
    if line.value is None:
        return FactInput(line.field_id, None, NOT_APPLICABLE)
    told_apart = tuple((part.category_id, part.value) for part in parts if part.value)
    return FactInput(line.field_id, line.value, REPORTED, told_apart)
