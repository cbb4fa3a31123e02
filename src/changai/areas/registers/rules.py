"""How a register hands a figure on."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class RegisterFigure:
    """A figure, where it comes from in words, and a path inside the site that opens the rows behind it."""

    value: Decimal
    label: str
    address: str
