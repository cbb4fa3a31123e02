"""名册: one folder each."""
