"""What other pages tell of the reports: what is to do, how the parts of a plan progress, which items lag."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from changai.areas.reporting.models import Report, TaskLine
from changai.areas.reporting.policies import is_same_person, may_edit_forms
from changai.areas.reporting.queries.burden import repeated_for
from changai.areas.reporting.queries.corrections import waiting_corrections
from changai.areas.reporting.queries.owing import orphaned, requests_for
from changai.areas.reporting.queries.reviewing import review_queue, waiting_unlockings
from changai.areas.reporting.queries.sheets import visible_to
from changai.areas.reporting.queries.staffing import stuck_reviews
from changai.areas.reporting.rules.moves import ACCEPTED, DRAFT, RETURNED, SIGNED, SUBMITTED
from changai.areas.reporting.rules.sheets import LAG_POINTS
from changai.areas.reporting.rules.standings import mean
from changai.areas.tasks.queries import scheduled_for
from changai.areas.tasks.rules import CLAIMED
from changai.core.periods import Month
from changai.foundation.actors import Actor, Role
from changai.foundation.matrix import allows
from changai.foundation.ui.figures import written_month

# Chapters and the works in them: deeper clauses are told together with these.
TOP_LEVELS = 2
# More reports than this of one month are told as one line that opens their queue.
MOST_NAMED = 5


@dataclass(frozen=True)
class Todo:
    """One thing the actor has to do: `kind` is `fill`, `returned`, `sign`, `review` or `answer`.

    `count` is how many records it stands for.
    """

    kind: str
    label: str
    address: str
    due_on: date | None
    is_overdue: bool = False
    count: int = 1


def todo(actor: Actor, today: date) -> list[Todo]:
    """Return what the actor has to do about reports, the soonest due first; reviews as they arrived, last."""
    return [
        *own_todo(actor, today),
        *_review_todo(actor),
        *_settle_todo(actor),
        *_staffing_todo(actor),
        *_answer_todo(actor),
    ]


def own_todo(actor: Actor, today: date) -> list[Todo]:
    """Return the reports of the actor's own unit that wait for the actor, the soonest due first."""
    own = [_todo_of(report, today) for report in _own_reports(actor)]
    return sorted(own, key=lambda item: (item.due_on or date.max, item.address))


def _own_reports(actor: Actor) -> QuerySet[Report]:
    statuses = {Role.UNIT_LIAISON: [DRAFT, RETURNED], Role.UNIT_HEAD: [SUBMITTED]}.get(actor.role, [])
    return visible_to(actor).filter(
        Q(obligation__period__closed_at__isnull=True) | Q(reopened_at__isnull=False),
        status__in=statuses,
        obligation__unit=actor.unit_id,
        obligation__exempted_at__isnull=True,
        obligation__locked_at__isnull=True,
    )


def _todo_of(report: Report, today: date) -> Todo:
    month = report.obligation.period.month
    told = {"month": written_month(month), "reason": report.return_reason[:60]}
    kind, label = {
        SUBMITTED: ("sign", _("审签%(month)s月报")),
        RETURNED: ("returned", _("补正%(month)s月报：%(reason)s")),
    }.get(report.status, ("fill", _("填报%(month)s月报")))
    page = "reporting:sign" if kind == "sign" else "reporting:sheet"
    due_on = report.return_due_on or report.obligation.due_on
    return Todo(kind, label % told, reverse(page, args=[report.pk]), due_on, due_on < today)


def _review_todo(actor: Actor) -> list[Todo]:
    """Return the reports that wait for review: a few by name, more of one month as their queue."""
    if not allows(actor, "report.review"):
        return []
    months: dict[date, list[Report]] = defaultdict(list)
    for report in review_queue(actor):
        months[report.obligation.period.month].append(report)
    found = []
    for month, reports in months.items():
        if len(reports) > MOST_NAMED:
            label = _("审核%(month)s月报，共 %(count)d 份") % {
                "month": written_month(month),
                "count": len(reports),
            }
            found.append(Todo("review", label, reverse("reporting:queue"), None, count=len(reports)))
        else:
            found += [_named_review(report, month) for report in reports]
    return found


