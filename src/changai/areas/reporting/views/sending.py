"""Submitting, withdrawing, signing, sending back to the liaison."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from changai.areas.reporting import actions, policies, queries
from changai.areas.reporting.forms.reviewing import DecisionForm
from changai.areas.reporting.models import Report
from changai.areas.reporting.rules.snapshots import Difference, differences
from changai.areas.reporting.views.lists import crumbs, title_of
from changai.areas.reporting.views.paper import paper_of
from changai.core.errors import Invalid, RecordMoved
from changai.foundation.pages import Request, page, press, see_other
from changai.foundation.ui.parts import Crumb


def version_in(request: Request) -> int:
    """Return the version the button was pressed for.

    :raises Invalid: when the page sent none
    """
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise Invalid("页面内容不完整，请刷新后重试。")
    version: int = form.cleaned_data["version"]
    return version


@page("report.submit")
def submit(request: Request, pk: int) -> HttpResponse:
    """Show the sheet once more as it will be signed; submit it."""
    report = queries.report_for(request.actor, pk)
    if request.method == "POST":
        return press(
            request, actions.submit_report, pk,
            version=version_in(request), done=_("已提交本单位负责人审签。"),
            then=reverse("reporting:report", args=[pk]),
        )  # fmt: skip
    if past := _past(request, "submit", report):
        return past
    if queries.faults_in(report):
        return see_other(reverse("reporting:sheet", args=[pk]) + "?check=1#faults")
    return _reading_page(request, report, "reporting/submit.html", _("提交"))


@page("report.sign")
def sign(request: Request, pk: int) -> HttpResponse:
    """Show the head what is to be signed and what changed; sign it."""
    report = queries.report_for(request.actor, pk)
    if request.method == "POST":
        # One that is signed already, as after a double click, has its receipt: the same one is shown again.
        number = report.submissions.count() + (report.status == Report.Status.SUBMITTED)
        return press(
            request, actions.sign_report, pk,
            version=version_in(request), done=_("已审签报出。"), then=reverse("reporting:receipt", args=[pk, number]),
        )  # fmt: skip
    if past := _past(request, "sign", report):
        return past
    return _reading_page(request, report, "reporting/sign.html", _("审签"))


def _past(request: Request, move: str, report: Report) -> HttpResponse | None:
    """Lead an old link to the report itself when it is past the move."""
    refused = policies.refusal(request.actor, move, report)
    if isinstance(refused, RecordMoved):
        messages.info(request, refused.sentence)
        return see_other(reverse("reporting:report", args=[report.pk]))
    if refused:
        raise refused
    return None


def _reading_page(request: Request, report: Report, template: str, name: str) -> HttpResponse:
    content = queries.content_of(report)
    changes = changes_since_sent(report, content)
    context = {
        "report": report,
        "title": title_of(report),
        "threads": queries.open_threads(report),
        "paper": paper_of(content, changes=changes, notes=queries.notes_in(report)),
        "changes": changes,
        "draft_at": queries.last_written_at(report),
        "notes": queries.notes_in(report),
        "today": timezone.localdate(),
        "breadcrumbs": crumbs(
            Crumb(title_of(report), reverse("reporting:sheet", args=[report.pk])), Crumb(name)
        ),
    }
    return render(request, template, context)


def changes_since_sent(report: Report, content: dict[str, object]) -> tuple[Difference, ...]:
    """Return what the content says otherwise than what was last sent."""
    last = report.submissions.order_by("-number").first()
    return differences(last.content, content) if last else ()


@page("report.submit")
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take the sheet back before it is signed."""
    return press(
        request,
        actions.withdraw_report,
        pk,
        done=_("已撤回，可以继续修改。"),
        then=reverse("reporting:sheet", args=[pk]),
    )


@page("report.sign")
@require_POST
def decline(request: Request, pk: int) -> HttpResponse:
    """Give the sheet back to the liaison with a reason."""
    return press(
        request, actions.send_back_to_liaison, pk,
        reason=request.POST.get("reason", ""), version=version_in(request),
        done=_("已退给联络员修改。"), then=reverse("reporting:reports"),
    )  # fmt: skip
