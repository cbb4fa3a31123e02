"""The workbooks of the units below: the blank for them, several brought at once, previewed as sums, taken over."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changai.areas.reporting import policies, queries
from changai.areas.reporting.actions import importing, merging
from changai.areas.reporting.exports import TOWNSHIP_GUIDE, township_fill_pages
from changai.areas.reporting.models import Report, WorkbookImport
from changai.areas.reporting.queries.merging import (
    BroughtFile,
    Gathering,
    Merged,
    content_of_file,
    gathering_of,
    marked_reading,
    read_merge,
)
from changai.areas.reporting.queries.workbooks import import_for, imports_of, sheet_pages, undoable_import
from changai.areas.reporting.rules.merging import merge_fingerprint
from changai.areas.reporting.rules.moves import FILL
from changai.areas.reporting.rules.workbook_pages import TOWNSHIP_PURPOSE
from changai.areas.reporting.rules.workbook_reading import Reading, State
from changai.areas.reporting.views.lists import crumbs, title_of
from changai.core.errors import ActionRefused, AlreadyDone, NotAllowed, NotVisible, Unreadable
from changai.core.periods import Month
from changai.documents.sheets_to_fill import write_sheets_to_fill
from changai.foundation.downloads import WORKBOOK, attachment, workbook_called
from changai.foundation.pages import Request, page, press, see_other
from changai.foundation.stamps import stamped
from changai.foundation.ui.parts import Crumb, Tile
from changai.foundation.uploads import uploaded_files

MOST_FILES = 60
FILES_TOGETHER = 8


@page("report.fill")
@require_safe
def blank(request: Request, pk: int) -> HttpResponse:
    """Download the blank sheet for the units below."""
    report = queries.report_for(request.actor, pk)
    policies.require(request.actor, FILL, report)
    gathering = gathering_of(report)
    if not gathering.units:
        raise NotVisible
    month = Month.parse(gathering.stamp.month).label
    name = f"{gathering.stamp.unit_name}下级单位{month}{gathering.stamp.form_name}（空白表）"
    return _filled_workbook(gathering, name)


@page("report.fill")
@require_http_methods(["GET", "POST"])
def townships(request: Request, pk: int) -> HttpResponse:
    """Bring the workbooks of the units below, several at once; they are only looked at."""
    report = queries.report_for(request.actor, pk)
    policies.require(request.actor, FILL, report)
    refusal: ActionRefused | None = None
    if request.method == "POST":
        try:
            given = uploaded_files(request, most=MOST_FILES)
            once = request.POST.get("once", "")
            batch = merging.bring_townships(request.actor, report, given=given, at=timezone.now(), once=once)
            return see_other(reverse("reporting:merge", args=[batch.pk]))
        except AlreadyDone as repeated:
            messages.info(request, repeated.sentence)
            batch = imports_of(report).filter(is_merge=True)[0]
            return see_other(reverse("reporting:merge", args=[batch.pk]))
        except Unreadable as unreadable:
            refusal = unreadable
    gathering = gathering_of(report)
    context = {
        "report": report,
        "title": title_of(report),
        "units": gathering.units,
        "has_figures": gathering.has_figures,
        "refusal": refusal,
        "earlier": list(imports_of(report).filter(is_merge=True)[:10]),
        "address": reverse("reporting:townships", args=[pk]),
        "most": MOST_FILES,
        "breadcrumbs": _crumbs(report, _("汇总下级单位")),
    }
    return render(request, "reporting/townships.html", context, status=422 if refusal else 200)


@page("report.fill")
@require_safe
def merge(request: Request, pk: int) -> HttpResponse:
    """Show what the workbooks say together, a row per figure; nothing is written."""
    batch = _merge_for(request, pk)
    policies.require(request.actor, FILL, batch.report)
    if batch.state != WorkbookImport.State.OPEN:
        return see_other(reverse("reporting:import_sources", args=[pk]))
    merged = read_merge(batch)
    context = {
        "batch": batch,
        "report": batch.report,
        **_files(batch, merged),
        "missing": merged.missing,
        "seen": merge_fingerprint(merged.rows),
        "tiles": _tiles(merged),
        "townships": merged.townships,
        "summed": merged.summed,
        "listed_figures": [row for row in merged.listed if row.column == "本月数"],
        "listed_words": [row for row in merged.listed if row.column != "本月数"],
        "has_work": bool(merged.having(State.CHANGE, State.WARNING)),
        "breadcrumbs": _crumbs(batch.report, _("核对合计")),
    }
    return render(request, "reporting/merge.html", context)


def _files(batch: WorkbookImport, merged: Merged) -> dict[str, Any]:
    """Return the files of an upload with their digests; of many, those with nothing to tell stand apart."""
    files = [(file, batch.files[file.number - 1]["digest"]) for file in merged.files]
    apart = len(files) > FILES_TOGETHER
    return {
        "files": files,
        "told_files": [each for each in files if not apart or _is_told(each[0])],
        "quiet_files": [each for each in files if apart and not _is_told(each[0])],
        "open_files": [each for each in files if each[0].unplaced],
    }


def _is_told(file: BroughtFile) -> bool:
    return bool(file.fault or file.unplaced or file.notes or file.doubtful)


def _tiles(merged: Merged) -> list[Tile]:
    counted = [file for file in merged.files if not (file.fault or file.unplaced)]
    faults, warnings = len(merged.having(State.FAULT)), len(merged.having(State.WARNING))
    return [
        Tile(_("计入的表"), len(counted)),
        Tile(_("还缺单位"), len(merged.missing), state="near" if merged.missing else ""),
        Tile(_("将写入"), len(merged.having(State.CHANGE)), state="waiting"),
        Tile(_("需确认"), warnings, state="near" if warnings else ""),
        Tile(_("有错误"), faults, state="overdue" if faults else ""),
    ]


def _merge_for(request: Request, pk: int) -> WorkbookImport:
    batch = import_for(request.actor, pk)
    if not batch.is_merge:
        raise NotVisible
    return batch


@page("report.fill")
@require_POST
def merge_take(request: Request, pk: int) -> HttpResponse:
    """Write the sums that were previewed into the draft."""
    batch = merging.take_over_townships(
        request.actor,
        pk,
        ticked=request.POST.getlist("tick"),
        seen=request.POST.get("seen", ""),
        partial="partial" in request.POST,
        at=timezone.now(),
        once=request.POST.get("once", ""),
    )
    count = len(batch.outcome["taken"])
    messages.success(
        request, ngettext("已写入 %(count)d 格。", "已写入 %(count)d 格。", count) % {"count": count}
    )
    return see_other(reverse("reporting:import_sources", args=[pk]))


@page("report.fill")
@require_POST
def leave_out(request: Request, pk: int) -> HttpResponse:
    """Take one file out of the upload."""
    return press(
        request, merging.leave_out_file, pk,
        digest=request.POST.get("digest", ""), done=_("已去掉这份表。"), then=reverse("reporting:merge", args=[pk]),
    )  # fmt: skip


@page("report.fill")
@require_POST
def undo(request: Request, pk: int) -> HttpResponse:
    """Give the cells an upload filled their former content."""
    report_id = import_for(request.actor, pk).report_id
    return press(
        request, importing.undo_import, pk,
        done=_("已撤销，写入的格子恢复为原来的内容。"), then=reverse("reporting:sheet", args=[report_id]),
    )  # fmt: skip


@page("report.view")
@require_safe
def sources(request: Request, pk: int) -> HttpResponse:
    """Show of what the sums of an upload were made: each unit's figure, its file and its cell."""
    batch = _source_for(request, pk)
    names = _names_of_cells(batch.report)
    parts = batch.outcome.get("parts", {})
    context = {
        "batch": batch,
        "report": batch.report,
        "outcome": batch.outcome,
        "is_taken": batch.state == WorkbookImport.State.TAKEN,
        "rows": [
            (names.get(ref, ref), ref in batch.outcome.get("taken", []), given)
            for ref, given in parts.items()
        ],
        "may_fill": policies.may(request.actor, FILL, batch.report),
        "may_undo": policies.may(request.actor, FILL, batch.report) and bool(undoable_import(batch)),
        "breadcrumbs": _crumbs(batch.report, _("汇总来源")),
    }
    return render(request, "reporting/import_sources.html", context)


