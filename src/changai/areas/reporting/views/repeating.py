"""零报告、本月无变化: what would be filled in, the one press, and taking it back."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from changai.areas.reporting import actions, policies, queries
from changai.areas.reporting.views.lists import crumbs, title_of
from changai.foundation.pages import Request, page, press, version_sent
from changai.foundation.ui.parts import Crumb


@page("report.fill")
def no_change(request: Request, pk: int) -> HttpResponse:
    """Show what a month without change fills in; fill it."""
    back = reverse("reporting:sheet", args=[pk])
    if request.method == "POST":
        return press(
            request, actions.report_no_change, pk,
            version=version_sent(request), done=_("已按上月情况填入空白处，可在表上撤销。"), then=back,
        )  # fmt: skip
    report = queries.report_for(request.actor, pk)
    policies.require(request.actor, "fill", report)
    proposals = queries.no_change_proposals(report)
    context = {
        "report": report,
        "title": title_of(report),
        "total": len(proposals),
        "lines": [(name, list(cells)) for name, cells in groupby(proposals, lambda cell: cell.name)],
        "faults": queries.faults_in(report) if not proposals else (),
        "back": back,
        "breadcrumbs": crumbs(Crumb(title_of(report), back), Crumb(_("零报告、本月无变化"))),
    }
    return render(request, "reporting/no_change.html", context)


@page("report.fill")
@require_POST
def undo(request: Request, pk: int) -> HttpResponse:
    """Take back what the last month-without-change filled in."""
    then = reverse("reporting:sheet", args=[pk])
    return press(request, actions.undo_no_change, pk, done=_("已撤销“本月无变化”填入的内容。"), then=then)
