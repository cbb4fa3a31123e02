"""The reviewer's desk: the queue on the left, the report on the right; and what is accepted together."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from changai.areas.evidence import queries as evidence
from changai.areas.reporting import actions, policies, queries
from changai.areas.reporting.actions import BulkOutcome, Complaint
from changai.areas.reporting.forms.reviewing import ReturnForm, UnlockForm, marks_in
from changai.areas.reporting.models import Report, ReviewStep, Submission
from changai.areas.reporting.queries import reviewing as reviews
from changai.areas.reporting.rules.snapshots import Difference, differences
from changai.areas.reporting.views.lists import crumbs, title_of, way_of
from changai.areas.reporting.views.paper import paper_of
from changai.areas.reporting.views.sending import version_in
from changai.core.errors import Invalid, NotVisible
from changai.foundation.downloads import attachment
from changai.foundation.pages import Request, number_in, page, press, press_form, see_other
from changai.foundation.ui.parts import Crumb, Tab
from changai.foundation.workdays.queries import work_calendar

WORKDAYS_TO_MEND = 3


def _order(request: Request) -> str:
    asked = request.GET.get("sort", "")
    return asked if asked in reviews.ORDERS else "arrived"


def _orders(current: str) -> list[Tab]:
    labels = {"arrived": _("报出先后"), "due": _("应报日期"), "findings": _("提示多少"), "unit": _("单位")}
    return [Tab(label, f"?sort={name}", is_current=name == current) for name, label in labels.items()]


@page("report.review")
@require_safe
def queue(request: Request) -> HttpResponse:
    """Open the first report of the queue."""
    order = _order(request)
    waiting = reviews.queue_rows(request.actor, order)
    if waiting:
        return see_other(f"{reverse('reporting:review', args=[waiting[0].report.pk])}?sort={order}")
    return render(request, "reporting/review.html", {"queue": [], "breadcrumbs": crumbs(Crumb(_("审核")))})


@page("report.review")
@require_safe
def review(request: Request, pk: int) -> HttpResponse:
    """Show one signed report beside the queue."""
    report = queries.report_for(request.actor, pk)
    if not policies.may(request.actor, "accept", report):
        return see_other(reverse("reporting:report", args=[pk]))
    return _desk(request, report, ReturnForm(initial=_proposal(report)))


def _proposal(report: Report) -> dict[str, object]:
    due_on = work_calendar().plus(timezone.localdate(), WORKDAYS_TO_MEND)
    return {"due_on": due_on, "version": report.version}


@dataclass(frozen=True)
class Comparison:
    """What a sending says otherwise than an earlier one."""

    name: str
    label: str
    changes: tuple[Difference, ...]


def _comparisons(report: Report, latest: Submission, earlier: list[Submission]) -> list[Comparison]:
    """Return what changed since last sent and since last accepted; the latter may be the month before."""
    found = []
    if earlier:
        found.append(Comparison("sent", _("与上次报送比"), differences(earlier[-1].content, latest.content)))
    accepted = next((one for one in reversed(earlier) if one.outcome == "accepted"), None)
    if accepted is not None and (not earlier or accepted.pk != earlier[-1].pk):
        found.append(Comparison("accepted", _("与上次采用比"), differences(accepted.content, latest.content)))
    before = queries.report_before(report)
    month_before = before and before.submissions.filter(outcome="accepted").last()
    if month_before:
        label = _("与上月采用比")
        found.append(Comparison("month", label, differences(month_before.content, latest.content)))
    return found


def _desk(request: Request, report: Report, form: ReturnForm, *, status: int = 200) -> HttpResponse:
    submissions = list(report.submissions.order_by("number"))
    latest = submissions[-1]
    steps = reviews.steps_of(submissions)
    comparisons = _comparisons(report, latest, submissions[:-1])
    asked = request.GET.get("against", "")
    default = comparisons[0] if comparisons and comparisons[0].name != "month" else None
    chosen = next((one for one in comparisons if one.name == asked), default)
    notes = queries.findings_for_review(report)
    order = _order(request)
    rows = reviews.queue_rows(request.actor, order)
    context = {
        "queue": rows[: reviews.MOST_SHOWN],
        "waiting_count": len(rows),
        "clean_count": len(reviews.clean_rows(rows)),
        "orders": _orders(order),
        "order": order,
        "report": report,
        "is_outside": not policies.reaches_evidence(request.actor, report),
        "title": title_of(report),
        "submission": latest,
        "threads": queries.open_threads(report),
        "paper": paper_of(
            latest.content,
            changes=chosen.changes if chosen else (),
            marks=marks_in(request.POST),
            asked=queries.marks_of(report),
            notes=notes,
        ),
        "comparisons": comparisons,
        "chosen": chosen,
        "notes": notes,
        "nodes": way_of(report, submissions, steps),
        "form": form,
        "breadcrumbs": crumbs(Crumb(_("审核"), reverse("reporting:queue")), Crumb(title_of(report))),
        **_step(request, report, steps[latest.pk]),
    }
    return render(request, "reporting/review.html", context, status=status)


def _step(request: Request, report: Report, steps: list[ReviewStep]) -> dict[str, object]:
    """Return the step the actor decides, whether it is the last one, and who else has still to sign."""
    mine = policies.open_step(request.actor, report, steps)
    others = [step for step in steps if not step.decision and mine and step.pk != mine.pk]
    return {
        "step": mine,
        "is_route": len(steps) > 1,
        "is_last": mine is not None and policies.is_last_step(mine, steps),
        "others": others,
    }


@page("report.review")
@require_POST
def accept(request: Request, pk: int) -> HttpResponse:
    """Sign one's step of a report and go on to the next."""
    report = queries.report_for(request.actor, pk)
    steps = policies.review_steps(report)
    mine = policies.open_step(request.actor, report, steps)
    is_last = mine is None or policies.is_last_step(mine, steps)
    return press(
        request, actions.accept_report, pk,
        version=version_in(request), done=_("已采用。") if is_last else _("已通过，待其他环节办理。"),
        then=_next(request),
    )  # fmt: skip