def _names_of_cells(report: Report) -> dict[str, str]:
    return {
        asked.ref: f"{row.name}　{asked.column}" if asked.kind == "words" else row.name
        for page in sheet_pages(report)
        for row in page.rows
        for asked in row.asked
    }


@page("report.fill")
@require_safe
def marked_file(request: Request, pk: int, number: int) -> HttpResponse:
    """Download one file of an upload as it was brought, coloured and remarked, for its unit to mend."""
    batch = _merge_for(request, pk)
    policies.require(request.actor, FILL, batch.report)
    if not 1 <= number <= len(batch.files):
        raise NotVisible
    gathering, reading = marked_reading(batch, number)
    stem = batch.files[number - 1]["name"].rpartition(".")[0]
    return _filled_workbook(gathering, f"{stem}{_('（已标注）')}", reading)


def _filled_workbook(gathering: Gathering, name: str, reading: Reading | None = None) -> HttpResponse:
    content = write_sheets_to_fill(
        township_fill_pages(gathering.pages, gathering.stamp, reading),
        stamp=stamped(TOWNSHIP_PURPOSE, gathering.stamp.values()),
        guide=TOWNSHIP_GUIDE,
        created=timezone.now(),
        author=gathering.stamp.unit_name,
    )
    return workbook_called(name, content)


@page("report.view")
@require_safe
def source_file(request: Request, pk: int, number: int) -> HttpResponse:
    """Download one of the files of an upload as it came."""
    batch = _source_for(request, pk)
    if not 1 <= number <= len(batch.files):
        raise NotVisible
    file: dict[str, Any] = batch.files[number - 1]
    return attachment(file["name"], content_of_file(file), media_type=WORKBOOK)


def _source_for(request: Request, pk: int) -> WorkbookImport:
    """Return the upload for those who see the sheet while it is filled, or the unit's evidence."""
    batch = _merge_for(request, pk)
    report = batch.report
    if not policies.may_read_sheet(request.actor, report) and not policies.reaches_evidence(
        request.actor, report
    ):
        raise NotAllowed
    return batch


def _crumbs(report: Report, name: str) -> list[Crumb]:
    sheet = Crumb(title_of(report), reverse("reporting:sheet", args=[report.pk]))
    return crumbs(sheet, Crumb(name))
