"""One report and its lines: who sees it, and what it holds."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Max, Q, QuerySet

from changai.areas.organisations import queries as organisations
from changai.areas.registers import figures as registers
from changai.areas.registers.rules import RegisterFigure
from changai.areas.reporting.models import (
    CellMark,
    FigureLine,
    FigurePart,
    NarrativeLine,
    Report,
    ReviewStep,
    TaskLine,
)
from changai.areas.reporting.rules.cells import FIGURE_COLUMNS, TASK_COLUMNS, written
from changai.areas.reporting.rules.moves import ACCEPTED, SIGNED
from changai.core.errors import NotVisible
from changai.core.periods import Month
from changai.foundation.actors import Actor, Role


def visible_to(actor: Actor) -> QuerySet[Report]:
    """Return the reports of the units the actor may read and those whose route names the actor's unit, the latest
    month first; of opened months.
    """
    reached = Q(obligation__unit__in=organisations.visible_to(actor, "report.view"))
    if actor.role is Role.COUNTY_REVIEWER and actor.unit_id is not None:
        asked = ReviewStep.objects.filter(unit=actor.unit_id).values("submission__report")
        reached |= Q(pk__in=asked)
    return (
        Report.objects.filter(reached, obligation__period__opened_at__isnull=False)
        .select_related("obligation__unit", "obligation__period__form")
        .order_by("-obligation__period__month", "obligation__unit__position", "pk")
    )


def report_for(actor: Actor, report_id: int) -> Report:
    """Return one report with its obligation, unit, period and form.

    :raises NotVisible: when there is none, or none for this actor
    """
    report = visible_to(actor).filter(pk=report_id).order_by("pk").first()
    if report is None:
        raise NotVisible
    return report


def report_before(report: Report) -> Report | None:
    """Return the unit's report of the same form for the latest month before."""
    obligation = report.obligation
    earlier = Report.objects.filter(
        obligation__unit=obligation.unit_id,
        obligation__period__form__series=obligation.period.form.series_id,
        obligation__period__month__lt=obligation.period.month,
    )
    return earlier.order_by("-obligation__period__month").first()


def parts_in(report: Report) -> dict[int, list[FigurePart]]:
    """Return the items of the figures asked item by item, by the line of the figure."""
    found: dict[int, list[FigurePart]] = defaultdict(list)
    for part in FigurePart.objects.filter(line__report=report).select_related("category"):
        found[part.line_id].append(part)
    return found


def register_figures(report: Report, lines: Iterable[FigureLine]) -> dict[int, RegisterFigure]:
    """Return what the registers say now of the prefilled lines, by field."""
    prefilled = [line for line in lines if line.prefilled_value is not None]
    if not prefilled:
        return {}
    unit_id, month = report.obligation.unit_id, Month.of(report.obligation.period.month)
    known = registers.figures([unit_id], month)
    return {line.field_id: known[line.field.source_key, unit_id] for line in prefilled}


def cell_refs(report: Report) -> set[str]:
    """Return the names of all cells a reviewer may mark."""
    tasks = report.task_lines.values_list("claim_id", flat=True)
    figures = report.figure_lines.values_list("field_id", flat=True)
    marked = {f"task:{claim}:{column}" for claim in tasks for column in (*TASK_COLUMNS, "evidence")}
    marked |= {f"figure:{field}:{column}" for field in figures for column in (*FIGURE_COLUMNS, "evidence")}
    parts = FigurePart.objects.filter(line__report=report).values_list("pk", flat=True)
    marked |= {f"part:{part}:value" for part in parts}
    return marked | {f"words:{line}:text" for line in report.narrative_lines.values_list("pk", flat=True)}


def line_refs(report: Report) -> dict[str, str]:
    """Return the line each cell stands in, items of a figure in that of their figure: cell -> line."""
    fields = FigurePart.objects.filter(line__report=report).values_list("pk", "line__field")
    figures = {f"part:{part}": f"figure:{field}" for part, field in fields}
    lines = {cell: cell.rpartition(":")[0] for cell in cell_refs(report)}
    return {cell: figures.get(line, line) for cell, line in lines.items()}


