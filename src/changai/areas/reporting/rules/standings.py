"""Punctuality and completeness as counts of obligation rows. Nothing here can leave 0 to 100 %."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from changai.areas.reporting.rules.moves import ACCEPTED, RETURNED, SUBMITTED
from changai.core.periods import Month

# Days of the programme are days of the city, whatever the server's clock is set to.
CITY_TIME = ZoneInfo("Asia/Shanghai")


class Standing(StrEnum):
    """How one obligation stands: exactly one of these."""

    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"
    EXEMPT = "exempt"


STANDING_LABELS: dict[Standing, str] = {
    Standing.ON_TIME: "按时",
    Standing.LATE: "迟报",
    Standing.MISSING: "未报",
    Standing.EXEMPT: "免报",
}


def due_date(month: Month, due_day: int) -> date:
    """Return the day a month's report is due: `due_day` of the month after."""
    return month.plus(1).first_on.replace(day=due_day)


def day_of(moment: datetime) -> date:
    """Return the city's calendar day of a moment."""
    return moment.astimezone(CITY_TIME).date()


def standing_of(due_on: date, arrived_at: datetime | None, exempted_at: datetime | None) -> Standing:
    """Return how an obligation stands. A report is on time up to the end of the due day."""
    if exempted_at is not None:
        return Standing.EXEMPT
    if arrived_at is None:
        return Standing.MISSING
    return Standing.ON_TIME if day_of(arrived_at) <= due_on else Standing.LATE


def is_sent_back(status: str, times_returned: int) -> bool:
    """Return whether the report was returned and has not arrived again."""
    return status == RETURNED or (status == SUBMITTED and times_returned > 0)


@dataclass(frozen=True)
class Counted:
    """An obligation as it counts, or `number` of them that stand alike."""

    standing: Standing
    status: str
    times_returned: int = 0
    number: int = 1


@dataclass(frozen=True)
class Counts:
    """Rows counted. `owed = arrived + missing`, `arrived = on_time + late`; the exempt owe nothing."""

    owed: int
    arrived: int
    on_time: int
    late: int
    missing: int
    returned: int
    accepted: int
    exempt: int

    @property
    def completeness_percent(self) -> Decimal | None:
        return percent_of(self.arrived, self.owed)

    @property
    def punctuality_percent(self) -> Decimal | None:
        return percent_of(self.on_time, self.owed)


def count(rows: Iterable[Counted]) -> Counts:
    """Return the counts of the rows."""
    listed = list(rows)
    standings: Counter[Standing] = Counter()
    for row in listed:
        standings[row.standing] += row.number
    on_time, late = standings[Standing.ON_TIME], standings[Standing.LATE]
    missing, exempt = standings[Standing.MISSING], standings[Standing.EXEMPT]
    owing = [row for row in listed if row.standing is not Standing.EXEMPT]
    return Counts(
        owed=on_time + late + missing,
        arrived=on_time + late,
        on_time=on_time,
        late=late,
        missing=missing,
        returned=sum(row.number for row in owing if is_sent_back(row.status, row.times_returned)),
        accepted=sum(row.number for row in owing if row.status == ACCEPTED),
        exempt=exempt,
    )


def percent_of(part: int, whole: int) -> Decimal | None:
    """Return the share as a percentage with one decimal, rounded half up; None when there is no whole."""
    if not whole:
        return None
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def mean(values: Iterable[Decimal]) -> Decimal | None:
    """Return the mean with one decimal, rounded half up; None of nothing."""
    listed = list(values)
    if not listed:
        return None
    return (sum(listed, Decimal(0)) / len(listed)).quantize(Decimal("0.1"), ROUND_HALF_UP)
