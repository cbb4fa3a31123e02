"""我的任务 and 任务台账: the list of tasks, its workbook, and claiming several at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from changai.areas.organisations import queries as organisations
from changai.areas.plans import queries as plans
from changai.areas.tasks import exports, queries
from changai.areas.tasks.actions import claim_tasks
from changai.areas.tasks.forms import ListFilter
from changai.areas.tasks.models import Claim
from changai.areas.tasks.rules import CLAIMED, NEAR_DAYS, OFFERED, STATES
from changai.foundation.downloads import workbook_called
from changai.foundation.matrix import Scope, allows, scope_of
from changai.foundation.pages import Request, number_in, page, press
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import Tab

SORTS: dict[str, str | tuple[str, ...]] = {
    "code": ("measure__plan", "measure__position"),
    "due": "due_on",
    "unit": ("unit__path", "measure__position"),
}


@page("claim.view")
@require_GET
def index(request: Request) -> HttpResponse:
    """List the tasks of the units the actor reaches; offered ones first."""
    actor, today = request.actor, timezone.localdate()
    form = _filter_form(request)
    tab = _tabbed(request, today)
    tabs = [
        Tab(label, f"?{_with_tab(request, key)}", tab.counts[key], is_current=key == tab.key)
        for key, label in _tab_labels().items()
    ]
    rows = [(claim, _shown(claim, today)) for claim in tab.listing]
    reaches_many = scope_of(actor.role, "claim.view") is Scope.ALL
    context = {
        "listing": tab.listing,
        "tabs": tabs,
        "rows": rows,
        "form": form,
        "many_units": "unit" in form.fields,
        "heading": _("任务台账") if reaches_many else _("我的任务"),
        "can_claim": allows(actor, "claim.answer") and any(shown["claimable"] for _claim, shown in rows),
        "tab": tab.key,
        "export_link": f"{reverse('tasks:export')}?{request.GET.urlencode()}",
    }
    return render(request, "tasks/index.html", context)


@page("claim.view")
@require_GET
def export(request: Request) -> HttpResponse:
    """Give the list as it is filtered as a workbook."""
    now = timezone.now()
    tab = _tabbed(request, timezone.localdate(now))
    name = _("产改任务台账%(day)s") % {"day": f"{timezone.localdate(now):%Y%m%d}"}
    return workbook_called(
        name, exports.ledger(tab.listing.rows, at=now, by=organisations.maker_of(request.actor))
    )


@page("claim.answer")
@require_POST
def claim_many(request: Request) -> HttpResponse:
    """Claim the ticked tasks."""
    ids = [number for text in request.POST.getlist("claim") if (number := number_in(text)) is not None]
    then = f"{reverse('tasks:index')}?tab=claimed"
    return press(request, claim_tasks, claim_ids=ids, done=_("已认领所选任务。"), then=then)


@dataclass(frozen=True)
class _Tabbed:
    """A listing cut to one tab, with the counts of all tabs under the same filters."""

    key: str
    counts: dict[str, int]
    listing: Listing


def _tab_labels() -> dict[str, str]:
    return {
        "offered": _("待认领"),
        "claimed": _("已认领"),
        "contested": _("有异议"),
        "done": _("已完成"),
        "passed": _("已分解、转办、撤销"),
        "all": _("全部"),
    }


def _tabbed(request: Request, today: date) -> _Tabbed:
    claims = queries.visible_to(request.actor)
    counts = queries.counts_of(_listing(request, claims, today).rows)  # type: ignore[arg-type]
    asked = request.GET.get("tab", "")
    first = "offered" if counts["offered"] and allows(request.actor, "claim.answer") else "claimed"
    key = asked if asked in counts else first
    return _Tabbed(key, counts, _listing(request, queries.with_progress(queries.in_tab(claims, key)), today))


def _listing(request: Request, claims: QuerySet[Claim], today: date) -> Listing:
    filters: dict[str, Callable[[Any, str], Any]] = {
        "q": _search,
        "plan": lambda rows, text: rows if number_in(text) is None else rows.filter(measure__plan_id=text),
        "unit": lambda rows, text: rows if number_in(text) is None else rows.filter(unit_id=text),
        "part": lambda rows, text: rows.filter(part=text),
        "due": lambda rows, text: _due(rows, text, today),
    }
    return Listing(request.GET, claims, sorts=SORTS, default="due", filters=filters)


def _search(claims: QuerySet[Claim], text: str) -> QuerySet[Claim]:
    for word in text.split():
        claims = claims.filter(
            Q(text__icontains=word) | Q(measure__code__startswith=word) | Q(unit__name__icontains=word)
        )
    return claims


def _due(claims: QuerySet[Claim], text: str, today: date) -> QuerySet[Claim]:
    running = claims.filter(status__in=[OFFERED, CLAIMED], completed_on__isnull=True)
    if text == "overdue":
        return running.filter(due_on__lt=today)
    return running.filter(due_on__gte=today, due_on__lte=today + timedelta(days=NEAR_DAYS))


def _filter_form(request: Request) -> ListFilter:
    units = organisations.visible_to(request.actor, "claim.view").filter(claims__isnull=False).distinct()
    chosen = [(plan.pk, plan.name) for plan in plans.visible_to(request.actor).filter(status="issued")]
    return ListFilter(request.GET, plans=chosen, units=units)


def _with_tab(request: Request, key: str) -> str:
    parameters = request.GET.copy()
    parameters.pop("page", None)
    parameters["tab"] = key
    return parameters.urlencode()


def _shown(claim: Claim, today: date) -> dict[str, Any]:
    state = queries.state_on(claim, today)
    return {
        "light": STATES[state],
        "label": claim.get_status_display() if state == "closed" else queries.STATE_LABELS[state],
        "scheduled": queries.scheduled_for(claim, today),
        "claimable": claim.status == OFFERED,
        "is_running": claim.status in {OFFERED, CLAIMED} and claim.completed_on is None,
        "due_on": queries.deadline_of(claim),
    }
