"""Pure decisions about units: their names, what may stand below what, what a workbook would change."""
