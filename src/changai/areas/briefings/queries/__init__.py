"""Reads of briefings, the catalogue of figures, the composing of a paper and the ways back to the records."""

from changai.areas.briefings.queries.briefings import briefing_for, figure_for, next_numbers, visible_to
from changai.areas.briefings.queries.catalogue import Catalogue, catalogue_for
from changai.areas.briefings.queries.composing import Composed, compose
from changai.areas.briefings.queries.provenance import figure_paths

__all__ = [
    "Catalogue",
    "Composed",
    "briefing_for",
    "catalogue_for",
    "compose",
    "figure_for",
    "figure_paths",
    "next_numbers",
    "visible_to",
]
