"""The closed set of scoring rules.

A new rule is a change of this code with tests, never a formula typed by a user.
"""

from changai.core.scoring.rules.base import RULE, RULES, Demand, Flaw, Rule, Span
from changai.core.scoring.rules.counts import Checklist, PerItem, PerStep
from changai.core.scoring.rules.judged import Reviewed
from changai.core.scoring.rules.ramps import Linear, completion, efficacy
from changai.core.scoring.rules.steps import Tiers

RULES.update({each.__name__: each for each in (Linear, Tiers, PerItem, PerStep, Checklist, Reviewed)})

__all__ = [
    "RULE",
    "RULES",
    "Checklist",
    "Demand",
    "Flaw",
    "Linear",
    "PerItem",
    "PerStep",
    "Reviewed",
    "Rule",
    "Span",
    "Tiers",
    "completion",
    "efficacy",
]
