"""The reviewer's buttons: sign one's step, accept, accept in part, return with marks and a reason."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from changai.areas.reporting.actions._locking import keep, report_address, sheet_address, take, title_of
from changai.areas.reporting.actions._registering import pictures_before, register_resent
from changai.areas.reporting.actions._routing import decide, tell_reviewers
from changai.areas.reporting.actions._taking_over import take_over, with_reach
from changai.areas.reporting.actions.obliging import recount
from changai.areas.reporting.models import CellMark, GivenReason, Report, ReviewStep, Submission
from changai.areas.reporting.policies import review_steps
from changai.areas.reporting.queries import blocks_acceptance, cell_refs, is_clean, report_for
from changai.areas.reporting.queries.reviewing import return_reasons
from changai.areas.reporting.queries.sheets import line_refs
from changai.areas.reporting.rules.calendar import fault_of_resending
from changai.areas.reporting.rules.moves import ACCEPT, PART, RETURN, status_after
from changai.areas.reporting.rules.standings import day_of
from changai.core.errors import ActionRefused, Invalid
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify

LEAST_REASON = 5


@dataclass(frozen=True)
class Complaint:
    """What goes back to the unit: why, which cells (cell -> what to mend), until when, and reasons of the list."""

    reason: str
    marks: Mapping[str, str]
    due_on: date
    reason_ids: Sequence[int] = ()


@action("report.return")
def return_report(
    actor: Actor,
    report_id: int,
    *,
    reason: str,
    marks: Mapping[str, str],
    due_on: date,
    version: int,
    at: datetime,
    reason_ids: Sequence[int] = (),
) -> Report:
    """Return a signed report to its unit, with the cells to mend (`marks`: cell -> remark) and the day due.

    One step of the route is enough to return it; after the unit sends it again all steps sign anew.

    :raises Invalid: when the reason is missing, or says too little without marks, or a cell is unknown
    :raises RecordMoved: when the report is past it, or was changed after `version` was read
    """
    report = take(actor, report_id, RETURN, version=version)
    complaint = Complaint(reason.strip(), marks, due_on, reason_ids)
    _check_return(report, complaint, day_of(at))
    decide(actor, report, ReviewStep.Decision.RETURNED, at)
    _send_back(actor, report, complaint, "returned", at)
    return report


@action("report.accept")
def accept_report(actor: Actor, report_id: int, *, version: int, at: datetime) -> Report:
    """Sign the actor's step. When it is the last, the report is accepted: its figures become facts, items it
    reports at 100 % are completed.

    :raises Invalid: when a rule finds what has to be corrected
    :raises RecordMoved: when the report is past it, or was changed after `version` was read
    """
    return _accept(actor, report_id, version, at)


@action("report.accept_part")
def accept_part(actor: Actor, report_id: int, *, complaint: Complaint, version: int, at: datetime) -> Report:
    """Accept the lines without marks; those with a marked cell go back to the unit.

    :raises Invalid: when no line, or every line, is marked, or what is marked cannot be
    :raises RecordMoved: when the report is past it, was changed, or other steps have not signed
    """
    report = take(actor, report_id, PART, version=version)
    _check_return(report, complaint, day_of(at))
    lines = line_refs(report)
    marked = {lines[cell] for cell in complaint.marks}
    if not marked or marked >= set(lines.values()):
        raise Invalid("部分采用要标出退回的格，且至少有一行没有标出；全部退回请点“退回补正”。")
    _require_unblocked(report, without=marked)
    decide(actor, report, ReviewStep.Decision.PART, at)
    before = pictures_before(report) if report.reopened_at else None
    take_over(actor, report, at, without=marked)
    _take_lines(report, marked, at)
    if before is not None:
        register_resent(actor, report, before, at)
    _send_back(actor, report, complaint, "part", at)
    return report


def _take_lines(report: Report, marked: Collection[str], at: datetime) -> None:
    keys: dict[str, list[int]] = defaultdict(list)
    for line in marked:
        kind, _colon, key = line.partition(":")
        keys[kind].append(int(key))
    for lines in (
        report.task_lines.exclude(claim__in=keys["task"]),
        report.figure_lines.exclude(field__in=keys["figure"]),
        report.narrative_lines.exclude(pk__in=keys["words"]),
    ):
        lines.filter(taken_at__isnull=True).update(taken_at=at)


@dataclass(frozen=True)
class BulkOutcome:
    """What became of one report of a bulk acceptance; `refusal` is empty when it was taken."""

    report_id: int
    unit_name: str
    refusal: str = ""


@action("report.accept_many")
def accept_reports(actor: Actor, chosen: Sequence[tuple[int, int]], *, at: datetime) -> list[BulkOutcome]:
    """Accept several clean reports, each `(report_id, version)`; each is taken or refused by itself.

    :raises Invalid: when nothing was chosen
    """
    if not chosen:
        raise Invalid("请先勾选要采用的月报。")
    outcomes = [_accept_clean(actor, report_id, version, at) for report_id, version in dict(chosen).items()]
    taken = [outcome.report_id for outcome in outcomes if not outcome.refusal]
    record(actor, "report.accept_many", "reporting.report", at=at, taken=taken, asked=len(outcomes))
    return outcomes


def _accept_clean(actor: Actor, report_id: int, version: int, at: datetime) -> BulkOutcome:
    name = ""
    try:
        report = report_for(actor, report_id)
        name = report.obligation.unit.short_name
        with transaction.atomic():
            if not is_clean(report):
                raise Invalid("有需要留意之处，请打开逐份审核。")
            _accept(actor, report_id, version, at)
    except ActionRefused as refusal:
        return BulkOutcome(report_id, name, refusal.sentence)
    return BulkOutcome(report_id, name)


def _accept(actor: Actor, report_id: int, version: int, at: datetime) -> Report:
    report = take(actor, report_id, ACCEPT, version=version)
    _require_unblocked(report)
    step, is_last = decide(actor, report, ReviewStep.Decision.PASSED, at)
    if not is_last:
        record(actor, "report.pass", report, at=at, step=step.name)
        tell_reviewers(report, review_steps(report), at)
        return report
    submission = _conclude(actor, report, "accepted", at=at)
    before = pictures_before(report) if report.reopened_at else None
    report.status = status_after(report.status, ACCEPT, report.times_returned)
    report.reopened_at = None
    _keep_review(actor, report, at, "reopened_at")
    record(actor, "report.accept", report, at=at, number=submission.number, digest=submission.digest)
    take_over(actor, report, at)
    if before is not None:
        recount(with_reach(actor, report), report.obligation, at=at)
        register_resent(actor, report, before, at)
    notify(
        f"{title_of(report)}已采用。",
        at=at, role=Role.UNIT_LIAISON, unit_id=report.obligation.unit_id, link=report_address(report),
    )  # fmt: skip
    return report


def _require_unblocked(report: Report, *, without: Collection[str] = ()) -> None:
    """Let the report be accepted unless a rule finds what has to be corrected, such as one switched on since."""
    if faults := blocks_acceptance(report, without=without):
        raise Invalid(
            f"有 {len(faults)} 处必须改正，不能采用，请退回补正。",
            faults=tuple(fault.sentence for fault in faults),
        )


def _send_back(actor: Actor, report: Report, complaint: Complaint, outcome: str, at: datetime) -> None:
    submission = _conclude(actor, report, outcome, at=at, reason=complaint.reason)
    CellMark.objects.bulk_create(
        CellMark(submission=submission, cell=cell, remark=remark.strip())
        for cell, remark in complaint.marks.items()
    )
    GivenReason.objects.bulk_create(
        GivenReason(submission=submission, reason_id=pk) for pk in dict.fromkeys(complaint.reason_ids)
    )
    report.times_returned += 1
    report.status = status_after(report.status, PART if outcome == "part" else RETURN, report.times_returned)
    report.return_reason, report.return_due_on = complaint.reason, complaint.due_on
    _keep_review(actor, report, at, "times_returned", "return_reason", "return_due_on")
    act = "report.accept_part" if outcome == "part" else "report.return"
    record(actor, act, report, at=at, number=submission.number, cells=list(complaint.marks))
    _tell_unit(report, complaint, at, is_part=outcome == "part")


def _tell_unit(report: Report, complaint: Complaint, at: datetime, *, is_part: bool) -> None:
    due_on = complaint.due_on
    verb = "部分采用，其余退回" if is_part else "被退回"
    sentence = f"{title_of(report)}{verb}，请于{due_on.month}月{due_on.day}日前补正：{complaint.reason[:120]}"
    for role in (Role.UNIT_LIAISON, Role.UNIT_HEAD):
        notify(sentence, at=at, role=role, unit_id=report.obligation.unit_id, link=sheet_address(report))


def _check_return(report: Report, complaint: Complaint, today: date) -> None:
    marks, faults = complaint.marks, []
    if not complaint.reason:
        faults.append("请填写退回原因。")
    elif not marks and len(complaint.reason) < LEAST_REASON:
        faults.append(f"请标出要补正的格，或把退回原因写清楚（不少于 {LEAST_REASON} 个字）。")
    if set(marks) - cell_refs(report):
        faults.append("标出的格不在这份月报里，请刷新页面。")
    if not all(remark.strip() for remark in marks.values()):
        faults.append("每个标出的格都要写明需补正什么。")
    if fault := fault_of_resending(complaint.due_on, today):
        faults.append(fault)
    if set(complaint.reason_ids) - {reason.pk for reason in return_reasons()}:
        faults.append("所选原因已停用，请刷新页面重选。")
    if faults:
        raise Invalid("未能退回，请更正。", faults=tuple(faults))


def _conclude(actor: Actor, report: Report, outcome: str, *, at: datetime, reason: str = "") -> Submission:
    submission = report.submissions.order_by("-number").first()
    if submission is None:
        raise RuntimeError(f"signed report {report.pk} has no submission")
    submission.outcome, submission.outcome_reason = outcome, reason
    submission.outcome_at, submission.outcome_by_name = at, actor.name
    submission.save(update_fields=["outcome", "outcome_reason", "outcome_at", "outcome_by_name"])
    return submission


def _keep_review(actor: Actor, report: Report, at: datetime, *names: str) -> None:
    report.reviewed_at, report.reviewed_by_name = at, actor.name
    keep(report, "status", "reviewed_at", "reviewed_by_name", *names)
