"""Checks what people type and upload about units."""
