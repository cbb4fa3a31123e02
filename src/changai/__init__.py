"""changai (产改通): the whole loop of a city's industrial-workforce reform."""
