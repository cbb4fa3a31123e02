"""报送日历: the days of every form and month of a year as one picture; one month is moved on a timeline or by dates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from changai.areas.reporting import actions, queries
from changai.areas.reporting.queries import CalendarMonth
from changai.areas.reporting.rules.calendar import Days
from changai.areas.reporting.views.lists import crumbs
from changai.core.errors import NotVisible
from changai.core.periods import Month
from changai.foundation.pages import Request, number_in, page, press, press_form
from changai.foundation.ui.parts import Crumb
from changai.foundation.workdays.queries import work_calendar

# The year's picture in units of the drawing: a head column, then so many a day.
HEAD, A_DAY, LANE = 150, 2.2, 34
# The picture of one month.
SPAN_DAYS, WIDE_DAY = 75, 12


class DaysForm(forms.Form):
    """The four days of one month."""

    opens_on = forms.DateField(label=gettext_lazy("开始填报"))
    due_on = forms.DateField(label=gettext_lazy("截止"))
    late_until = forms.DateField(label=gettext_lazy("迟报受理至"), required=False)
    locks_on = forms.DateField(label=gettext_lazy("锁定"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name in ("opens_on", "due_on", "late_until", "locks_on"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def days(self) -> Days:
        """Return the days as typed."""
        typed = self.cleaned_data
        return Days(typed["opens_on"], typed["due_on"], typed["late_until"], typed["locks_on"])


@dataclass(frozen=True)
class Bar:
    """One stretch of a month in a picture: `kind` is `fill`, `late` or `lock`."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True)
class LaneMonth:
    """One month of a form in the year's picture."""

    entry: CalendarMonth
    address: str
    bars: tuple[Bar, ...]
    due_x: float
    label: str


@dataclass(frozen=True)
class Lane:
    """One form's row in the year's picture."""

    name: str
    y: int
    months: tuple[LaneMonth, ...]


@page("form.edit")
def calendar(request: Request) -> HttpResponse:
    """Show the year; the month chosen in it is moved below the picture."""
    year = _year(request)
    chosen = _chosen(request)
    posted = request.POST if request.method == "POST" else None
    form = DaysForm(posted, initial=_initial(chosen)) if chosen else None
    if posted is not None and chosen and form and form.is_valid():
        pressed = press_form(
            request, form, actions.plan_month, chosen.form.pk, month=chosen.month, days=form.days(),
            version=form.cleaned_data["version"], done=_("已保存，填报时间按新日期执行。"),
            then=request.get_full_path(),
        )  # fmt: skip
        if pressed:
            return pressed
    rows = queries.calendar_of(year)
    context = {
        "year": year,
        "lanes": [_lane(year, place, row) for place, row in enumerate(rows)],
        "rows": rows,
        "months": [(HEAD + _x(year, date(year, number, 1)), number) for number in range(1, 13)],
        "today_x": HEAD + _x(year, timezone.localdate()),
        "width": HEAD + _x(year, date(year + 1, 2, 28)),
        "height": 30 + LANE * max(len(rows), 1),
        "chosen": chosen,
        "form": form,
        "zoom": _zoom(chosen) if chosen else None,
        "breadcrumbs": crumbs(Crumb(_("报表设置"), reverse("reporting:forms")), Crumb(_("报送日历"))),
    }
    return render(request, "reporting/calendar.html", context, status=422 if form and form.errors else 200)


@page("form.edit")
@require_POST
def unplan(request: Request, pk: int, month: str) -> HttpResponse:
    """Let a month go by the form's own days again."""
    chosen = _month(month)
    return press(
        request, actions.unplan_month, pk, month=chosen,
        done=_("已恢复按报表规定的日期。"), then=reverse("reporting:calendar") + f"?year={chosen.year}",
    )  # fmt: skip


def _year(request: Request) -> int:
    year = number_in(request.GET.get("year", "")) or timezone.localdate().year
    return year if 2000 <= year <= 2999 else timezone.localdate().year


def _month(written: str) -> Month:
    try:
        return Month.parse(written)
    except ValueError as wrong:
        raise NotVisible from wrong


def _chosen(request: Request) -> CalendarMonth | None:
    form_id = number_in(request.GET.get("form", ""))
    if form_id is None:
        return None
    found = queries.form_by_id(form_id)
    if found.issued_at is None:
        raise NotVisible
    return queries.calendar_month(found, _month(request.GET.get("month", "")))


def _initial(chosen: CalendarMonth) -> dict[str, Any]:
    return {**vars(chosen.days), "version": chosen.version}


def _x(year: int, day: date) -> float:
    return round((day - date(year, 1, 1)).days * A_DAY, 1)


def _lane(year: int, place: int, row: list[CalendarMonth]) -> Lane:
    return Lane(row[-1].form.name, 30 + LANE * place, tuple(_lane_month(year, entry) for entry in row))


def _lane_month(year: int, entry: CalendarMonth) -> LaneMonth:
    address = f"?year={year}&form={entry.form.pk}&month={entry.month}#days"
    label = _("%(form)s %(month)s：%(opens)s 开始，%(due)s 截止") % {
        "form": entry.form.name,
        "month": entry.month.label,
        "opens": entry.days.opens_on,
        "due": entry.days.due_on,
    }
    bars = tuple(_bars(entry.days, lambda day: HEAD + _x(year, day), A_DAY))
    return LaneMonth(entry, address, bars, HEAD + _x(year, entry.days.due_on), label)


def _bars(days: Days, x_of: Any, a_day: float) -> Iterable[Bar]:
    """Yield the stretches of a month one behind the other."""
    start = days.opens_on
    for kind, until in (("fill", days.due_on), ("late", days.late_until), ("lock", days.locks_on)):
        if until is not None and until >= start:
            yield Bar(kind, x_of(start), round(((until - start).days + 1) * a_day, 1))
            start = until + timedelta(days=1)


def _zoom(chosen: CalendarMonth) -> dict[str, Any]:
    """Return the picture of one month: its days, the rest days in it, its four handles."""
    first = min(chosen.days.opens_on, chosen.month.first_on + timedelta(days=14)) - timedelta(days=3)
    days = [first + timedelta(days=number) for number in range(SPAN_DAYS)]
    rest = work_calendar()

    def x_of(day: date) -> float:
        return (day - first).days * WIDE_DAY

    handles = (
        ("opens_on", _("开始填报"), chosen.days.opens_on),
        ("due_on", _("截止"), chosen.days.due_on),
        ("late_until", _("迟报受理至"), chosen.days.late_until),
        ("locks_on", _("锁定"), chosen.days.locks_on),
    )
    return {
        "first": first,
        "width": SPAN_DAYS * WIDE_DAY,
        "a_day": WIDE_DAY,
        "ticks": [(x_of(day), f"{day.month}-{day.day}") for day in days if day.day in {1, 5, 10, 15, 20, 25}],
        "rest": [x_of(day) for day in days if not rest.is_workday(day)],
        "bars": list(_bars(chosen.days, x_of, WIDE_DAY)),
        "handles": [(name, label, day, x_of(day)) for name, label, day in handles if day is not None],
    }
