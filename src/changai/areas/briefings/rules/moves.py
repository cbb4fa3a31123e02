"""The life of a paper as one table."""

DRAFT, SUBMITTED, APPROVED, ISSUED = "draft", "submitted", "approved", "issued"

# (status, move) -> (status after, permission)
MOVES: dict[tuple[str, str], tuple[str, str]] = {
    (DRAFT, "write"): (DRAFT, "briefing.edit"),
    (DRAFT, "submit"): (SUBMITTED, "briefing.edit"),
    (SUBMITTED, "take_back"): (DRAFT, "briefing.edit"),
    (SUBMITTED, "return"): (DRAFT, "briefing.approve"),
    (SUBMITTED, "approve"): (APPROVED, "briefing.approve"),
    (APPROVED, "return"): (DRAFT, "briefing.approve"),
    (APPROVED, "issue"): (ISSUED, "briefing.approve"),
}
