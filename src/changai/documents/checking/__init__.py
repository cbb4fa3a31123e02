"""Checks the form of an official paper: any .docx in, deviations out, each with what was found and what is required."""

from changai.documents.checking.deviations import Deviation, Level
from changai.documents.checking.review import check_document

__all__ = ["Deviation", "Level", "check_document"]
