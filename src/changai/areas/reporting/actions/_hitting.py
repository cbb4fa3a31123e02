"""How it is kept which rules spoke on a sheet, and whether the figure was mended."""

from collections.abc import Iterable
from datetime import datetime

from changai.areas.reporting.models import CheckHit, Report
from changai.areas.reporting.rules.sheets import Fault


def keep_hits(report: Report, found: Iterable[Fault], at: datetime) -> None:
    """Keep what rules found on a sheet, once for each rule and cell; what is not found any more was mended."""
    known = {(hit.code, hit.cell): hit for hit in CheckHit.objects.filter(report=report)}
    spoken = {(fault.code, fault.cell): fault for fault in found if fault.code}
    for key, fault in spoken.items():
        hit = known.get(key) or CheckHit(report=report, code=fault.code, cell=fault.cell, first_found_at=at)
        hit.severity, hit.sentence = str(fault.severity), fault.sentence[:500]
        hit.explanation = fault.explanation[:300]
        hit.last_found_at, hit.cleared_at = at, None
        hit.save()
    gone = [hit.pk for key, hit in known.items() if key not in spoken and hit.cleared_at is None]
    CheckHit.objects.filter(pk__in=gone).update(cleared_at=at)
