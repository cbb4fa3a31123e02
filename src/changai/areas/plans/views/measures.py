"""任务分解 and 检查下达: who is to do each measure, and what stands open before the plan is issued."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from changai.areas.plans import actions, policies, queries
from changai.areas.plans.forms import AssignForm, BulkForm
from changai.areas.plans.models import Measure, Plan
from changai.areas.plans.views.frame import plan_frame
from changai.core.errors import Invalid
from changai.foundation.pages import Request, number_in, page, press, version_sent
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import Crumb, Tab

MOST_CLAUSES = 30


@page("plan.edit")
@require_http_methods(["GET", "POST"])
def breakdown(request: Request, pk: int) -> HttpResponse:
    """List the measures of a draft with their units; tick several to set the same for all."""
    plan = queries.plan_for(request.actor, pk)
    policies.require(request.actor, "edit", plan.status)
    found = queries.checklist(plan)
    ids = [measure.pk for measure in found.measures]
    form = BulkForm(request.POST or None, on=timezone.localdate(), measures=ids)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            return press(
                request, actions.assign_measures, pk, measure_ids=given.pop("measure"),
                done=_("已设置所选任务。"), then=request.get_full_path(), **given,
            )  # fmt: skip
        except Invalid as refusal:
            form.add_error(None, refusal.sentence)
    gap = request.GET.get("gap", "")
    listing = Listing(request.GET, _having(found, gap), size=100)
    ticked = set(request.POST.getlist("measure"))
    parts = queries.parts_of(plan)
    context = {
        "form": form,
        "tabs": _gap_tabs(found, gap),
        "listing": listing,
        "rows": [_row(measure, parts[measure.pk], ticked) for measure in listing],
    }
    context |= plan_frame(request.actor, plan, "breakdown", _("任务分解"))
    return render(request, "plans/breakdown.html", context, status=422 if form.errors else 200)


@page("plan.edit")
@require_http_methods(["GET", "POST"])
def assign(request: Request, pk: int) -> HttpResponse:
    """Set units, target, completion mark and deadline of one measure."""
    measure = queries.measure_for(request.actor, pk)
    policies.require(request.actor, "edit", measure.plan.status)
    ids = list(queries.measures_of(measure.plan).values_list("pk", flat=True))
    following = _neighbour(ids, pk, 1)
    form = AssignForm(request.POST or None, on=timezone.localdate(), initial=_assigned(measure))
    if request.method == "POST" and form.is_valid():
        onward = following if "next" in request.POST and following else None
        then = reverse("plans:assign", args=[onward]) if onward else _breakdown(measure.plan)
        try:
            return press(
                request, actions.assign_measure, pk, done=_("已保存。"), then=then, **form.cleaned_data
            )
        except Invalid as refusal:
            form.add_error(None, refusal.sentence)
    context = {
        "measure": measure,
        "form": form,
        "previous": _neighbour(ids, pk, -1),
        "following": following,
        "place": ids.index(pk) + 1 if pk in ids else 0,
        "total": len(ids),
        "linked": list(measure.higher_clauses.select_related("plan")),
    } | _clause_search(request, measure)
    frame = plan_frame(request.actor, measure.plan, "breakdown", _("任务分解"))
    frame["breadcrumbs"][-1:] = [Crumb(_("任务分解"), _breakdown(measure.plan)), Crumb(_("明确承担单位"))]
    return render(request, "plans/assign.html", context | frame, status=422 if form.errors else 200)


@page("plan.edit")
@require_POST
def link(request: Request, pk: int) -> HttpResponse:
    """Set which clauses of higher plans a measure carries out."""
    measure = queries.measure_for(request.actor, pk)
    ids = [number for text in request.POST.getlist("clause") if (number := number_in(text)) is not None]
    then = f"{reverse('plans:assign', args=[measure.pk])}#links"
    return press(
        request,
        actions.link_clauses,
        pk,
        clause_ids=ids,
        version=version_sent(request),
        done=_("已保存上级依据。"),
        then=then,
    )


@page("plan.edit")
@require_GET
def checklist(request: Request, pk: int) -> HttpResponse:
    """Show what stands open before the plan is issued, and the button that hands it down."""
    plan = queries.plan_for(request.actor, pk)
    policies.require(request.actor, "edit", plan.status)
    found = queries.checklist(plan)
    context = {
        "found": found,
        "gaps": [(key, label, len(_having(found, key))) for key, label in _gap_labels().items()],
        "shares": sum(len(measure.assignments.all()) for measure in found.measures),
        "may_issue": policies.may(request.actor, "issue", plan.status),
    }
    frame = plan_frame(request.actor, plan, "checklist", _("检查下达"))
    return render(request, "plans/checklist.html", context | frame)


def _gap_labels() -> dict[str, str]:
    return {
        "lead": _("未明确牵头单位"),
        "leads": _("有多个牵头单位"),
        "deadline": _("未填完成时限"),
        "mark": _("无目标值和完成标志"),
    }


def _having(found: queries.Checklist, gap: str) -> list[Measure]:
    lists = {
        "lead": found.without_lead,
        "leads": found.with_two_leads,
        "deadline": found.without_deadline,
        "mark": found.without_mark,
    }
    return lists.get(gap, list(found.measures))


def _gap_tabs(found: queries.Checklist, gap: str) -> list[Tab]:
    tabs = [Tab(_("全部任务"), "?", len(found.measures), is_current=gap not in _gap_labels())]
    return tabs + [
        Tab(label, f"?gap={key}", len(_having(found, key)), is_current=key == gap)
        for key, label in _gap_labels().items()
    ]


def _row(measure: Measure, part: Any, ticked: set[str]) -> dict[str, Any]:
    return {
        "measure": measure,
        "part": part,
        "leads": queries.units_meant(measure, queries.LEAD),
        "supports": queries.units_meant(measure, queries.SUPPORT),
        "is_ticked": str(measure.pk) in ticked,
    }


def _assigned(measure: Measure) -> dict[str, Any]:
    names = ("version", "target_value", "target_unit", "completion_mark", "due_on")
    first: dict[str, Any] = {name: getattr(measure, name) for name in names}
    first["lead_ids"] = [unit.pk for unit in queries.units_meant(measure, queries.LEAD)]
    first["support_ids"] = [unit.pk for unit in queries.units_meant(measure, queries.SUPPORT)]
    return first


def _clause_search(request: Request, measure: Measure) -> dict[str, Any]:
    words = request.GET.get("q", "").strip()
    if not words:
        return {"words": "", "found": []}
    linked = {clause.pk for clause in measure.higher_clauses.all()}
    clauses = queries.higher_clauses(request.actor, measure.plan, words).exclude(pk__in=linked)
    return {"words": words, "found": list(clauses[:MOST_CLAUSES])}


def _neighbour(ids: list[int], pk: int, step: int) -> int | None:
    if pk not in ids:
        return None
    at = ids.index(pk) + step
    return ids[at] if 0 <= at < len(ids) else None


def _breakdown(plan: Plan) -> str:
    return reverse("plans:breakdown", args=[plan.pk])
