"""The life of a round, and who is assessed by which table."""

from collections.abc import Mapping

OPEN, SCORED, PUBLISHED = "open", "scored", "published"

MOVES: dict[tuple[str, str], str] = {
    (OPEN, "judge"): OPEN,
    (OPEN, "score"): SCORED,
    (SCORED, "judge"): OPEN,
    (SCORED, "score"): SCORED,
    (SCORED, "publish"): PUBLISHED,
}

# The usual names of tables; a group of units with the table's name goes before this list.
LEVEL_OF_CATEGORY: Mapping[str, str] = {
    "县区": "county",
    "成员单位": "member",
    "企业": "enterprise",
    "直属企业": "enterprise",
}


def next_status(status: str, move: str) -> str | None:
    """Return the status after the move, or None when the move is not open."""
    return MOVES.get((status, move))
