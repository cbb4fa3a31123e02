"""What happens on a sheet while somebody looks at it: who else is there, and what they wrote."""

from datetime import datetime, timedelta

from django.db.models import Max

from changai.areas.reporting.models import CellChange, Report, SheetVisit
from changai.areas.reporting.queries.changes import latest_changes
from changai.foundation.actors import Actor

# A page that is looked at tells of itself every ten seconds at most.
GONE_AFTER = timedelta(seconds=35)


def last_change_of(report: Report) -> int:
    """Return the number of the report's newest change of a cell, 0 when nothing was ever changed."""
    newest: int | None = report.cell_changes.aggregate(newest=Max("pk"))["newest"]
    return newest or 0


def changes_after(report: Report, seen: int) -> list[CellChange]:
    """Return the newest change of every cell changed after the change numbered `seen`."""
    cells = set(report.cell_changes.filter(pk__gt=seen).values_list("cell", flat=True))
    return sorted(latest_changes(report, cells).values(), key=lambda change: change.pk) if cells else []


def people_on(actor: Actor, report: Report, *, at: datetime) -> list[SheetVisit]:
    """Return who else has the sheet open now."""
    return list(report.visits.filter(seen_at__gt=at - GONE_AFTER).exclude(person_id=actor.person_id or 0))
