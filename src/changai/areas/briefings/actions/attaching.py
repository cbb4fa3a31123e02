"""The two files of an issued paper: drawn from its frozen text outside every transaction, kept, and tied to it."""

import logging
from datetime import datetime

from django.conf import settings

from changai.areas.briefings.models import Briefing
from changai.areas.briefings.policies import require
from changai.areas.briefings.queries import file_name, picture_contents
from changai.areas.briefings.rules import ISSUED
from changai.areas.evidence import storage
from changai.areas.evidence.actions import add_file
from changai.areas.organisations import queries as organisations
from changai.areas.organisations.models import Level
from changai.core.errors import ActionRefused, RecordMoved
from changai.documents.docx import render_docx
from changai.documents.paper import Paper, paper_from_dict
from changai.documents.pdf import render_pdf
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record

logger = logging.getLogger("changai")
Kept = dict[str, tuple[str, int]]  # digest and size by kind


def draw_files(paper: Paper) -> dict[str, bytes]:
    """Return a paper as `docx` and `pdf`.

    :raises FontsMissing: when no Chinese font is installed
    :raises Damaged: when the bytes of a picture are gone or no longer fit
    """
    folders, shown = tuple(settings.FONT_FOLDERS), picture_contents(paper)
    return {
        "docx": render_docx(paper, font_paths=folders, pictures=shown),
        "pdf": render_pdf(paper, font_paths=folders, pictures=shown),
    }


def keep_drawn(paper: Paper) -> Kept:
    """Draw a paper's files and keep them safely, outside every transaction; raises as `draw_files` does."""
    return {kind: (storage.keep(content), len(content)) for kind, content in draw_files(paper).items()}


def tie_files(
    actor: Actor, briefing: Briefing, *, unit_id: int, name: str, files: Kept, at: datetime
) -> None:
    """Add the rows of kept files and tie them to a paper that is not yet saved."""
    kept = {
        kind: add_file(
            actor, unit_id=unit_id, name=f"{name}.{kind}", kind=kind, digest=digest, size_bytes=size, at=at
        )
        for kind, (digest, size) in files.items()
    }
    briefing.docx_file, briefing.pdf_file = kept["docx"], kept["pdf"]


def attach_drawn(actor: Actor, briefing: Briefing, *, at: datetime) -> Briefing:
    """Draw and tie the files of an issued paper. What was tied meanwhile stays; what cannot be drawn now is logged, and
    the job draws it later: the paper is issued either way.
    """
    try:
        kept = keep_drawn(paper_from_dict(briefing.content))
        return attach_papers(actor, briefing.pk, files=kept, at=at)
    except ActionRefused as refused:
        logger.warning("briefing %s: files not tied: %s", briefing.pk, refused.sentence)
        briefing.refresh_from_db()
        return briefing


@action("briefing.attach")
def attach_papers(actor: Actor, briefing_id: int, *, files: Kept, at: datetime) -> Briefing:
    """Tie the kept files to the issued paper; done once. `files` has digest and size of its `docx` and `pdf`.

    :raises RecordMoved: when the paper is not issued, or has its files
    """
    require(actor, "briefing.approve")
    briefing = Briefing.objects.select_for_update().get(pk=briefing_id)
    if briefing.status != ISSUED or briefing.docx_file_id is not None:
        raise RecordMoved(f"{briefing.paper_kind.name}《{briefing.title}》尚未印发，或文件已经生成。")
    unit_id = actor.unit_id or organisations.standing(Level.OFFICE).get().pk
    name = file_name(briefing, paper_from_dict(briefing.content))
    tie_files(actor, briefing, unit_id=unit_id, name=name, files=files, at=at)
    briefing.save(update_fields=["docx_file", "pdf_file"])
    record(actor, "briefing.attach", briefing, at=at, docx=briefing.docx_file_id, pdf=briefing.pdf_file_id)
    return briefing
