"""结果运用: what is made of a result - bands, letters - and where each of them stands."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from changai.areas.assessments import actions, queries
from changai.areas.assessments.views.places import index_crumb, round_crumb
from changai.foundation.downloads import attachment
from changai.foundation.pages import Request, page, press
from changai.foundation.ui.parts import Crumb

ZIP = "application/zip"


def uses_address(pk: int) -> str:
    """Return the page of what is made of a round's result."""
    return reverse("assessments:uses", args=[pk])


@page("use.view")
@require_safe
def show(request: Request, pk: int) -> HttpResponse:
    """Show what can be made of the result and how far each is."""
    round_ = queries.round_for(request.actor, pk)
    context = {
        "round": round_,
        "letters": queries.letters_of(round_),
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
        "breadcrumbs": [
            index_crumb(),
            round_crumb(round_),
            Crumb(_("结果运用"), uses_address(pk)),
            Crumb(_("名次的稳定程度")),
        ],
    }
    return render(request, "assessments/bands.html", context)


@page("use.edit")
@require_POST
def ask_bands(request: Request, pk: int) -> HttpResponse:
    """Order the drawing."""
    done = _("已安排测算，完成后在本页查看。")
    return press(request, actions.ask_bands, pk, done=done, then=reverse("assessments:bands", args=[pk]))


@page("use.edit")
@require_POST
def ask_letters(request: Request, pk: int) -> HttpResponse:
    """Order the letters."""
    done = _("已安排生成反馈函，可以离开本页，完成后再来下载。")
    return press(request, actions.ask_letters, pk, done=done, then=uses_address(pk))


@page("use.view")
@require_safe
def letters_file(request: Request, pk: int) -> HttpResponse:
    """Download all letters."""
    batch = queries.letters_for(request.actor, pk)
    content = actions.read_letters(batch)
    return attachment(f"{batch.round.name}反馈函.zip", content, media_type=ZIP)
