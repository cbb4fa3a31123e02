"""Reads of briefings, the catalogue of figures, the composing of a paper and the ways back to the records."""

from changai.areas.briefings.queries.briefings import (
    addressed_units,
    briefing_for,
    counts,
    figure_for,
    file_name,
    issued_already,
    last_imprint,
    months_to_tell,
    next_numbers,
    rounds_to_tell,
    visible_to,
    years,
)
from changai.areas.briefings.queries.catalogue import Catalogue, Entry, catalogue_for
from changai.areas.briefings.queries.composing import (
    Composed,
    changed_figures,
    characters,
    compose,
    sketch,
    worded,
)
from changai.areas.briefings.queries.provenance import figure_paths, openable, record_path
from changai.areas.briefings.queries.records import DrawnEntry, Produced

__all__ = [
    "Catalogue",
    "Composed",
    "DrawnEntry",
    "Entry",
    "Produced",
    "addressed_units",
    "briefing_for",
    "catalogue_for",
    "changed_figures",
    "characters",
    "compose",
    "counts",
    "figure_for",
    "figure_paths",
    "file_name",
    "issued_already",
    "last_imprint",
    "months_to_tell",
    "next_numbers",
    "openable",
    "record_path",
    "rounds_to_tell",
    "sketch",
    "visible_to",
    "worded",
    "years",
]
