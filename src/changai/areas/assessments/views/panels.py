"""评审: one of a panel judges, one item at a time, and sees only the own points."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from changai.areas.assessments import actions, queries
from changai.areas.assessments.forms import points_typed
from changai.areas.assessments.models import PanelPoints, Round
from changai.areas.assessments.policies import is_own
from changai.areas.assessments.rules import next_status
from changai.areas.assessments.views.places import crumbs
from changai.areas.organisations.models import Unit
from changai.core.errors import Invalid, RecordMoved
from changai.foundation.pages import Request, number_in, page, see_other
from changai.foundation.ui.parts import Crumb, Tab


@page("panel.judge")
@require_http_methods(["GET", "POST"])
def judge(request: Request, pk: int) -> HttpResponse:
    """Show the own points for one item, or keep those that were typed; each row is an order of its own."""
    round_, panelist = queries.panel_round(request.actor, pk)
    items = queries.items_of(round_)
    asked = request.GET.get("item", "")
    item = next((each for each in items if each.field == asked), items[0] if items else None)
    refused: dict[int, str] = {}
    if request.method == "POST" and item:
        refused = _save(request, round_, item.field)
        if not refused:
            messages.success(request, _("已保存评分。"))
            return see_other(_address(round_, item.field))
    own, units = queries.own_panel_points(panelist), queries.assessed_units(round_)
    rows = [_row(request, unit, own.get((unit.pk, item.field)) if item else None, refused) for unit in units]
    context = {
        "round": round_,
        "item": item,
        "rows": rows,
        "tabs": [Tab(each.name, _address(round_, each.field), None, each == item) for each in items],
        "is_open": next_status(round_.status, "judge", round_.course) is not None,
        "refused": refused,
        "breadcrumbs": crumbs(request.actor, round_, Crumb(_("评审"))),
    }
    return render(request, "assessments/panel.html", context, status=422 if refused else 200)


def _row(request: Request, unit: Unit, given: PanelPoints | None, refused: dict[int, str]) -> dict[str, Any]:
    """Return a row of the page: the own points as kept, or as typed when something was refused."""
    points, reason = (f"{given.value.normalize():f}", given.reason) if given else ("", "")
    return {
        "unit": unit,
        "version": given.version if given else 0,
        "shown": f"{points}|{reason}",
        "points": request.POST.get(f"points-{unit.pk}", points) if refused else points,
        "reason": request.POST.get(f"reason-{unit.pk}", reason) if refused else reason,
        "fault": refused.get(unit.pk, ""),
        "is_own": is_own(request.actor, unit),
    }


def _save(request: Request, round_: Round, field: str) -> dict[int, str]:
    """Keep the rows that changed and return why the others were refused, by unit."""
    refused = {}
    for unit in queries.assessed_units(round_):
        points = request.POST.get(f"points-{unit.pk}", "").strip()
        reason = request.POST.get(f"reason-{unit.pk}", "").strip()
        shown = request.POST.get(f"shown-{unit.pk}", "")
        if not points or f"{points}|{reason}" == shown:
            continue
        try:
            actions.give_panel_points(
                request.actor, round_.pk, unit.pk, field, value=points_typed(points), reason=reason,
                version=number_in(request.POST.get(f"version-{unit.pk}", "")) or 0, at=timezone.now(),
            )  # fmt: skip
        except (Invalid, RecordMoved) as refusal:
            refused[unit.pk] = refusal.sentence
    return refused


def _address(round_: Round, item: str) -> str:
    return f"{reverse('assessments:panel', args=[round_.pk])}?{urlencode({'item': item})}"
