"""The calendar of forms: the days of every month of a year, as planned, as opened, as closed."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from changai.areas.reporting.models import Form, Period, PlannedMonth
from changai.areas.reporting.queries.composed import form_in_force, forms_in_force
from changai.areas.reporting.rules.calendar import Days, days_by_rule
from changai.areas.reporting.rules.standings import day_of
from changai.core.periods import Month
from changai.core.workdays import WorkCalendar
from changai.foundation.workdays.queries import work_calendar


@dataclass(frozen=True)
class CalendarMonth:
    """One month of one form in the picture. `state` is `planned`, `open` or `closed`."""

    form: Form
    month: Month
    days: Days
    state: str
    period_id: int | None
    is_moved: bool
    version: int
    rest_day: str


def days_of(form: Form, month: Month) -> Days:
    """Return the days of a month that is not opened yet: as planned for it, else as the form says."""
    planned = PlannedMonth.objects.filter(form=form.series_id, month=month.first_on).first()
    return _planned_days(planned) if planned else _own_days(form, month)


def _own_days(form: Form, month: Month) -> Days:
    return days_by_rule(
        month,
        opens_day=form.opens_day,
        due_day=form.due_day,
        late_day=form.late_day,
        locks_day=form.locks_day,
    )


def _planned_days(planned: PlannedMonth) -> Days:
    return Days(planned.opens_on, planned.due_on, planned.late_until, planned.locks_on)


def _begun() -> QuerySet[Period]:
    """Return the months that are open, or about to be: their sheets are laid out."""
    return Period.objects.filter(opening_at__isnull=False)


def days_of_period(period: Period) -> Days:
    """Return the days of an opened month, or of one whose sheets are laid out.

    :raises ValueError: for one that is only listed
    """
    if period.opening_at is None:
        raise ValueError("a month that is only listed has the days planned for it")
    return Days(day_of(period.opening_at), period.due_on, period.late_until, period.locks_on)


def calendar_month(form: Form, month: Month) -> CalendarMonth:
    """Return one month of a form as the calendar shows it."""
    version = form_in_force(form.series_id, month) or form
    period = _begun().filter(form__series=form.series_id, month=month.first_on).first()
    planned = PlannedMonth.objects.filter(form=form.series_id, month=month.first_on).first()
    return _calendar_month(version, month, period, planned, work_calendar())


def calendar_of(year: int) -> list[list[CalendarMonth]]:
    """Return every form's months of a year, a row a form. A fixed number of queries a month."""
    periods = {
        (period.form.series_id, period.month): period
        for period in _begun().filter(month__year=year).select_related("form")
    }
    planned = {(one.form_id, one.month): one for one in PlannedMonth.objects.filter(month__year=year)}
    rows: dict[int, list[CalendarMonth]] = {}
    rest = work_calendar()
    for month in Month(year, 1).until(Month(year, 12)):
        forms = {
            form.series_id or 0: form
            for form in forms_in_force(month)
            if form.issued_at is not None and month >= Month.of(day_of(form.issued_at))
        }
        forms |= {
            series_id or 0: period.form for (series_id, on), period in periods.items() if on == month.first_on
        }
        for series_id, form in forms.items():
            key = (series_id, month.first_on)
            rows.setdefault(series_id, []).append(
                _calendar_month(form, month, periods.get(key), planned.get(key), rest)
            )
    return [rows[series_id] for series_id in sorted(rows)]


def _calendar_month(
    form: Form, month: Month, period: Period | None, planned: PlannedMonth | None, rest: WorkCalendar
) -> CalendarMonth:
    if period is not None:
        days, state = days_of_period(period), "closed" if period.closed_at else "open"
    else:
        days, state = _planned_days(planned) if planned else _own_days(form, month), "planned"
    return CalendarMonth(
        form=form,
        month=month,
        days=days,
        state=state,
        period_id=period.pk if period else None,
        is_moved=planned is not None,
        version=planned.version if planned else 0,
        rest_day="" if rest.is_workday(days.due_on) else rest.name_of(days.due_on) or _("周末"),
    )


def months_to_open(today: date) -> list[tuple[Form, Month]]:
    """Return the forms in use and the months of them that should be open by today and are not.

    The running month opens on its day; the month before opens late only when it was planned so.
    """
    this, last = Month.of(today), Month.of(today).plus(-1)
    opened = set(
        _begun().filter(month__in=[this.first_on, last.first_on]).values_list("form__series_id", "month")
    )
    planned = set(PlannedMonth.objects.filter(month=last.first_on).values_list("form_id", flat=True))
    found = []
    for month in (last, this):
        for form in forms_in_force(month):
            is_asked = month == this or form.series_id in planned
            if not is_asked or (form.series_id, month.first_on) in opened:
                continue
            if days_of(form, month).opens_on <= today:
                found.append((form, month))
    return found
