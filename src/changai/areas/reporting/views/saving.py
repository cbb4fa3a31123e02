"""Saving cells of the sheet, by the grid and by the plain form."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from changai.areas.reporting import actions, policies, queries
from changai.areas.reporting.actions import CellEdit
from changai.areas.reporting.models import Report
from changai.areas.reporting.views.sheet import show_sheet
from changai.core.errors import Invalid
from changai.foundation.pages import Request, number_in, page, press, see_other

INCOMPLETE = "提交的内容不完整，请刷新页面后重试。"


@page("report.fill")
@require_POST
def save(request: Request, pk: int) -> HttpResponse:
    """Save cells: from the grid as JSON, or the whole sheet from the form."""
    if request.content_type == "application/json":
        outcome = actions.save_cells(request.actor, pk, cells=_edits(request.body), at=timezone.now())
        return JsonResponse(
            {
                "version": outcome.version,
                "saved": [asdict(cell) for cell in outcome.saved],
                "refused": [asdict(cell) for cell in outcome.refused],
            }
        )
    report = queries.report_for(request.actor, pk)
    policies.require(request.actor, "fill", report)
    if not request.POST:
        raise Invalid(INCOMPLETE)
    return refused_in_form(request, report) or see_other(reverse("reporting:sheet", args=[pk]))


def _edits(body: bytes) -> list[CellEdit]:
    try:
        cells = json.loads(body)["cells"]
        return [_edit(cell) for cell in cells]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as wrong:
        raise Invalid(INCOMPLETE) from wrong


def _edit(sent: Mapping[str, Any]) -> CellEdit:
    was, version = sent.get("was"), sent.get("version")
    return CellEdit(
        str(sent["ref"]),
        str(sent["value"]),
        None if was is None else str(was),
        None if version is None else int(version),
    )


def refused_in_form(request: Request, report: Report) -> HttpResponse | None:
    """Save the cells a posted sheet has changed; return the sheet with what was refused in it, None when all is saved.

    What was typed stays in its cell; beside a conflict stands what somebody else wrote, and saving again keeps what
    was typed.
    """
    posted = {name: str(text) for name, text in request.POST.items()}
    typed = list(queries.changed_cells(report, posted, _shown(posted.get("shown", ""))))
    if not typed:
        return None
    edits = [CellEdit(ref, text, version=version) for ref, text, version in typed]
    outcome = actions.save_cells(request.actor, report.pk, cells=edits, at=timezone.now())
    if not outcome.refused:
        report.refresh_from_db(fields=["version"])
        return None
    words = {ref: text for ref, text, _version in typed}
    return show_sheet(
        request, queries.report_for(request.actor, report.pk),
        refused=[(cell, words[cell.ref]) for cell in outcome.refused],
    )  # fmt: skip


def _shown(written: str) -> dict[str, int]:
    try:
        return {str(ref): int(version) for ref, version in json.loads(written or "{}").items()}
    except (ValueError, TypeError, AttributeError, RecursionError) as wrong:
        raise Invalid(INCOMPLETE) from wrong


@page("report.fill")
@require_POST
def confirm(request: Request, pk: int) -> HttpResponse:
    """Save what was typed, then confirm the figures of the registers (核对无误), one or all."""
    report = queries.report_for(request.actor, pk)
    policies.require(request.actor, "fill", report)
    if refused := refused_in_form(request, report):
        return refused
    field = number_in(request.POST.get("field", ""))
    chosen = None if field is None else [field]
    return press(
        request, actions.confirm_prefilled, pk,
        field_ids=chosen, done=_("已核对。"), then=reverse("reporting:sheet", args=[pk]) + "#figures",
    )  # fmt: skip


@page("report.submit")
@require_POST
def check(request: Request, pk: int) -> HttpResponse:
    """Save what was typed, then look for what is missing: go on to the submission, or back to the cells."""
    report = queries.report_for(request.actor, pk)
    policies.require(request.actor, "submit", report)
    if refused := refused_in_form(request, report):
        return refused
    if any(fault.is_open for fault in actions.check_report(request.actor, pk, at=timezone.now())):
        return see_other(reverse("reporting:sheet", args=[pk]) + "?check=1#faults")
    return see_other(reverse("reporting:submit", args=[pk]))
