"""Papers of briefings as pictures and files."""

import io
import json
import logging
import os
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from changai.areas.briefings.models import Annulment, ArchiveOrder, Briefing
from changai.areas.briefings.queries import (
    ReceiptLine,
    figures_to_archive,
    file_name,
    issuer_of,
    picture_contents,
    process_of,
    what_became_of,
)
from changai.areas.evidence import storage
from changai.areas.organisations.queries import city
from changai.core.errors import ActionRefused, Unavailable
from changai.documents.checking import Deviation
from changai.documents.docx import render_docx
from changai.documents.fonts import FontsMissing
from changai.documents.packages import CONTENT, PAYLOAD, PROCESS, pack, packed_bytes, safe_name
from changai.documents.paper import Paper, paper_from_dict
from changai.documents.pdf import preview_pages, render_pdf
from changai.documents.workbooks import Cell, Column, SheetContent, write_workbook

logger = logging.getLogger("changai")

MEDIA_TYPES: Mapping[str, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
_KEPT_SECONDS = 600
PACKED_A_RUN = 20
_NAMED = 60
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest moment a zip can hold


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
                number = f"{letter.issue_number:03d} {safe_name(letter.recipients)}.{kind}"
                whole.writestr(zipfile.ZipInfo(number, _EPOCH), content)
    return packed.getvalue()


def archive_workbook(
    issued: Iterable[Briefing],
    title: str,
    *,
    pages: Mapping[int, int] | None = None,
    courses: Mapping[int, dict[str, Any]] | None = None,
    at: datetime,
) -> bytes:
    """Return the list of issued papers for the archive: one row each, prints on A4, with a line to sign.

    `pages` has the pages of papers that were counted; those of others are counted in the kept file. `courses` has what
    was packed beside the list, so that both say the same; the course of others is read now.
    Source: DA/T 22-2015 《归档文件整理规则》, 归档文件目录: its columns and their order, days as eight digits. The
    archive gives 档号; a paper of this programme bears no 密级.
    """
    columns = (
        Column(_("序号"), kind="whole"),
        Column(_("档号"), width=8),
        Column(_("文号"), width=11),
        Column(_("责任者"), width=11),
        Column(_("题名"), width=22),
        Column(_("日期"), width=5),
        Column(_("密级"), width=3),
        Column(_("页数"), kind="whole"),
        Column(_("备注"), width=9),
    )
    rows: list[list[Cell]] = [
        [
            number,
            "",
            paper.number_text,
            issuer_of(paper),
            paper.title,
            timezone.localtime(paper.issued_at).strftime("%Y%m%d"),
            "",
            (pages or {}).get(paper.pk) or _kept_page_count(paper),
            _remark((courses or {}).get(paper.pk) or what_became_of(paper)),
        ]
        for number, paper in enumerate(issued, start=1)
    ]
    sheet = SheetContent(
        _("归档目录"), title, columns, rows, signature=_("立卷人：　　　　　检查人：　　　　　日期：")
    )
    return write_workbook([sheet], created=at)


def _remark(course: dict[str, Any]) -> str:
    annulment, remarks = course["annulment"], []
    if annulment is not None:
        day = timezone.localdate(datetime.fromisoformat(annulment["annulled_at"]))
        remarks.append(f"{day:%Y%m%d}{Annulment.Kind(annulment['kind']).label}")
    if course["errata"]:
        remarks.append(_("更正%d处") % len(course["errata"]))
    return "；".join(remarks)


def _kept_page_count(paper: Briefing) -> int | None:
    """Return how many pages the kept PDF has, None when none is kept: counting is not worth rendering it."""
    if paper.pdf_file is None:
        return None
    try:
        return page_count(storage.open_digest(paper.pdf_file.digest))
    except storage.Damaged:
        return None


def page_count(pdf: bytes) -> int:
    """Return how many pages a PDF of this programme has: each page is one object, none of them compressed."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def package_name(paper: Briefing) -> str:
    """Return what the package of a paper, or its folder in a package of many, is called."""
    return safe_name(file_name(paper, paper_from_dict(paper.content)))


def package_files(paper: Briefing) -> dict[str, bytes]:
    """Return everything that is archived of an issued paper, by name: the files, the frozen text and its figures with
    their records, and how it came about. The same record gives the same bytes.
    """
    process, figures = process_of(paper), figures_to_archive(paper)
    pictures = picture_contents(paper_from_dict(paper.content))  # the frozen text names them by digest
    return {
        **{f"图片/{digest}": content for digest, content in pictures.items()},
        "公文.docx": issued_file(paper, "docx")[1],
        "公文.pdf": issued_file(paper, "pdf")[1],
        CONTENT: _json(paper.content),
        PROCESS: _json(process),
        "数据.json": _json(figures),
        "数据和来源.xlsx": _figures_workbook(paper, figures),
    }


def paper_package(paper: Briefing) -> bytes:
    """Return the package of one issued paper."""
    return packed_bytes(sorted(package_files(paper).items()), _about(paper.number_text, paper.title))


def year_package(order: ArchiveOrder, papers: Sequence[Briefing], folder: Path, to: IO[bytes]) -> str:
    """Write the package of all papers of an order from what lies packed in its folder; return its digest."""

    def files() -> Iterator[tuple[str, bytes]]:
        pages, courses = {}, {}
        for number, paper in enumerate(papers, start=1):
            with zipfile.ZipFile(folder / f"{paper.pk}.zip") as packed:
                courses[paper.pk] = json.loads(packed.read(PAYLOAD + PROCESS))
                names = [name for name in sorted(packed.namelist()) if name.startswith(PAYLOAD)]
                for name in names:
                    content = packed.read(name)
                    if name.endswith(".pdf"):
                        pages[paper.pk] = page_count(content)
                    yield f"{number:04d} {package_name(paper)}/{name.removeprefix(PAYLOAD)}", content
        index = archive_workbook(
            papers,
            archive_title(order.year),
            pages=pages,
            courses=courses,
            at=papers[-1].issued_at or order.asked_at,
        )
        yield "归档目录.xlsx", index

    return pack(files(), _about(f"{order.year}{order.series}", archive_title(order.year)), to)


def write_archive(
    order: ArchiveOrder, papers: Sequence[Briefing], folder: Path, *, tell: Callable[[int], None]
) -> str:
    """Pack the next papers of an order into its folder, and all of them once they are there; return the digest then.

    What lies there as it stands now is not packed again, so a killed worker's successor goes on where it stopped; half
    a package never has its name. What was entered of a paper since it was packed (a correction, a receipt) has it
    packed anew.

    :raises FontsMissing: when no Chinese font is installed
    :raises Unavailable: when a paper cannot be packed, naming it
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    missing = [paper for paper in papers if not _is_packed(paper, folder / f"{paper.pk}.zip")]
    for written, paper in enumerate(missing[:PACKED_A_RUN], start=len(papers) - len(missing) + 1):
        unfinished = folder / f"{paper.pk}.{os.getpid()}"
        unfinished.write_bytes(_packable(paper))
        unfinished.rename(folder / f"{paper.pk}.zip")
        tell(written)
    if len(missing) > PACKED_A_RUN:
        return ""
    unfinished = folder.with_suffix(f".{os.getpid()}.part")
    with unfinished.open("wb") as file:
        digest = year_package(order, papers, folder, file)
    unfinished.rename(folder.with_suffix(".zip"))
    return digest


def _is_packed(paper: Briefing, place: Path) -> bool:
    """Return whether a paper lies packed with its course as it is now; half a file is no package."""
    try:
        with zipfile.ZipFile(place) as packed:
            return packed.read(PAYLOAD + PROCESS) == _json(process_of(paper))
    except (FileNotFoundError, zipfile.BadZipFile, KeyError):
        return False


def _packable(paper: Briefing) -> bytes:
    try:
        return paper_package(paper)
    except FontsMissing:
        raise
    except ActionRefused as refused:
        named = f"{paper.number_text}《{paper.title[:_NAMED]}》"
        raise Unavailable(f"{named}不能归档：{refused} 恢复后请重新制作。") from refused


def archive_title(year: int) -> str:
    """Return what the archive list of a year is called."""
    return f"{year}年公文归档目录"


def _about(identifier: str, title: str) -> dict[str, str]:
    return {
        "Source-Organization": city().office_name,
        "External-Identifier": identifier,
        "External-Description": title,
    }


def _json(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def _figures_workbook(paper: Briefing, figures: Sequence[dict[str, Any]]) -> bytes:
    """Return the figures and the records behind them as two sheets, for people."""
    told = (
        Column("数据", width=14),
        Column("印出", width=12),
        Column("口径", width=24),
        Column("算法", width=16),
    )
    behind = (
        Column("数据", width=14),
        Column("来源记录", width=26),
        Column("单位", width=10),
        Column("取数时的内容", width=14),
        Column("是否计入", width=5),
    )
    rows: list[list[Cell]] = [
        [each[name] for name in ("name", "printed", "definition", "formula")] for each in figures
    ]
    records: list[list[Cell]] = [
        [
            each["name"],
            record["label"],
            record.get("unit", ""),
            record["value"],
            "是" if record["is_counted"] else "否",
        ]
        for each in figures
        for record in each["records"]
    ]
    title = f"{paper.number_text}《{paper.title}》"
    sheets = [
        SheetContent("数据", f"{title}数据", told, rows),
        SheetContent("来源记录", f"{title}来源记录", behind, records),
    ]
    return write_workbook(sheets, created=paper.issued_at or paper.created_at)


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
