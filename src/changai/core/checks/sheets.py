"""What a check reads: the figures of one sheet and what is known around them. None is a value nobody gave, never 0."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from changai.core.periods import Month

EVERY = "*"  # in place of a figure's code: each typed figure of the sheet


@dataclass(frozen=True)
class Entry:
    """A row that a figure is made of, or might be: its name, its amount, why it is told, and what opens it."""

    name: str
    value: Decimal
    reason: str = ""
    address: str = ""


@dataclass(frozen=True)
class Ledger:
    """What another record says of a figure: the rows it counts, and near ones it leaves out, each with the reason."""

    value: Decimal
    counted: tuple[Entry, ...] = ()
    left_out: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Reading:
    """One figure of the sheet. `is_typed` is false for what a register gave and a person only confirmed."""

    name: str
    value: Decimal | None = None
    measure: str = ""
    decimals: int = 0
    remark: str = ""
    is_typed: bool = True
    # Disaggregation rows: name -> value, None where a row was left empty.
    parts: tuple[tuple[str, Decimal | None], ...] = ()
    ledgers: Mapping[str, Ledger] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """The same figures elsewhere: in another month, or of another unit. A code that is absent has no value."""

    label: str
    values: Mapping[str, Decimal | None]
    month: Month | None = None


@dataclass(frozen=True)
class Sheet:
    """Figures by code in the order of the sheet; `past` the oldest first; `below` the units that make up this one."""

    figures: Mapping[str, Reading]
    month: Month | None = None
    past: tuple[Row, ...] = ()
    peers: tuple[Row, ...] = ()
    below: tuple[Row, ...] = ()

    def value(self, code: str) -> Decimal | None:
        """Return the figure's value, None when the sheet does not have it."""
        reading = self.figures.get(code)
        return reading.value if reading else None

    def values(self, codes: tuple[str, ...]) -> list[Decimal] | None:
        """Return the values of all the figures, or None when one of them is absent."""
        found = [value for code in codes if (value := self.value(code)) is not None]
        return found if len(found) == len(codes) else None

    def past_of(self, code: str) -> list[tuple[Row, Decimal]]:
        """Return the earlier months in which the figure has a value, the oldest first."""
        return [(row, value) for row in self.past if (value := row.values.get(code)) is not None]
