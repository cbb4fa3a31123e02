"""The closed set of scoring rules: a new rule is a change of this code with tests, never a typed formula."""

from changai.core.scoring.rules.base import RULE, RULES, Demand, Flaw, Rule, Span
from changai.core.scoring.rules.changes import BaseChange, Escalating, RollUp, WithinTarget
from changai.core.scoring.rules.combined import Accumulate, Clip, Fixed, Multiply, Sum, When, Worst
from changai.core.scoring.rules.counts import Checklist, PerItem, PerStep
from changai.core.scoring.rules.distances import RelativeToAverage
from changai.core.scoring.rules.judged import Grades, Imported, Reviewed, Survey
from changai.core.scoring.rules.places import ProportionToBest, RankPoints
from changai.core.scoring.rules.ramps import Linear, completion, efficacy
from changai.core.scoring.rules.steps import Tiers

_CLOSED_SET: tuple[type[Rule], ...] = (
    Linear,
    Tiers,
    PerItem,
    PerStep,
    Checklist,
    RankPoints,
    ProportionToBest,
    RelativeToAverage,
    Escalating,
    BaseChange,
    WithinTarget,
    Grades,
    Survey,
    Reviewed,
    Imported,
    RollUp,
    Accumulate,
    Fixed,
    Sum,
    Worst,
    When,
    Clip,
    Multiply,
)
RULES.update({each.__name__: each for each in _CLOSED_SET})

__all__ = [
    "RULE",
    "RULES",
    "Accumulate",
    "BaseChange",
    "Checklist",
    "Clip",
    "Demand",
    "Escalating",
    "Fixed",
    "Flaw",
    "Grades",
    "Imported",
    "Linear",
    "Multiply",
    "PerItem",
    "PerStep",
    "ProportionToBest",
    "RankPoints",
    "RelativeToAverage",
    "Reviewed",
    "RollUp",
    "Rule",
    "Span",
    "Sum",
    "Survey",
    "Tiers",
    "When",
    "WithinTarget",
    "Worst",
    "completion",
    "efficacy",
]
