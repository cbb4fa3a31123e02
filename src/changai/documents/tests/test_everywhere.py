"""What people type, at its worst, in every field of every paper; and the same bytes from another process and day."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from lxml import etree
from pypdf import PdfReader

from changai.documents.docx import render_docx
from changai.documents.docx.elements import qualified
from changai.documents.paper import (
    Attachment,
    Attendance,
    Briefing,
    Chart,
    ChartSpec,
    Document,
    Figure,
    Heading,
    Imprint,
    Item,
    Listing,
    Paper,
    Paragraph,
    Reference,
    Series,
    Signature,
    Table,
    TableColumn,
    paper_from_dict,
)
from changai.documents.pdf import render_pdf

# Controls, a lone surrogate, a noncharacter, marks that turn the direction, markup of every language the paper passes
# through, an emoji of several, characters of the extensions B to G and of a private use area.
RARE = "𠮷𪚥𫝀𰻞"
HOSTILE = (
    "控\x00\x07\x1b制、\ud800、\ufffe、\u202e倒写\u202c\u2066\u200f、<w:p>&amp;]]><!--标签-->、"
    "#set text(red) $x^2$ *粗* @引 \\n `码`、{{变量}}、😀👩\u200d🏭、\ue000、العربية、=1+1、"
    f"{RARE}、{'A' * 60}"
)
LONG = "字" * 10_000
ADDRESS = "http://changai.example/briefings/3/#table-1"  # made by the programme, not typed
DAY = date(2026, 11, 5)


def blocks(words: str) -> tuple[object, ...]:
    spec = ChartSpec(
        "bars", words, words[:9], (words, "乙"), (Series(words, (1.0, 2.0)),), Reference(words, 1.5)
    )
    grids = [
        replace(spec, kind="heat", reference=None),
        replace(spec, kind="lines"),
        replace(spec, kind="tiles", reference=None),
        replace(
            spec, kind="intervals", reference=None, series=tuple(Series(words, (1.0, 2.0)) for _ in range(3))
        ),
    ]
    columns = (TableColumn(words, 2.0, "left"), TableColumn("二"))
    return (
        *(Heading(level, (words,)) for level in (1, 2, 3, 4)),
        Paragraph((words, Figure(words, words))),
        Listing((Item((words,)), Item((words, Figure(words, words)), 2))),
        Listing((Item((words,)), Item((words,), 2)), is_numbered=False),
        Table(words, columns, (((words,), (Figure("k", words),)),), words, ADDRESS),
        *(Chart(each) for each in (spec, *grids)),
    )


def briefing(words: str) -> Briefing:
    names = (words,)
    return Briefing(
        masthead=words, issue_number=9, total_number=21, issuer=words, issued_on=DAY, title=words, recipients=names,
        blocks=(*blocks(words), Paragraph((LONG,))),  # type: ignore[arg-type]
        imprint=Imprint(names, names, names, 3), security=words, urgency=words,
    )  # fmt: skip


def document(words: str, kind: str, seal: str) -> Document:
    names = (words, words)
    return Document(
        kind=kind, masthead=words, number=words, issuer=words, issued_on=DAY, title=words,  # type: ignore[arg-type]
        recipients=names, blocks=(*blocks(words), Attendance(words, words), Paragraph((LONG,))),  # type: ignore[arg-type]
        signature=Signature(words, DAY, seal, words),  # type: ignore[arg-type]
        attachments=(Attachment(words, blocks(words)[:8]), Attachment(words)),  # type: ignore[arg-type]
        remark=words, copy_to=names, printed_by=words, signers=names, security=words, urgency=words, copy_number=7,
    )  # fmt: skip


def papers(words: str) -> dict[str, Paper]:
    kinds = (("official", "sealed"), ("letter", "stamped"), ("minutes", "none"))
    return {"briefing": briefing(words)} | {kind: document(words, kind, seal) for kind, seal in kinds}


def test_every_field_of_text_is_among_those_written() -> None:
    """A field added to a paper has to be added here too."""
    for paper in papers("词").values():
        silent = {each.name for each in fields(paper) if getattr(paper, each.name) in ("", (), None)}
        assert silent == set()


@pytest.mark.parametrize("kind", ["briefing", "official", "letter", "minutes"])
def test_hostile_words_in_every_field_neither_break_nor_escape(kind: str) -> None:
    paper = papers(HOSTILE)[kind]
    with zipfile.ZipFile(io.BytesIO(render_docx(paper))) as archive:
        roots = {
            name: etree.fromstring(archive.read(name)) for name in archive.namelist() if name.endswith("l")
        }
    body = roots["word/document.xml"]
    # Markup in a text stays text: no element but ours, no text of a paragraph that was a tag.
    assert not list(body.iter("w:p"))
    said = "".join(node.text or "" for node in body.iter(qualified("w:t")))
    assert "<w:p>&amp;]]><!--标签-->" in said
    assert RARE in said
    assert said.count("字") >= len(LONG)
    assert not set(said) & set("\x00\x07\x1b\ud800\ufffe\u202e\u202c\u2066\u200f")
    pages = "".join(page.extract_text() for page in PdfReader(io.BytesIO(render_pdf(paper))).pages)
    shown = pages.replace("\n", "").replace("\u200b", "").replace(" ", "")
    assert "#settext(red)$x^2$*粗*@引" in shown
    assert "{{变量}}" in shown
    assert pages.count("字") >= len(LONG)
    assert "\u202e" not in pages


def digests(paper: Paper) -> list[str]:
    return [hashlib.sha256(render(paper)).hexdigest() for render in (render_docx, render_pdf)]


RENDER = """
import hashlib, json, sys
from changai.documents.docx import render_docx
from changai.documents.paper import paper_from_dict
from changai.documents.pdf import render_pdf
for line in sys.stdin:
    paper = paper_from_dict(json.loads(line))
    print(*(hashlib.sha256(render(paper)).hexdigest() for render in (render_docx, render_pdf)))
"""


def test_a_frozen_record_gives_the_same_bytes_in_another_process_hash_seed_time_and_zone(
    tmp_path: Path,
) -> None:
    made = papers("工人队伍建设😀")
    kept = [json.dumps(made[kind].to_dict()) for kind in ("briefing", "letter")]
    here = [
        " ".join(
            hashlib.sha256(render(paper_from_dict(json.loads(line)))).hexdigest()
            for render in (render_docx, render_pdf)
        )
        for line in kept
    ]
    source = str(Path(__file__).parents[3])
    settings = {
        "PYTHONHASHSEED": "4711", "TZ": "Asia/Shanghai", "PYTHONPATH": source, "PATH": "/usr/bin:/bin",
        "SOURCE_DATE_EPOCH": "4711", "HOME": str(tmp_path), "MPLCONFIGDIR": str(tmp_path),
    }  # fmt: skip
    told = subprocess.run(
        [sys.executable, "-c", RENDER], input="\n".join(kept), env=settings, cwd=tmp_path, check=True,
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert told.stdout.split("\n")[: len(here)] == here
