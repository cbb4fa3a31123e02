"""What the registers know of a unit's month: prefilled into reports, never asked again."""

from collections.abc import Iterable

from changai.areas.registers.rules import RegisterFigure
from changai.areas.registers.training import queries as training
from changai.core.checks import Ledger
from changai.core.periods import Month

SOURCES = {f"training.{name}": name for name in training.COUNTED}


def figures(unit_ids: Iterable[int], month: Month) -> dict[tuple[str, int], RegisterFigure]:
    """Return every figure of `SOURCES` for many units at once: (source key, unit) -> figure.

    A month without entries is an honest zero: the register is the source.
    """
    found = training.month_figures(unit_ids, month)
    return {
        (source_key, unit_id): known[name]
        for unit_id, known in found.items()
        for source_key, name in SOURCES.items()
    }


def ledgers(unit_ids: Iterable[int], month: Month) -> dict[tuple[str, int], Ledger]:
    """Return every figure of `SOURCES` with its rows by name, and the near rows it leaves out with the reason.

    Left out are rows that were cancelled, and rows of the days around the month: what a figure that was counted by
    hand has most often too much or too little.
    """
    found = training.month_ledgers(unit_ids, month)
    return {
        (source_key, unit_id): known[name]
        for unit_id, known in found.items()
        for source_key, name in SOURCES.items()
    }
