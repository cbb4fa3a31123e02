"""The reviewer's desk: the queue on the left, the report on the right."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from changai.areas.reporting import actions, policies, queries
from changai.areas.reporting.forms.reviewing import ReturnForm, marks_in
from changai.areas.reporting.models import Report
from changai.areas.reporting.rules.snapshots import differences
from changai.areas.reporting.views.lists import crumbs, title_of, way_of
from changai.areas.reporting.views.paper import paper_of
from changai.areas.reporting.views.sending import version_in
from changai.core.errors import Invalid
from changai.foundation.pages import Request, number_in, page, press, see_other
from changai.foundation.ui.parts import Crumb

DAYS_TO_MEND = 3


@page("report.review")
@require_safe
def queue(request: Request) -> HttpResponse:
    """Open the report that has waited longest."""
    waiting = queries.review_queue(request.actor)
    if waiting:
        return see_other(reverse("reporting:review", args=[waiting[0].pk]))
    return render(request, "reporting/review.html", {"queue": [], "breadcrumbs": crumbs(Crumb(_("审核")))})


@page("report.review")
@require_safe
def review(request: Request, pk: int) -> HttpResponse:
    """Show one signed report beside the queue."""
    report = queries.report_for(request.actor, pk)
    if not policies.may(request.actor, "accept", report):
        return see_other(reverse("reporting:report", args=[pk]))
    return _desk(request, report, ReturnForm(initial=_proposal(report)))


def _proposal(report: Report) -> dict[str, object]:
    return {"due_on": timezone.localdate() + timedelta(days=DAYS_TO_MEND), "version": report.version}


def _desk(request: Request, report: Report, form: ReturnForm, *, status: int = 200) -> HttpResponse:
    submissions = list(report.submissions.order_by("number"))
    latest = submissions[-1]
    changes = differences(submissions[-2].content, latest.content) if len(submissions) > 1 else ()
    waiting = queries.review_queue(request.actor)
    found = queries.findings_of_reports({report, *waiting})
    notes = [fault for fault in found[report.pk] if not fault.is_open]
    clean = queries.clean_among(waiting, found)
    context = {
        "queue": [(one, one.pk in clean) for one in waiting],
        "report": report,
        "title": title_of(report),
        "submission": latest,
        "paper": paper_of(
            latest.content,
            changes=changes,
            marks=marks_in(request.POST),
            asked=queries.marks_of(report),
            notes=notes,
        ),
        "changes": changes,
        "notes": notes,
        "nodes": way_of(report, submissions),
        "form": form,
        "breadcrumbs": crumbs(Crumb(_("审核"), reverse("reporting:queue")), Crumb(title_of(report))),
    }
    return render(request, "reporting/review.html", context, status=status)


@page("report.review")
@require_POST
def accept(request: Request, pk: int) -> HttpResponse:
    """Accept one report and go on to the next."""
    return press(
        request, actions.accept_report, pk,
        version=version_in(request), done=_("已采用。"), then=reverse("reporting:queue"),
    )  # fmt: skip


@page("report.review")
@require_POST
def accept_many(request: Request) -> HttpResponse:
    """Accept the chosen clean reports together."""
    pairs = [written.partition(":") for written in request.POST.getlist("chosen")]
    numbers = [(number_in(pk), number_in(version)) for pk, _colon, version in pairs]
    chosen = [(pk, version) for pk, version in numbers if pk is not None and version is not None]
    done = _("已采用 %(count)d 份。") % {"count": len(chosen)}
    return press(request, actions.accept_reports, chosen, done=done, then=reverse("reporting:queue"))


@page("report.review")
@require_POST
def return_(request: Request, pk: int) -> HttpResponse:
    """Return one report with its marked cells and go on to the next."""
    report = queries.report_for(request.actor, pk)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        policies.require(request.actor, "return", report)
        return _desk(request, report, form, status=422)
    try:
        return press(
            request, actions.return_report, pk,
            reason=form.reason, marks=marks_in(request.POST), due_on=form.cleaned_data["due_on"],
            version=form.cleaned_data["version"], done=_("已退回。"), then=reverse("reporting:queue"),
        )  # fmt: skip
    except Invalid as refused:
        for sentence in refused.faults or (refused.sentence,):
            form.add_error(None, sentence)
        return _desk(request, report, form, status=422)
