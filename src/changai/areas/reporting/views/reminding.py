"""提醒: what will be said to whom, what was said, the rules, and the coloured notices a person sends."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changai.areas.organisations import queries as organisations
from changai.areas.reporting import actions, queries
from changai.areas.reporting.exports import digests_sheet, supervision_sheet
from changai.areas.reporting.forms.reminding import ReminderPlanForm
from changai.areas.reporting.rules.reminding import COLOURS
from changai.areas.reporting.views.lists import crumbs
from changai.core.errors import NotVisible
from changai.core.workdays import WorkCalendar
from changai.foundation.downloads import workbook_called
from changai.foundation.pages import Request, page, press, press_form
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import Crumb, Tab
from changai.foundation.workdays.queries import work_calendar

MOST_PEOPLE_SHOWN = 200
LIGHT_OF_COLOUR = {"blue": "waiting", "yellow": "near", "orange": "returned", "red": "overdue"}


@page("form.edit")
@require_safe
def reminders(request: Request) -> HttpResponse:
    """Show what will be said in the weeks to come, and on which days something was said."""
    today, calendar = timezone.localdate(), work_calendar()
    plan, __ = queries.reminder_plan()
    coming = queries.coming_days(plan, today=today, calendar=calendar)
    context = {
        "plan": plan,
        "today": today,
        "coming": [(day, _told(day, calendar)) for day in coming],
        "listing": Listing(request.GET, queries.reminder_runs(), size=20),
        "tabs": _tabs("reminders"),
        "breadcrumbs": crumbs(Crumb(_("提醒"))),
    }
    return render(request, "reporting/reminders.html", context)


def _told(coming: queries.ComingDay, calendar: WorkCalendar) -> list[tuple[Any, str]]:
    shown = coming.digests[:MOST_PEOPLE_SHOWN]
    return [(person, digest.sentence(coming.day, calendar)) for person, digest in shown]


@page("form.edit")
@require_safe
def reminders_sent(request: Request, day: str) -> HttpResponse:
    """Show what was said to whom on a day."""
    on_day = _day(day)
    run = queries.reminder_runs().filter(on_day=on_day).first()
    if run is None:
        raise NotVisible
    listing = _digests(request, on_day)
    above = Crumb(_("提醒"), reverse("reporting:reminders"))
    context = {"run": run, "listing": listing, "breadcrumbs": crumbs(above, Crumb(on_day.isoformat()))}
    return render(request, "reporting/reminders_sent.html", context)


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as fault:
        raise NotVisible from fault


def _digests(request: Request, on_day: date) -> Listing:
    return Listing(
        request.GET,
        queries.digests_on(on_day),
        size=100,
        filters={"q": lambda rows, words: rows.filter(person__unit__name__icontains=words)},
    )


@page("form.edit")
@require_safe
def reminders_sent_export(request: Request, day: str) -> HttpResponse:
    """Download what was said to whom on a day."""
    on_day = _day(day)
    title = _("%(day)s提醒") % {"day": on_day.isoformat()}
    return workbook_called(
        title,
        organisations.workbook_of(
            request.actor, [digests_sheet(_digests(request, on_day).rows, title=title)], at=timezone.now()
        ),
    )


@page("form.edit")
@require_safe
def supervision_export(request: Request) -> HttpResponse:
    """Download the coloured notices that were sent."""
    title = _("督办提醒登记")
    return workbook_called(
        title,
        organisations.workbook_of(
            request.actor, [supervision_sheet(_sent(request).rows, title=title)], at=timezone.now()
        ),
    )


@page("form.edit")
@require_http_methods(["GET", "POST"])
def reminder_rules(request: Request) -> HttpResponse:
    """Say when who is reminded, within which hours, and when a coloured notice is proposed."""
    plan, version = queries.reminder_plan()
    form = ReminderPlanForm(plan, version, request.POST or None)
    if request.method == "POST" and form.is_valid():
        saved = press_form(
            request, form, actions.save_reminder_plan, form.plan(), version=form.cleaned_data["version"],
            done=_("提醒设置已保存，从下一次提醒起执行。"), then=reverse("reporting:reminders"),
        )  # fmt: skip
        if saved is not None:
            return saved
    context = {"form": form, "tabs": _tabs("rules"), "breadcrumbs": crumbs(Crumb(_("提醒设置")))}
    return render(request, "reporting/reminder_rules.html", context, status=422 if form.errors else 200)


def _sent(request: Request) -> Listing:
    return Listing(
        request.GET,
        queries.supervision_notices(),
        size=50,
        sorts={"sent": "sent_at", "unit": "obligation__unit__position"},
        filters={
            "colour": lambda rows, colour: rows.filter(colour=colour),
            "q": lambda rows, words: rows.filter(obligation__unit__name__icontains=words),
        },
    )


@page("form.edit")
@require_safe
def supervision(request: Request) -> HttpResponse:
    """Show the coloured notices the rules propose: a person sends each, or presses with a paper, or leaves it."""
    today = timezone.localdate()
    plan, __ = queries.reminder_plan()
    proposed = queries.proposed_notices(plan, today=today, calendar=work_calendar())
    context = {
        "proposed": Listing(
            request.GET,
            proposed,
            size=50,
            sorts={"due": "due_on", "late": "late_days"},
            default="-late",
            filters={"q": lambda rows, words: [row for row in rows if words in row.owed.unit_name]},
        ),
        "lights": LIGHT_OF_COLOUR,
        "tabs": _tabs("supervision"),
        "breadcrumbs": crumbs(Crumb(_("督办提醒"))),
    }
    return render(request, "reporting/supervision.html", context)


@page("form.edit")
@require_safe
def supervision_sent(request: Request) -> HttpResponse:
    """List the coloured notices that were sent, and which of them still press for a report."""
    listing = _sent(request)
    owed = {item.obligation_id for item in queries.owed_reports(timezone.localdate())}
    context = {
        "listing": listing,
        "rows": [
            (row, LIGHT_OF_COLOUR[row.colour], COLOURS[row.colour], row.obligation_id in owed)
            for row in listing
        ],
        "colours": COLOURS,
        "tabs": _tabs("sent"),
        "breadcrumbs": crumbs(Crumb(_("督办提醒"), reverse("reporting:supervision")), Crumb(_("督办登记"))),
    }
    return render(request, "reporting/supervision_sent.html", context)


@page("form.edit")
@require_POST
def send_supervision(request: Request, pk: int) -> HttpResponse:
    """Send one coloured notice."""
    return press(
        request, actions.send_supervision, pk, colour=request.POST.get("colour", ""),
        words=request.POST.get("reason", ""), done=_("督办提醒已发出。"), then=reverse("reporting:supervision"),
    )  # fmt: skip


def _tabs(current: str) -> list[Tab]:
    places = {
        "reminders": (_("提醒"), "reporting:reminders"),
        "supervision": (_("督办提醒"), "reporting:supervision"),
        "sent": (_("督办登记"), "reporting:supervision_sent"),
        "rules": (_("提醒设置"), "reporting:reminder_rules"),
    }
    return [Tab(label, reverse(place), is_current=name == current) for name, (label, place) in places.items()]
