"""Pure decisions about indicator systems: their life, their tree, comments on drafts, what two versions differ in."""

from changai.areas.schemes.rules.versions import (
    DRAFT,
    ISSUED,
    LEVEL_OF_CATEGORY,
    LONGEST,
    MOST_DECIMALS,
    MOVES,
    SUPERSEDED,
    YEARS,
    JudgedItem,
    first_day_of,
    judged_items,
    next_status,
    readings,
    reviewed_fields,
    storage_faults,
)

__all__ = [
    "DRAFT",
    "ISSUED",
    "LEVEL_OF_CATEGORY",
    "LONGEST",
    "MOST_DECIMALS",
    "MOVES",
    "SUPERSEDED",
    "YEARS",
    "JudgedItem",
    "first_day_of",
    "judged_items",
    "next_status",
    "readings",
    "reviewed_fields",
    "storage_faults",
]