def _named_review(report: Report, month: date) -> Todo:
    told = {"unit": report.obligation.unit.short_name, "month": written_month(month)}
    label = _("审核%(unit)s%(month)s月报") % told
    return Todo("review", label, reverse("reporting:review", args=[report.pk]), None)


def _settle_todo(actor: Actor) -> list[Todo]:
    """Return the corrections and unlockings that wait for somebody of the office other than who asked for them."""
    if not allows(actor, "correction.approve"):
        return []
    found = []
    for one in waiting_corrections():
        if not is_same_person(actor, one.asked_by_id, one.asked_by_name):
            told = {"unit": one.unit.short_name, "field": one.field.name}
            label = _("批准%(unit)s“%(field)s”更正") % told
            found.append(Todo("review", label, reverse("reporting:correction", args=[one.pk]), None))
    for asked in waiting_unlockings():
        if not is_same_person(actor, asked.asked_by_id, asked.asked_by_name):
            obligation = asked.report.obligation
            told = {"unit": obligation.unit.short_name, "month": written_month(obligation.period.month)}
            label = _("确认解锁%(unit)s%(month)s月报") % told
            found.append(Todo("review", label, reverse("reporting:report", args=[asked.report_id]), None))
    return found


def _staffing_todo(actor: Actor) -> list[Todo]:
    """Return the units whose review is waited for and who have nobody to do it."""
    if not may_edit_forms(actor):
        return []
    label = _("%(unit)s没有审核员，%(count)s 份月报停在审核环节")
    return [
        Todo(
            "review",
            label % {"unit": one.unit_name, "count": one.reports},
            reverse("reporting:route", args=[one.form_id, "all"]),
            None,
        )
        for one in stuck_reviews()
    ]


def _answer_todo(actor: Actor) -> list[Todo]:
    """Return what the office has to answer or settle: more time, what was given elsewhere, what closed units owe."""
    if not allows(actor, "form.edit"):
        return []
    found = []
    for asked in requests_for(actor).filter(outcome="").select_related("obligation__unit"):
        label = _("答复%(unit)s的延期申请") % {"unit": asked.obligation.unit.short_name}
        found.append(Todo("answer", label, reverse("reporting:obligation", args=[asked.obligation_id]), None))
    if repeated := repeated_for(actor).filter(outcome="").count():
        label = _("答复反映的重复要求，共 %(count)d 条") % {"count": repeated}
        found.append(Todo("answer", label, reverse("reporting:repeated"), None, count=repeated))
    if left := orphaned(actor).count():
        label = _("处理已撤销单位的应报，共 %(count)d 项") % {"count": left}
        found.append(Todo("answer", label, reverse("reporting:waiting"), None, count=left))
    return found


@dataclass(frozen=True)
class ItemProgress:
    """Where a claimed item stands at the end of a month, and the accepted line that says so; 0 to 100."""

    line: TaskLine
    percent: Decimal
    scheduled: Decimal


def items_progress(month: Month) -> list[ItemProgress]:
    """Return where every claimed item that was ever reported on stands, in the order of units.

    An item that is completed stands at 100 for good; one whose unit missed the month stands where its latest
    accepted report left it. The schedule is that of the month for all of them.
    """
    accepted = TaskLine.objects.filter(
        report__status=ACCEPTED, report__obligation__period__month__lte=month.first_on, claim__status=CLAIMED
    )
    of_the_claim = accepted.filter(claim=OuterRef("claim")).order_by(
        "-report__obligation__period__month", "-pk"
    )
    latest = accepted.filter(pk=Subquery(of_the_claim.values("pk")[:1])).select_related(
        "claim__measure__plan", "report__obligation__unit", "report__obligation__period"
    )
    lines = latest.prefetch_related("claim__milestones").order_by(
        "report__obligation__unit__position", "position", "pk"
    )
    return [_item(line, month) for line in lines]