def _next(request: Request) -> str:
    return f"{reverse('reporting:queue')}?sort={_order(request)}"


@page("report.review")
@require_safe
def clean(request: Request) -> HttpResponse:
    """Show what would be accepted together: reports without findings that never came back."""
    rows = reviews.clean_rows(reviews.queue_rows(request.actor))
    context = {"rows": rows, "breadcrumbs": _under_review(_("批量采用"))}
    return render(request, "reporting/clean.html", context)


def _under_review(title: str) -> list[Crumb]:
    return crumbs(Crumb(_("审核"), reverse("reporting:queue")), Crumb(title))


@page("report.review")
@require_POST
def accept_many(request: Request) -> HttpResponse:
    """Accept the chosen clean reports, each by itself, and tell what became of each."""
    pairs = [written.partition(":") for written in request.POST.getlist("chosen")]
    numbers = [(number_in(pk), number_in(version)) for pk, _colon, version in pairs]
    chosen = [(pk, version) for pk, version in numbers if pk is not None and version is not None]
    accept_all: Callable[..., list[BulkOutcome]] = actions.accept_reports
    outcomes = accept_all(request.actor, chosen, at=timezone.now(), once=request.POST.get("once", ""))
    context = {
        "taken": [one for one in outcomes if not one.refusal],
        "refused": [one for one in outcomes if one.refusal],
        "breadcrumbs": _under_review(_("批量采用结果")),
    }
    return render(request, "reporting/taken.html", context)


@page("report.review")
@require_POST
def return_(request: Request, pk: int) -> HttpResponse:
    """Return one report with its marked cells, wholly or in part, and go on to the next."""
    report = queries.report_for(request.actor, pk)
    form = ReturnForm(request.POST)
    is_part = "part" in request.POST
    move = "part" if is_part else "return"
    if not form.is_valid():
        policies.require(request.actor, move, report)
        return _desk(request, report, form, status=422)
    try:
        return _press_return(request, pk, form, is_part=is_part)
    except Invalid as refused:
        if policies.refusal(request.actor, move, report):
            raise  # the desk has no place for it any more
        for sentence in refused.faults or (refused.sentence,):
            form.add_error(None, sentence)
        return _desk(request, report, form, status=422)


def _press_return(request: Request, pk: int, form: ReturnForm, *, is_part: bool) -> HttpResponse:
    typed, marks = form.cleaned_data, marks_in(request.POST)
    if is_part:
        complaint = Complaint(form.reason, marks, typed["due_on"], form.reason_ids)
        return press(
            request, actions.accept_part, pk,
            complaint=complaint, version=typed["version"], done=_("已部分采用，其余已退回。"), then=_next(request),
        )  # fmt: skip
    return press(
        request, actions.return_report, pk,
        reason=form.reason, marks=marks, due_on=typed["due_on"], reason_ids=form.reason_ids,
        version=typed["version"], done=_("已退回。"), then=_next(request),
    )  # fmt: skip


@page("report.view")
@require_safe
def file(request: Request, pk: int, file_id: int) -> HttpResponse:
    """Download evidence that was sent with a report: for reviewers whose route it is though not their branch."""
    report = queries.report_for(request.actor, pk)
    if file_id not in reviews.sent_file_ids(report):
        raise NotVisible
    row, content = evidence.read_within(file_id)
    return attachment(row.name, content)


@page("report.unlock")
def unlock(request: Request, pk: int) -> HttpResponse:
    """Open an accepted report again, or ask for it when the month is closed."""
    report = queries.report_for(request.actor, pk)
    policies.require(request.actor, "unlock", report)
    form = UnlockForm(request.POST or None, initial=_proposal(report))
    is_closed = report.obligation.period.closed_at is not None
    if request.method == "POST" and form.is_valid():
        done = _("已提出，请办公室另一人确认。") if is_closed else _("已解锁，单位可以更正重报。")
        pressed = press_form(
            request, form, actions.unlock_report, pk,
            **form.cleaned_data, done=done, then=reverse("reporting:report", args=[pk]),
        )  # fmt: skip
        if pressed is not None:
            return pressed
    context = {
        "report": report,
        "title": title_of(report),
        "form": form,
        "is_closed": is_closed,
        "breadcrumbs": crumbs(
            Crumb(title_of(report), reverse("reporting:report", args=[pk])), Crumb(_("解锁"))
        ),
    }
    return render(request, "reporting/unlock.html", context, status=422 if form.errors else 200)


@page("report.unlock")
@require_POST
def confirm_unlocking(request: Request, pk: int) -> HttpResponse:
    """Confirm the unlocking somebody else asked for."""
    done = _("已同意解锁，单位可以更正重报。")
    return press(request, actions.confirm_unlocking, pk, done=done, then=reverse("reporting:reports"))


@page("report.unlock")
@require_POST
def refuse_unlocking(request: Request, pk: int) -> HttpResponse:
    """Refuse the unlocking somebody else asked for."""
    return press(
        request, actions.refuse_unlocking, pk,
        reason=request.POST.get("reason", ""), done=_("已答复不同意解锁。"), then=reverse("reporting:reports"),
    )  # fmt: skip
