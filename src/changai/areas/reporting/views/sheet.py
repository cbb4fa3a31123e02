"""The sheet a unit fills: the grid, its saving, prefilled figures, evidence."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from changai.areas.evidence import queries as evidence
from changai.areas.evidence.actions import keep_file
from changai.areas.reporting import actions, policies, queries
from changai.areas.reporting.actions import CellEdit
from changai.areas.reporting.models import FigureLine, Report, TaskLine
from changai.areas.reporting.rules.cells import FIGURE_COLUMNS, TASK_COLUMNS, written
from changai.areas.reporting.rules.sheets import LineState, line_state
from changai.areas.reporting.views.lists import LIGHT_OF_STATUS, crumbs, title_of
from changai.areas.reporting.views.paper import told
from changai.core.errors import Invalid, RecordMoved
from changai.core.periods import Month
from changai.foundation.pages import Request, number_in, page, press, see_other
from changai.foundation.ui.parts import Crumb


@dataclass(frozen=True)
class GridCell:
    """One cell of the grid as it is first shown."""

    ref: str
    column: str
    value: str
    state: str
    remark: str


@dataclass(frozen=True)
class GridLine:
    """One line of the grid."""

    line: TaskLine | FigureLine
    ref: str
    cells: tuple[GridCell, ...]
    state: LineState | None = None
    register: Any = None
    evidence_remark: str = ""

    @property
    def name(self) -> str:
        return self.line.claim.text if isinstance(self.line, TaskLine) else self.line.field.name


@page("report.view")
@require_safe
def sheet(request: Request, pk: int) -> HttpResponse:
    """Show the sheet to fill; who does not fill it reads what was signed."""
    report = queries.report_for(request.actor, pk)
    if not policies.may_read_sheet(request.actor, report):
        return see_other(reverse("reporting:report", args=[pk]))
    faults = queries.faults_in(report) if request.GET.get("check") else ()
    remarks = _remarks(report, {fault.cell: fault.sentence for fault in faults})
    lock = policies.lock_reason(request.actor, report)
    tasks, figures = _task_lines(report, remarks), _figure_lines(report, remarks)
    context = {
        "report": report,
        "title": title_of(report),
        "light": LIGHT_OF_STATUS[report.status],
        "lock": lock,
        "moves": policies.available_moves(request.actor, report),
        "faults": faults,
        "marks": _marks(report, (*tasks, *figures)),
        "tasks": tasks,
        "figures": figures,
        "last": queries.report_before(report),
        "breadcrumbs": crumbs(Crumb(title_of(report))),
        "today": timezone.localdate(),
    }
    return render(request, "reporting/sheet.html", context)


def _marks(report: Report, lines: Iterable[GridLine]) -> list[tuple[str, str, str, str]]:
    """Return the marked cells while they are to be mended: cell, line, column, what to mend."""
    if report.status != "returned":
        return []
    marks = queries.marks_of(report)
    labels = {**TASK_COLUMNS, **FIGURE_COLUMNS, "evidence": _("佐证材料")}
    return [
        (ref, line.name, _(labels[column]), marks[ref])
        for line in lines
        for column in labels
        for ref in [f"{line.ref}:{column}"]
        if ref in marks
    ]


def _remarks(report: Report, faults: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return state and remark of the cells that have one: what was returned, and over it what is missing."""
    marks = queries.marks_of(report) if report.status == "returned" else {}
    returned = {cell: ("returned", remark) for cell, remark in marks.items()}
    return returned | {cell: ("warning", sentence) for cell, sentence in faults.items()}


def _cells(
    line: TaskLine | FigureLine, ref: str, columns: Mapping[str, str], remarks: Mapping[str, tuple[str, str]]
) -> tuple[GridCell, ...]:
    return tuple(
        GridCell(
            f"{ref}:{column}",
            column,
            written(getattr(line, column)),
            *remarks.get(f"{ref}:{column}", ("", "")),
        )
        for column in columns
    )


def _state(line: TaskLine, as_of: date) -> LineState:
    if line.percent is None:
        return LineState("none", _("待填报"))
    return told(line_state(line.percent, line.scheduled_percent, line.claim.due_on, as_of))


def _task_lines(report: Report, remarks: Mapping[str, tuple[str, str]]) -> list[GridLine]:
    as_of = Month.of(report.obligation.period.month).last_on
    lines = report.task_lines.select_related("claim__measure").prefetch_related("evidence")
    return [
        GridLine(
            line,
            ref,
            _cells(line, ref, TASK_COLUMNS, remarks),
            _state(line, as_of),
            evidence_remark=remarks.get(f"{ref}:evidence", ("", ""))[1],
        )
        for line in lines
        for ref in [f"task:{line.claim_id}"]
    ]


