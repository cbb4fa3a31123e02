"""方案要点: plans, clauses and the measures in them."""
