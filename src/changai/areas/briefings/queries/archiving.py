"""What goes into the archive with an issued paper, and the orders of packages."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from changai.areas.briefings.models import Annulment, ArchiveOrder, Briefing
from changai.areas.briefings.queries.briefings import briefing_for, visible_to
from changai.areas.briefings.queries.submittals import head_of
from changai.core.errors import NotVisible
from changai.foundation.actors import Actor
from changai.foundation.matrix import allows


def papers_of_year(actor: Actor, year: int, series: str = "") -> QuerySet[Briefing]:
    """Return the issued papers of a year, of one series or of all, in the order they were issued."""
    issued = visible_to(actor).filter(status=Briefing.Status.ISSUED, year=year, issue_number__isnull=False)
    chosen = issued.filter(series=series) if series else issued
    whole = chosen.select_related("docx_file", "pdf_file", "annulment", "wording").prefetch_related("errata")
    return whole.order_by("issued_at", "pk")


def paper_to_archive(actor: Actor, briefing_id: int) -> Briefing:
    """Return one issued paper with everything that belongs to it.

    :raises NotVisible: when there is none for this actor, or it is not issued
    """
    found = briefing_for(actor, briefing_id)
    if (
        found.issue_number is None
        or found.status != Briefing.Status.ISSUED
        or not allows(actor, "archive.make")
    ):
        raise NotVisible
    return found


def archive_orders(actor: Actor) -> QuerySet[ArchiveOrder]:
    """Return the orders of packages, the last first."""
    return (
        ArchiveOrder.objects.order_by("-pk") if allows(actor, "archive.make") else ArchiveOrder.objects.none()
    )


def archive_order_for(actor: Actor, order_id: int) -> ArchiveOrder:
    """Return one order.

    :raises NotVisible: when there is none for this actor
    """
    found = archive_orders(actor).filter(pk=order_id).first()
    if found is None:
        raise NotVisible
    return found


def open_archive_orders() -> QuerySet[ArchiveOrder]:
    """Return the orders that are being written, the oldest first; for the job."""
    return ArchiveOrder.objects.filter(done_at__isnull=True).order_by("pk")


def papers_without_files(before: datetime) -> QuerySet[Briefing]:
    """Return the papers issued before a moment whose files were not kept, the oldest first; for the job."""
    issued = Briefing.objects.filter(status=Briefing.Status.ISSUED, issue_number__isnull=False)
    return issued.filter(docx_file__isnull=True, issued_at__lt=before).order_by("issued_at", "pk")


def issuer_of(briefing: Briefing) -> str:
    """Return the body that issued the paper: who signed it, or whose name stands in its head."""
    signature = briefing.content.get("signature") or {}
    return str(signature.get("issuer") or briefing.content.get("issuer", ""))


def annulment_of(briefing: Briefing) -> Annulment | None:
    """Return how the paper ceased to be in force, or None while it is."""
    return getattr(briefing, "annulment", None)


def process_of(briefing: Briefing) -> dict[str, Any]:
    """Return how the paper came about and what became of it, as plain JSON values; of a letter that of its text too."""
    wording = briefing.wording
    return {
        **({} if wording is None else {"wording": process_of(wording)}),
        "id": briefing.pk,
        "kind": briefing.kind,
        "kind_name": briefing.paper_kind.name,
        "number": briefing.number_text,
        "series": briefing.series,
        "year": briefing.year,
        "issue_number": briefing.issue_number,
        "total_number": briefing.total_number,
        "month": briefing.month.isoformat(),
        "content_digest": briefing.content_digest,
        "head": head_of(briefing),
        "course": [{"step": step, "at": _moment(at), "by": by} for step, at, by in _course(briefing)],
        "burden_kept": briefing.burden_kept,
        "opinions_kept": briefing.opinions_kept,
        **{name: list(rows) for name, rows in _rows(briefing).items()},
        **what_became_of(briefing),
    }


def what_became_of(briefing: Briefing) -> dict[str, Any]:
    """Return the corrections of an issued paper and how it ceased to be in force, as plain JSON values.

    Both are read with the paper where `papers_of_year` fetched it.
    """
    annulment = annulment_of(briefing)
    wrong = ("place", "printed", "right", "reason", "corrected_at", "corrected_by_name")
    errata = sorted(briefing.errata.all(), key=lambda each: (each.corrected_at, each.pk))
    told = ("kind", "reason", "basis", "annulled_at", "annulled_by_name")
    return {
        "errata": [_picked(each, *wrong) for each in errata],
        "annulment": None if annulment is None else _picked(annulment, *told),
    }


def figures_to_archive(briefing: Briefing) -> list[dict[str, Any]]:
    """Return every frozen figure with its definition and records, as plain JSON values."""
    names = ("key", "position", "printed", "name", "definition", "formula", "as_of", "records")
    return [_picked(figure, *names) for figure in briefing.figures.all()]


def _course(briefing: Briefing) -> Iterator[tuple[str, datetime | None, str]]:
    yield "start", briefing.created_at, briefing.written_by_name
    yield "submit", briefing.submitted_at, briefing.submitted_by_name
    yield "approve", briefing.approved_at, briefing.approved_by_name
    yield "issue", briefing.issued_at, briefing.issued_by_name


def _rows(briefing: Briefing) -> dict[str, Iterator[dict[str, Any]]]:
    handed = (
        "number", "head", "draft", "digest", "submitted_at", "submitted_by_name", "outcome", "reason", "settled_at",
        "settled_by_name", "earlier",
    )  # fmt: skip
    word = (
        "answer",
        "words",
        "answered_at",
        "answered_by_name",
        "asked_at",
        "asked_by_name",
        "text_digest",
        "earlier",
    )
    return {
        "submittals": (_picked(each, *handed) for each in briefing.submittals.all()),
        "countersigns": (_of_unit(each, *word) for each in briefing.countersigns.select_related("unit")),
        "distributions": (
            _of_unit(each, "sent_at", "pressed_at", "pressed_by_name")
            for each in briefing.distributions.select_related("unit")
        ),
        "receipts": (
            _of_unit(each, "received_at", "received_by_name")
            for each in briefing.receipts.select_related("unit")
        ),
    }


def _of_unit(row: Any, *names: str) -> dict[str, Any]:
    return {"unit_code": row.unit.code, "unit": row.unit.name} | _picked(row, *names)


def _picked(row: Any, *names: str) -> dict[str, Any]:
    values = ((name, getattr(row, name)) for name in names)
    return {name: _moment(value) if isinstance(value, datetime) else value for name, value in values}


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
