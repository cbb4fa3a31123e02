"""What every judgement must hold to, by one person or a panel."""

from decimal import Decimal

from changai.areas.assessments.rules import LONGEST_REASON, SHORTEST_REASON
from changai.areas.schemes.rules import JudgedItem
from changai.core.errors import Invalid
from changai.core.scoring.decimals import show


def check_judgement(item: JudgedItem, value: Decimal, reason: str) -> None:
    """Let pass points in the range of the item, with a reason.

    :raises Invalid: otherwise
    """
    if not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        raise Invalid(f"请写明核定理由（{SHORTEST_REASON} 至 {LONGEST_REASON} 个字），被考核单位会看到。")
    if not value.is_finite() or value.as_tuple().exponent not in {0, -1, -2}:
        raise Invalid("核定得分最多两位小数。")
    if not item.lowest <= value <= item.highest:
        raise Invalid(
            f"“{item.name}”的核定得分应在 {show(item.lowest)} 至 {show(item.highest)} 分之间，现为 {value}。"
        )
