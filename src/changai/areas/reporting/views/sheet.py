"""The sheet a unit fills: the page, and its buttons."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from changai.areas.reporting import actions, policies, queries
from changai.areas.reporting.views.grid import figure_lines, marks_shown, task_lines, told_of, words_lines
from changai.areas.reporting.views.lists import LIGHT_OF_STATUS, crumbs, title_of
from changai.foundation.pages import Request, number_in, page, press, see_other
from changai.foundation.ui.parts import Crumb


@page("report.view")
@require_safe
def sheet(request: Request, pk: int) -> HttpResponse:
    """Show the sheet to fill; who does not fill it reads what was signed."""
    report = queries.report_for(request.actor, pk)
    if not policies.may_read_sheet(request.actor, report):
        return see_other(reverse("reporting:report", args=[pk]))
    found = queries.findings_of(report)
    faults = [fault for fault in found if fault.is_open] if request.GET.get("check") else []
    shown = queries.shown_while_filling(found)
    beside = told_of(report, (*(fault for fault in shown if fault.severity != "note"), *faults))
    lock = policies.lock_reason(request.actor, report)
    tasks, figures = task_lines(report, beside), figure_lines(report, beside)
    words = words_lines(report, beside)
    context = {
        "report": report,
        "title": title_of(report),
        "light": LIGHT_OF_STATUS[report.status],
        "lock": lock,
        "moves": policies.available_moves(request.actor, report),
        "faults": faults,
        "findings": () if faults else shown,
        "marks": marks_shown(report, (*tasks, *figures), words),
        "tasks": tasks,
        "figures": figures,
        "words": words,
        "last": queries.report_before(report),
        "seen": max((change.pk for change in beside.changes.values()), default=0),
        "talks": sorted(beside.comments.items()),
        "breadcrumbs": crumbs(Crumb(title_of(report))),
        "today": timezone.localdate(),
    }
    return render(request, "reporting/sheet.html", context)


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
