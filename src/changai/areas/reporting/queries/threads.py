"""Comments on cells (批注)."""

from django.db.models import Count

from changai.areas.reporting.models import CellThread, Report


def thread_of(report: Report, cell: str) -> CellThread | None:
    """Return the cell's thread with its comments, or None when nobody has said anything."""
    return report.threads.filter(cell=cell).prefetch_related("comments").first()


def open_threads(report: Report) -> dict[str, int]:
    """Return how many comments each cell with an open thread has."""
    threads = report.threads.filter(closed_at=None).order_by("pk")
    return dict(threads.annotate(total=Count("comments")).values_list("cell", "total"))
