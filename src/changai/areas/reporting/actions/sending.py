"""The way of a filled sheet out of the unit: submitted by the liaison, signed by the head."""

from datetime import datetime

from changai.areas.reporting.actions._hitting import keep_hits
from changai.areas.reporting.actions._locking import (
    keep,
    report_address,
    sheet_address,
    sign_address,
    take,
    times_back,
    title_of,
)
from changai.areas.reporting.actions._quoting import requote_from
from changai.areas.reporting.actions._routing import lay_out_steps, tell_reviewers
from changai.areas.reporting.models import Report, Submission
from changai.areas.reporting.queries import content_of, findings_of
from changai.areas.reporting.queries.checking import open_faults
from changai.areas.reporting.rules.moves import DECLINE, SIGN, SUBMIT, WITHDRAW, status_after
from changai.areas.reporting.rules.snapshots import digest_of
from changai.core.errors import Invalid
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify


@action("report.submit")
def submit_report(actor: Actor, report_id: int, *, version: int, at: datetime) -> Report:
    """Hand the sheet to the unit's head for signing.

    :raises Invalid: when cells are missing or wrong; `faults` names each
    :raises RecordMoved: when the report is past it, or was changed after `version` was read
    """
    report = take(actor, report_id, SUBMIT, version=version)
    found = findings_of(report)
    if faults := open_faults(report, found):
        sentences = tuple(fault.sentence for fault in faults)
        raise Invalid(f"还有 {len(faults)} 处需要补正，补正后再提交。", faults=sentences)
    keep_hits(report, found, at)
    report.status = status_after(report.status, SUBMIT, report.times_returned)
    report.submitted_at, report.submitted_by_name = at, actor.name
    report.declined_reason = ""
    keep(report, "status", "submitted_at", "submitted_by_name", "declined_reason")
    record(actor, "report.submit", report, at=at)
    notify(
        f"{title_of(report)}已由{actor.name}提交，请审签。",
        at=at, role=Role.UNIT_HEAD, unit_id=report.obligation.unit_id, link=sign_address(report),
    )  # fmt: skip
    return report


@action("report.withdraw")
def withdraw_report(actor: Actor, report_id: int, *, at: datetime) -> Report:
    """Take the sheet back before it is signed."""
    report = take(actor, report_id, WITHDRAW)
    report.status = status_after(report.status, WITHDRAW, times_back(report))
    keep(report, "status")
    record(actor, "report.withdraw", report, at=at)
    return report


@action("report.decline")
def send_back_to_liaison(actor: Actor, report_id: int, *, reason: str, version: int, at: datetime) -> Report:
    """Give the sheet back to the liaison unsigned.

    :raises Invalid: when no reason is given
    """
    report = take(actor, report_id, DECLINE, version=version)
    if not reason.strip():
        raise Invalid("请写明退给联络员的原因。")
    report.status = status_after(report.status, DECLINE, times_back(report))
    report.declined_reason = reason.strip()
    keep(report, "status", "declined_reason")
    record(actor, "report.decline", report, at=at)
    notify(
        f"{title_of(report)}未予审签：{reason.strip()[:120]}",
        at=at, role=Role.UNIT_LIAISON, unit_id=report.obligation.unit_id, link=sheet_address(report),
    )  # fmt: skip
    return report


@action("report.sign")
def sign_report(actor: Actor, report_id: int, *, version: int, at: datetime) -> Submission:
    """Sign the sheet and send it: this moment is when it arrives. Return what was frozen, with its digest."""
    report = take(actor, report_id, SIGN, version=version)
    content = content_of(report)
    submission = Submission.objects.create(
        report=report,
        number=report.submissions.count() + 1,
        content=content,
        digest=digest_of(content),
        sent_at=at,
        sent_by_name=actor.name,
        finding_count=len(findings_of(report)),
    )
    steps = lay_out_steps(submission)
    report.status = status_after(report.status, SIGN, report.times_returned)
    report.first_arrived_at = report.first_arrived_at or at
    report.signed_at, report.signed_by_name = at, actor.name
    keep(report, "status", "first_arrived_at", "signed_at", "signed_by_name")
    requote_from(report)
    record(actor, "report.sign", report, at=at, number=submission.number, digest=submission.digest)
    tell_reviewers(report, steps, at)
    notify(
        f"{title_of(report)}已由{actor.name}审签报出。",
        at=at, role=Role.UNIT_LIAISON, unit_id=report.obligation.unit_id, link=report_address(report),
    )  # fmt: skip
    return submission
