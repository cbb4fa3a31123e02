"""Rows of monthly reporting for workbooks."""

from changai.areas.reporting.exports.filling import (
    GUIDE,
    TOWNSHIP_GUIDE,
    fill_pages,
    township_fill_pages,
)
from changai.areas.reporting.exports.lists import (
    CheckRow,
    board_sheet,
    checks_sheet,
    digests_sheet,
    reports_sheet,
    returns_sheet,
)
from changai.areas.reporting.exports.registers import (
    corrections_sheet,
    exceptions_sheet,
    repeated_sheet,
    supervision_sheet,
)

__all__ = [
    "GUIDE",
    "TOWNSHIP_GUIDE",
    "CheckRow",
    "board_sheet",
    "checks_sheet",
    "corrections_sheet",
    "digests_sheet",
    "exceptions_sheet",
    "fill_pages",
    "repeated_sheet",
    "reports_sheet",
    "returns_sheet",
    "supervision_sheet",
    "township_fill_pages",
]
