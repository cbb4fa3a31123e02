"""Pages of the training register."""

from typing import cast

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changai.areas.organisations import queries as organisations
from changai.areas.registers.training import actions, queries
from changai.areas.registers.training.exports import register_sheet, template_sheet
from changai.areas.registers.training.forms import (
    ClassForm,
    FilterForm,
    ImportForm,
    ReadRow,
    mark_repeated,
    read_classes,
)
from changai.areas.registers.training.models import TrainingClass
from changai.core.errors import ActionRefused, Invalid
from changai.core.periods import Month
from changai.foundation.downloads import workbook_called
from changai.foundation.pages import Request, number_in, page, press, press_form, see_other, version_sent
from changai.foundation.staging import stage, staged
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import Crumb, Tile

Rows = QuerySet[TrainingClass]
EXPORTED = 20_000
ROWS_SHOWN = 500


@page("register.view")
@require_safe
def show_list(request: Request) -> HttpResponse:
    """List the classes the actor reaches."""
    listing = _listing(request)
    counted = queries.totals(cast(Rows, listing.rows))
    context = {
        "listing": listing,
        "form": FilterForm(request.actor, request.GET),
        "tiles": [
            Tile(_("班次"), counted["classes"], unit=_("期")),
            Tile(_("培训人数"), f"{counted['persons']:,}", unit=_("人次")),
            Tile(_("取得证书"), f"{counted['certified']:,}", unit=_("人次")),
        ],
    }
    return render(request, "training/list.html", context)


@page("register.view")
@require_safe
def export(request: Request) -> HttpResponse:
    """Download the classes that the filters leave."""
    rows = cast(Rows, _listing(request).rows)[:EXPORTED]
    return workbook_called(
        f"{_('培训名册')}{timezone.localdate():%Y%m%d}",
        organisations.workbook_of(request.actor, [register_sheet(rows)], at=timezone.now()),
    )


@page("register.edit")
@require_safe
def template(request: Request) -> HttpResponse:
    """Download the empty sheet for an import."""
    return workbook_called(
        _("培训班次导入表"), organisations.workbook_of(request.actor, [template_sheet()], at=timezone.now())
    )


@page("register.edit")
@require_http_methods(["GET", "POST"])
def upload(request: Request) -> HttpResponse:
    """Bring a workbook of classes; it is only looked at."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            digest = stage(request, read_classes)
        except ActionRefused as refusal:
            form.add_error("file", refusal.sentence)
        else:
            return see_other(reverse("training:preview", args=[digest]))
    context = {"form": form, "breadcrumbs": _crumbs(_("导入班次"))}
    return render(request, "training/upload.html", context, status=422 if form.errors else 200)


@page("register.edit")
@require_safe
def preview(request: Request, digest: str) -> HttpResponse:
    """Show what a workbook would enter; nothing is saved."""
    name, rows = _read(request, digest)
    faulty = [row for row in rows if row.faults]
    context = {
        "name": name,
        "digest": digest,
        "rows": [*faulty, *(row for row in rows if not row.faults)][:ROWS_SHOWN],
        "more": max(0, len(rows) - ROWS_SHOWN),
        "is_sound": bool(rows) and not faulty,
        "tiles": [
            Tile(_("可登记"), len(rows) - len(faulty), unit=_("个班"), state="waiting"),
            Tile(_("有错误"), len(faulty), unit=_("行"), state="overdue" if faulty else ""),
        ],
        "breadcrumbs": _crumbs(_("核对导入内容")),
    }
    return render(request, "training/preview.html", context)


@page("register.edit")
@require_POST
def confirm(request: Request, digest: str) -> HttpResponse:
    """Enter what was previewed, all of it or nothing."""
    _name, rows = _read(request, digest)
    if any(row.faults for row in rows):
        raise Invalid(_("文件中还有错误，没有导入。请改正后重新上传。"))
    entries = tuple(row.entry for row in rows if row.entry)
    return press(
        request, actions.import_classes, entries, digest=digest,
        done=_("已登记 %(count)d 个班次。") % {"count": len(entries)}, then=reverse("training:list"),
    )  # fmt: skip


@page("register.edit")
@require_http_methods(["GET", "POST"])
def add(request: Request) -> HttpResponse:
    """Enter one class."""
    form = ClassForm(request.POST or None)
    if form.is_valid() and (
        answer := press_form(
            request, form, actions.add_class, form.entry(), done=_("已登记。"), then=reverse("training:list")
        )
    ):
        return answer
    context = {"form": form, "breadcrumbs": _crumbs(_("登记班次"))}
    return render(request, "training/add.html", context, status=422 if form.errors else 200)


@page("register.edit")
@require_POST
def cancel(request: Request, pk: int) -> HttpResponse:
    """Cancel one class with its reason."""
    return press(
        request, actions.cancel_class, pk, version=version_sent(request),
        reason=request.POST.get("reason", ""), done=_("已作废。"), then=reverse("training:list"),
    )  # fmt: skip


def _read(request: Request, digest: str) -> tuple[str, list[ReadRow]]:
    """Return name and rows of a staged workbook, with the faults that only the register knows."""
    name, content = staged(request, digest)
    rows = read_classes(content, name=name)
    present = queries.present_keys(request.actor)
    return name, mark_repeated(rows, present)


def _crumbs(title: str) -> list[Crumb]:
    return [Crumb(_("培训名册"), reverse("training:list")), Crumb(title)]


def _listing(request: Request) -> Listing:
    return Listing(
        request.GET,
        queries.visible_to(request.actor),
        default="-held",
        sorts={"held": "held_on", "unit": "unit__path", "persons": "persons", "title": "title"},
        filters={
            "month": _in_month,
            "kind": lambda rows, text: rows.filter(kind=text),
            "unit": lambda rows, text: rows if number_in(text) is None else rows.filter(unit=text),
            "state": lambda rows, text: rows.filter(cancelled_at__isnull=text == "standing"),
            "q": lambda rows, text: rows.filter(title__icontains=text),
        },
    )


def _in_month(rows: Rows, text: str) -> Rows:
    try:
        return queries.held_in(rows, Month.parse(text))
    except ValueError:
        return rows
