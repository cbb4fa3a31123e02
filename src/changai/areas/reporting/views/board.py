"""报送情况: the obligations of a month as counts that open to named rows, and what the office decides about them."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from changai.areas.organisations import queries as organisations
from changai.areas.reporting import actions, policies, queries
from changai.areas.reporting.exports import board_sheet
from changai.areas.reporting.models import Period
from changai.areas.reporting.queries import ObligationRow, Rates
from changai.areas.reporting.rules.standings import STANDING_LABELS, Standing
from changai.areas.reporting.views.lists import crumbs
from changai.core.periods import Month
from changai.foundation.downloads import workbook_called
from changai.foundation.pages import Request, page, press, see_other
from changai.foundation.ui.figures import written_month
from changai.foundation.ui.listing import Filter, Listing
from changai.foundation.ui.parts import Crumb, Tab, Tile

LIGHT_OF_STANDING = {
    Standing.ON_TIME: "done",
    Standing.LATE: "near",
    Standing.MISSING: "overdue",
    Standing.EXEMPT: "none",
}

_FILTERS: dict[str, Filter] = {
    "q": lambda rows, words: rows.filter(unit__name__contains=words),
    "form": lambda rows, name: rows.filter(period__form__name=name),
}


def _tab_labels() -> dict[str, str]:
    return {
        "": _("全部"), "on_time": _("按时"), "late": _("迟报"), "missing": _("未报"), "returned": _("退回待重报"),
        "accepted": _("已采用"), "asking": _("申请延期"), "extended": _("已延期"), "locked": _("已锁定"),
        "exempt": _("不需报送"),
    }  # fmt: skip


def _month(request: Request) -> Month:
    try:
        return Month.parse(request.GET.get("month", ""))
    except ValueError:
        latest = queries.periods().first()
        return Month.of(latest.month) if latest else Month.of(timezone.localdate()).plus(-1)


@page("report.view")
@require_safe
def board(request: Request) -> HttpResponse:
    """Show how the reports of a month come in."""
    month = _month(request)
    found = queries.rates(month, actor=request.actor)
    tab = request.GET.get("tab", "")
    listing = Listing(
        request.GET,
        found.named(tab),
        size=100,
        sorts={
            "unit": "unit__name",
            "due": "due_on",
            "arrived": "report__first_arrived_at",
            "returned": "report__times_returned",
        },
        filters=_FILTERS,
    )
    today = timezone.localdate()
    periods = queries.listed_periods(month)
    opened = [period for period in periods if period.opened_at is not None]
    is_ahead = len(opened) < len(periods)
    coming = _coming(request, month) if is_ahead and (tab == "coming" or not found.total) else None
    context = {
        "coming": coming,
        "opening": [one for one in queries.months_being_opened() if one[0] in periods] if is_ahead else [],
        "counting": _counting(opened),
        "month": month,
        "before": month.plus(-1),
        "after": month.plus(1),
        "rates": found,
        "tiles": _tiles(month, found, today),
        "tabs": [*_tabs(month, tab, found), *(_coming_tab(month, tab, request) if is_ahead else [])],
        "tab": tab,
        "listing": listing,
        "rows": [(row, *_told(row, today)) for row in map(queries.row_of, listing)],
        "periods": [(period, f"close-{period.pk}") for period in opened],
        "form_names": queries.form_names(found.obligations),
        "may_settle": policies.may_edit_forms(request.actor),
        "orphans": queries.orphaned(request.actor).count() if policies.may_edit_forms(request.actor) else 0,
        "today": today,
        "breadcrumbs": crumbs(Crumb(_("报送情况"))),
    }
    return render(request, "reporting/board.html", context)


def _counting(opened: list[Period]) -> list[tuple[Period, int, int]]:
    """Return those of the months that are closed and not counted yet, with their units and how many are counted."""
    if all(period.closed_at is None or period.counted_at is not None for period in opened):
        return []
    return [one for one in queries.months_being_counted() if one[0] in opened]


def _coming(request: Request, month: Month) -> Listing:
    """Return what is listed for the month and not open yet."""
    rows = queries.coming(month, request.actor).select_related("unit", "period__form")
    return Listing(
        request.GET,
        rows.order_by("unit__position", "unit__code", "period__form", "pk"),
        size=100,
        filters=_FILTERS,
    )


def _told(row: ObligationRow, today: date) -> tuple[str, str]:
    """Return light and word of a row; who still has time is not missing yet."""
    if row.release in {"transferred", "ended"}:
        return "none", row.release_label
    if row.is_locked:
        return "overdue", _("未报，已锁定") if row.standing is Standing.MISSING else _("已锁定")
    if row.standing is Standing.MISSING and row.due_on >= today:
        return "none", _("未到期")
    return LIGHT_OF_STANDING[row.standing], _(STANDING_LABELS[row.standing])


def _tiles(month: Month, found: Rates, today: date) -> list[Tile]:
    def tile(name: str, label: str, value: int, state: str = "", note: str = "") -> Tile:
        return Tile(label, value, f"?month={month}&tab={name}#rows", state=state, note=note)

    complete = _("报送率 %(rate)s%%") % {"rate": found.completeness_percent} if found.owed else ""
    is_due = found.missing_since is not None and found.missing_since < today
    punctual = _("按时率 %(rate)s%%") % {"rate": found.punctuality_percent} if found.owed else ""
    return [
        tile("owed", _("应报单位"), found.owed),
        tile("arrived", _("已报"), found.arrived, "done", complete),
        tile("on_time", _("按时"), found.on_time, "done", punctual),
        tile("late", _("迟报"), found.late, "near" if found.late else ""),
        tile("missing", _("未报"), found.missing, "overdue" if is_due else ""),
        tile("returned", _("退回待重报"), found.returned, "returned" if found.returned else ""),
    ]


def _tabs(month: Month, current: str, found: Rates) -> list[Tab]:
    return [
        Tab(
            label,
            f"?month={month}&tab={name}",
            getattr(found, name or "total"),
            is_current=name == current,
        )
        for name, label in _tab_labels().items()
    ]


def _coming_tab(month: Month, current: str, request: Request) -> list[Tab]:
    """Return the tab of other forms of the month that are not open yet, if there are any."""
    number = queries.coming(month, request.actor).count()
    address = f"?month={month}&tab=coming"
    return [Tab(_("尚未开启"), address, number, is_current=current == "coming")] if number else []


@page("report.view")
@require_safe
def export(request: Request) -> HttpResponse:
    """Download the rows of the board as a workbook."""
    month = _month(request)
    found = queries.rates(month, actor=request.actor).named(request.GET.get("tab", ""))
    rows = map(queries.row_of, Listing(request.GET, found, filters=_FILTERS).rows)
    title = _("%(month)s月报报送情况") % {"month": written_month(month)}
    return workbook_called(
        title, organisations.workbook_of(request.actor, [board_sheet(rows, title=title)], at=timezone.now())
    )


@page("form.edit")
@require_POST
def remind(request: Request, pk: int) -> HttpResponse:
    """Remind the units whose report has not arrived."""
    period = queries.period_by_id(pk)
    reminded = actions.remind_missing(request.actor, pk, at=timezone.now())
    if reminded:
        messages.success(request, _("已提醒 %(count)d 个单位。") % {"count": reminded})
    else:
        messages.info(request, _("没有需要提醒的单位：都已报送、已锁定，或今天已经提醒过。"))
    return see_other(_board_address(Month.of(period.month)))


@page("form.edit")
@require_POST
def close(request: Request, pk: int) -> HttpResponse:
    """Close a month."""
    period = queries.period_by_id(pk)
    return press(
        request,
        actions.close_period,
        pk,
        done=_("本期已关闭，报送记录随即计入数据。"),
        then=_board_address(Month.of(period.month)),
    )


def _board_address(month: Month) -> str:
    return reverse("reporting:board") + f"?month={month}"
