"""What burdens those at the base: what may not be assessed, what may not be asked, and what a form costs."""

from changai.core.burden.asking import (
    ASKING_RULES,
    asking_findings,
    asks_attachment,
    length_fault,
    sentence_of,
)
from changai.core.burden.papers import PAPER_RULES, paper_findings
from changai.core.burden.review import BurdenFinding, Wording, review, scheme_findings, scheme_review
from changai.core.burden.rules import RULES, BurdenRule, Weight

__all__ = [
    "ASKING_RULES",
    "PAPER_RULES",
    "RULES",
    "BurdenFinding",
    "BurdenRule",
    "Weight",
    "Wording",
    "asking_findings",
    "asks_attachment",
    "length_fault",
    "paper_findings",
    "review",
    "scheme_findings",
    "scheme_review",
    "sentence_of",
]
