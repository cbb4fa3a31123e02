"""`changai bench documents`: letters by the hundred as .docx and PDF, beside python-docx writing the same text."""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from changai.documents.paper import Document

_SENTENCE = (
    "本年度考核中，培训任务完成率 86.4%，在 0（0 分）与 100（5 分）之间按比例计，得 4.32 分（满分 5 分）。"
)


def register(names: Any) -> None:
    """Add `documents` to the measurements."""
    parser = names.add_parser("documents", help="公文：批量生成反馈意见（.docx 和 PDF）")
    parser.add_argument("--letters", type=int, default=300)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the letters three ways in one run and print documents per second and ratios; return 0."""
    from changai.documents.docx import render_docx
    from changai.documents.pdf import render_pdf

    letters = [_letter(number) for number in range(arguments.letters)]
    ours, pdf, peer = (_rate(work, letters) for work in (render_docx, render_pdf, _by_python_docx))
    print(f"{'what':<48}{'documents/s':>12}{'x python-docx':>15}")
    for name, rate in (("our .docx", ours), ("python-docx, same text and type", peer), ("our PDF", pdf)):
        print(f"{name:<48}{rate:>12.1f}{peer / rate:>15.2f}")
    print(
        f"{arguments.letters} feedback letters of one page and a half, a heading, 24 sentences, a table of 12 rows"
    )
    return 0


def _rate(work: Callable[[Document], object], letters: list[Document]) -> float:
    work(letters[0])  # fonts and modules are found once
    start = time.perf_counter()
    for letter in letters:
        work(letter)
    return len(letters) / (time.perf_counter() - start)


def _letter(number: int) -> Document:
    from changai.documents.paper import Document, Heading, Paragraph, Signature, Table, TableColumn

    day = date(2026, 11, 5)
    rows = tuple(((f"{row}",), (f"指标{row}",), ("4.32",)) for row in range(1, 13))
    columns = (TableColumn("序号"), TableColumn("指标", 3, "left"), TableColumn("得分", 1, "right"))
    return Document(
        kind="letter",
        masthead="示范市产业工人队伍建设改革协调小组办公室",
        number=f"示产改办函〔2026〕{number + 1}号",
        issuer="示范市产改办",
        issued_on=day,
        title=f"关于反馈第{number + 1}单位年度考核情况的函",
        recipients=(f"第{number + 1}单位",),
        blocks=(
            Heading(1, ("一、考核得分",)),
            *(Paragraph((_SENTENCE * 4,)) for _ in range(6)),
            Table("各项指标得分", columns, rows),
        ),
        signature=Signature("示范市产改办", day, "sealed"),
    )


def _by_python_docx(letter: Document) -> bytes:
    import docx
    from docx.oxml.ns import qn
    from docx.shared import Pt

    from changai.documents.paper import Heading, Paragraph, Table, plain

    paper = docx.Document()

    def write(text: str, face: str) -> None:
        run = paper.add_paragraph().add_run(text)
        run.font.size = Pt(16)
        run.font.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)

    for text in (letter.masthead, letter.number, letter.title, letter.recipients_text):
        write(text, "仿宋_GB2312")
    for block in letter.blocks:
        if isinstance(block, Heading | Paragraph):
            write(plain(block.parts), "黑体" if isinstance(block, Heading) else "仿宋_GB2312")
        elif isinstance(block, Table):
            table = paper.add_table(rows=1 + len(block.rows), cols=len(block.columns))
            titles = tuple((column.title,) for column in block.columns)
            for row, cells in zip(table.rows, (titles, *block.rows), strict=True):
                for cell, parts in zip(row.cells, cells, strict=True):
                    cell.text = plain(parts)
    written = io.BytesIO()
    paper.save(written)
    return written.getvalue()
