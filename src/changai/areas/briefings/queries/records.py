"""Figures, and the records behind them as they were when the figure was made."""

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from django.urls import get_script_prefix, reverse

from changai.documents import paper
from changai.documents.characters import close_set

SCORE = "assessments.score"  # the type of a record that is one unit's result
OWN_TOTAL = "own.total"  # the figure of a letter that is its unit's own points
NOTHING = "无"
_MINUS = re.compile(r"(?<![\w-])-(?=\d)")
ABSENT = "—"


Printed = tuple[str, str, tuple["Record", ...]]  # the text, the arithmetic, the records
# A figure of the catalogue: key, name, group, definition, how it is worked out.
Told = tuple[str, str, str, str, Callable[[], Printed]]


@dataclass(frozen=True)
class Record:
    """One record behind a figure.

    `address` is the site's path to it; `value` is what it says, as of the figure's moment; `is_counted` is
    false for a record of the whole that is not in the part (a share is made of both). `unit` names whose it
    is, for lists of units.
    """

    type: str
    id: int
    label: str
    value: str
    address: str
    unit: str = ""
    is_counted: bool = True

    def to_dict(self) -> dict[str, Any]:
        """Return the record as plain JSON values."""
        return asdict(self)


@dataclass(frozen=True)
class Produced:
    """One figure: what is printed, what it means, and the records it was made from.

    `text` is set as papers are: without spaces between Chinese and figures, with a minus (−).
    """

    key: str
    name: str
    text: str
    definition: str
    formula: str
    records: tuple[Record, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", _MINUS.sub("−", close_set(self.text)))

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to print: a list without a name, a share of nothing."""
        return self.text in {NOTHING, ABSENT}

    @property
    def is_nothing(self) -> bool:
        """Return whether it is empty or a zero, whatever its decimals and unit."""
        number = re.match(r"\d+(?:\.\d+)?", self.text.removeprefix("−"))
        return self.is_empty or (number is not None and float(number[0]) == 0)


@dataclass(frozen=True)
class Drawn:
    """A table or chart, with the figures in it; None when a text common to many units has none for this one."""

    block: paper.Block | None
    produced: tuple[Produced, ...]


@dataclass(frozen=True)
class DrawnEntry:
    """A table or chart of the catalogue."""

    key: str
    name: str
    draw: Callable[[], Drawn]


@cache
def _around(name: str, prefix: str) -> tuple[str, str]:
    """Return what stands before and after the number in the addresses of a name."""
    before, _zero, after = reverse(name, args=[0]).removeprefix(prefix).rpartition("0")
    return f"{prefix}{before}", after


def address(name: str, pk: int) -> str:
    """Return the site's path to a record, as `reverse` does: a paper has thousands of them."""
    before, after = _around(name, get_script_prefix())
    return f"{before}{pk}{after}"


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Return the value half-up to `decimals`."""
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def figure(produced: Produced) -> paper.Parts:
    """Return a figure as the whole content of a cell."""
    return (paper.Figure(produced.key, produced.text),)


def decimal_words(value: Decimal) -> str:
    """Return a number without needless zeros: 380, 6.5."""
    return f"{value.normalize():f}"


def worded(moved: Decimal, verbs: tuple[str, str], unit: str, than: str) -> str:
    """Return a difference in words: 较上月增加12人次, 与上月持平.

    :param verbs: what is said of more, and of less
    """
    if moved == 0:
        return f"与{than}持平"
    return f"较{than}{verbs[0] if moved > 0 else verbs[1]}{abs(moved):f}{unit}"


def percent(mean: Decimal | None) -> str:
    """Return a mean as printed, with one decimal; an em dash when there is none."""
    return ABSENT if mean is None else f"{rounded(mean, 1)}%"


def series(name: str, produced: Sequence[Produced]) -> paper.Series:
    """Return figures as one series of a chart; each value opens its figure."""
    return paper.Series(name, tuple(map(_number_in, produced)), tuple(each.key for each in produced))


def _number_in(produced: Produced) -> float | None:
    """Return the number a figure prints, for a chart to draw."""
    return None if produced.is_empty else float(produced.text.rstrip("%分").replace("−", "-"))
