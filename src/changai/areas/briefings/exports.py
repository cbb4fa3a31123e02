"""Papers of briefings as pictures and files."""

import logging
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.core.cache import cache

from changai.areas.briefings.models import Briefing
from changai.areas.briefings.queries import file_name
from changai.areas.evidence import storage
from changai.documents.docx import render_docx
from changai.documents.paper import Paper, paper_from_dict
from changai.documents.pdf import preview_pages, render_pdf

logger = logging.getLogger("changai")

MEDIA_TYPES: Mapping[str, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
_KEPT_SECONDS = 600


def pages_of(paper: Paper) -> tuple[bytes, ...]:
    """Return the paper's pages as PNG; the same paper is drawn once and kept for some minutes.

    :raises FontsMissing: when no Chinese font is installed
    """
    pages = kept_pages(paper.digest)
    if pages is None:
        pages = preview_pages(paper, font_paths=_folders())
        cache.set(f"briefing-pages:{paper.digest}", pages, _KEPT_SECONDS)
    return pages


def kept_pages(digest: str) -> tuple[bytes, ...] | None:
    """Return the pages of the paper with this digest when they were drawn just now."""
    pages: tuple[bytes, ...] | None = cache.get(f"briefing-pages:{digest}")
    return pages


def rendered(paper: Paper, kind: str) -> bytes:
    """Return the paper as `docx` or `pdf`.

    :raises FontsMissing: when no Chinese font is installed
    """
    render = {"docx": render_docx, "pdf": render_pdf}[kind]
    return render(paper, font_paths=_folders())


def issued_file(briefing: Briefing, kind: str) -> tuple[str, bytes]:
    """Return name and bytes of an issued briefing's file, rendered again from the frozen content when it is lost."""
    paper = paper_from_dict(briefing.content)
    file = {"docx": briefing.docx_file, "pdf": briefing.pdf_file}[kind]
    name = f"{file_name(briefing, paper)}.{kind}"
    if file is not None:
        try:
            return name, storage.open_digest(file.digest)
        except storage.Damaged:
            logger.warning("briefing %s: %s rendered again", briefing.pk, kind)
    return name, rendered(paper, kind)


def _folders() -> tuple[Path, ...]:
    return tuple(settings.FONT_FOLDERS)
