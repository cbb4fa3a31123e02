"""The life of a paper as one table.

An issued paper stays: it can be corrected, revoked or repealed, never cancelled.
"""

DRAFT, SUBMITTED, APPROVED, ISSUING, ISSUED = "draft", "submitted", "approved", "issuing", "issued"
CANCELLED = "cancelled"

# (status, move) -> (status after, permission)
MOVES: dict[tuple[str, str], tuple[str, str]] = {
    (DRAFT, "write"): (DRAFT, "briefing.edit"),
    (DRAFT, "submit"): (SUBMITTED, "briefing.edit"),
    (SUBMITTED, "take_back"): (DRAFT, "briefing.edit"),
    (SUBMITTED, "return"): (DRAFT, "briefing.approve"),
    (SUBMITTED, "approve"): (APPROVED, "briefing.approve"),
    (APPROVED, "return"): (DRAFT, "briefing.approve"),
    (APPROVED, "issue"): (ISSUED, "briefing.approve"),
    # Letters under way: what could not be written is tried again, or all are given up and their numbers void.
    (ISSUING, "retry"): (ISSUING, "briefing.approve"),
    (ISSUING, "stop"): (DRAFT, "briefing.approve"),
    (DRAFT, "cancel"): (CANCELLED, "briefing.edit"),
    (SUBMITTED, "cancel"): (CANCELLED, "briefing.edit"),
    (APPROVED, "cancel"): (CANCELLED, "briefing.approve"),
    # Whatever it had reached, it is written on, and approved anew.
    (CANCELLED, "restore"): (DRAFT, "briefing.edit"),
}
