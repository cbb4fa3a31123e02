"""The sheet a unit fills: the page."""

import json

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from changai.areas.reporting import policies, queries
from changai.areas.reporting.models import Report
from changai.areas.reporting.views.grid import (
    Refused,
    figure_lines,
    marks_shown,
    task_lines,
    told_of,
    words_lines,
)
from changai.areas.reporting.views.lists import LIGHT_OF_STATUS, crumbs, title_of
from changai.foundation.pages import Request, page, see_other
from changai.foundation.ui.parts import Crumb


@page("report.view")
@require_safe
def sheet(request: Request, pk: int) -> HttpResponse:
    """Show the sheet to fill; who does not fill it reads what was signed."""
    report = queries.report_for(request.actor, pk)
    if not policies.may_read_sheet(request.actor, report):
        return see_other(reverse("reporting:report", args=[pk]))
    return show_sheet(request, report)


def show_sheet(request: Request, report: Report, *, refused: Refused = ()) -> HttpResponse:
    """Show the sheet; what was typed and refused stands in its cells, with the reason beside it."""
    found = queries.findings_of(report)
    faults = [fault for fault in found if fault.is_open] if request.GET.get("check") else []
    findings = queries.shown_while_filling(found)
    lock = policies.lock_reason(request.actor, report)
    before = queries.report_before(report)
    last = queries.cells_before(report, before) if before and "compare" in request.GET else {}
    told = (*(fault for fault in findings if fault.severity != "note"), *faults)
    beside = told_of(report, told, refused, last)
    tasks, figures = task_lines(report, beside), figure_lines(report, beside)
    words = words_lines(report, beside)
    context = {
        "report": report,
        "title": title_of(report),
        "light": LIGHT_OF_STATUS[report.status],
        "lock": lock,
        "moves": policies.available_moves(request.actor, report),
        "faults": faults,
        "findings": () if faults else findings,
        "refused": [cell for cell, _typed in refused],
        "marks": marks_shown(report, (*tasks, *figures), words),
        "tasks": tasks,
        "figures": figures,
        "confirmable": any(row.register and row.line.taken_at is None for row in figures),
        "words": words,
        "last": before,
        "compares": bool(last),
        "seen": max((change.pk for change in beside.changes.values()), default=0),
        "shown": json.dumps({ref: change.version for ref, change in beside.changes.items()}),
        "undoable": [] if lock else queries.undoable_no_change(report, beside.changes),
        "breadcrumbs": crumbs(Crumb(title_of(report))),
        "today": timezone.localdate(),
    }
    return render(request, "reporting/sheet.html", context, status=_status(refused))


def _status(refused: Refused) -> int:
    if not refused:
        return 200
    return 409 if any(cell.state == "conflict" for cell, _typed in refused) else 422
