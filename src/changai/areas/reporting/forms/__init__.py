"""What people type on the pages of monthly reporting, checked for form only."""
