"""Official papers and workbooks of others: bytes in, text, cells and a proposed outline out. No Django."""
