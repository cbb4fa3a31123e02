"""Loads the cast that every test may ask for."""

pytest_plugins = ["changai.areas.accounts.tests.cast"]
