"""Pages of figures, of the dictionary, and of what the office enters itself."""
