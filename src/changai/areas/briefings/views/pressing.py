"""From a report whose day is past straight into the draft of a 督办单. Only a person does this, one unit at a time."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from changai.areas.briefings import queries
from changai.areas.briefings.actions import start_briefing
from changai.areas.briefings.rules.pressing import LateReport, pressing_blocks, pressing_title
from changai.areas.reporting import queries as reporting
from changai.areas.reporting.rules.reminding import COLOURS
from changai.areas.reporting.rules.standings import day_of
from changai.core.periods import Month
from changai.foundation.pages import Request, page, see_other
from changai.foundation.workdays.queries import work_calendar


@page("briefing.edit")
@require_POST
def press_unit(request: Request, obligation_id: int) -> HttpResponse:
    """Start a 督办单 to the unit of an overdue report, in the colour of its delay, or open the one begun before."""
    plan, _version = reporting.reminder_plan()
    overdue = reporting.overdue_of(
        request.actor, obligation_id, plan, today=timezone.localdate(), calendar=work_calendar()
    )
    late = [LateReport(item.name, item.due_on, days) for item, days in overdue.items]
    title = pressing_title(late)
    begun = queries.begun_notice(request.actor, overdue.unit_id, title)
    if begun is None:
        noticed = [(day_of(one.sent_at), COLOURS[one.colour]) for one in overdue.notices]
        begun = start_briefing(  # type: ignore[call-arg]  # every action takes `once`
            request.actor,
            title=title,
            month=Month.of(overdue.month),
            kind=f"notice_{overdue.colour}",
            unit_ids=(overdue.unit_id,),
            blocks=pressing_blocks(late, noticed),
            at=timezone.now(),
            once=request.POST.get("once", ""),
        )
        messages.success(request, _("已按逾期情况起草，请核对后报批。"))
    else:
        messages.info(request, _("这个单位已有一份起草中的督办单，请接着编写。"))
    return see_other(reverse("briefings:compose", args=[begun.pk]))
