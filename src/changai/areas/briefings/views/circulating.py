"""What other bodies do with a paper: countersign, sign for it; and the register of corrections."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changai.areas.briefings import actions, queries
from changai.areas.briefings.forms import CirculateForm, CountersignForm, ErratumForm
from changai.areas.briefings.views.frame import crumbs, units_to_ask
from changai.areas.briefings.views.reading import paper_context
from changai.core.errors import Invalid
from changai.foundation.pages import Request, number_in, page, press, press_form
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import Crumb


@page("briefing.edit")
@require_POST
def circulate(request: Request, pk: int) -> HttpResponse:
    """Ask units to countersign."""
    form = CirculateForm(request.POST, units=units_to_ask(request.actor))
    chosen = tuple(unit.pk for unit in form.cleaned_data["units"]) if form.is_valid() else ()
    then = reverse("briefings:briefing", args=[pk])
    return press(request, actions.ask_countersigns, pk, unit_ids=chosen, done=_("已送会签。"), then=then)


@page("briefing.edit")
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take back the question to one unit."""
    then = reverse("briefings:briefing", args=[pk])
    unit_id = number_in(request.POST.get("unit", "")) or 0
    done = _("已撤回会签要求。")
    return press(request, actions.withdraw_countersign, pk, unit_id=unit_id, done=done, then=then)


@page("countersign.answer")
@require_http_methods(["GET", "POST"])
def countersign(request: Request, pk: int) -> HttpResponse:
    """Show the paper to a unit asked for its word, and take the word."""
    found = queries.countersign_for(request.actor, pk)
    form = CountersignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        then = reverse("briefings:countersign", args=[pk])
        answered = press_form(
            request,
            form,
            actions.answer_countersign,
            pk,
            done=_("已提交会签意见。"),
            then=then,
            text=request.POST.get("text", ""),
            **form.cleaned_data,
        )
        if answered is not None:
            return answered
    paper = queries.paper_to_countersign(found, at=timezone.now())
    issued = queries.issued_paper(request.actor, found)
    # No figure opens here: records keep to one's own sight.
    shown = {} if paper is None else paper_context(found.briefing, paper, {})
    context = shown | {
        "briefing": found.briefing,
        "countersign": found,
        "issued": issued,
        # A title written after the unit's word is as little for it as the text.
        "named": _(found.briefing.paper_kind.name)
        if found.is_stale and issued is None
        else found.briefing.title,
        "may_answer": paper is not None and not found.answer,
        "form": form,
        "breadcrumbs": crumbs(Crumb(_("会签"))),
    }
    return render(request, "briefings/countersign.html", context, status=422 if form.errors else 200)


@page("paper.receive")
@require_POST
def receive(request: Request, pk: int) -> HttpResponse:
    """Sign for an issued paper."""
    then = reverse("briefings:briefing", args=[pk])
    return press(request, actions.receive_paper, pk, done=_("已签收。"), then=then)


@page("briefing.approve")
@require_POST
def correct(request: Request, pk: int) -> HttpResponse:
    """Enter a correction of an issued paper."""
    form = ErratumForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("更正之处、原文、更正为、更正原因都要填写。"))
    then = reverse("briefings:briefing", args=[pk])
    done = _("已登记更正，原文不改动。")
    return press(request, actions.correct_paper, pk, done=done, then=then, **form.cleaned_data)


@page("briefing.view")
@require_safe
def errata(request: Request) -> HttpResponse:
    """List the corrections of issued papers."""
    listing = Listing(request.GET, queries.errata(request.actor), sorts={}, filters={}, size=20)
    context = {
        "listing": listing,
        "amended": queries.papers_with_amended_figures(request.actor),
        "breadcrumbs": crumbs(Crumb(_("更正登记"))),
    }
    return render(request, "briefings/errata.html", context)
