"""Figures, and the records behind them as they were when the figure was made."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from changai.documents import paper


@dataclass(frozen=True)
class Record:
    """`address` is the site's path to the record; `value` is its share in the figure, if any."""

    type: str
    id: int
    label: str
    value: str
    address: str

    def to_dict(self) -> dict[str, Any]:
        """Return the record as plain JSON values."""
        return asdict(self)


@dataclass(frozen=True)
class Produced:
    """One figure: what is printed, what it means, and the records it was made from."""

    key: str
    name: str
    text: str
    definition: str
    formula: str
    records: tuple[Record, ...]


@dataclass(frozen=True)
class Drawn:
    """A table or chart, with the figures in it."""

    block: paper.Block
    produced: tuple[Produced, ...]


@dataclass(frozen=True)
class DrawnEntry:
    """A table or chart of the catalogue."""

    key: str
    name: str
    draw: Callable[[], Drawn]


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Return the value half-up to `decimals`."""
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
