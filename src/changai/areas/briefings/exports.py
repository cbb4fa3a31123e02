"""Papers of briefings as pictures and files."""

import io
import logging
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from changai.areas.briefings.models import Briefing
from changai.areas.briefings.queries import ReceiptLine, file_name, picture_contents
from changai.areas.evidence import storage
from changai.documents.characters import single_line
from changai.documents.checking import Deviation
from changai.documents.docx import render_docx
from changai.documents.paper import Paper, paper_from_dict
from changai.documents.pdf import preview_pages, render_pdf
from changai.documents.workbooks import Cell, Column, SheetContent, write_workbook

logger = logging.getLogger("changai")

MEDIA_TYPES: Mapping[str, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KEPT_SECONDS = 600
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest moment a zip can hold
_NOT_IN_NAMES = str.maketrans(dict.fromkeys('\\/:*?"<>|', "＿"))


def pages_of(paper: Paper) -> tuple[bytes, ...]:
    """Return the paper's pages as PNG; the same paper is drawn once and kept for some minutes.

    :raises FontsMissing: when no Chinese font is installed
    """
    pages = kept_pages(paper.digest)
    if pages is None:
        pages = preview_pages(paper, font_paths=_folders(), pictures=picture_contents(paper))
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
    return render(paper, font_paths=_folders(), pictures=picture_contents(paper))


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


def packed_letters(letters: Iterable[Briefing]) -> bytes:
    """Return issued letters in one zip file, each as .docx and PDF under its number; equal letters give equal bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as whole:  # both kinds are packed already
        for letter in letters:
            for kind in MEDIA_TYPES:
                _name, content = issued_file(letter, kind)
                number = f"{letter.issue_number:03d} {single_line(letter.recipients)}.{kind}"
                whole.writestr(zipfile.ZipInfo(number.translate(_NOT_IN_NAMES), _EPOCH), content)
    return packed.getvalue()


def archive_workbook(issued: Iterable[Briefing], year: int, *, at: datetime) -> bytes:
    """Return the list of a year's issued papers for the archive: one row each, prints on A4, with a line to sign."""
    columns = (
        Column(_("序号"), kind="whole"),
        Column(_("文号"), width=13),
        Column(_("文种"), width=8),
        Column(_("标题"), width=26),
        Column(_("主送"), width=14),
        Column(_("审批人"), width=6),
        Column(_("印发日期"), kind="date"),
        Column(_("备注"), width=6),
    )
    rows: list[list[Cell]] = [
        [
            number,
            paper.number_text,
            paper.paper_kind.name,
            paper.title,
            paper.recipients,
            paper.approved_by_name,
            timezone.localdate(paper.issued_at),
            "",
        ]
        for number, paper in enumerate(issued, start=1)
    ]
    title = _("%(year)s年公文归档目录") % {"year": year}
    sheet = SheetContent(
        _("归档目录"), title, columns, rows, signature=_("立卷人：　　　　　检查人：　　　　　日期：")
    )
    return write_workbook([sheet], created=at)


def receipts_workbook(paper: Briefing, lines: Iterable[ReceiptLine], *, at: datetime) -> bytes:
    """Return who has signed for an issued paper and who has not: one row a unit, prints on A4."""
    columns = (
        Column(_("序号"), kind="whole"),
        Column(_("单位"), width=16),
        Column(_("签收"), width=6),
        Column(_("签收人"), width=8),
        Column(_("签收时间"), width=11),
        Column(_("最近催签收"), width=11),
    )
    rows: list[list[Cell]] = [
        [
            number,
            line.unit.name,
            _("未签收") if line.receipt is None else _("已签收"),
            line.receipt.received_by_name if line.receipt else "",
            _moment(line.receipt.received_at if line.receipt else None),
            _moment(line.sent.pressed_at if line.sent else None),
        ]
        for number, line in enumerate(lines, start=1)
    ]
    title = _("%(number)s《%(title)s》签收情况") % {"number": paper.number_text, "title": paper.title}
    note = _("截至%(at)s") % {"at": _moment(at)}
    return write_workbook([SheetContent(_("签收情况"), title, columns, rows, note=note)], created=at)


def checked_workbook(found: Iterable[tuple[str, Deviation]], *, at: datetime) -> bytes:
    """Return where checked papers deviate: one row a deviation with its file, prints on A4."""
    columns = (
        Column(_("文件"), width=14),
        Column(_("级别"), width=6),
        Column(_("要素"), width=9),
        Column(_("位置"), width=14),
        Column(_("现为"), width=14),
        Column(_("应为"), width=18),
        Column(_("依据"), width=9),
        Column(_("处数"), kind="whole"),
    )
    rows: list[list[Cell]] = [
        [name, str(d.level), d.element, d.place, d.found.strip(), d.required.strip(), d.clause, d.count]
        for name, d in found
    ]
    note = _("检查于%(at)s；国标和条例必须符合，惯例和本单位规定供参考") % {"at": _moment(at)}
    sheet = SheetContent(_("检查结果"), _("公文格式检查结果"), columns, rows, note=note)
    return write_workbook([sheet], created=at)


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""


def _folders() -> tuple[Path, ...]:
    return tuple(settings.FONT_FOLDERS)
