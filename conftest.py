"""Loads the cast and the browser that every test may ask for."""

pytest_plugins = ["changai.areas.accounts.tests.cast", "tests.browser.chromium"]
