"""That somebody looks at a sheet: told to the others there, and nowhere else. No change of state, no audit line."""

from datetime import datetime, timedelta

from changai.areas.reporting import policies
from changai.areas.reporting.models import Report, SheetVisit
from changai.areas.reporting.rules.moves import FILL
from changai.foundation.actors import Actor

_FRESH_FOR = timedelta(seconds=10)


def note_visit(actor: Actor, report: Report, *, cell: str, at: datetime) -> None:
    """Note that the actor stands in `cell` of the sheet; who may not fill it leaves no trace.

    A row that says the same and is fresh is not written again: a thousand open sheets cost a thousand reads, not
    a thousand writes.
    """
    if actor.person_id is None or not policies.may(actor, FILL, report):
        return
    known = report.visits.filter(person_id=actor.person_id).first()
    if known is not None and known.cell == cell and at - known.seen_at < _FRESH_FOR:
        return
    SheetVisit.objects.update_or_create(
        report=report, person_id=actor.person_id, defaults={"name": actor.name, "cell": cell, "seen_at": at}
    )
