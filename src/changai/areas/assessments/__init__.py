"""考核: rounds, frozen facts, scores with reasons."""
