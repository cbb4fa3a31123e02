"""Pages of rounds: the list, judging, results, one unit, one indicator."""
