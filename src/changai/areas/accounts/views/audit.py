"""The audit log and the permission matrix."""

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from changai.areas.accounts import actions, queries
from changai.areas.accounts.exports import log_sheet, matrix_sheet
from changai.areas.accounts.forms import LogFilter
from changai.areas.organisations import queries as organisations
from changai.documents.workbooks import SheetContent
from changai.foundation.audit.anchors import drop_anchor, misfit
from changai.foundation.audit.models import AuditEvent
from changai.foundation.audit.verifier import verify_chain
from changai.foundation.downloads import workbook_called
from changai.foundation.matrix import EVERYBODY, MATRIX
from changai.foundation.pages import Request, number_in, page, see_other

PAGE = 100
EXPORTED = 50_000


@page("audit.view")
@require_safe
def show_log(request: Request) -> HttpResponse:
    """Show the log, newest first; further pages begin before a sequence number, so they never shift."""
    form = LogFilter(request.GET)
    events = _narrowed(request, form)
    before = number_in(request.GET.get("before", ""))
    if before is not None:
        events = events.filter(sequence__lt=before)
    shown = list(events[: PAGE + 1])
    context = {
        "form": form,
        "events": shown[:PAGE],
        "next": shown[PAGE - 1].sequence if len(shown) > PAGE else None,
        "is_first_page": before is None,
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "accounts/audit.html", context)


@page("audit.view")
@require_safe
def export_log(request: Request) -> HttpResponse:
    """Download the lines the filters leave, newest first; taking them out is itself a line."""
    events = list(_narrowed(request, LogFilter(request.GET))[:EXPORTED])
    actions.note_export(request.actor, rows=len(events), at=timezone.now())
    return _download(request, log_sheet(events), _("审计日志"))


@page("audit.view")
@require_POST
def verify(request: Request) -> HttpResponse:
    """Verify the whole chain now and say what was found."""
    verdict = verify_chain()
    at = timezone.now()
    fault = "" if verdict.is_whole else _("第 %(number)s 条：%(reason)s") % {
        "number": verdict.first_bad, "reason": verdict.reason,
    }  # fmt: skip
    fault = fault or misfit()
    actions.note_verification(request.actor, verdict, at=at)
    if fault:
        messages.error(request, _("校验不通过。%(fault)s。请立即报告并保护现场。") % {"fault": fault})
    else:
        drop_anchor(verdict, at=at)
        told = {"lines": verdict.lines, "head": verdict.head[:16]}
        messages.success(request, _("校验通过：共 %(lines)s 条，全部相符，链首 %(head)s…。") % told)
    return see_other(reverse("accounts:audit"))


@page("matrix.view")
@require_safe
def show_matrix(request: Request) -> HttpResponse:
    """Show which post may do what, and how far."""
    rows = [(name, code, [grants.get(role) for role in EVERYBODY]) for code, (name, grants) in MATRIX.items()]
    return render(request, "accounts/matrix.html", {"roles": EVERYBODY, "rows": rows})


@page("matrix.view")
@require_safe
def export_matrix(request: Request) -> HttpResponse:
    """Download the matrix."""
    return _download(request, matrix_sheet(), _("岗位权限一览表"))


def _narrowed(request: Request, form: LogFilter) -> QuerySet[AuditEvent]:
    """Return the lines that the filters leave, newest first; a filter that is not understood is left out."""
    form.is_valid()
    asked: dict[str, Any] = form.cleaned_data
    events = queries.log_for(request.actor)
    if asked.get("act"):
        events = events.filter(act=asked["act"])
    if asked.get("person"):
        events = events.filter(actor_name__icontains=asked["person"])
    if asked.get("since"):
        events = events.filter(at__gte=_midnight(asked["since"]))
    if asked.get("until"):
        events = events.filter(at__lt=_midnight(asked["until"] + timedelta(days=1)))
    if asked.get("object_type"):
        events = events.filter(object_type__icontains=asked["object_type"])
    return events.filter(object_id=asked["object_id"]) if asked.get("object_id") else events


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _download(request: Request, sheet: SheetContent, title: str) -> HttpResponse:
    return workbook_called(
        f"{title}{timezone.localdate():%Y%m%d}",
        organisations.workbook_of(request.actor, [sheet], at=timezone.now()),
    )
