"""What the registers know of a unit's month: prefilled into reports, never asked again."""

from collections.abc import Iterable

from changai.areas.registers.rules import RegisterFigure
from changai.areas.registers.training import queries as training
from changai.core.periods import Month

SOURCES = {f"training.{name}": name for name in training.COUNTED}


def figure(source_key: str, unit_id: int, month: Month) -> RegisterFigure:
    """Return the figure `training.classes`, `training.persons` or `training.certified` of one unit's month.

    A month without entries is an honest zero: the register is the source.

    :raises KeyError: when no register gives such a figure
    """
    return training.month_figures([unit_id], month)[unit_id][SOURCES[source_key]]


def figures(unit_ids: Iterable[int], month: Month) -> dict[tuple[str, int], RegisterFigure]:
    """Return every figure of `SOURCES` for many units at once: (source key, unit) -> figure."""
    found = training.month_figures(unit_ids, month)
    return {
        (source_key, unit_id): known[name]
        for unit_id, known in found.items()
        for source_key, name in SOURCES.items()
    }
