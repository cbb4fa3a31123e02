"""The buttons of a briefing: submit, take back, approve, return, issue, cancel, restore, annul."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from changai.areas.briefings import actions, queries
from changai.areas.briefings.forms import AgainForm, AnnulForm, ReasonForm, VersionForm
from changai.core.errors import Invalid
from changai.foundation.pages import Request, page, press


@page("briefing.edit")
@require_POST
def submit(request: Request, pk: int) -> HttpResponse:
    """Hand the briefing to the head of the office."""
    return _press(request, actions.submit_briefing, pk, _("已报办公室负责人审批。"))


@page("briefing.edit")
@require_POST
def take_back(request: Request, pk: int) -> HttpResponse:
    """Take a submitted briefing back to write on."""
    return _press(
        request, actions.take_back_briefing, pk, _("已撤回，可以继续修改。"), then="briefings:compose"
    )


@page("briefing.edit")
@require_POST
def keep_burden(request: Request, pk: int) -> HttpResponse:
    """Keep what the burden rules object to, with a written reason."""
    return _keep(request, actions.keep_burden, pk, _("已记下保留的理由。"))


@page("briefing.edit")
@require_POST
def keep_opinions(request: Request, pk: int) -> HttpResponse:
    """Write down what became of the units' opinions."""
    return _keep(request, actions.keep_opinions, pk, _("已记下意见采纳情况。"))


def _keep(request: Request, act: Callable[..., object], pk: int, done: str) -> HttpResponse:
    then = reverse("briefings:briefing", args=[pk])
    return press(request, act, pk, reason=request.POST.get("reason", ""), done=done, then=then)


@page("briefing.approve")
@require_POST
def approve(request: Request, pk: int) -> HttpResponse:
    """Approve the briefing as it stands."""
    return _press(request, actions.approve_briefing, pk, _("已审批同意，可以印发。"))


@page("briefing.approve")
@require_POST
def return_(request: Request, pk: int) -> HttpResponse:
    """Give the briefing back with what to change."""
    return _press(request, actions.return_briefing, pk, _("已退回修改。"), form_class=ReasonForm)


@page("briefing.approve")
@require_POST
def issue(request: Request, pk: int) -> HttpResponse:
    """Number, freeze and issue the briefing."""
    if queries.briefing_for(request.actor, pk).paper_kind.sends:
        done = _("已编号，正在逐件生成，全部完成后一起印发。可以离开本页。")
        return _press(request, actions.order_letters, pk, done, form_class=AgainForm)
    return _press(request, actions.issue_briefing, pk, _("已编号印发，文字和数据已固定。"))


@page("briefing.approve")
@require_POST
def retry(request: Request, pk: int) -> HttpResponse:
    """Try once more to write the letters that could not be written."""
    return _press(request, actions.retry_letters, pk, _("正在重新生成，请稍后查看。"))


@page("briefing.approve")
@require_POST
def stop(request: Request, pk: int) -> HttpResponse:
    """Give up the letters that are being written."""
    done = _("已停止印发，编号作废，文字退回修改。")
    return _press(request, actions.stop_letters, pk, done, form_class=ReasonForm)


@page("briefing.edit")
@require_POST
def cancel(request: Request, pk: int) -> HttpResponse:
    """Give up a paper that is not issued."""
    done = _("已作废。需要时可在“已作废”里恢复。")
    return _press(request, actions.cancel_briefing, pk, done, form_class=ReasonForm)


@page("briefing.edit")
@require_POST
def restore(request: Request, pk: int) -> HttpResponse:
    """Take a cancelled paper up again."""
    return _press(request, actions.restore_briefing, pk, _("已恢复为草稿，可以继续编写。"))


@page("briefing.approve")
@require_POST
def annul(request: Request, pk: int) -> HttpResponse:
    """Revoke or repeal an issued paper."""
    return _press(request, actions.annul_paper, pk, _("已登记，并告知收文单位。"), form_class=AnnulForm)


def _press(
    request: Request,
    act: Callable[..., Any],
    pk: int,
    done: str,
    *,
    then: str = "briefings:briefing",
    form_class: type[Form] = VersionForm,
) -> HttpResponse:
    form = form_class(request.POST)
    if not form.is_valid():
        faults = tuple(str(fault) for listed in form.errors.values() for fault in listed)
        raise Invalid(_("没有办理：请补全内容，或刷新页面后重试。"), faults=faults)
    return press(request, act, pk, done=done, then=reverse(then, args=[pk]), **form.cleaned_data)
