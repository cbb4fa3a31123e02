"""The life of a unit's answer to a draft, and what a comment may be."""

from datetime import date

WAITING, WRITTEN, SENT = "waiting", "written", "sent"

# A unit writes and sends; where the office wants it, the head signs or gives it back. Until the deadline a unit may
# take its answer back.
MOVES: dict[tuple[str, str], str] = {
    (WAITING, "comment"): WAITING,
    (WAITING, "send"): SENT,
    (WAITING, "hand_in"): WRITTEN,
    (WRITTEN, "sign"): SENT,
    (WRITTEN, "decline"): WAITING,
    (WRITTEN, "take_back"): WAITING,
    (SENT, "take_back"): WAITING,
}

LONGEST_TEXT = 1000
SHORTEST_REASON = 2
LONGEST_LETTER = 1000
SHORTEST_NOTICE_DAYS = 0
DECISIONS = ("adopted", "partly", "refused")


def next_status(status: str, move: str) -> str | None:
    """Return the status of an answer after the move, or None when the move is not open."""
    return MOVES.get((status, move))


def is_open(due_on: date, today: date, *, is_closed: bool) -> bool:
    """Return whether units may still answer."""
    return not is_closed and today <= due_on


def folded(text: str) -> str:
    """Return a comment without blanks and marks: two that are equal so say the same."""
    return "".join(each for each in text if each.isalnum()).lower()
