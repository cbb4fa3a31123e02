"""历史数据: files of old figures brought in and carried out, by the office."""

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changai.areas.facts.actions import carrying_out
from changai.areas.facts.actions import history as actions
from changai.areas.facts.exports import FAULT_COLUMNS, fault_row
from changai.areas.facts.forms import HistoryExportForm
from changai.areas.facts.models import HistoryExport, HistoryImport, HistoryRow
from changai.areas.facts.queries import history as reads
from changai.core.errors import ActionRefused, AlreadyDone, Invalid
from changai.documents.long_workbooks import LongWorkbook
from changai.foundation.downloads import workbook_called
from changai.foundation.pages import Request, number_in, page, press, see_other
from changai.foundation.ui.parts import Crumb, Tile
from changai.foundation.uploads import uploaded_files

SHOWN = 100
State = HistoryRow.State
Status = HistoryImport.Status


def _crumbs(*further: Crumb) -> list[Crumb]:
    figures = Crumb(_("数据"), reverse("facts:figures"))
    return [figures, Crumb(_("历史数据"), reverse("facts:history")), *further]


@page("fact.enter")
@require_http_methods(["GET", "POST"])
def history(request: Request) -> HttpResponse:
    """Bring a file of old figures, order one to be written, and see what was brought and written before."""
    refusal: ActionRefused | None = None
    if request.method == "POST":
        try:
            batch = _brought(request)
            return see_other(reverse("facts:history_import", args=[batch.pk]))
        except AlreadyDone as repeated:
            messages.info(request, repeated.sentence)
            return see_other(
                reverse("facts:history_import", args=[reads.history_imports(request.actor)[0].pk])
            )
        except ActionRefused as refused:
            refusal = refused
    exports = list(reads.history_exports(request.actor)[:10])
    imports = list(reads.history_imports(request.actor)[:30])
    context = {
        "refusal": refusal,
        "imports": imports,
        "exports": exports,
        "is_at_work": any(batch.is_at_work for batch in imports)
        or any(export.status == HistoryExport.Status.WAITING for export in exports),
        "form": _export_form(),
        "breadcrumbs": [_crumbs()[0], Crumb(_("历史数据"))],
    }
    return render(request, "facts/history.html", context, status=refusal.status if refusal else 200)


def _brought(request: Request) -> HistoryImport:
    ((name, content),) = uploaded_files(request, most=1)
    typed = request.POST.get("expected_rows", "").replace(",", "").strip()
    expected = number_in(typed)
    if typed and not expected:
        raise Invalid(_("“应有行数”请填整数，如 200000。"))
    return actions.bring_history(
        request.actor,
        name=name,
        content=content,
        expected_rows=expected,
        at=timezone.now(),
        once=request.POST.get("once", ""),
    )


def _export_form() -> HistoryExportForm:
    known = reads.months_with_facts()
    first, last = known or (timezone.localdate(), timezone.localdate())
    return HistoryExportForm(initial={"first": f"{first:%Y-%m}", "last": f"{last:%Y-%m}"})


@page("fact.enter")
@require_safe
def show_import(request: Request, pk: int) -> HttpResponse:
    """Show one file: how far it is checked, what it would change, what is wrong with it."""
    batch = reads.history_import_for(request.actor, pk)
    counts = reads.counts_of(batch)
    context = {
        "batch": batch,
        "counts": counts,
        "tiles": _tiles(batch, counts),
        "faulty": list(reads.rows_in(batch, State.FAULTY)[:SHOWN]),
        "changed": list(reads.rows_in(batch, State.CHANGED)[:SHOWN]),
        "breadcrumbs": _crumbs(Crumb(batch.name)),
    }
    return render(request, "facts/history_import.html", context)


def _tiles(batch: HistoryImport, counts: dict[str, int]) -> list[Tile]:
    return [
        Tile(_("数据行"), batch.rows),
        Tile(_("新增"), counts[State.NEW], state="waiting"),
        Tile(_("与现有数据不一致"), counts[State.CHANGED], state="near" if counts[State.CHANGED] else ""),
        Tile(_("与现有数据相同"), counts[State.SAME]),
        Tile(_("有错误"), counts[State.FAULTY], state="overdue" if counts[State.FAULTY] else ""),
    ]


@page("fact.enter")
@require_POST
def take(request: Request, pk: int) -> HttpResponse:
    """Order the checked rows to be taken over."""
    return press(
        request, actions.order_taking, pk,
        content_digest=request.POST.get("content", ""), replacing="replacing" in request.POST,
        done=_("正在导入，完成后这里会显示结果。"), then=reverse("facts:history_import", args=[pk]),
    )  # fmt: skip


@page("fact.enter")
@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    """Put a file aside."""
    return press(
        request, actions.discard_history, pk,
        done=_("已放弃，数据没有改动。"), then=reverse("facts:history"),
    )  # fmt: skip


@page("fact.enter")
@require_POST
def undo(request: Request, pk: int) -> HttpResponse:
    """Take a file's figures out of force again."""
    return press(
        request, actions.undo_history, pk,
        done=_("已撤销这次导入，被替换的数据已恢复。"), then=reverse("facts:history_import", args=[pk]),
    )  # fmt: skip


@page("fact.enter")
@require_safe
def faults(request: Request, pk: int) -> HttpResponse:
    """Download the rows with faults, all of them, each with its sentence."""
    batch = reads.history_import_for(request.actor, pk)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "faults.xlsx"
        with LongWorkbook(place, name=_("错误清单"), columns=FAULT_COLUMNS, created=timezone.now()) as book:
            for row in reads.rows_in(batch, State.FAULTY).iterator(chunk_size=2_000):
                book.add(fault_row(row))
            book.remark([(_("文件"), batch.name), (_("错误行数"), str(book.rows))])
        content = place.read_bytes()
    return workbook_called(_("错误清单"), content)


@page("fact.enter")
@require_POST
def export(request: Request) -> HttpResponse:
    """Order a file of figures to be written."""
    form = HistoryExportForm(request.POST)
    if not form.is_valid():
        told = tuple(str(fault) for faults in form.errors.values() for fault in faults)
        raise Invalid(_("请填写起止月份。"), faults=told)
    months: dict[str, Any] = form.cleaned_data
    return press(
        request, carrying_out.order_export,
        first_month=months["first"].first_on, last_month=months["last"].first_on,
        done=_("正在生成，完成后可在下面下载。"), then=reverse("facts:history"),
    )  # fmt: skip


@page("fact.enter")
@require_safe
def download(request: Request, pk: int) -> HttpResponse:
    """Download a written file."""
    found = reads.history_export_for(request.actor, pk)
    months = f"{found.first_month:%Y%m}-{found.last_month:%Y%m}"
    content = carrying_out.read_export(found)
    return workbook_called(_("历史数据") + months, content)
