"""What the registers know of a unit's month: prefilled into reports, never asked again."""

from collections.abc import Iterable

from changai.areas.registers.rules import RegisterFigure
from changai.areas.registers.training import queries as training
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
