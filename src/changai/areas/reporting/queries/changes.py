"""Changes of single cells: which version a cell has, who wrote it last."""

from collections.abc import Collection

from django.db.models import Max

from changai.areas.reporting.models import CellChange, Report


def latest_changes(report: Report, cells: Collection[str] | None = None) -> dict[str, CellChange]:
    """Return the newest change of each changed cell of the report, or of the named ones."""
    changes = CellChange.objects.filter(report=report)
    if cells is not None:
        changes = changes.filter(cell__in=cells)
    newest = changes.order_by().values("cell").annotate(newest=Max("pk")).values("newest")
    return {change.cell: change for change in CellChange.objects.filter(pk__in=newest)}
