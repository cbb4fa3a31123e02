"""Every component on one page, and a grid that saves into memory: for the eye and for the browser tests."""
