"""Attachments with wide tables lie across the sheet, their page numbers at the places of the upright one."""

import io
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pypdf import PdfReader

from changai.documents.checking import check_document
from changai.documents.docx import render_docx
from changai.documents.paper import Attachment, Paragraph, Table, TableColumn
from changai.documents.pdf import render_pdf
from changai.documents.tests.make import SENTENCE
from changai.documents.tests.measuring import black_rules, needs_poppler, pixels, set_by_office
from changai.documents.tests.test_documents import make_document, text_of

COLUMNS = (TableColumn("单位", 2.0, "left"), *(TableColumn(f"指标{place}") for place in range(1, 12)))
ROWS = tuple(
    ((f"第{row}县",), *((f"{row * place / 3:.1f}",) for place in range(1, 12))) for row in range(1, 41)
)
WIDE = Table("各县区各项指标得分", COLUMNS, ROWS, "注：数据截至2026年9月30日。")
PAPER = make_document(
    attachments=(
        Attachment("各县区指标得分", (WIDE,)),
        Attachment("重点任务说明", (Paragraph((SENTENCE,)),)),
        Attachment("排名靠后的县区", (replace(WIDE, rows=ROWS[:5]),)),
    )
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("across")
    (made / "setter.pdf").write_bytes(render_pdf(PAPER))
    if shutil.which("soffice") is not None:
        (made / "office.docx").write_bytes(render_docx(PAPER))
        set_by_office([made / "office.docx"], made)
    return made


@pytest.fixture(params=["setter", "office"])
def path(request: pytest.FixtureRequest, folder: Path) -> Path:
    if not (folder / f"{request.param}.pdf").exists():
        pytest.skip("LibreOffice is not installed")
    return folder / f"{request.param}.pdf"


def test_only_attachments_with_wide_tables_lie_across(path: Path) -> None:
    pages = PdfReader(path).pages
    lying = [page.mediabox.width > page.mediabox.height for page in pages]
    texts = [text_of(path, number) for number in range(1, len(pages) + 1)]
    assert [lies for lies, text in zip(lying, texts, strict=True) if "指标11" in text] == [True] * sum(lying)
    assert not lying[
        next(place for place, text in enumerate(texts) if "重点任务说明" in text and "附件2" in text)
    ]
    assert not lying[-1]
    assert sum("指标11" in text for text in texts) >= 4


@needs_poppler
def test_page_numbers_stand_where_they_stand_on_upright_pages(path: Path) -> None:
    pages = PdfReader(path).pages
    lying = [n for n, page in enumerate(pages, start=1) if page.mediabox.width > page.mediabox.height]
    assert len({number % 2 for number in lying}) == 2
    for number in lying:
        side = (pixels(path, number, bottom=210).sum(axis=2) < 380)[:, 150:340]
        rows = np.flatnonzero(side.any(axis=1))
        start, end = rows[0] / 10, (rows[-1] + 1) / 10
        if number % 2:
            assert end == pytest.approx(184 - 4.94, abs=1)
        else:
            assert start == pytest.approx(28 + 4.94, abs=1)
        dash = np.flatnonzero(side[rows[0] : rows[0] + 20].any(axis=0))
        assert 15 + dash[0] / 10 == pytest.approx(28, abs=0.6)


@needs_poppler
def test_the_imprint_stands_upright_on_the_last_page(path: Path) -> None:
    assert black_rules(path, len(PdfReader(path).pages))[-1] == pytest.approx(262, abs=0.5)


def test_a_paper_that_ends_with_a_lying_page_is_judged_by_its_upright_one() -> None:
    paper = replace(PAPER, copy_to=(), printed_by="")
    assert [each.sentence() for each in check_document(render_docx(paper), name="公文.docx")] == []


def test_pages_that_lie_across_have_no_deviation_and_equal_bytes() -> None:
    content = render_docx(PAPER)
    assert content == render_docx(PAPER)
    assert [each.sentence() for each in check_document(content, name="公文.docx") if each.is_binding] == []
    assert render_pdf(PAPER) == render_pdf(PAPER)
    assert len(PdfReader(io.BytesIO(render_pdf(PAPER))).pages) >= 6
