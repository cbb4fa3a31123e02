"""The buttons that move a round of the full course on, and the sheet of what was corrected for whom."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from changai.areas.assessments import actions, queries
from changai.areas.assessments.views.announcing import announced_in
from changai.areas.assessments.views.places import index_crumb, press_there, round_crumb
from changai.foundation.pages import Request, page, press
from changai.foundation.ui.parts import Crumb


def _address(pk: int) -> str:
    return reverse("assessments:round", args=[pk])


@page("assessment.run")
@require_POST
def freeze(request: Request, pk: int) -> HttpResponse:
    """Freeze the facts."""
    return press_there(request, actions.freeze_round, pk, page="round", done=_("已冻结数据。"))


@page("assessment.run")
@require_POST
def ask(request: Request, pk: int) -> HttpResponse:
    """Ask the units to confirm their facts."""
    done = _("已请各单位确认事实，到期自动结束。")
    reason = request.POST.get("reason", "")
    return press_there(request, actions.ask_units, pk, page="round", done=done, reason=reason)


@page("assessment.answer")
@require_POST
def confirm(request: Request, pk: int) -> HttpResponse:
    """Confirm the facts of the own unit."""
    return press(request, actions.confirm_facts, pk, done=_("已代表本单位确认。"), then=_address(pk))


@page("assessment.run")
@require_POST
def close(request: Request, pk: int) -> HttpResponse:
    """End the confirmation of facts early."""
    return press(request, actions.close_confirmation, pk, done=_("事实确认已结束。"), then=_address(pk))


@page("assessment.publish")
@require_POST
def announce(request: Request, pk: int) -> HttpResponse:
    """Give public notice."""
    announced = announced_in(request, pk)
    done = _("已开始公示。")
    return press_there(request, actions.start_notice, pk, page="round", done=done, announcement=announced)


@page("assessment.publish")
@require_POST
def halt(request: Request, pk: int) -> HttpResponse:
    """Stop the public notice."""
    reason, done = request.POST.get("reason", ""), _("已停止公示。更正后请重新公示。")
    return press_there(request, actions.halt_notice, pk, page="round", done=done, reason=reason)


@page("assessment.view")
@require_safe
def show_changes(request: Request, pk: int) -> HttpResponse:
    """Show every correction of the frozen facts, and what it changed for whom."""
    round_ = queries.round_for(request.actor, pk)
    context = {
        "round": round_,
        "changes": queries.changes_of(request.actor, round_),
        "breadcrumbs": [index_crumb(), round_crumb(round_), Crumb(_("更正与变动"))],
    }
    return render(request, "assessments/changes.html", context)
