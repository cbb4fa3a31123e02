"""Monthly reports. Obligation rows exist from the issue of a form; every rate is a count of those of opened months."""

from changai.areas.reporting.models.burden import BurdenException, RepeatedAsk
from changai.areas.reporting.models.cells import CellChange, CellComment, CellThread, SheetVisit
from changai.areas.reporting.models.checks import CheckHit, CheckRule, CheckVersion
from changai.areas.reporting.models.corrections import Correction
from changai.areas.reporting.models.forms import Form, FormField, Narrative, Period, PlannedMonth
from changai.areas.reporting.models.imports import WorkbookImport
from changai.areas.reporting.models.obligations import ExtensionRequest, Obligation, ObligationEvent
from changai.areas.reporting.models.reasons import GivenReason, ReturnReason
from changai.areas.reporting.models.reminders import (
    Reminder,
    ReminderDigest,
    ReminderRun,
    ReminderSetting,
    SupervisionNotice,
)
from changai.areas.reporting.models.routes import ReviewStep, Route, RouteStep
from changai.areas.reporting.models.sendings import CellMark, Submission
from changai.areas.reporting.models.sheets import FigureLine, FigurePart, NarrativeLine, Report, TaskLine
from changai.areas.reporting.models.unlockings import Unlocking

__all__ = [
    "BurdenException",
    "CellChange",
    "CellComment",
    "CellMark",
    "CellThread",
    "CheckHit",
    "CheckRule",
    "CheckVersion",
    "Correction",
    "ExtensionRequest",
    "FigureLine",
    "FigurePart",
    "Form",
    "FormField",
    "GivenReason",
    "Narrative",
    "NarrativeLine",
    "Obligation",
    "ObligationEvent",
    "Period",
    "PlannedMonth",
    "Reminder",
    "ReminderDigest",
    "ReminderRun",
    "ReminderSetting",
    "RepeatedAsk",
    "Report",
    "ReturnReason",
    "ReviewStep",
    "Route",
    "RouteStep",
    "SheetVisit",
    "Submission",
    "SupervisionNotice",
    "TaskLine",
    "Unlocking",
    "WorkbookImport",
]
