"""Checks of the figures people send: rules as values, each of a closed set of kinds, and what they find.

A finding hangs on one figure and has a severity, a sentence and the rows behind it. Absent values are never 0.
"""

from changai.core.checks.breaches import SIGN_WORDS, Input, written
from changai.core.checks.cases import LISTED, NotACase, sheet_of, speaks
from changai.core.checks.codec import as_json, kind_from
from changai.core.checks.kinds import (
    KINDS,
    AgainstLedger,
    Compare,
    Jump,
    Kind,
    NeverFalls,
    OwnHistory,
    PartOfWhole,
    Peers,
    Present,
    Range,
    RatioBounds,
    RollUp,
)
from changai.core.checks.kinds.others import BELOW, PARTS
from changai.core.checks.rules import Finding, Rule, Severity, findings, is_explanation, told
from changai.core.checks.sheets import EVERY, Entry, Ledger, Reading, Row, Sheet
from changai.core.checks.soundness import Known, circles, faults_of

__all__ = [
    "BELOW",
    "EVERY",
    "KINDS",
    "LISTED",
    "PARTS",
    "SIGN_WORDS",
    "AgainstLedger",
    "Compare",
    "Entry",
    "Finding",
    "Input",
    "Jump",
    "Kind",
    "Known",
    "Ledger",
    "NeverFalls",
    "NotACase",
    "OwnHistory",
    "PartOfWhole",
    "Peers",
    "Present",
    "Range",
    "RatioBounds",
    "Reading",
    "RollUp",
    "Row",
    "Rule",
    "Severity",
    "Sheet",
    "as_json",
    "circles",
    "faults_of",
    "findings",
    "is_explanation",
    "kind_from",
    "sheet_of",
    "speaks",
    "told",
    "written",
]
