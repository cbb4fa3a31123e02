"""表彰 and 约谈、通报: lists with their composition and public notice, and holding units to account."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from changai.areas.assessments import actions, queries
from changai.areas.assessments.forms import nominee_lines, nominees_in, quota_lines, quotas_in
from changai.areas.assessments.views.places import index_crumb, round_crumb
from changai.areas.assessments.views.uses import uses_address
from changai.core.errors import Invalid, RecordMoved
from changai.foundation.pages import Request, number_in, page, press, version_sent
from changai.foundation.ui.parts import Crumb


def _address(pk: int) -> str:
    return reverse("assessments:commendation", args=[pk])


@page("use.edit")
@require_POST
def start(request: Request, pk: int) -> HttpResponse:
    """Start a list."""
    return press(
        request, actions.start_commendation, pk, title=request.POST.get("title", ""),
        basis=request.POST.get("basis", ""), done=_("已建立，请填写结构比例和名单。"), then=uses_address(pk),
    )  # fmt: skip


@page("use.view")
@require_http_methods(["GET", "POST"])
def show(request: Request, pk: int) -> HttpResponse:
    """Show a list with its composition; keep what was typed."""
    made = queries.commendation_for(request.actor, pk)
    typed = request.POST
    faults: tuple[str, ...] = ()
    if request.method == "POST":
        try:
            return press(
                request, actions.save_commendation, pk, quotas=quotas_in(typed.get("quotas", "")),
                nominees=nominees_in(typed.get("nominees", "")), version=version_sent(request),
                done=_("已保存。"), then=_address(pk),
            )  # fmt: skip
        except Invalid as refusal:
            faults = refusal.faults or (refusal.sentence,)
    context = {
        "made": made,
        "faults": faults,
        "findings": queries.quota_findings(made),
        "quotas": typed.get("quotas", "") if faults else quota_lines(made.quotas),
        "nominees": typed.get("nominees", "") if faults else nominee_lines(made.nominees),
        "breadcrumbs": [
            index_crumb(),
            round_crumb(made.round),
            Crumb(_("结果运用"), uses_address(made.round_id)),
            Crumb(made.title),
        ],
    }
    return render(request, "assessments/commendation.html", context, status=422 if faults else 200)


@page("use.edit")
@require_POST
def move(request: Request, pk: int) -> HttpResponse:
    """Give notice, take or settle an objection, stop the notice, settle the list."""
    queries.commendation_for(request.actor, pk)
    words, version = request.POST.get("words", ""), version_sent(request)
    then = _address(pk)
    match request.POST.get("move"):
        case "notice":
            done = _("已开始公示。")
            return press(request, actions.notice_commendation, pk, version=version, done=done, then=then)
        case "object":
            done = _("已登记异议。")
            return press(
                request, actions.take_objection, pk, words=words, version=version, done=done, then=then
            )
        case "settle":
            place = number_in(request.POST.get("place", ""))
            return press(
                request, actions.settle_objection, pk, -1 if place is None else place, outcome=words,
                version=version, done=_("已办结。"), then=then,
            )  # fmt: skip
        case "return":
            done = _("已停止公示，修改后请重新公示。")
            return press(
                request, actions.return_commendation, pk, reason=words, version=version, done=done, then=then
            )
        case "decide":
            done = _("名单已确定。")
            return press(request, actions.decide_commendation, pk, version=version, done=done, then=then)
    raise RecordMoved("页面已过期，请刷新后再操作。")


@page("use.edit")
@require_POST
def propose(request: Request, pk: int) -> HttpResponse:
    """Propose talks or a circular."""
    return press(
        request, actions.propose_accountability, pk, number_in(request.POST.get("unit", "")) or 0,
        kind=request.POST.get("kind", ""), grounds=request.POST.get("grounds", ""), done=_("已提出，待核实。"),
        then=uses_address(pk),
    )  # fmt: skip


@page("use.edit")
@require_POST
def account(request: Request, pk: int) -> HttpResponse:
    """Move a talk or circular on."""
    made = queries.accountability_for(request.actor, pk)
    return press(
        request, actions.move_accountability, pk, request.POST.get("move", ""),
        words=request.POST.get("words", ""), version=version_sent(request), done=_("已办理。"),
        then=uses_address(made.round_id),
    )  # fmt: skip
