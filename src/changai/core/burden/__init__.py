"""What must not be made an object of assessment, because it burdens those at the base and measures no result."""

from changai.core.burden.review import BurdenFinding, Wording, review, scheme_findings
from changai.core.burden.rules import RULES, BurdenRule, Weight

__all__ = ["RULES", "BurdenFinding", "BurdenRule", "Weight", "Wording", "review", "scheme_findings"]
