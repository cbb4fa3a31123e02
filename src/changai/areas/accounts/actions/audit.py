"""What the audit administrator does with the log is in the log too."""

from datetime import datetime

from changai.areas.accounts import policies
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.verifier import Verdict
from changai.foundation.audit.writer import record


@action("audit.verify")
def note_verification(actor: Actor, verdict: Verdict, *, at: datetime) -> Verdict:
    """Enter a verification and what it found. The verification itself runs before: it must not hold the write lock."""
    policies.require(actor, "audit.view")
    record(
        actor, "audit.verify", "audit.auditevent", at=at,
        lines=verdict.lines, head=verdict.head, first_bad=verdict.first_bad,
    )  # fmt: skip
    return verdict


@action("audit.export")
def note_export(actor: Actor, *, rows: int, at: datetime) -> int:
    """Enter that so many lines were taken out, and return their number."""
    policies.require(actor, "audit.view")
    record(actor, "audit.export", "audit.auditevent", at=at, rows=rows)
    return rows
