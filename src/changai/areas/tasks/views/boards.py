"""The office's boards over an issued plan: coverage (认领情况), state of every measure, and one more unit."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from changai.areas.organisations import queries as organisations
from changai.areas.plans import queries as plans
from changai.areas.tasks import exports, queries
from changai.areas.tasks.actions import hand_down_plan, offer_measure
from changai.areas.tasks.forms import OfferForm, VersionForm
from changai.areas.tasks.rules import STATES
from changai.core.errors import Invalid, RecordMoved
from changai.foundation.downloads import workbook_called
from changai.foundation.pages import Request, page, press
from changai.foundation.ui.parts import Crumb, Tab, Tile


@page("state.view")
@require_GET
def coverage(request: Request, pk: int) -> HttpResponse:
    """Show which measures lack a lead, have two, are unclaimed, contested or handed over."""
    board = _board(request, pk)
    chosen = request.GET.get("fault", "")
    labels = {"": _("全部任务")} | _fault_labels()
    tabs = [
        Tab(label, f"?fault={key}", board.counts.get(key, len(board.rows)), is_current=key == chosen)
        for key, label in labels.items()
    ]
    rows = [
        {
            "row": row,
            "faults": [labels[f] for f in queries.FAULTS if f in row.faults],
        }
        for row in board.having(chosen)
    ]
    context = {"board": board, "plan": board.plan, "tabs": tabs, "rows": rows, "chosen": chosen}
    return render(request, "tasks/coverage.html", context | _frame(board, _("认领情况"), "coverage"))


@page("state.view")
@require_GET
def coverage_export(request: Request, pk: int) -> HttpResponse:
    """Give the coverage board as a workbook."""
    board = _board(request, pk)
    name = _("任务认领情况（%(plan)s）") % {"plan": board.plan.name}
    return workbook_called(
        name, exports.coverage_board(board, at=timezone.now(), by=organisations.maker_of(request.actor))
    )


@page("state.view")
@require_GET
def progress(request: Request, pk: int) -> HttpResponse:
    """Show the state of every measure, part by part."""
    board = _board(request, pk)
    states = [state for state in STATES if state != "closed"]
    counts = {state: sum(row.state == state for row in board.rows) for state in states}
    tiles = [
        Tile(queries.STATE_LABELS[state], counts[state], unit=_("项"), state=STATES[state])
        for state in states
        if counts[state]
    ]
    parts: dict[int, dict[str, Any]] = {}
    for row in board.rows:
        part = parts.setdefault(row.part.pk, {"part": row.part, "rows": []})
        part["rows"].append({"row": row, "light": STATES[row.state]})
    context = {
        "board": board,
        "plan": board.plan,
        "tiles": tiles,
        "parts": parts.values(),
        "states": [(state, queries.STATE_LABELS[state]) for state in states],
    }
    return render(request, "tasks/progress.html", context | _frame(board, _("推进情况"), "progress"))


@page("plan.issue")
@require_POST
def hand_down(request: Request, pk: int) -> HttpResponse:
    """Issue the plan and offer the units their shares."""
    form = VersionForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("页面已过期，请刷新后再操作。"))
    then = reverse("tasks:coverage", args=[pk])
    done = _("已下达，任务已发送各单位认领。")
    return press(request, hand_down_plan, pk, version=form.cleaned_data["version"], done=done, then=then)


@page("claim.settle")
@require_http_methods(["GET", "POST"])
def offer(request: Request, pk: int) -> HttpResponse:
    """Give one more unit a share of a measure."""
    measure = plans.measure_for(request.actor, pk)
    if not measure.code:
        raise RecordMoved(_("方案尚未下达，请在拆解页面明确承担单位。"))
    then = reverse("tasks:coverage", args=[measure.plan_id])
    units = organisations.open_units(on=timezone.localdate())
    form = OfferForm(request.POST or None, units=units)
    if form.is_valid():
        try:
            return press(request, offer_measure, pk, done=_("已增派单位。"), then=then, **form.cleaned_data)
        except Invalid as refusal:
            form.add_error(None, refusal.sentence)
    crumbs = [Crumb(measure.plan.name, then), Crumb(_("增派单位"))]
    context = {"measure": measure, "form": form, "breadcrumbs": crumbs, "back": then}
    return render(request, "tasks/offer.html", context, status=422 if form.errors else 200)


def _board(request: Request, pk: int) -> queries.Coverage:
    plan = plans.plan_for(request.actor, pk)
    if plan.status != plan.Status.ISSUED:
        raise RecordMoved(_("方案尚未下达，下达后才有认领情况。"))
    return queries.coverage(plan.pk, today=timezone.localdate())


def _fault_labels() -> dict[str, str]:
    return {
        "without_lead": _("无牵头单位"),
        "two_leads": _("多个牵头单位"),
        "unclaimed": _("未认领"),
        "contested": _("有异议"),
        "handed_over": _("已转办"),
    }


def _frame(board: queries.Coverage, title: str, current: str) -> dict[str, Any]:
    plan = board.plan
    faces = {
        "plan": (_("方案内容"), reverse("plans:plan", args=[plan.pk])),
        "coverage": (_("认领情况"), reverse("tasks:coverage", args=[plan.pk])),
        "progress": (_("推进情况"), reverse("tasks:progress", args=[plan.pk])),
    }
    faces_tabs = [Tab(label, link, is_current=key == current) for key, (label, link) in faces.items()]
    crumbs = [Crumb(_("方案要点"), reverse("plans:index")), Crumb(plan.name, faces["plan"][1]), Crumb(title)]
    return {"faces": faces_tabs, "title": title, "breadcrumbs": crumbs}
