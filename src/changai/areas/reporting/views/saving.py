"""Saving cells of the sheet, by the grid and by the plain form."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from changai.areas.reporting import actions, queries
from changai.areas.reporting.actions import CellEdit
from changai.areas.reporting.rules.cells import COLUMNS
from changai.core.errors import Invalid, RecordMoved
from changai.foundation.pages import Request, page, see_other


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
    return _save_form(request, pk)


def _edits(body: bytes) -> list[CellEdit]:
    try:
        cells = json.loads(body)["cells"]
        return [_edit(cell) for cell in cells]
    except (ValueError, KeyError, TypeError, RecursionError) as wrong:
        raise Invalid("提交的内容不完整，请刷新页面后重试。") from wrong


def _edit(sent: Mapping[str, Any]) -> CellEdit:
    was, version = sent.get("was"), sent.get("version")
    return CellEdit(
        str(sent["ref"]),
        str(sent["value"]),
        None if was is None else str(was),
        None if version is None else int(version),
    )


def _save_form(request: Request, pk: int) -> HttpResponse:
    report = queries.report_for(request.actor, pk)
    if request.POST.get("version") != str(report.version):
        raise RecordMoved("这份月报在您打开之后又有改动，请刷新页面，看清最新内容后再填。")
    cells = [
        CellEdit(name, str(text)) for name, text in request.POST.items() if name.partition(":")[0] in COLUMNS
    ]
    outcome = actions.save_cells(request.actor, pk, cells=cells, at=timezone.now())
    if outcome.refused:
        raise Invalid("部分内容没有保存，请更正。", faults=tuple(cell.sentence for cell in outcome.refused))
    return see_other(reverse("reporting:sheet", args=[pk]))
