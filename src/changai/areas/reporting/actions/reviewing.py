"""The reviewer's buttons: return with marks and a reason, or accept and take the figures over."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from changai.areas.facts.actions import accept_facts
from changai.areas.facts.rules import NOT_APPLICABLE, REPORTED, FactInput
from changai.areas.reporting.actions._locking import keep, report_address, sheet_address, take, title_of
from changai.areas.reporting.models import CellMark, FigureLine, FigurePart, Report, Submission
from changai.areas.reporting.queries import cell_refs, clean_among, parts_in, visible_to
from changai.areas.reporting.rules.moves import ACCEPT, RETURN, status_after
from changai.areas.reporting.rules.standings import day_of
from changai.areas.tasks.actions import complete_claim
from changai.core.errors import Invalid
from changai.core.periods import Month
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify

LEAST_REASON = 5


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
) -> Report:
    """Return a signed report to its unit, with the cells to mend (`marks`: cell -> remark) and the day due.

    :raises Invalid: when the reason is missing, or says too little without marks, or a cell is unknown
    :raises RecordMoved: when the report is past it, or was changed after `version` was read
    """
    report = take(actor, report_id, RETURN, version=version)
    _check_return(report, reason.strip(), marks, due_on, day_of(at))
    submission = _conclude(actor, report, "returned", at=at, reason=reason.strip())
    CellMark.objects.bulk_create(
        CellMark(submission=submission, cell=cell, remark=remark.strip()) for cell, remark in marks.items()
    )
    report.times_returned += 1
    report.status = status_after(report.status, RETURN, report.times_returned)
    report.return_reason, report.return_due_on = reason.strip(), due_on
    _keep_review(actor, report, at, "times_returned", "return_reason", "return_due_on")
    record(actor, "report.return", report, at=at, number=submission.number, cells=list(marks))
    sentence = f"{title_of(report)}被退回，请于{due_on.month}月{due_on.day}日前补正：{reason.strip()[:120]}"
    for role in (Role.UNIT_LIAISON, Role.UNIT_HEAD):
        notify(sentence, at=at, role=role, unit_id=report.obligation.unit_id, link=sheet_address(report))
    return report


@action("report.accept")
def accept_report(actor: Actor, report_id: int, *, version: int, at: datetime) -> Report:
    """Accept a signed report: its figures become facts, items it reports at 100 % are completed.

    :raises RecordMoved: when the report is past it, or was changed after `version` was read
    """
    return _accept(actor, report_id, version, at)


@action("report.accept_many")
def accept_reports(actor: Actor, chosen: Sequence[tuple[int, int]], *, at: datetime) -> list[Report]:
    """Accept several clean reports, each `(report_id, version)`: all of them or none.

    :raises Invalid: when one of them has something to look at, or nothing was chosen
    """
    if not chosen:
        raise Invalid("请先勾选要采用的月报。")
    reports = list(visible_to(actor).filter(pk__in=[report_id for report_id, _ in chosen]))
    clean = clean_among(reports)
    unclean = [report.obligation.unit.short_name for report in reports if report.pk not in clean]
    if unclean:
        raise Invalid(f"{'、'.join(unclean)}的月报有需要留意之处，请打开逐份审核。")
    return [_accept(actor, report_id, version, at) for report_id, version in chosen]


def _accept(actor: Actor, report_id: int, version: int, at: datetime) -> Report:
    report = take(actor, report_id, ACCEPT, version=version)
    submission = _conclude(actor, report, "accepted", at=at)
    report.status = status_after(report.status, ACCEPT, report.times_returned)
    _keep_review(actor, report, at)
    record(actor, "report.accept", report, at=at, number=submission.number, digest=submission.digest)
    _take_over_figures(actor, report, at)
    _complete_claims(actor, report, at)
    notify(
        f"{title_of(report)}已采用。",
        at=at, role=Role.UNIT_LIAISON, unit_id=report.obligation.unit_id, link=report_address(report),
    )  # fmt: skip
    return report


def _check_return(report: Report, reason: str, marks: Mapping[str, str], due_on: date, today: date) -> None:
    faults = []
    if not reason:
        faults.append("请填写退回原因。")
    elif not marks and len(reason) < LEAST_REASON:
        faults.append(f"请标出要补正的格，或把退回原因写清楚（不少于 {LEAST_REASON} 个字）。")
    if set(marks) - cell_refs(report):
        faults.append("标出的格不在这份月报里，请刷新页面。")
    if not all(remark.strip() for remark in marks.values()):
        faults.append("每个标出的格都要写明需补正什么。")
    if due_on < today:
        faults.append("重报期限不能早于今天。")
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


def _take_over_figures(actor: Actor, report: Report, at: datetime) -> None:
    lines = list(report.figure_lines.all())
    if not lines:
        return
    parts = parts_in(report)
    obligation = report.obligation
    accept_facts(
        actor,
        unit_id=obligation.unit_id,
        month=Month.of(obligation.period.month),
        figures=[_fact_of(line, parts[line.pk]) for line in lines],
        origin_type="reporting.report",
        origin_id=report.pk,
        origin_label=f"{obligation.unit.short_name}{title_of(report)}",
        at=at,
    )


def _fact_of(line: FigureLine, parts: Sequence[FigurePart]) -> FactInput:
    """Return the fact of a line; one left empty was explained, and the reviewer took the explanation."""
    if line.value is None:
        return FactInput(line.field_id, None, NOT_APPLICABLE)
    told_apart = tuple((part.category_id, part.value) for part in parts if part.value)
    return FactInput(line.field_id, line.value, REPORTED, told_apart)


def _complete_claims(actor: Actor, report: Report, at: datetime) -> None:
    month = Month.of(report.obligation.period.month)
    completed_on = min(month.last_on, day_of(report.signed_at or at))
    for line in report.task_lines.filter(percent=100, claim__completed_on__isnull=True):
        complete_claim(actor, line.claim_id, completed_on=completed_on, at=at)
