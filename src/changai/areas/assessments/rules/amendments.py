"""更正登记: what becomes of a proposal to correct a published result. The published result itself never changes."""

PROPOSED, APPROVED, TURNED_DOWN, TAKEN_BACK = "proposed", "approved", "refused", "withdrawn"
AMENDMENT_MOVES: dict[tuple[str, str], str] = {
    (PROPOSED, "approve"): APPROVED,
    (PROPOSED, "refuse"): TURNED_DOWN,
    (PROPOSED, "withdraw"): TAKEN_BACK,
}
LONGEST_BASIS = 300


def next_amendment_status(status: str, move: str) -> str | None:
    """Return the status after the move, or None when the move is not open."""
    return AMENDMENT_MOVES.get((status, move))
