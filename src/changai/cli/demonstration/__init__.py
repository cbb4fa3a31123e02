"""The demonstration city: written for this project, with no real city, body or person in it."""

from changai.cli.demonstration.loading import is_empty, load, sign_ins

__all__ = ["is_empty", "load", "sign_ins"]