def _item(line: TaskLine, month: Month) -> ItemProgress:
    claim = line.claim
    is_completed = claim.completed_on is not None and claim.completed_on <= month.last_on
    percent = Decimal(100) if is_completed else line.percent or Decimal(0)
    return ItemProgress(line, percent, scheduled_for(claim, month.last_on))


@dataclass(frozen=True)
class PartProgress:
    """How far the items below a clause are at the end of a month. Percentages run from 0 to 100."""

    clause_id: int
    parent_id: int | None
    level: int
    label: str
    percent: Decimal
    scheduled: Decimal
    lines: int


def progress_by_part(plan_id: int, month: Month) -> list[PartProgress]:
    """Return the mean progress of the items below each clause of a plan's two top levels, in reading order.

    A clause without a reported item is left out.
    """
    items = [item for item in items_progress(month) if item.line.claim.measure.plan_id == plan_id]
    if not items:
        return []
    tops: dict[int, Any] = {}
    groups: dict[int, list[ItemProgress]] = defaultdict(list)
    parents = _clauses_above(items[0].line.claim.measure.plan.clauses.order_by("position"))
    for item in items:
        for clause in parents[item.line.claim.measure.clause_id]:
            tops[clause.pk] = clause
            groups[clause.pk].append(item)
    ordered = sorted(tops.values(), key=lambda clause: clause.position)
    return [_part(clause, parents[clause.pk], groups[clause.pk]) for clause in ordered]


def _clauses_above(clauses: Iterable[Any]) -> dict[int, tuple[Any, ...]]:
    """Return for each clause those of the two top levels that hold it, itself among them."""
    found: dict[int, tuple[Any, ...]] = {}
    trail: tuple[Any, ...] = ()
    for clause in clauses:
        if clause.level < TOP_LEVELS:
            trail = (*(above for above in trail if above.level < clause.level), clause)
        found[clause.pk] = trail
    return found


def _part(clause: Any, above: tuple[Any, ...], items: list[ItemProgress]) -> PartProgress:
    done = mean(item.percent for item in items) or Decimal(0)
    scheduled = mean(item.scheduled for item in items) or Decimal(0)
    parent_id = above[-2].pk if len(above) > 1 else None
    return PartProgress(clause.pk, parent_id, clause.level, str(clause), done, scheduled, len(items))


def accepted_lines(month: Month) -> QuerySet[TaskLine]:
    """Return the lines of claimed items in the accepted reports of a month."""
    return TaskLine.objects.filter(
        report__status=ACCEPTED, report__obligation__period__month=month.first_on
    ).order_by("report__obligation__unit__position", "position", "pk")


def accepted_months(first: Month, last: Month) -> list[Month]:
    """Return the months of a span with an accepted report that names an item, the first one first."""
    found = TaskLine.objects.filter(
        report__status=ACCEPTED,
        report__obligation__period__month__range=(first.first_on, last.first_on),
    ).order_by("report__obligation__period__month")
    return [
        Month.of(day) for day in found.values_list("report__obligation__period__month", flat=True).distinct()
    ]


def lagging_lines(month: Month) -> QuerySet[TaskLine]:
    """Return the accepted lines that lag: past their day and not done, or far behind schedule."""
    overdue = Q(claim__due_on__lte=month.last_on, percent__lt=100)
    behind = Q(percent__lt=F("scheduled_percent") - LAG_POINTS)
    return (
        accepted_lines(month)
        .filter(overdue | behind)
        .select_related("claim__measure", "report__obligation__unit")
    )


def task_history(actor: Actor, claim_id: int) -> QuerySet[TaskLine]:
    """Return what was sent about a claim by month, the latest first, as far as the actor may read it."""
    readable = Q(report__status__in=[SIGNED, ACCEPTED]) | Q(report__obligation__unit=actor.unit_id)
    return (
        TaskLine.objects.filter(readable, claim=claim_id, report__in=visible_to(actor).order_by())
        .select_related(
            "claim__measure", "claim__unit", "report__obligation__period", "report__obligation__unit"
        )
        .prefetch_related("evidence")
        .order_by("-report__obligation__period__month", "-pk")
    )
