"""The result of a round as workbooks and papers."""

from changai.areas.assessments.exports.annexes import result_annex
from changai.areas.assessments.exports.commending import commendation_annex
from changai.areas.assessments.exports.conversion import conversion_workbook
from changai.areas.assessments.exports.objections import objections_sheet
from changai.areas.assessments.exports.workbooks import result_workbook

__all__ = [
    "commendation_annex",
    "conversion_workbook",
    "objections_sheet",
    "result_annex",
    "result_workbook",
]
