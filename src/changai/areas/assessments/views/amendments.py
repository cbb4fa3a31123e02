"""更正登记: the register of a published result, proposing a correction, deciding on it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changai.areas.assessments import actions, queries
from changai.areas.assessments.forms import AmendmentForm
from changai.areas.assessments.policies import sees_all
from changai.areas.assessments.views.places import index_crumb, round_crumb
from changai.core.errors import Invalid, NotVisible
from changai.foundation.pages import Request, page, press, press_form, version_sent
from changai.foundation.ui.parts import Crumb


def register_address(pk: int) -> str:
    """Return the register of a round."""
    return reverse("assessments:amendments", args=[pk])


@page("assessment.view")
@require_safe
def show(request: Request, pk: int) -> HttpResponse:
    """Show the corrections of a published result: what was wrong, on what basis, and who moved."""
    round_ = queries.round_for(request.actor, pk)
    context = {
        "round": round_,
        "amendments": queries.shown_amendments(request.actor, round_),
        "sees_all": sees_all(request.actor),
        "person_id": request.actor.person_id,
        "breadcrumbs": [index_crumb(), round_crumb(round_), Crumb(_("更正登记"))],
    }
    return render(request, "assessments/amendments.html", context)


@page("assessment.run")
@require_http_methods(["GET", "POST"])
def propose(request: Request, pk: int, code: str) -> HttpResponse:
    """Propose to correct the figures of one item of the table for one unit; `pk` is its published score."""
    score = queries.score_for(request.actor, pk)
    round_, unit = score.round, score.unit
    item = queries.item_of(round_, code)
    if item is None:
        raise NotVisible
    form = AmendmentForm(queries.figures_in_force(round_, unit, code), request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        answer = press_form(
            request, form, actions.propose_amendment, round_.pk, unit.pk, code, values=form.changed(),
            reason=given["words"], basis=given["basis"], done=_("已登记，待负责人批准。"),
            then=register_address(round_.pk),
        )  # fmt: skip
        if answer:
            return answer
    context = {
        "round": round_,
        "item": item,
        "score": score,
        "unit": unit,
        "form": form,
        "breadcrumbs": [
            index_crumb(), round_crumb(round_), Crumb(_("更正登记"), register_address(round_.pk)), Crumb(item.name),
        ],
    }  # fmt: skip
    return render(request, "assessments/amend.html", context, status=422 if form.errors else 200)


@page("assessment.publish")
@require_POST
def decide(request: Request, pk: int) -> HttpResponse:
    """Approve or refuse a correction."""
    found = queries.amendment_for(request.actor, pk)
    then, words = register_address(found.round_id), request.POST.get("reason", "")
    version = version_sent(request)
    if request.POST.get("move") == "approve":
        done = _("已批准。更正后的结果已另列，有变动的单位已收到通知。")
        return press(
            request, actions.approve_amendment, pk, decision=words, version=version, done=done, then=then
        )
    if request.POST.get("move") == "refuse":
        done = _("已记下不予更正的理由。")
        return press(
            request, actions.refuse_amendment, pk, decision=words, version=version, done=done, then=then
        )
    raise Invalid("请选择批准更正或不予更正。")


@page("assessment.run")
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take a proposal back."""
    found = queries.amendment_for(request.actor, pk)
    return press(
        request, actions.withdraw_amendment, pk, version=version_sent(request), done=_("已撤回。"),
        then=register_address(found.round_id),
    )  # fmt: skip
