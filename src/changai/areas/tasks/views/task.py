"""One task: its page with the timeline, and every answer a unit or the office gives to it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from changai.areas.tasks import actions, policies, queries
from changai.areas.tasks.forms import (
    SHARES,
    STEPS,
    DoneForm,
    HandOverForm,
    ReasonForm,
    SettleForm,
    shares_of,
    step_rows,
    steps_of,
)
from changai.areas.tasks.models import Claim
from changai.areas.tasks.rules import HANDED_OVER, MOVES, OFFERED, SPLIT, STATES, WITHDRAWN
from changai.core.errors import Invalid, NotVisible
from changai.foundation.pages import Request, page, press, press_form, version_sent
from changai.foundation.ui.parts import Crumb, Node


@page("claim.view")
@require_GET
def task(request: Request, pk: int) -> HttpResponse:
    """Show one task: what is to be done, how far it should be, its steps and its history."""
    claim = queries.claim_for(request.actor, pk)
    return render(request, "tasks/task.html", _page_context(request, claim))


ANSWERS: dict[str, tuple[Callable[..., Any], Promise]] = {
    "claim": (actions.claim_task, gettext_lazy("已认领。")),
    "unclaim": (actions.unclaim_task, gettext_lazy("已撤回认领。")),
    "recant": (actions.recant_contest, gettext_lazy("已撤回异议。")),
    "take-back": (actions.take_back_task, gettext_lazy("已收回转办。")),
}


@page("claim.answer")
@require_POST
def answer(request: Request, pk: int, verb: str) -> HttpResponse:
    """Give an answer that needs no words."""
    if verb not in ANSWERS:
        raise NotVisible
    act, done = ANSWERS[verb]
    return press(request, act, pk, version=version_sent(request), done=str(done), then=_address(pk))


@page("claim.answer")
@require_POST
def contest(request: Request, pk: int) -> HttpResponse:
    """Contest the task with a reason."""
    return _with_reason(request, pk, actions.contest_task, done=_("已提出异议，请等待办公室裁定。"))


@page("claim.settle")
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take the task back from a unit that has not answered."""
    return _with_reason(request, pk, actions.withdraw_task, done=_("已撤销该任务。"))


@page("claim.answer")
@require_http_methods(["GET", "POST"])
def hand_over(request: Request, pk: int) -> HttpResponse:
    """Hand the task over to another unit."""
    claim = _claim_for(request, pk, "hand_over")
    units = queries.units_open_to(claim, timezone.localdate())
    form = HandOverForm(request.POST or None, units=units, initial={"version": claim.version})
    if form.is_valid() and (
        answer := press_form(
            request,
            form,
            actions.hand_over_task,
            pk,
            done=_("已转办。"),
            then=_address(pk),
            **form.cleaned_data,
        )
    ):
        return answer
    return _form_page(request, claim, form, "tasks/hand_over.html", _("转办任务"))


@page("claim.settle")
@require_http_methods(["GET", "POST"])
def settle(request: Request, pk: int) -> HttpResponse:
    """Settle the unit's contest."""
    claim = _claim_for(request, pk, "uphold")
    units = queries.units_open_to(claim, timezone.localdate())
    form = SettleForm(request.POST or None, units=units, initial={"version": claim.version})
    if form.is_valid() and (
        answer := press_form(
            request,
            form,
            actions.settle_contest,
            pk,
            done=_("已裁定。"),
            then=_address(pk),
            **form.cleaned_data,
        )
    ):
        return answer
    return _form_page(request, claim, form, "tasks/settle.html", _("裁定异议"))


@page("claim.answer")
@require_http_methods(["GET", "POST"])
def split(request: Request, pk: int) -> HttpResponse:
    """Split the task into parts."""
    claim = _claim_for(request, pk, "split")
    units = list(queries.units_sharing(claim, timezone.localdate()))
    first = [{"unit_id": claim.unit_id, "text": claim.text, "due_on": claim.due_on}]
    rows = SHARES(request.POST or None, form_kwargs={"units": units}, initial=first)
    faults: tuple[str, ...] = ()
    if request.method == "POST" and rows.is_valid():
        try:
            return press(
                request, actions.split_task, pk, shares=shares_of(rows), version=version_sent(request),
                done=_("已分解任务。"), then=_address(pk),
            )  # fmt: skip
        except Invalid as refusal:
            faults = refusal.faults or (refusal.sentence,)
    context = {"rows": rows, "faults": faults}
    return _form_page(request, claim, None, "tasks/split.html", _("分解任务"), **context)


@page("milestone.edit")
@require_http_methods(["GET", "POST"])
def milestones(request: Request, pk: int) -> HttpResponse:
    """Make the work plan of the task."""
    claim = _claim_for(request, pk, "plan")
    kept = list(claim.milestones.order_by("position", "due_on", "pk"))
    first = step_rows((step.pk, step.position, step.text, step.due_on) for step in kept)
    rows = STEPS(request.POST or None, initial=first)
    faults: tuple[str, ...] = ()
    if request.method == "POST" and rows.is_valid():
        try:
            return press(
                request, actions.plan_milestones, pk, steps=steps_of(rows), version=version_sent(request),
                done=_("已保存工作计划。"), then=_address(pk),
            )  # fmt: skip
        except Invalid as refusal:
            faults = refusal.faults or (refusal.sentence,)
    done = {step.pk for step in kept if step.done_on}
    context = {"rows": rows, "faults": faults, "done": done, "due_on": queries.deadline_of(claim)}
    return _form_page(request, claim, None, "tasks/milestones.html", _("编制工作计划"), **context)


