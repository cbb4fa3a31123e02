"""Indicator systems as workbooks and papers."""

from changai.areas.schemes.exports.workbooks import blank_workbook, scheme_workbook, workbook_of

__all__ = ["blank_workbook", "scheme_workbook", "workbook_of"]
