"""The field dictionary (数据项目录), the one table of figures, and what brings old figures in."""

from changai.areas.facts.models.figures import (
    Breakdown,
    Category,
    Fact,
    FactPart,
    Field,
    FieldVersion,
)
from changai.areas.facts.models.history import HistoryExport, HistoryImport, HistoryRow
from changai.areas.facts.models.tables import IssuedTable

__all__ = [
    "Breakdown",
    "Category",
    "Fact",
    "FactPart",
    "Field",
    "FieldVersion",
    "HistoryExport",
    "HistoryImport",
    "HistoryRow",
    "IssuedTable",
]