def _figure_lines(report: Report, remarks: Mapping[str, tuple[str, str]]) -> list[GridLine]:
    lines = list(report.figure_lines.select_related("field").prefetch_related("evidence"))
    known = queries.register_figures(report, lines)
    return [
        GridLine(
            line,
            ref,
            _cells(line, ref, FIGURE_COLUMNS, remarks),
            register=known.get(line.field_id),
            evidence_remark=remarks.get(f"{ref}:evidence", ("", ""))[1],
        )
        for line in lines
        for ref in [f"figure:{line.field_id}"]
    ]


@page("report.fill")
@require_POST
def save(request: Request, pk: int) -> HttpResponse:
    """Save cells: from the grid as JSON, or the whole sheet from the form."""
    if request.content_type == "application/json":
        outcome = actions.save_cells(request.actor, pk, cells=_edits(request.body), at=timezone.now())
        return JsonResponse(
            {
                "version": outcome.version,
                "saved": [vars(cell) for cell in outcome.saved],
                "refused": [vars(cell) for cell in outcome.refused],
            }
        )
    return _save_form(request, pk)


def _edits(body: bytes) -> list[CellEdit]:
    try:
        cells = json.loads(body)["cells"]
        return [
            CellEdit(
                str(cell["ref"]), str(cell["value"]), None if cell.get("was") is None else str(cell["was"])
            )
            for cell in cells
        ]
    except (ValueError, KeyError, TypeError, RecursionError) as wrong:
        raise Invalid("提交的内容不完整，请刷新页面后重试。") from wrong


def _save_form(request: Request, pk: int) -> HttpResponse:
    report = queries.report_for(request.actor, pk)
    if request.POST.get("version") != str(report.version):
        raise RecordMoved("这份月报在您打开之后又有改动，请刷新页面，看清最新内容后再填。")
    cells = [
        CellEdit(name, str(text))
        for name, text in request.POST.items()
        if name.startswith(("task:", "figure:"))
    ]
    outcome = actions.save_cells(request.actor, pk, cells=cells, at=timezone.now())
    if outcome.refused:
        raise Invalid("部分内容没有保存，请更正。", faults=tuple(cell.sentence for cell in outcome.refused))
    return see_other(reverse("reporting:sheet", args=[pk]))


@page("report.fill")
@require_POST
def confirm(request: Request, pk: int) -> HttpResponse:
    """Confirm the figures of the registers (核对无误), one or all."""
    field = number_in(request.POST.get("field", ""))
    chosen = None if field is None else [field]
    return press(
        request, actions.confirm_prefilled, pk,
        field_ids=chosen, done=_("已核对。"), then=reverse("reporting:sheet", args=[pk]) + "#figures",
    )  # fmt: skip


@page("report.fill")
@require_POST
def no_change(request: Request, pk: int) -> HttpResponse:
    """Fill the empty cells as last month's (本月无变化)."""
    return press(
        request, actions.report_no_change, pk,
        done=_("已按上月情况填入空白处，请核对后提交。"), then=reverse("reporting:sheet", args=[pk]),
    )  # fmt: skip


@page("report.fill")
def attachments(request: Request, pk: int, line: str) -> HttpResponse:
    """Show and change the evidence of one line; a file is uploaded here, or one of the unit's files is used again."""
    if request.method == "POST":
        return _attach(request, pk, line)
    report = queries.report_for(request.actor, pk)
    policies.require(request.actor, "fill", report)
    found = {entry.ref: entry for entry in (*_task_lines(report, {}), *_figure_lines(report, {}))}.get(line)
    if found is None:
        raise Invalid("表中没有这一行，请刷新页面。")
    attached = list(found.line.evidence.all())
    others = evidence.visible_to(request.actor).filter(unit=report.obligation.unit_id)
    context = {
        "report": report,
        "line": found,
        "name": found.name,
        "attached": attached,
        "others": others.exclude(pk__in=[file.pk for file in attached])[:30],
        "breadcrumbs": crumbs(
            Crumb(title_of(report), reverse("reporting:sheet", args=[pk])), Crumb(_("佐证材料"))
        ),
    }
    return render(request, "reporting/attachments.html", context)


def _attach(request: Request, pk: int, line: str) -> HttpResponse:
    then = reverse("reporting:attachments", args=[pk, line])
    if uploaded := request.FILES.get("file"):
        now = timezone.now()
        report = queries.report_for(request.actor, pk)
        policies.require(request.actor, "fill", report)
        file = keep_file(
            request.actor,
            unit_id=report.obligation.unit_id,
            name=uploaded.name or "",
            content=uploaded.read(),
            at=now,
        )
        return press(
            request,
            actions.attach_evidence,
            pk,
            line=line,
            evidence_id=file.pk,
            done=_("已添加。"),
            then=then,
        )
    chosen = number_in(request.POST.get("file_id", ""))
    act = actions.detach_evidence if request.POST.get("move") == "detach" else actions.attach_evidence
    if chosen is None:
        raise Invalid("请选择文件。")
    return press(request, act, pk, line=line, evidence_id=chosen, done=_("已更新佐证材料。"), then=then)
