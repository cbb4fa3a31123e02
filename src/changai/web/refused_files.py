"""未接收的文件: what was uploaded and refused, why, and the file as it came, for the office."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from changai.areas.organisations import queries as organisations
from changai.foundation.audit.models import AuditEvent
from changai.foundation.downloads import attachment
from changai.foundation.pages import Request, page
from changai.foundation.quarantine import is_kept, open_refused, refusals_for
from changai.foundation.ui.listing import Listing


@page("refusal.view")
@require_safe
def show_refused(request: Request) -> HttpResponse:
    """List the refused files, the latest first."""
    listing = Listing(request.GET, refusals_for(request.actor), size=50, filters={"person": _of_person})
    lines = list(listing)
    names = _names_of(lines)
    rows = [
        (line, names.get(line.unit_id or 0, ""), is_kept(str(line.detail.get("digest", ""))))
        for line in lines
    ]
    return render(request, "web/refused_files.html", {"listing": listing, "rows": rows})


def _of_person(rows: QuerySet[AuditEvent], name: str) -> QuerySet[AuditEvent]:
    return rows.filter(actor_name__icontains=name)


def _names_of(lines: Iterable[AuditEvent]) -> dict[int, str]:
    found = organisations.units_by_id({line.unit_id for line in lines if line.unit_id})
    return {unit.pk: unit.name for unit in found}


@page("refusal.view")
@require_safe
def look_at(request: Request, sequence: int) -> HttpResponse:
    """Download one refused file as it came; that it was looked at is in the log."""
    name, content = open_refused(request.actor, sequence, at=timezone.now())
    return attachment(name, content)
