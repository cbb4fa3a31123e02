"""A scheme as plain sheets of rows, the way the office keeps it in a workbook."""

from changai.core.scoring.tabular.grid import Places
from changai.core.scoring.tabular.headings import points_columns, year_in
from changai.core.scoring.tabular.office import OfficeTable, Waiting, read_office_table
from changai.core.scoring.tabular.reading import Sheeted, read_sheets, scheme_from_sheets
from changai.core.scoring.tabular.writing import scheme_to_sheets

__all__ = [
    "OfficeTable",
    "Places",
    "Sheeted",
    "Waiting",
    "points_columns",
    "read_office_table",
    "read_sheets",
    "scheme_from_sheets",
    "scheme_to_sheets",
    "year_in",
]
