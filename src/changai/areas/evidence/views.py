"""Serving evidence."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from changai.areas.evidence import queries
from changai.foundation.downloads import attachment
from changai.foundation.pages import Request, page


@require_safe
@page("evidence.view")
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """Download one evidence file."""
    row, content = queries.read_file(cast(Request, request).actor, pk)
    return attachment(row.name, content)
