"""Pages of the tree, of its units, of the workbook and of the settings."""
