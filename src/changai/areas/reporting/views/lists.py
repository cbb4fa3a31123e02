"""Lists of reports, one report for good, and the history of an item."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from changai.areas.organisations import queries as organisations
from changai.areas.reporting import policies, queries
from changai.areas.reporting.exports import reports_sheet
from changai.areas.reporting.models import Report, ReviewStep, Submission
from changai.areas.reporting.queries import reviewing as reviews
from changai.areas.reporting.rules.snapshots import differences
from changai.areas.reporting.rules.standings import Standing, standing_of
from changai.areas.reporting.views.paper import paper_of
from changai.areas.tasks import queries as tasks
from changai.core.errors import NotVisible
from changai.core.periods import Month
from changai.foundation.downloads import workbook_called
from changai.foundation.matrix import Scope, allows, scope_of
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


def _listing(request: Request) -> Listing:
    return Listing(
        request.GET,
        queries.visible_to(request.actor),
        size=50,
        default="-month",
        sorts={
            "month": ("obligation__period__month", "+obligation__unit__position"),
            "unit": ("obligation__unit__position", "obligation__period__month"),
            "due": "obligation__due_on",
            "arrived": "first_arrived_at",
            "returned": "times_returned",
        },
        filters={"status": _with_status, "month": _in_month, "form": _of_form, "q": _of_unit},
    )


@page("report.view")
@require_safe
def export(request: Request) -> HttpResponse:
    """Download the listed reports as a workbook."""
    title = _("月报清单")
    return workbook_called(
        title,
        organisations.workbook_of(
            request.actor, [reports_sheet(_listing(request).rows, title=title)], at=timezone.now()
        ),
    )


@page("report.view")
@require_safe
def reports(request: Request) -> HttpResponse:
    """List the reports the reader may see; a unit finds what it has to do on top."""
    listing = _listing(request)
    context = {
        "listing": listing,
        "rows": [(report, LIGHT_OF_STATUS[report.status], _address(request, report)) for report in listing],
        "tabs": _tabs(listing.chosen.get("status", ""), queries.visible_to(request.actor)),
        "mine": queries.own_todo(request.actor, timezone.localdate()),
        "many_units": scope_of(request.actor.role, "report.view") is Scope.ALL,
        "months": [(str(month), written_month(month)) for month in queries.months_opened()],
        "form_names": queries.names_of_forms_opened(),
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


def _of_form(rows: QuerySet[Report], name: str) -> QuerySet[Report]:
    return rows.filter(obligation__period__form__name=name)


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
    if policies.may(request.actor, "fill", report):
        return reverse("reporting:sheet", args=[report.pk])
    if policies.may(request.actor, "sign", report):
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
        "threads": queries.open_threads(found) if policies.may_read_comments(request.actor, found) else None,
        "paper": paper_of(shown.content, changes=changes, marks=_marks(shown)) if shown else None,
        "changes": changes,
        "nodes": way_of(found, submissions, reviews.steps_of(submissions)),
        "moves": policies.available_moves(request.actor, found),
        "may_read_sheet": policies.may_read_sheet(request.actor, found),
        "closure": policies.closure(found.obligation),
        "is_outside": not policies.reaches_evidence(request.actor, found),
        "unlocking": _waiting_unlocking(request, found) if found.status == "accepted" else None,
        "breadcrumbs": crumbs(Crumb(title_of(found))),
    }
    return render(request, "reporting/report.html", context)


def _waiting_unlocking(request: Request, found: Report) -> dict[str, object] | None:
    """Return the unlocking that waits for a second person, and whether the reader is one."""
    waiting = found.unlockings.filter(settled_at__isnull=True).first()
    if waiting is None:
        return None
    is_own = policies.is_same_person(request.actor, waiting.asked_by_id, waiting.asked_by_name)
    return {"asked": waiting, "may_settle": allows(request.actor, "report.unlock") and not is_own}


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


def way_of(
    report: Report, submissions: list[Submission], steps: Mapping[int, Sequence[ReviewStep]]
) -> list[Node]:
    """Return the way of the report so far, with what each review step (by sending) decided or has still to decide."""
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
        nodes += _decisions(one, steps[one.pk])
    nodes += [
        Node(_("解锁"), unlocking.settled_at, unlocking.settled_by_name, unlocking.reason, "returned")
        for unlocking in report.unlockings.filter(is_granted=True)
    ]
    nodes.sort(key=lambda node: node.at.isoformat() if node.at else "")
    return nodes + _still_to_come(report, steps[submissions[-1].pk] if submissions else [])


def _decisions(sending: Submission, steps: Sequence[ReviewStep]) -> Iterator[Node]:
    """Yield what the reviewers decided about one sending; several steps each under their own name."""
    if len(steps) > 1:
        for step in sorted(steps, key=lambda step: (step.decided_at is None, step.decided_at, step.position)):
            if step.decision == "passed":
                label = _("%(step)s通过") % {"step": step.name}
                yield Node(label, step.decided_at, step.decided_by_name, _step_unit(step), "done")
    told = {
        "returned": (_("退回"), "returned"),
        "part": (_("部分采用"), "near"),
        "accepted": (_("采用"), "done"),
    }
    if sending.outcome in told:
        label, state = told[sending.outcome]
        yield Node(label, sending.outcome_at, sending.outcome_by_name, sending.outcome_reason, state)


def _step_unit(step: ReviewStep) -> str:
    return step.unit.short_name if step.unit else ""


def _still_to_come(report: Report, steps: Sequence[ReviewStep]) -> list[Node]:
    if policies.closure(report.obligation):
        return []
    if report.status == "signed":
        waiting = policies.open_steps(steps)
        return [
            Node(
                _("待%(step)s") % {"step": step.name},
                sentence=_step_unit(step),
                state="waiting" if step in waiting else "none",
            )
            for step in steps
            if not step.decision
        ]
    told = {"draft": _("待填报"), "returned": _("待补正重报"), "submitted": _("待审签")}
    return [Node(told[report.status])] if report.status in told else []


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
