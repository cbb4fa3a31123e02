"""Checks that order the review queue. A finding asks for a look and never deducts, blocks or accuses."""

from changai.core.scoring.checks.copies import copied_blocks, shared_files
from changai.core.scoring.checks.flags import (
    FALSE_DISCOVERIES,
    Flag,
    Run,
    benjamini_hochberg,
    decide,
    is_worth_running,
)
from changai.core.scoring.checks.series import jumps, last_digits, records, repeats
from changai.core.scoring.checks.thresholds import bunching
from changai.core.scoring.checks.units import identities, outliers, self_scores

__all__ = [
    "FALSE_DISCOVERIES",
    "Flag",
    "Run",
    "benjamini_hochberg",
    "bunching",
    "copied_blocks",
    "decide",
    "identities",
    "is_worth_running",
    "jumps",
    "last_digits",
    "outliers",
    "records",
    "repeats",
    "self_scores",
    "shared_files",
]
