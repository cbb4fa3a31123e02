"""Checks what people type about rounds, judgements and objections."""

from changai.areas.assessments.forms.amendments import AmendmentForm
from changai.areas.assessments.forms.announcing import AnnouncementForm
from changai.areas.assessments.forms.checking import (
    ExemptionForm,
    OwnerForm,
    PersonForm,
    own_points_in,
    points_typed,
    verdicts_in,
)
from changai.areas.assessments.forms.judging import JudgedRow, kept_row, touched_rows
from changai.areas.assessments.forms.objections import (
    DecisionForm,
    GroundsForm,
    ObjectionFilter,
    ObjectionForm,
    ReviewerForm,
)
from changai.areas.assessments.forms.rounds import MonthField, RoundForm
from changai.areas.assessments.forms.uses import (
    CommendForm,
    ListForm,
    ProposeForm,
    StepForm,
    nominee_lines,
    nominees_in,
    quota_lines,
    quotas_in,
)
from changai.areas.assessments.forms.weighing import WeighingForm

__all__ = [
    "AmendmentForm",
    "AnnouncementForm",
    "CommendForm",
    "DecisionForm",
    "ExemptionForm",
    "GroundsForm",
    "JudgedRow",
    "ListForm",
    "MonthField",
    "ObjectionFilter",
    "ObjectionForm",
    "OwnerForm",
    "PersonForm",
    "ProposeForm",
    "ReviewerForm",
    "RoundForm",
    "StepForm",
    "WeighingForm",
    "kept_row",
    "nominee_lines",
    "nominees_in",
    "own_points_in",
    "points_typed",
    "quota_lines",
    "quotas_in",
    "touched_rows",
    "verdicts_in",
]
