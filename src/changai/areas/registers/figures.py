"""What the registers know of a unit's month: prefilled into reports, never asked again."""

from changai.areas.registers.rules import RegisterFigure
from changai.areas.registers.training import queries as training
from changai.core.periods import Month

SOURCES = {f"training.{name}": name for name in training.COUNTED}


def figure(source_key: str, unit_id: int, month: Month) -> RegisterFigure:
    """Return the figure `training.classes`, `training.persons` or `training.certified` of one unit's month.

    A month without entries is an honest zero: the register is the source.

    :raises KeyError: when no register gives such a figure
    """
    return training.month_figure(SOURCES[source_key], unit_id, month)
