"""The sheet as a workbook: downloaded, brought back, previewed cell by cell, taken over."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changai.areas.organisations.queries import units_below
from changai.areas.reporting import policies, queries
from changai.areas.reporting.actions import importing
from changai.areas.reporting.exports import GUIDE, fill_pages
from changai.areas.reporting.models import Report, WorkbookImport
from changai.areas.reporting.queries.workbooks import (
    import_for,
    imports_of,
    read_import,
    sheet_pages,
    stamp_of,
    undoable_import,
)
from changai.areas.reporting.rules.moves import FILL, SUBMIT
from changai.areas.reporting.rules.workbook_pages import PURPOSE
from changai.areas.reporting.rules.workbook_reading import Reading, State, fingerprint
from changai.areas.reporting.views.lists import crumbs, title_of
from changai.core.errors import ActionRefused, AlreadyDone, Unreadable
from changai.core.periods import Month
from changai.documents.sheets_to_fill import write_sheets_to_fill
from changai.foundation.downloads import workbook_called
from changai.foundation.pages import Request, page, press, see_other
from changai.foundation.stamps import stamped
from changai.foundation.ui.figures import written_day
from changai.foundation.ui.parts import Crumb, Tile
from changai.foundation.uploads import uploaded_files


@page("report.fill")
@require_safe
def download(request: Request, pk: int) -> HttpResponse:
    """Download the sheet prefilled, to be filled in away from the system."""
    report = queries.report_for(request.actor, pk)
    policies.require(request.actor, FILL, report)
    return _workbook(report, None)


def _workbook(report: Report, reading: Reading | None) -> HttpResponse:
    pages = sheet_pages(report)
    stamp = stamp_of(report, pages)
    due = written_day(report.return_due_on or report.obligation.due_on)
    content = write_sheets_to_fill(
        fill_pages(pages, stamp, due=due, reading=reading),
        stamp=stamped(PURPOSE, stamp.values()),
        guide=GUIDE,
        created=timezone.now(),
        author=stamp.unit_name,
    )
    kind = _("（已标注）") if reading else ""
    name = f"{stamp.unit_name}{Month.parse(stamp.month).label}{stamp.form_name}{kind}"
    return workbook_called(name, content)


@page("report.fill")
@require_http_methods(["GET", "POST"])
def upload(request: Request, pk: int) -> HttpResponse:
    """Bring the filled workbook; it is only looked at."""
    report = queries.report_for(request.actor, pk)
    policies.require(request.actor, FILL, report)
    refusal: ActionRefused | None = None
    if request.method == "POST":
        try:
            ((name, content),) = uploaded_files(request, most=1)
            once = request.POST.get("once", "")
            batch = importing.bring_workbook(
                request.actor, report, name=name, content=content, at=timezone.now(), once=once
            )
            return see_other(reverse("reporting:import", args=[batch.pk]))
        except AlreadyDone as repeated:
            return _brought_already(request, report, repeated)
        except Unreadable as unreadable:
            refusal = unreadable
    context = {
        "report": report,
        "title": title_of(report),
        "refusal": refusal,
        "earlier": list(imports_of(report)[:10]),
        "gathers": bool(units_below(report.obligation.unit, on=report.obligation.due_on)),
        "address": reverse("reporting:workbook_upload", args=[pk]),
        "breadcrumbs": _crumbs(report, _("上传工作簿")),
    }
    return render(request, "reporting/workbook_upload.html", context, status=422 if refusal else 200)


def _brought_already(request: Request, report: Report, repeated: AlreadyDone) -> HttpResponse:
    messages.info(request, repeated.sentence)
    batch = imports_of(report).filter(is_merge=False).first()
    return see_other(reverse("reporting:import", args=[batch.pk]) if batch else request.path)


@page("report.fill")
@require_safe
def preview(request: Request, pk: int) -> HttpResponse:
    """Show what the workbook would change, cell by cell; nothing is written."""
    batch = import_for(request.actor, pk)
    policies.require(request.actor, FILL, batch.report)
    if batch.is_merge:
        return see_other(reverse("reporting:merge", args=[pk]))
    if batch.state != WorkbookImport.State.OPEN:
        return render(request, "reporting/workbook_taken.html", _taken(request, batch))
    reading, stamp = read_import(batch)
    context = {
        "batch": batch,
        "report": batch.report,
        "name": batch.files[0]["name"],
        "unplaced": reading.unplaced,
        "notes": reading.notes,
        "is_stamped": stamp is not None,
        "seen": fingerprint(reading),
        "tiles": _tiles(reading),
        "faults": reading.having(State.FAULT),
        "warnings": reading.having(State.WARNING),
        "changes": reading.having(State.CHANGE),
        "has_work": bool(reading.having(State.CHANGE, State.WARNING)),
        "may_submit": policies.may(request.actor, SUBMIT, batch.report),
        "breadcrumbs": _crumbs(batch.report, _("核对差异")),
    }
    return render(request, "reporting/workbook_preview.html", context)


def _tiles(reading: Reading) -> list[Tile]:
    faults, warnings = len(reading.having(State.FAULT)), len(reading.having(State.WARNING))
    return [
        Tile(_("将写入"), len(reading.having(State.CHANGE)), state="waiting"),
        Tile(_("需确认"), warnings, state="near" if warnings else ""),
        Tile(_("有错误"), faults, state="overdue" if faults else ""),
        Tile(_("无变化"), len(reading.having(State.SAME))),
    ]


def _taken(request: Request, batch: WorkbookImport) -> dict[str, Any]:
    return {
        "batch": batch,
        "report": batch.report,
        "outcome": batch.outcome,
        "may_undo": policies.may(request.actor, FILL, batch.report) and bool(undoable_import(batch)),
        "may_submit": policies.may(request.actor, SUBMIT, batch.report),
        "breadcrumbs": _crumbs(batch.report, _("导入结果")),
    }


@page("report.fill")
@require_POST
def columns(request: Request, pk: int) -> HttpResponse:
    """Keep which column stands for a heading that was not found."""
    answers: dict[str, dict[str, str]] = defaultdict(dict)
    for name, letters in request.POST.items():
        kind, _colon, rest = name.partition(":")
        page_name, _colon, title = rest.partition(":")
        if kind == "column" and title and isinstance(letters, str) and letters:
            answers[page_name][title] = letters[:3]
    return press(
        request, importing.place_columns, pk,
        answers=dict(answers), done=_("已对照，请核对差异。"), then=reverse("reporting:import", args=[pk]),
    )  # fmt: skip


@page("report.fill")
@require_POST
def take(request: Request, pk: int) -> HttpResponse:
    """Take over what was previewed, and submit when asked."""
    batch = importing.take_over_workbook(
        request.actor,
        pk,
        ticked=request.POST.getlist("tick"),
        seen=request.POST.get("seen", ""),
        owned="own" in request.POST,
        submitting=request.POST.get("then") == "submit",
        at=timezone.now(),
        once=request.POST.get("once", ""),
    )
    return _told(request, batch)


def _told(request: Request, batch: WorkbookImport) -> HttpResponse:
    count = len(batch.outcome["taken"])
    told = ngettext("已写入 %(count)d 格。", "已写入 %(count)d 格。", count) % {"count": count}
    if batch.outcome["submitted"]:
        messages.success(request, told + _("已提交本单位负责人审签。"))
        return see_other(reverse("reporting:report", args=[batch.report_id]))
    messages.success(request, told)
    return see_other(reverse("reporting:import", args=[batch.pk]))


@page("report.fill")
@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    """Put the upload aside."""
    report_id = import_for(request.actor, pk).report_id
    return press(
        request, importing.discard_import, pk,
        done=_("已放弃这份工作簿，网上的内容没有改动。"), then=reverse("reporting:sheet", args=[report_id]),
    )  # fmt: skip


@page("report.fill")
@require_safe
def marked(request: Request, pk: int) -> HttpResponse:
    """Download the workbook as it was brought, coloured and remarked, to be mended and brought again."""
    batch = import_for(request.actor, pk)
    policies.require(request.actor, FILL, batch.report)
    return _workbook(batch.report, read_import(batch)[0])


def _crumbs(report: Report, name: str) -> list[Crumb]:
    sheet = Crumb(title_of(report), reverse("reporting:sheet", args=[report.pk]))
    return crumbs(sheet, Crumb(name))
