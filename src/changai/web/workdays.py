"""工作日历: which days are worked, year by year; the office loads a year from the State Council's notice."""

from contextlib import AbstractContextManager, nullcontext
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changai.core.errors import Invalid
from changai.core.periods import Month
from changai.core.workdays import WorkCalendar, YearPlan
from changai.foundation.matrix import allows
from changai.foundation.pages import Request, number_in, page, press
from changai.foundation.quarantine import refusals_kept
from changai.foundation.ui.parts import Crumb, Tab
from changai.foundation.workdays.actions import load_work_year, read_arrangement
from changai.foundation.workdays.queries import known_years, loadings_of, work_calendar

_ONE_DAY = timedelta(days=1)
_LONGEST_FILE = 200_000  # bytes


@page("workday.view")
@require_safe
def show_year(request: Request) -> HttpResponse:
    """Show the months of one year with its days off and the weekends worked."""
    today = timezone.localdate()
    years = {known.plan.year: known for known in known_years()}
    asked = number_in(request.GET.get("year", "")) or today.year
    year = asked if asked in years or asked == today.year + 1 else today.year
    calendar = work_calendar()
    choices = sorted({*years, today.year, today.year + 1})
    context = {
        "year": year,
        "tabs": [Tab(str(each), f"?year={each}", is_current=each == year) for each in choices],
        "known": years.get(year),
        "note": calendar.note(date(year, 1, 1)),
        "months": [_month(calendar, Month(year, number), today) for number in range(1, 13)],
        "total": calendar.count(date(year - 1, 12, 31), date(year, 12, 31)),
        "loadings": loadings_of(year),
        "may_load": allows(request.actor, "setting.edit"),
    }
    return render(request, "web/workdays.html", context)


@page("setting.edit")
@require_http_methods(["GET", "POST"])
def preview_year(request: Request) -> HttpResponse:
    """Read the pasted notice or the year's file, and show what it would change; nothing is saved."""
    text, fault = "", None
    context: dict[str, Any] = {"breadcrumbs": _crumbs()}
    if request.method == "POST":
        try:
            with _file_kept(request):
                text = _text_brought(request)
                plan = read_arrangement(text)
        except Invalid as refusal:
            fault = refusal
        else:
            context |= _compared(plan)
    context |= {"text": text, "fault": fault}
    return render(request, "web/workdays_load.html", context, status=422 if fault else 200)


@page("setting.edit")
@require_POST
def load_year(request: Request) -> HttpResponse:
    """Let the previewed arrangement hold from now on."""
    text = request.POST.get("text", "")
    year = read_arrangement(text).year
    then = f"{reverse('web:workdays')}?year={year}"
    return press(request, load_work_year, text, done=_("已载入，提醒和期限即按新的安排推算。"), then=then)


def _file_kept(request: Request) -> AbstractContextManager[None]:
    uploaded = request.FILES.get("file")
    if uploaded is None:
        return nullcontext()
    content = uploaded.read(_LONGEST_FILE)
    uploaded.seek(0)
    return refusals_kept(request.actor, name=uploaded.name or "", content=content, at=timezone.now())


def _text_brought(request: Request) -> str:
    uploaded = request.FILES.get("file")
    if uploaded is None:
        return request.POST.get("text", "").strip()
    content: bytes = uploaded.read(_LONGEST_FILE)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("无法识别文件的文字编码，请改为粘贴通知全文。")


def _compared(plan: YearPlan) -> dict[str, Any]:
    """Return the plan, and on which days it differs from what holds now."""
    now, then = work_calendar(), WorkCalendar.of([plan])
    day, changes = date(plan.year, 1, 1), []
    while day.year == plan.year:
        if now.is_workday(day) != then.is_workday(day):
            changes.append((day, then.name_of(day) or (_("上班") if then.is_workday(day) else _("休息"))))
        day += _ONE_DAY
    return {"plan": plan, "changes": changes, "is_new": plan.year not in now.years}


def _month(calendar: WorkCalendar, month: Month, today: date) -> dict[str, Any]:
    """Return the weeks of a month, Monday first; days of other months are None."""
    monday = month.first_on - timedelta(days=month.first_on.weekday())
    weeks = []
    while monday <= month.last_on:
        week = [monday + timedelta(days=number) for number in range(7)]
        weeks.append([_cell(calendar, day, today) if Month.of(day) == month else None for day in week])
        monday += timedelta(days=7)
    total = calendar.count(month.first_on - _ONE_DAY, month.last_on)
    return {"month": month, "weeks": weeks, "total": total}


def _cell(calendar: WorkCalendar, day: date, today: date) -> dict[str, Any]:
    name, works = calendar.name_of(day), calendar.is_workday(day)
    return {
        "day": day,
        "name": name,
        "mark": (_("班") if works else _("休")) if name else "",
        "kind": "worked" if works and name else "off" if not works else "",
        "is_today": day == today,
    }


def _crumbs() -> list[Crumb]:
    return [Crumb(_("工作日历"), reverse("web:workdays")), Crumb(_("载入年度安排"))]
