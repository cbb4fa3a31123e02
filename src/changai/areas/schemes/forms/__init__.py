"""Checks what people type and upload about indicator systems."""
