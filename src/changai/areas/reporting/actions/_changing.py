"""How a cell of a sheet changes: the row that tells of it is written in the same transaction."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from changai.areas.reporting.models import CellChange, Report
from changai.areas.reporting.queries import latest_changes
from changai.foundation.actors import Actor
from changai.foundation.rows import insert_rows


class Change(NamedTuple):
    """A cell and its content before and after, as written."""

    cell: str
    before: str
    value: str


def keep_changes(
    actor: Actor,
    report: Report,
    changes: Iterable[Change],
    *,
    origin: CellChange.Origin,
    batch_id: int | None = None,
    at: datetime,
) -> None:
    """Write down what changed, each cell under its next version; what stayed as it was leaves no row."""
    changed = [change for change in changes if change.before != change.value]
    known = latest_changes(report, [change.cell for change in changed])
    versions = Counter({cell: change.version for cell, change in known.items()})
    rows = []
    for change in changed:
        versions[change.cell] += 1
        rows.append(
            CellChange(
                report=report, cell=change.cell, version=versions[change.cell],
                before=change.before, value=change.value, origin=origin, batch_id=batch_id,
                at=at, by_name=actor.name, by_id=actor.person_id,
            )
        )  # fmt: skip
    insert_rows(rows)
