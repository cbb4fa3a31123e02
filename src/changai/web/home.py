"""The first page after sign-in: what is to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from changai.foundation.actors import ADMINISTRATORS, Role
from changai.foundation.notices.outbox import notices_for
from changai.foundation.pages import page, see_other
from changai.foundation.ui.parts import Tile
from changai.foundation.workdays.queries import work_calendar
from changai.web.todo import STATES, Todo, Week, todos

MOST_NOTICES = 6


@page("home.view")
def show_home(request: HttpRequest) -> HttpResponse:
    """Show what is to do, due this week and returned, and notices; a leader goes to the state page."""
    actor = request.actor  # type: ignore[attr-defined]
    if actor.role is Role.LEADER:
        return see_other("/state/")
    today = timezone.localdate()
    week = Week(today, work_calendar().week_ends_on(today))
    found = todos(actor, week)
    due = [item for item in found if item.due_on and item.due_on <= week.ends_on]
    returned = [item for item in found if item.is_returned]
    shown = {"week": due, "returned": returned}.get(request.GET.get("show", ""), found)
    context = {
        "tiles": _tiles(found, due, returned),
        "rows": [(item, item.state(week), STATES[item.state(week)]) for item in shown],
        "notices": notices_for(actor)[:MOST_NOTICES],
        "is_administrator": actor.role in ADMINISTRATORS,
    }
    return render(request, "web/home.html", context)


def _tiles(found: list[Todo], due: list[Todo], returned: list[Todo]) -> list[Tile]:
    return [
        Tile(_("待办"), sum(item.count for item in found), "/", unit=_("件")),
        Tile(_("本周到期"), len(due), "/?show=week", unit=_("件"), state="near" if due else ""),
        Tile(
            _("退回给我"),
            len(returned),
            "/?show=returned",
            unit=_("件"),
            state="returned" if returned else "",
        ),
    ]
