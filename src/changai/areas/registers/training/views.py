"""Pages of the training register."""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changai.areas.registers.training import actions, queries
from changai.areas.registers.training.forms import ClassForm, FilterForm
from changai.areas.registers.training.models import TrainingClass
from changai.core.errors import Invalid
from changai.core.periods import Month
from changai.foundation.pages import Request, page, press
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import Crumb, Tile

Rows = QuerySet[TrainingClass]


@page("register.view")
@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """List the classes the actor reaches."""
    listing = _listing(request)
    counted = queries.totals(cast(Rows, listing.rows))
    context = {
        "listing": listing,
        "form": FilterForm(_actor(request), request.GET),
        "tiles": [
            Tile(_("班次"), counted["classes"], unit=_("个")),
            Tile(_("培训人数"), f"{counted['persons']:,}", unit=_("人次")),
            Tile(_("取得证书"), f"{counted['certified']:,}", unit=_("人次")),
        ],
    }
    return render(request, "training/list.html", context)


@page("register.edit")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Enter one class."""
    form = ClassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return press(
                request, actions.add_class, form.entry(), done=_("已登记。"), then=reverse("training:list")
            )
        except Invalid as refusal:
            form.add_error(None, list(refusal.faults) or refusal.sentence)
    crumbs = [Crumb(_("培训名册"), reverse("training:list")), Crumb(_("登记班次"))]
    status = 422 if form.errors else 200
    return render(request, "training/add.html", {"form": form, "breadcrumbs": crumbs}, status=status)


@page("register.edit")
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel one class with its reason."""
    return press(
        request, actions.cancel_class, pk, version=_whole(request.POST.get("version", "")),
        reason=request.POST.get("reason", ""), done=_("已作废。"), then=reverse("training:list"),
    )  # fmt: skip


def _actor(request: HttpRequest) -> Any:
    return cast(Request, request).actor


def _listing(request: HttpRequest) -> Listing:
    return Listing(
        request.GET,
        queries.visible_to(_actor(request)),
        default="-held",
        sorts={"held": "held_on", "unit": "unit__path", "persons": "persons", "title": "title"},
        filters={
            "month": _in_month,
            "kind": lambda rows, text: rows.filter(kind=text),
            "unit": lambda rows, text: rows.filter(unit=text) if text.isascii() and text.isdigit() else rows,
            "state": lambda rows, text: rows.filter(cancelled_at__isnull=text == "standing"),
            "q": lambda rows, text: rows.filter(title__icontains=text),
        },
    )


def _in_month(rows: Rows, text: str) -> Rows:
    try:
        return queries.held_in(rows, Month.parse(text))
    except ValueError:
        return rows


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
