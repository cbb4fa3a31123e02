"""Lists of reports, one report for good, and the history of an item."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from changai.areas.reporting import policies, queries
from changai.areas.reporting.models import Report, Submission
from changai.areas.reporting.rules.snapshots import differences
from changai.areas.reporting.rules.standings import Standing, standing_of
from changai.areas.reporting.views.paper import paper_of
from changai.areas.tasks import queries as tasks
from changai.core.errors import NotVisible
from changai.core.periods import Month
from changai.foundation.matrix import Scope, scope_of
from changai.foundation.pages import Request, page
from changai.foundation.ui.figures import written_month
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import ChartTable, Crumb, Node, Tab

LIGHT_OF_STATUS = {
    "draft": "none",
    "submitted": "waiting",
    "signed": "waiting",
    "returned": "returned",
    "accepted": "done",
}


def crumbs(*further: Crumb) -> list[Crumb]:
    """Return the places above a page of this area."""
    return [Crumb(_("月报"), reverse("reporting:reports")), *further]


@page("report.view")
@require_safe
def reports(request: Request) -> HttpResponse:
    """List the reports the reader may see; a unit finds what it has to do on top."""
    listing = Listing(
        request.GET,
        queries.visible_to(request.actor),
        size=50,
        default="-month",
        sorts={
            "month": ("obligation__period__month", "obligation__unit__position"),
            "unit": ("obligation__unit__position", "obligation__period__month"),
            "due": "obligation__due_on",
            "arrived": "first_arrived_at",
        },
        filters={"status": _with_status, "month": _in_month, "q": _of_unit},
    )
    context = {
        "listing": listing,
        "rows": [(report, LIGHT_OF_STATUS[report.status], _address(request, report)) for report in listing],
        "tabs": _tabs(listing.chosen.get("status", ""), queries.visible_to(request.actor)),
        "mine": [item for item in queries.todo(request.actor, timezone.localdate()) if item.kind != "review"],
        "many_units": scope_of(request.actor.role, "report.view") is Scope.ALL,
        "today": timezone.localdate(),
    }
    return render(request, "reporting/reports.html", context)


def _with_status(rows: QuerySet[Report], status: str) -> QuerySet[Report]:
    return rows.filter(status=status)


def _in_month(rows: QuerySet[Report], written: str) -> QuerySet[Report]:
    try:
        return rows.filter(obligation__period__month=Month.parse(written).first_on)
    except ValueError:
        return rows


def _of_unit(rows: QuerySet[Report], words: str) -> QuerySet[Report]:
    return rows.filter(
        Q(obligation__unit__name__icontains=words) | Q(obligation__unit__short_name__icontains=words)
    )


def _tabs(current: str, rows: QuerySet[Report]) -> list[Tab]:
    everything = [Tab(_("全部"), "?", rows.count(), is_current=not current)]
    return everything + [
        Tab(label, f"?status={status}", rows.filter(status=status).count(), is_current=status == current)
        for status, label in Report.Status.choices
    ]


def _address(request: Request, report: Report) -> str:
    moves = policies.available_moves(request.actor, report)
    if "fill" in moves:
        return reverse("reporting:sheet", args=[report.pk])
    if "sign" in moves:
        return reverse("reporting:sign", args=[report.pk])
    return reverse("reporting:report", args=[report.pk])


@page("report.view")
@require_safe
def report(request: Request, pk: int) -> HttpResponse:
    """Show one report as it was signed, with its way and its earlier versions: the page figures lead back to."""
    found = queries.report_for(request.actor, pk)
    submissions = list(found.submissions.order_by("number"))
    shown = _chosen(submissions, request.GET.get("number", ""))
    earlier = next((one for one in reversed(submissions) if shown and one.number < shown.number), None)
    changes = differences(earlier.content, shown.content) if shown and earlier else ()
    context = {
        "report": found,
        "title": title_of(found),
        "light": LIGHT_OF_STATUS[found.status],
        "submission": shown,
        "submissions": submissions,
        "paper": paper_of(shown.content, changes=changes, marks=_marks(shown)) if shown else None,
        "changes": changes,
        "nodes": way_of(found, submissions),
        "moves": policies.available_moves(request.actor, found),
        "may_read_sheet": policies.may_read_sheet(request.actor, found),
        "closure": policies.closure(found.obligation),
        "breadcrumbs": crumbs(Crumb(title_of(found))),
    }
    return render(request, "reporting/report.html", context)


def _chosen(submissions: list[Submission], written: str) -> Submission | None:
    if not written:
        return submissions[-1] if submissions else None
    chosen = next((one for one in submissions if str(one.number) == written), None)
    if chosen is None:
        raise NotVisible
    return chosen


def _marks(submission: Submission) -> dict[str, str]:
    return dict(submission.marks.values_list("cell", "remark"))


def title_of(report: Report) -> str:
    """Return how the report is called on pages, such as `某县2026年10月月报`."""
    obligation = report.obligation
    return _("%(unit)s%(month)s月报") % {
        "unit": obligation.unit.short_name,
        "month": written_month(obligation.period.month),
    }


def way_of(report: Report, submissions: list[Submission]) -> list[Node]:
    """Return the way of the report so far, and the step it waits for."""
    nodes = [Node(_("开启填报"), at=report.obligation.period.opened_at, state="done")]
    for one in submissions:
        nodes.append(
            Node(
                _("第%(number)d次审签报出") % {"number": one.number},
                one.sent_at,
                one.sent_by_name,
                state="done",
            )
        )
        if one.outcome == "returned":
            nodes.append(Node(_("退回"), one.outcome_at, one.outcome_by_name, one.outcome_reason, "returned"))
        elif one.outcome == "accepted":
            nodes.append(Node(_("采用"), one.outcome_at, one.outcome_by_name, state="done"))
    waiting = {
        "draft": _("待填报"), "returned": _("待补正重报"), "submitted": _("待审签"), "signed": _("待审核"),
    }.get(report.status)  # fmt: skip
    if waiting and not policies.closure(report.obligation):
        nodes.append(Node(waiting, state="waiting" if report.status == "signed" else "none"))
    return nodes


@page("report.view")
@require_safe
def receipt(request: Request, pk: int, number: int) -> HttpResponse:
    """Show the receipt (回执) of one submission."""
    found = queries.report_for(request.actor, pk)
    submission = found.submissions.filter(number=number).first()
    if submission is None:
        raise NotVisible
    obligation = found.obligation
    context = {
        "report": found,
        "submission": submission,
        "title": title_of(found),
        "is_on_time": standing_of(obligation.due_on, found.first_arrived_at, None) is Standing.ON_TIME,
        "breadcrumbs": crumbs(
            Crumb(title_of(found), reverse("reporting:report", args=[pk])), Crumb(_("回执"))
        ),
    }
    return render(request, "reporting/receipt.html", context)


@page("report.view")
@require_safe
def task_history(request: Request, claim_id: int) -> HttpResponse:
    """Show what was sent about one claimed item, month by month."""
    claim = tasks.claim_for(request.actor, claim_id)
    lines = list(queries.task_history(request.actor, claim_id))
    context: dict[str, Any] = {
        "claim": claim,
        "lines": lines,
        "breadcrumbs": crumbs(Crumb(_("任务历月情况"))),
        **_progress_chart(lines),
    }
    return render(request, "reporting/task_history.html", context)


def _progress_chart(lines: list[Any]) -> dict[str, Any]:
    rising = [line for line in reversed(lines) if line.percent is not None]
    months = [str(Month.of(line.report.obligation.period.month)) for line in rising]
    option = {
        "legend": {},
        "xAxis": {"type": "category", "data": months},
        "yAxis": {"type": "value", "max": 100},
        "series": [
            {"type": "line", "name": _("完成进度"), "data": [float(line.percent) for line in rising]},
            {
                "type": "line",
                "name": _("序时进度"),
                "data": [float(line.scheduled_percent) for line in rising],
            },
        ],
    }
    rows = [[month, line.percent, line.scheduled_percent] for month, line in zip(months, rising, strict=True)]
    return {"option": option, "table": ChartTable([_("月份"), _("完成进度"), _("序时进度")], rows)}


@page("report.view")
@require_safe
def record(request: Request, pk: int) -> HttpResponse:
    """Show what the closing of a month counted for one unit: where ledger figures come from."""
    obligation = queries.obligation_for(request.actor, pk)
    context = {
        "obligation": obligation,
        "report": obligation.report,
        "record": obligation.record,
        "standing": standing_of(
            obligation.due_on, obligation.report.first_arrived_at, obligation.exempted_at
        ),
        "breadcrumbs": crumbs(Crumb(_("报送记录"))),
    }
    return render(request, "reporting/record.html", context)