@page("milestone.edit")
@require_POST
def milestone_done(request: Request, pk: int) -> HttpResponse:
    """Mark a milestone as done."""
    milestone = queries.milestone_for(request.actor, pk)
    form = DoneForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("请填写完成日期，如2026-03-31。"))
    return press(
        request, actions.complete_milestone, pk, done_on=form.cleaned_data["done_on"],
        done=_("节点已完成。"), then=f"{_address(milestone.claim_id)}#milestones",
    )  # fmt: skip


@page("milestone.edit")
@require_POST
def milestone_reopen(request: Request, pk: int) -> HttpResponse:
    """Take back that a milestone is done."""
    milestone = queries.milestone_for(request.actor, pk)
    then = f"{_address(milestone.claim_id)}#milestones"
    return press(request, actions.reopen_milestone, pk, done=_("已恢复为未完成。"), then=then)


def _page_context(request: Request, claim: Claim) -> dict[str, Any]:
    today = timezone.localdate()
    state = queries.state_on(claim, today)
    steps = list(claim.milestones.all())
    moves = {move for _status, move in MOVES if policies.may(request.actor, move, claim)}
    return {
        "claim": claim,
        "light": STATES[state],
        "label": claim.get_status_display() if state == "closed" else queries.STATE_LABELS[state],
        "due_on": queries.deadline_of(claim),
        "scheduled": queries.scheduled_for(claim, today),
        "steps": steps,
        "done_count": sum(step.done_on is not None for step in steps),
        "today": today,
        "moves": moves,
        "offspring": list(claim.offspring.select_related("unit")),
        "nodes": timeline(claim, today),
        "breadcrumbs": [*_crumbs(), Crumb(claim.measure.code)],
    }


def timeline(claim: Claim, today: date) -> list[Node]:
    """Return the history of a task, 下达→认领→节点→办结, what is to come included."""
    nodes = [Node(_("下达"), claim.offered_at, sentence=_offer_sentence(claim), state="done")]
    if claim.contest_reason:
        nodes.append(_node(_("提出异议"), claim.answered_at, claim.answered_by_name, claim.contest_reason))
    if claim.settled_at is not None:
        nodes.append(_node(_("裁定"), claim.settled_at, claim.settled_by_name, claim.settlement))
    nodes.append(_answer_node(claim))
    if claim.status in {WITHDRAWN, SPLIT, HANDED_OVER}:
        return nodes
    for step in claim.milestones.all():
        state = "done" if step.done_on else "overdue" if step.due_on < today else "none"
        planned = _("计划%(day)s完成") % {"day": f"{step.due_on:%Y-%m-%d}"}
        nodes.append(Node(step.text, step.done_on, sentence=planned, state=state))
    state = "done" if claim.completed_on else "none"
    limit = _("时限%(day)s") % {"day": f"{queries.deadline_of(claim):%Y-%m-%d}"}
    return [*nodes, Node(_("办结"), claim.completed_on, sentence=limit, state=state)]


def _answer_node(claim: Claim) -> Node:
    if claim.status == OFFERED:
        return Node(_("认领"), state="waiting")
    if claim.status == WITHDRAWN:
        return Node(_("已撤销"), claim.settled_at or claim.answered_at, state="none")
    if claim.status == SPLIT:
        return _node(_("分解"), claim.answered_at, claim.answered_by_name, "")
    if claim.status == HANDED_OVER:
        return _node(_("转办"), claim.answered_at, claim.answered_by_name, claim.passing_reason)
    if claim.status == "contested":
        return Node(_("认领"), sentence=_("等待裁定"), state="waiting")
    if claim.contest_reason:
        return _node(_("认领"), claim.settled_at, "", _("异议不成立，由本单位承担"))
    return _node(_("认领"), claim.answered_at, claim.answered_by_name, "")


def _offer_sentence(claim: Claim) -> str:
    if claim.origin is None:
        return _("由《%(plan)s》下达") % {"plan": claim.measure.plan.name}
    how = {SPLIT: _("由%(unit)s分解"), HANDED_OVER: _("由%(unit)s转办")}
    return how.get(claim.origin.status, _("原由%(unit)s承担")) % {"unit": claim.origin.unit.name}


def _node(label: str, at: Any, by: str, sentence: str) -> Node:
    return Node(label, at, by=by, sentence=sentence, state="done")


def _claim_for(request: Request, pk: int, move: str) -> Claim:
    """Return the claim when the actor may do `move` to it now; so that no form opens in vain."""
    claim = queries.claim_for(request.actor, pk)
    policies.require(request.actor, move, claim)
    return claim


def _with_reason(request: Request, pk: int, act: Callable[..., Any], *, done: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("请填写理由，不少于5个字。"))
    return press(request, act, pk, done=done, then=_address(pk), **form.cleaned_data)


def _form_page(
    request: Request, claim: Claim, form: BaseForm | None, template: str, title: str, **more: Any
) -> HttpResponse:
    crumbs = [*_crumbs(), Crumb(claim.measure.code, _address(claim.pk)), Crumb(title)]
    context = {"claim": claim, "form": form, "title": title, "breadcrumbs": crumbs, **more}
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def _crumbs() -> list[Crumb]:
    return [Crumb(_("任务"), reverse("tasks:index"))]


def _address(pk: int) -> str:
    return reverse("tasks:task", args=[pk])
