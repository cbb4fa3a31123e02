"""The life of a version: a draft is loaded and reloaded, issued once, later superseded. Nothing goes back."""

from changai.core.scoring import Table
from changai.core.scoring.rules import Reviewed

DRAFT, ISSUED, SUPERSEDED = "draft", "issued", "superseded"

MOVES: dict[tuple[str, str], str] = {
    (DRAFT, "issue"): ISSUED,
    (ISSUED, "supersede"): SUPERSEDED,
}


def next_status(status: str, move: str) -> str | None:
    """Return the status after the move, or None when the move is not open."""
    return MOVES.get((status, move))


def reviewed_fields(table: Table) -> tuple[str, ...]:
    """Return the fields whose value is a person's judgement, in table order."""
    return tuple(leaf.rule.field for leaf in table.leaves if isinstance(leaf.rule, Reviewed))
