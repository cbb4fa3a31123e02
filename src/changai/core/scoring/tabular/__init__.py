"""A scheme as plain sheets of rows, the way the office keeps it in a workbook."""

from changai.core.scoring.tabular.reading import Sheeted, read_sheets, scheme_from_sheets
from changai.core.scoring.tabular.writing import scheme_to_sheets

__all__ = ["Sheeted", "read_sheets", "scheme_from_sheets", "scheme_to_sheets"]
