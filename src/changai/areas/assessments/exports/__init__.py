"""The result of a round as workbooks and papers."""

from changai.areas.assessments.exports.annexes import result_annex
from changai.areas.assessments.exports.commending import commendation_annex
from changai.areas.assessments.exports.conversion import conversion_workbook
from changai.areas.assessments.exports.letters import letter_of, own_letter, write_letters
from changai.areas.assessments.exports.workbooks import result_workbook

__all__ = [
    "commendation_annex",
    "conversion_workbook",
    "letter_of",
    "own_letter",
    "result_annex",
    "result_workbook",
    "write_letters",
]