def taken_lines(report: Report) -> set[str]:
    """Return the lines that were accepted while others went back: nobody changes them."""
    tasks = report.task_lines.filter(taken_at__isnull=False).values_list("claim_id", flat=True)
    figures = report.figure_lines.filter(taken_at__isnull=False).values_list("field_id", flat=True)
    words = report.narrative_lines.filter(taken_at__isnull=False).values_list("pk", flat=True)
    return (
        {f"task:{key}" for key in tasks}
        | {f"figure:{key}" for key in figures}
        | {f"words:{key}" for key in words}
    )


def marks_of(report: Report) -> dict[str, str]:
    """Return the cells marked when the report was last returned: cell -> what is to be mended."""
    last = report.submissions.filter(outcome__in=["returned", "part"]).order_by("-number").first()
    rows = CellMark.objects.filter(submission=last).values_list("cell", "remark") if last else ()
    return dict(rows)


def content_of(report: Report) -> dict[str, Any]:
    """Return the whole sheet as JSON values, figures as written in the cell: what the signing freezes."""
    obligation = report.obligation
    tasks = report.task_lines.select_related("claim__measure").prefetch_related("evidence")
    figures = report.figure_lines.select_related("field").prefetch_related("evidence")
    parts = parts_in(report)
    content = {
        "unit": obligation.unit.name,
        "unit_id": obligation.unit_id,
        "month": str(Month.of(obligation.period.month)),
        "form": obligation.period.form.name,
        "tasks": [_task_content(line) for line in tasks],
        "figures": [_figure_content(line, parts[line.pk]) for line in figures],
    }
    words = list(report.narrative_lines.select_related("item"))
    # Only where there are any: what was signed without keeps the digest it would always have had.
    return content | ({"words": [_words_content(line) for line in words]} if words else {})


def _task_content(line: TaskLine) -> dict[str, Any]:
    return {
        "claim_id": line.claim_id,
        "code": line.claim.measure.code,
        "text": line.claim.text,
        "due_on": line.claim.due_on.isoformat() if line.claim.due_on else "",
        "scheduled": written(line.scheduled_percent),
        "last_percent": written(line.last_percent),
        "evidence": _evidence_content(line),
        **{column: written(getattr(line, column)) for column in TASK_COLUMNS},
    }


def _words_content(line: NarrativeLine) -> dict[str, Any]:
    return {"line_id": line.pk, "key": line.item.key, "title": line.item.title, "text": line.text}


def _figure_content(line: FigureLine, parts: Sequence[FigurePart]) -> dict[str, Any]:
    told_apart = [
        {
            "part_id": part.pk,
            "category_id": part.category_id,
            "name": part.category.name,
            "value": written(part.value),
        }
        for part in parts
    ]
    return ({"parts": told_apart} if parts else {}) | {
        "field_id": line.field_id,
        "code": line.field.code,
        "name": line.field.name,
        "unit_of_measure": line.field.unit_of_measure,
        "last_value": written(line.last_value),
        "prefilled_from": line.prefilled_from,
        "evidence": _evidence_content(line),
        **{column: written(getattr(line, column)) for column in FIGURE_COLUMNS},
    }


def _evidence_content(line: TaskLine | FigureLine) -> list[dict[str, Any]]:
    files = sorted(line.evidence.all(), key=lambda file: file.pk)
    return [{"id": file.pk, "name": file.name, "digest": file.digest} for file in files]


def last_lines(claim_ids: Sequence[int], *, before: date) -> dict[int, dict[str, Any]]:
    """Return what was last sent about each claim in a month before the day `before`: claim -> columns."""
    sent = TaskLine.objects.filter(
        claim_id__in=list(claim_ids),
        report__status__in=[SIGNED, ACCEPTED],
        report__obligation__period__month__lt=before,
    )
    latest = sent.values("claim_id").annotate(line=Max("pk")).values_list("line", flat=True)
    rows = TaskLine.objects.filter(pk__in=list(latest)).values("claim_id", *TASK_COLUMNS)
    return {row["claim_id"]: row for row in rows}
