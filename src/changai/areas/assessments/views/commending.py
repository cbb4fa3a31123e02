"""表彰: lists with their composition and their public notice."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changai.areas.assessments import actions, queries
from changai.areas.assessments.exports import commendation_annex
from changai.areas.assessments.forms import ListForm, nominee_lines, nominees_in, quota_lines, quotas_in
from changai.areas.assessments.models import Commendation
from changai.areas.assessments.views.dialogs import Step, step
from changai.areas.assessments.views.places import index_crumb, press_there, use_crumbs
from changai.core.errors import Invalid, RecordMoved
from changai.core.quotas import QuotaFinding
from changai.foundation.actors import Actor
from changai.foundation.downloads import WORD, attachment
from changai.foundation.matrix import allows
from changai.foundation.pages import Request, number_in, page, press, see_other, version_sent
from changai.foundation.ui.figures import written_day
from changai.foundation.ui.parts import Crumb


def _address(pk: int) -> str:
    return reverse("assessments:commendation", args=[pk])


@page("use.edit")
@require_POST
def start(request: Request, pk: int) -> HttpResponse:
    """Start a list and open it."""
    typed, once = request.POST, request.POST.get("once", "")
    made = actions.start_commendation(  # type: ignore[call-arg]  # `once` is every action's
        request.actor,
        pk,
        title=typed.get("title", ""),
        basis=typed.get("basis", ""),
        at=timezone.now(),
        once=once,
    )
    messages.success(request, _("已建立，请填写结构比例和名单。"))
    return see_other(_address(made.pk))


@page("use.view")
@require_http_methods(["GET", "POST"])
def show(request: Request, pk: int) -> HttpResponse:
    """Show a list with its composition; keep what was typed."""
    made = queries.commendation_for(request.actor, pk)
    form = ListForm(
        request.POST or None,
        initial={"quotas": quota_lines(made.quotas), "nominees": nominee_lines(made.nominees)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            return press(
                request, actions.save_commendation, pk, quotas=quotas_in(form.cleaned_data["quotas"]),
                nominees=nominees_in(form.cleaned_data["nominees"]), version=version_sent(request),
                done=_("已保存。"), then=_address(pk),
            )  # fmt: skip
        except Invalid as refusal:
            for fault in refusal.faults or (refusal.sentence,):
                form.add_error(None, fault)
    findings = queries.quota_findings(made)
    may_edit = made.status == Commendation.Status.DRAFT and allows(request.actor, "use.edit")
    context = {
        "made": made,
        "form": form if may_edit else None,
        "findings": findings,
        "struck": queries.struck_nominees(made),
        "waived": _waived(made),
        "has_notice": made.status in {Commendation.Status.NOTICE, Commendation.Status.DECIDED},
        "next_words": _next_words(made, findings),
        "steps": _steps(request.actor, made, findings),
        "objections": _objections(request.actor, made),
        "breadcrumbs": use_crumbs(made.round, Crumb(made.title)),
    }
    return render(request, "assessments/commendation.html", context, status=422 if form.errors else 200)


def _waived(made: Commendation) -> str:
    return next((row["waived"] for row in made.quotas if "waived" in row), "")


@page("commendation.view")
@require_safe
def show_notice(request: Request, pk: int) -> HttpResponse:
    """Show a list as notice is given of it: the names, not what was objected."""
    made = queries.noticed_commendation_for(request.actor, pk)
    context = {
        "made": made,
        "findings": queries.quota_findings(made),
        "waived": _waived(made),
        "is_over": _is_notice_over(made),
        "breadcrumbs": [index_crumb(), Crumb(made.title)],
    }
    return render(request, "assessments/commendation_notice.html", context)


@page("commendation.view")
@require_safe
def notice_file(request: Request, pk: int) -> HttpResponse:
    """Download the list as the annex of its public notice."""
    made = queries.noticed_commendation_for(request.actor, pk)
    content = commendation_annex(made)
    return attachment(f"{made.title}公示名单.docx", content, media_type=WORD)


def _is_notice_over(made: Commendation) -> bool:
    return made.notice_until is not None and timezone.localdate() > made.notice_until


def _next_words(made: Commendation, findings: Sequence[QuotaFinding]) -> str:
    """Return what the list waits for."""
    if made.status == Commendation.Status.DECIDED:
        return _("名单已于%(at)s由%(name)s确定。") % {
            "at": written_day(made.decided_at),
            "name": made.decided_by_name,
        }
    if made.status == Commendation.Status.DROPPED:
        return _("这份名单已经撤销，不再办理。")
    if made.status == Commendation.Status.DRAFT:
        if not made.nominees or not made.quotas:
            return _("下一步：填写结构比例和名单。")
        if not all(found.is_met for found in findings):
            return _("下一步：调整名单，符合结构比例后才能公示。")
        return _("下一步：由办公室负责人公示五个工作日。")
    if made.open_objections:
        told = _("还有 %(count)d 件异议没有办结，办结后才能确定名单。")
        return told % {"count": made.open_objections}
    if _is_notice_over(made):
        return _("公示期满。下一步：由办公室负责人确定名单。")
    return _("公示到%(day)s为止，期满后由办公室负责人确定名单。") % {"day": written_day(made.notice_until)}


def _steps(actor: Actor, made: Commendation, findings: Sequence[QuotaFinding]) -> list[Step]:
    """Return what the actor may do with the list now."""
    record, address = (made.pk, made.version), reverse("assessments:move_commendation", args=[made.pk])
    may_decide = allows(actor, "use.decide")
    if made.status == Commendation.Status.DRAFT:
        drop = (
            step("drop", record, address, _("撤销拟定"), label=_("撤销原因"), is_grave=True)
            if allows(actor, "use.edit")
            else None
        )
        ready = made.nominees and made.quotas and all(found.is_met for found in findings)
        if not (may_decide and ready and not queries.struck_nominees(made).own):
            return [drop] if drop else []
        told = _("公示期间名单不能修改，各单位都收到通知、都能查看；期满、异议全部办结后才能确定。")
        notice = step("notice", record, address, _("公示五个工作日"), sentences=(told,), is_main=True)
        return [drop, notice] if drop else [notice]
    found = []
    if made.status == Commendation.Status.NOTICE and allows(actor, "use.edit"):
        found.append(step("object", record, address, _("登记异议"), label=_("异议内容")))
    if made.status == Commendation.Status.NOTICE and may_decide:
        told = _("名单有误、需要修改时使用。修改后须重新公示。")
        found.append(
            step(
                "return",
                record,
                address,
                _("停止公示"),
                label=_("停止原因"),
                sentences=(told,),
                is_grave=True,
            )
        )
        if _is_notice_over(made) and not made.open_objections:
            told = _("确定后不能再修改。")
            found.append(step("decide", record, address, _("确定名单"), sentences=(told,), is_main=True))
    return found


def _objections(actor: Actor, made: Commendation) -> list[tuple[dict[str, str], list[Step]]]:
    """Return the objections of the notice, each open one with its step."""
    address = reverse("assessments:move_commendation", args=[made.pk])
    may_settle = allows(actor, "use.edit")
    return [
        (
            row,
            []
            if row["outcome"] or not may_settle
            else [
                step("settle", (made.pk, made.version), address, _("办结"), label=_("核实结果"), place=place)
            ],
        )
        for place, row in enumerate(made.objections)
    ]


@page("use.edit")
@require_POST
def move(request: Request, pk: int) -> HttpResponse:
    """Give notice, take or settle an objection, stop the notice, settle the list."""
    queries.commendation_for(request.actor, pk)
    words, page_name = request.POST.get("words", ""), "commendation"
    match request.POST.get("move"):
        case "notice":
            done = _("已开始公示。")
            return press_there(request, actions.notice_commendation, pk, page=page_name, done=done)
        case "drop":
            done = _("已撤销拟定。")
            return press_there(
                request, actions.drop_commendation, pk, page=page_name, done=done, reason=words
            )
        case "object":
            done = _("已登记异议。")
            return press_there(request, actions.take_objection, pk, page=page_name, done=done, words=words)
        case "settle":
            place = number_in(request.POST.get("place", ""))
            return press(
                request, actions.settle_objection, pk, -1 if place is None else place, outcome=words,
                version=version_sent(request), done=_("已办结。"), then=_address(pk),
            )  # fmt: skip
        case "return":
            done = _("已停止公示，修改后请重新公示。")
            return press_there(
                request, actions.return_commendation, pk, page=page_name, done=done, reason=words
            )
        case "decide":
            done = _("名单已确定。")
            return press_there(request, actions.decide_commendation, pk, page=page_name, done=done)
    raise RecordMoved("页面已过期，请刷新后再操作。")
