"""月报: forms, obligations, reports, review."""
