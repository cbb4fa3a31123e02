"""Official papers: content in, bytes out. Knows nothing of Django, the programme's records or the clock."""
