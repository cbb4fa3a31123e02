"""What the closing of a month counts for one unit, as a frozen record and as figures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from changai.areas.facts.rules import NOT_APPLICABLE, NOT_REPORTED, FactInput
from changai.areas.reporting.rules.standings import Standing, mean


@dataclass(frozen=True)
class MonthRecord:
    """One unit's month as it stood at the closing. `claims` are those due by the month's end."""

    standing: Standing
    is_accepted: bool
    times_returned: int
    due_on: date
    arrived_at: datetime | None
    scheduled: tuple[Decimal, ...]
    percents: tuple[Decimal, ...]
    claims: tuple[dict[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        """Return the record as JSON values."""
        return {
            "standing": str(self.standing),
            "is_accepted": self.is_accepted,
            "times_returned": self.times_returned,
            "due_on": self.due_on.isoformat(),
            "arrived_at": self.arrived_at.isoformat() if self.arrived_at else "",
            "lines": len(self.percents),
            "scheduled": _written(mean(self.scheduled)),
            "progress": _written(mean(self.percents)) if self.is_accepted else "",
            "claims": list(self.claims),
        }


def _written(value: Decimal | None) -> str:
    return "" if value is None else str(value)


def counted_figures(record: MonthRecord, fields: Mapping[str, int]) -> Iterator[FactInput]:
    """Yield the figures the ledger and the tasks give for the fields asked (`source_key` -> field)."""
    for source_key, value in _values(record).items():
        if source_key not in fields:
            continue
        if isinstance(value, str):
            yield FactInput(fields[source_key], None, value)
        else:
            yield FactInput(fields[source_key], Decimal(value))


def _values(record: MonthRecord) -> dict[str, Decimal | int | str]:
    owes = record.standing is not Standing.EXEMPT
    done = sum(bool(claim["completed_on"]) for claim in record.claims)
    progress = mean(record.percents) if record.is_accepted else None
    scheduled = mean(record.scheduled)
    absent = NOT_REPORTED if owes and not record.is_accepted and record.percents else NOT_APPLICABLE
    return {
        "ledger.late": int(record.standing is Standing.LATE) if owes else NOT_APPLICABLE,
        "ledger.missing": int(record.standing is Standing.MISSING) if owes else NOT_APPLICABLE,
        "ledger.returned": record.times_returned if owes else NOT_APPLICABLE,
        "tasks.due": len(record.claims),
        "tasks.done": done,
        "tasks.scheduled": NOT_APPLICABLE if scheduled is None else scheduled,
        "tasks.progress": absent if progress is None else progress,
    }
