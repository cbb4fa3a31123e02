"""简报: compose, approve, number, issue, freeze."""
