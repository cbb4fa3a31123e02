"""Reads of indicator systems: versions, tables as printed, drafts, the figures they read."""

from changai.areas.schemes.queries.drafts import Preview, Tree, TreeRow, preview_of, tree_of
from changai.areas.schemes.queries.figures import (
    Figure,
    choices,
    guessed_figures,
    known_figures,
    named_figures,
)
from changai.areas.schemes.queries.sheets import Cell, Extra, Line, Sheet, sheet_of, veto_effect
from changai.areas.schemes.queries.versions import (
    ORIGIN,
    burdens_of,
    force_hindrance,
    issue_faults,
    issued_before,
    issued_tables,
    kept_against_burden,
    labelled,
    labels_of,
    scheme_of,
    unknown_fields,
    version_for,
    visible_to,
)

__all__ = [
    "ORIGIN",
    "Cell",
    "Extra",
    "Figure",
    "Line",
    "Preview",
    "Sheet",
    "Tree",
    "TreeRow",
    "burdens_of",
    "choices",
    "force_hindrance",
    "guessed_figures",
    "issue_faults",
    "issued_before",
    "issued_tables",
    "kept_against_burden",
    "known_figures",
    "labelled",
    "labels_of",
    "named_figures",
    "preview_of",
    "scheme_of",
    "sheet_of",
    "tree_of",
    "unknown_fields",
    "version_for",
    "veto_effect",
    "visible_to",
]
