"""The life of a round, and who is assessed by which table."""

from collections.abc import Mapping

OPEN, SCORED, PUBLISHED, DROPPED = "open", "scored", "published", "dropped"

MOVES: dict[tuple[str, str], str] = {
    (OPEN, "judge"): OPEN,
    (OPEN, "score"): SCORED,
    (SCORED, "judge"): OPEN,
    (SCORED, "score"): SCORED,
    (SCORED, "publish"): PUBLISHED,
    (OPEN, "drop"): DROPPED,
    (SCORED, "drop"): DROPPED,
}

LONGEST_NAME = 100
SHORTEST_REASON, LONGEST_REASON = 4, 500

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


def heat_band(points: int, full: int, policy: str) -> str:
    """Return the band of a score rate for the heat map: `full`, `high` (from 90 %), `middle` (from 75 %),
    `low` (from 60 %), `bottom`; `open` while undecided, `out` when left out.
    """
    if policy in {"open", "reweight"}:
        return "open" if policy == "open" else "out"
    if points >= full:
        return "full"
    bounds = (("high", 90), ("middle", 75), ("low", 60))
    return next((name for name, percent in bounds if points * 100 >= full * percent), "bottom")
