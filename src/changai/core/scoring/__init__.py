"""The scoring engine: `from changai.core import scoring`.

See docs/method/ for the method and worked examples.
"""

from changai.core.scoring.checking import check_facts, name_doubts, percent_doubts
from changai.core.scoring.decimals import NotANumber, fixed, to_decimal, to_number
from changai.core.scoring.facts import Fact, Facts, NotAFigure, parse_value
from changai.core.scoring.findings import FactsRefused, Finding, Refused, SchemeRefused, Severity, errors_of
from changai.core.scoring.measures import Difference, Growth, Ratio, Value
from changai.core.scoring.model import (
    Bonus,
    Conversion,
    Field,
    Grade,
    Node,
    Penalty,
    Ranking,
    Scheme,
    Table,
    Veto,
    scheme_schema,
)
from changai.core.scoring.result import result
from changai.core.scoring.rules import (
    Checklist,
    Linear,
    PerItem,
    PerStep,
    Reviewed,
    Tiers,
    completion,
    efficacy,
)
from changai.core.scoring.scorecard import ENGINE_VERSION, Scorecard, score
from changai.core.scoring.statuses import LABELS, Status
from changai.core.scoring.unitscore import LeafScore, NodeScore, UnitScore

__all__ = [
    "ENGINE_VERSION",
    "LABELS",
    "Bonus",
    "Checklist",
    "Conversion",
    "Difference",
    "Fact",
    "Facts",
    "FactsRefused",
    "Field",
    "Finding",
    "Grade",
    "Growth",
    "LeafScore",
    "Linear",
    "Node",
    "NodeScore",
    "NotAFigure",
    "NotANumber",
    "Penalty",
    "PerItem",
    "PerStep",
    "Ranking",
    "Ratio",
    "Refused",
    "Reviewed",
    "Scheme",
    "SchemeRefused",
    "Scorecard",
    "Severity",
    "Status",
    "Table",
    "Tiers",
    "UnitScore",
    "Value",
    "Veto",
    "check_facts",
    "completion",
    "efficacy",
    "errors_of",
    "fixed",
    "name_doubts",
    "parse_value",
    "percent_doubts",
    "result",
    "scheme_schema",
    "score",
    "to_decimal",
    "to_number",
]
