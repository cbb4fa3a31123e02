"""What happens on a sheet while somebody looks at it: who else is there, and what they wrote."""

from datetime import datetime, timedelta

from django.db.models import Max

from changai.areas.reporting.models import CellChange, Report, SheetVisit
from changai.areas.reporting.queries.changes import latest_changes
from changai.foundation.actors import Actor

# A page that is looked at tells of itself every ten seconds at most.
GONE_AFTER = timedelta(seconds=35)


def last_written_at(report: Report) -> datetime | None:
    """Return when a cell of the sheet was last changed, None when nothing was ever typed."""
    newest: datetime | None = report.cell_changes.aggregate(newest=Max("at"))["newest"]
    return newest


def changes_after(report: Report, seen: int) -> list[CellChange]:
    """Return the newest change of every cell changed after the change numbered `seen`."""
    cells = set(report.cell_changes.filter(pk__gt=seen).values_list("cell", flat=True))
    return sorted(latest_changes(report, cells).values(), key=lambda change: change.pk) if cells else []


def people_on(actor: Actor, report: Report, *, at: datetime) -> list[SheetVisit]:
    """Return who else has the sheet open now."""
    return list(report.visits.filter(seen_at__gt=at - GONE_AFTER).exclude(person_id=actor.person_id or 0))
