"""Checks what people type about rounds, judgements and objections."""

from changai.areas.assessments.forms.judging import JudgedRow, kept_row, touched_rows
from changai.areas.assessments.forms.objections import DecisionForm, GroundsForm, ObjectionForm, ReviewerForm
from changai.areas.assessments.forms.rounds import MonthField, RoundForm

__all__ = [
    "DecisionForm",
    "GroundsForm",
    "JudgedRow",
    "MonthField",
    "ObjectionForm",
    "ReviewerForm",
    "RoundForm",
    "kept_row",
    "touched_rows",
]
