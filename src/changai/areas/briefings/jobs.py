"""The long work on papers behind the page."""

import logging
from datetime import datetime, timedelta

from django.db import OperationalError

from changai.areas.briefings.actions import (
    archive_folder,
    attach_drawn,
    finish_archive,
    note_archive,
    refuse_letter,
    sentence_of_failure,
    sweep_archives,
    write_letters,
)
from changai.areas.briefings.exports import write_archive
from changai.areas.briefings.models import ArchiveOrder, Briefing
from changai.areas.briefings.policies import PAPERS_SIGHT
from changai.areas.briefings.queries import (
    open_archive_orders,
    papers_of_year,
    papers_without_files,
    progress_of,
    wordings_under_way,
)
from changai.core.errors import ActionRefused, RecordMoved
from changai.foundation.actors import MACHINE
from changai.foundation.jobs.registry import job

logger = logging.getLogger("changai")

_STILL_DRAWING = timedelta(minutes=2)  # who issues a paper draws its files at once
_FILES_A_RUN = 50


# A killed worker's lease ends soon, so that another goes on with the next letter.
@job("briefings.letters", every=timedelta(seconds=5), longest=timedelta(minutes=2))
def write_next_letters(at: datetime) -> str:
    """Write the next letters of every text whose letters were ordered, and issue them once all are written."""
    return "；".join([_write_some(wording, at) for wording in wordings_under_way()]) or "没有要写的函件"


def _write_some(wording: Briefing, at: datetime) -> str:
    """Write the next letters of one text; what goes wrong with it is kept on it and holds up no other text."""
    try:
        write_letters(MACHINE, wording, at=at)
    except OperationalError:
        raise
    except RecordMoved:
        return f"《{wording.title}》已停止印发，或已由另一处接着办理"
    except Exception as failed:
        logger.exception("letters of %s could not be issued", wording.pk)
        refuse_letter(MACHINE, wording.pk, refusal=sentence_of_failure(failed), at=at)
    progress = progress_of(wording)
    refused = f"，{progress.refused} 件不能生成" if progress.refused else ""
    return f"《{wording.title}》已写 {progress.written} 件，共 {progress.letters} 件{refused}"


@job("briefings.files", every=timedelta(minutes=5))
def draw_missing_files(at: datetime) -> str:
    """Draw the files of issued papers that have none: who issued them was stopped between."""
    waiting = list(papers_without_files(at - _STILL_DRAWING)[:_FILES_A_RUN])
    drawn = [attach_drawn(MACHINE, paper, at=at) for paper in waiting]
    done = sum(paper.docx_file_id is not None for paper in drawn)
    left = "、".join(paper.number_text for paper in drawn if paper.docx_file_id is None)
    return f"补存文件的公文 {done} 件" + (f"；未能生成：{left}" if left else "")


# A killed worker's lease ends soon, so that another goes on with the next paper.
@job("briefings.archive", every=timedelta(seconds=5), longest=timedelta(minutes=2))
def make_packages(at: datetime) -> str:
    """Pack the next papers of every package that was ordered."""
    return "；".join(_pack(order, at) for order in open_archive_orders()) or "没有要做的归档包"


@job("briefings.sweep_archives", every=timedelta(days=1))
def sweep_old_packages(at: datetime) -> str:
    """Remove packages older than a month, and what was left half-made."""
    return f"清理归档包文件 {sweep_archives(at=at)} 个"


def _pack(order: ArchiveOrder, at: datetime) -> str:
    def tell(written: int) -> None:
        note_archive(MACHINE, order.pk, written=written, at=at)

    papers = list(papers_of_year(PAPERS_SIGHT, order.year, order.series))
    try:
        digest = write_archive(order, papers, archive_folder(order), tell=tell)
    except ActionRefused as refused:
        finish_archive(MACHINE, order.pk, digest="", papers=order.papers, refusal=str(refused)[:200], at=at)
        return f"没有做成{order.year}年归档包：{refused}"
    if digest:
        finish_archive(MACHINE, order.pk, digest=digest, papers=len(papers), refusal="", at=at)
    return f"已装{order.year}年归档包"
