"""Pages of monthly reporting."""
