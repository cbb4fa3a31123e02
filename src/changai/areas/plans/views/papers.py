"""The list of plans, taking one in, its read view, its name, its workbook."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from changai.areas.organisations import queries as organisations
from changai.areas.plans import actions, exports, queries
from changai.areas.plans.forms import EditForm, PlanFilter, UploadForm
from changai.areas.plans.models import Plan
from changai.areas.plans.policies import sees_drafts
from changai.areas.plans.views.frame import plan_frame
from changai.core.errors import ActionRefused, Invalid
from changai.foundation.downloads import workbook_called
from changai.foundation.pages import Request, number_in, page, press, see_other, version_sent
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import Crumb


@page("plan.view")
@require_GET
def index(request: Request) -> HttpResponse:
    """List the plans."""
    plans = queries.listed(request.actor)
    listing = Listing(
        request.GET,
        plans,
        sorts={"year": "year", "name": "name", "ends": "ends_on", "count": "measure_count"},
        default="-year",
        filters={
            "q": _search,
            "kind": lambda rows, text: rows.filter(kind=text),
            "year": lambda rows, text: rows if number_in(text) is None else rows.filter(year=text),
            "status": lambda rows, text: rows.filter(status=text),
        },
    )
    years = plans.order_by("-year").values_list("year", flat=True).distinct()
    form = PlanFilter(request.GET, years=years)
    if not sees_drafts(request.actor):
        del form.fields["status"]
    return render(request, "plans/index.html", {"listing": listing, "form": form})


@page("plan.edit")
@require_http_methods(["GET", "POST"])
def upload(request: Request) -> HttpResponse:
    """Take in a plan."""
    today = timezone.localdate()
    first = {"year": today.year, "starts_on": f"{today.year}-01-01", "ends_on": f"{today.year}-12-31"}
    form = UploadForm(request.POST or None, request.FILES or None, initial=first | {"kind": Plan.Kind.YEARLY})
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        file = given.pop("file")
        try:
            plan = actions.upload_plan(
                request.actor, **given, file_name=file.name, content=file.read(), at=timezone.now(),
                once=request.POST.get("once", ""),
            )  # fmt: skip
            return see_other(reverse("plans:draft", args=[plan.pk]))
        except ActionRefused as refusal:
            if refusal.status >= 500 or refusal.status in {403, 409}:
                raise
            form.add_error("file", list(getattr(refusal, "faults", ())) or refusal.sentence)
    crumbs = [Crumb(_("方案要点"), reverse("plans:index")), Crumb(_("录入方案"))]
    context = {"form": form, "breadcrumbs": crumbs}
    return render(request, "plans/upload.html", context, status=422 if form.errors else 200)


@page("plan.view")
@require_GET
def plan(request: Request, pk: int) -> HttpResponse:
    """Show a plan: its clauses, the measures in them and who leads each."""
    found = queries.plan_for(request.actor, pk)
    branches = queries.flattened(queries.tree_of(found))
    rows = [
        {
            "clause": branch.clause,
            "depth": min(branch.clause.level, 5) + 1,
            "measures": [_measure_row(measure) for measure in branch.measures],
        }
        for branch in branches
    ]
    context = {
        "rows": rows,
        "tops": [branch.clause for branch in branches if branch.clause.level == 0],
        "measure_count": sum(len(branch.measures) for branch in branches),
    }
    return render(request, "plans/plan.html", context | plan_frame(request.actor, found, "plan"))


@page("plan.edit")
@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Change what a draft is called and when it runs."""
    found = queries.plan_for(request.actor, pk)
    names = ("name", "kind", "year", "document_number", "starts_on", "ends_on", "version")
    form = EditForm(request.POST or None, initial={name: getattr(found, name) for name in names})
    if request.method == "POST" and form.is_valid():
        try:
            return press(
                request, actions.edit_plan, pk, done=_("已保存方案信息。"),
                then=reverse("plans:draft", args=[pk]), **form.cleaned_data,
            )  # fmt: skip
        except Invalid as refusal:
            form.add_error(None, refusal.sentence)
    context = {"form": form} | plan_frame(request.actor, found, "", _("修改方案信息"))
    return render(request, "plans/edit.html", context, status=422 if form.errors else 200)


@page("plan.edit")
@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    """Remove a draft taken in by mistake."""
    done, version = _("已删除该方案草稿。"), version_sent(request)
    return press(request, actions.discard_plan, pk, version=version, done=done, then=reverse("plans:index"))


@page("plan.view")
@require_GET
def export(request: Request, pk: int) -> HttpResponse:
    """Give the breakdown of a plan as a workbook."""
    found = queries.plan_for(request.actor, pk)
    content = exports.breakdown(found, at=timezone.now(), by=organisations.maker_of(request.actor))
    return workbook_called(_("%(plan)s任务分解表") % {"plan": found.name}, content)


def _search(plans: QuerySet[Plan], text: str) -> QuerySet[Plan]:
    for word in text.split():
        plans = plans.filter(Q(name__icontains=word) | Q(document_number__icontains=word))
    return plans


def _measure_row(measure: Any) -> dict[str, Any]:
    return {
        "measure": measure,
        "leads": queries.units_meant(measure, queries.LEAD),
        "supports": queries.units_meant(measure, queries.SUPPORT),
    }
