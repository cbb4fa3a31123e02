"""Pages of the three administrators, and everybody's own account."""
