"""Pages of indicator systems."""
