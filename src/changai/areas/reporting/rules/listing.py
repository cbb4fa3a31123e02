"""Which months of a form are listed ahead, and what changes in the list of those who owe one before it opens."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from changai.core.periods import Month

# From November on the year to come is listed too: its calendar is settled by then.
MONTHS_BEFORE_THE_YEAR = 2
NO_LONGER_OWED = "开启前已不在报送范围（撤销、改变类别，或报表修订、停用）"


def months_listed(today: date, from_month: date | None) -> list[Month]:
    """Return the months of a form whose rows exist: from the running one, or its first, to the end of the year."""
    this = Month.of(today)
    first = max(this, Month.of(from_month)) if from_month else this
    return list(first.until(Month(this.plus(MONTHS_BEFORE_THE_YEAR).year, 12)))


@dataclass(frozen=True)
class ListedRow:
    """A row of a month that is not open. `is_heir`: it stands for a closed unit's, whatever its own unit owes."""

    unit_id: int
    is_owed: bool
    was_dropped: bool = False
    is_heir: bool = False


@dataclass(frozen=True)
class ListChanges:
    """The units whose row is to be made, ended, or owed again."""

    added: frozenset[int]
    ended: frozenset[int]
    restored: frozenset[int]

    @property
    def number(self) -> int:
        return len(self.added) + len(self.ended) + len(self.restored)


def list_changes(owing: Collection[int], rows: Iterable[ListedRow]) -> ListChanges:
    """Return what makes the rows agree with the units that owe; what people decided about a row stands."""
    listed = list(rows)
    wanted = frozenset(owing)
    return ListChanges(
        added=wanted - {row.unit_id for row in listed},
        ended=frozenset(
            row.unit_id for row in listed if row.is_owed and not row.is_heir and row.unit_id not in wanted
        ),
        restored=frozenset(row.unit_id for row in listed if row.was_dropped and row.unit_id in wanted),
    )
