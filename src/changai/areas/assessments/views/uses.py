"""结果运用: what is made of a result - bands, commendations, talks - and where each of them stands."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from changai.areas.assessments import actions, queries
from changai.areas.assessments.exports import conversion_workbook
from changai.areas.assessments.forms import CommendForm, ProposeForm
from changai.areas.assessments.models import Round
from changai.areas.assessments.views.accounting import account_cards
from changai.areas.assessments.views.places import index_crumb, round_crumb, use_crumbs
from changai.core.errors import Invalid, RecordMoved
from changai.foundation.downloads import workbook_called
from changai.foundation.matrix import allows
from changai.foundation.pages import Request, number_in, page, press
from changai.foundation.ui.parts import Crumb

MOST_FULL = 10_000


@page("use.view")
@require_safe
def show(request: Request, pk: int) -> HttpResponse:
    """Show what can be made of the result and how far each is."""
    round_ = queries.round_for(request.actor, pk)
    top = number_in(request.GET.get("top", ""))
    units = [(unit.pk, unit.name) for unit in queries.assessed_units(round_)]
    hindrance = queries.hindrance_of_course(round_)
    context = {
        "round": round_,
        "is_published": round_.status == Round.Status.PUBLISHED,
        "top": top or "",
        "first": queries.first_units(round_, top) if top else None,
        "commendations": list(queries.commendations_of(round_)),
        "cards": account_cards(request.actor, round_),
        "commend_form": CommendForm(),
        "propose_form": ProposeForm(units),
        "hindrance": hindrance,
        "may_propose": allows(request.actor, "use.edit") and round_.result_digest and not hindrance,
        "sensitivity": queries.sensitivity_of(round_),
        "breadcrumbs": [index_crumb(), round_crumb(round_), Crumb(_("结果运用"))],
    }
    return render(request, "assessments/uses.html", context)


@page("use.view")
@require_safe
def show_bands(request: Request, pk: int) -> HttpResponse:
    """Show the bands of the result with the range of places of every unit."""
    round_ = queries.round_for(request.actor, pk)
    context = {
        "round": round_,
        "sensitivity": queries.sensitivity_of(round_),
        "bands": queries.bands_of(round_),
        "breadcrumbs": use_crumbs(round_, Crumb(_("名次的稳定程度"))),
    }
    return render(request, "assessments/bands.html", context)


@page("use.edit")
@require_POST
def ask_bands(request: Request, pk: int) -> HttpResponse:
    """Order the drawing."""
    done = _("已安排测算，完成后在本页查看。")
    return press(request, actions.ask_bands, pk, done=done, then=reverse("assessments:bands", args=[pk]))


@page("use.view")
@require_safe
def conversion(request: Request, pk: int) -> HttpResponse:
    """Download the published result as the comprehensive assessment takes it in; `full` is the full mark there."""
    round_ = queries.round_for(request.actor, pk)
    if round_.status != Round.Status.PUBLISHED:
        raise RecordMoved("结果公布后才能折算，请先公布结果。")
    content = conversion_workbook(
        round_, queries.standings(request.actor, round_), _full(request.GET.get("full", ""))
    )
    return workbook_called(f"{round_.name}折算得分", content)


def _full(text: str) -> int | None:
    """Return a full mark in hundredths, None when none was typed."""
    if not text.strip():
        return None
    full = number_in(text.strip())
    if not full or full > MOST_FULL:
        raise Invalid(f"折算后的满分应是 1 至 {MOST_FULL} 的整数。")
    return full * 100
