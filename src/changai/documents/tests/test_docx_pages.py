"""The .docx as LibreOffice sets it, measured."""

import shutil
from pathlib import Path

import pytest
from pypdf import PdfReader

from changai.documents.docx import render_docx
from changai.documents.paper import Heading, Paragraph, Table, TableColumn
from changai.documents.tests.make import HOSTILE, make_full_paper, make_paper, make_table
from changai.documents.tests.measuring import (
    black_rules,
    lines_of,
    needs_poppler,
    page_number_edges,
    red_rule,
    set_by_office,
)

pytestmark = [
    needs_poppler,
    pytest.mark.skipif(
        shutil.which("soffice") is None, reason="LibreOffice is not installed: .docx pages are not measured"
    ),
]

_IMPRINT_TRIALS = (28 * 9, 28 * 10, 28 * 11, 28 * 12)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of PDFs LibreOffice made of our .docx files, all in one run."""
    made = tmp_path_factory.mktemp("docx")
    long_cell = Table(HOSTILE, (TableColumn("一"), TableColumn("二")), (((HOSTILE * 100,), ("乙",)),))
    papers = {
        "page": make_paper(Paragraph(("工" * 3000,))),
        "full": make_full_paper(),
        "table": make_paper(make_table(200)),
        "hostile": make_paper(Heading(1, (HOSTILE,)), Paragraph((HOSTILE * 90,)), long_cell, title=HOSTILE),
        **{f"imprint{count}": make_paper(Paragraph(("工" * count,))) for count in _IMPRINT_TRIALS},
    }
    for name, paper in papers.items():
        (made / f"{name}.docx").write_bytes(render_docx(paper))
    set_by_office([made / f"{name}.docx" for name in papers], made)
    return made


def test_page_has_22_lines_of_28_characters(folder: Path) -> None:
    lines = [line for line in lines_of(folder / "page.pdf", 2) if "工" in line.text]
    assert len(lines) == 22
    assert {len(line.text) for line in lines} == {28}
    assert lines[0].left == pytest.approx(28, abs=1)
    assert lines[0].right == pytest.approx(184, abs=1)


def test_page_number_stands_outside_7_mm_below_the_block(folder: Path) -> None:
    _, right, dash = page_number_edges(folder / "page.pdf", 1)
    assert right == pytest.approx(184 - 4.94, abs=1)
    assert dash == pytest.approx(269, abs=0.5)
    left, _, dash = page_number_edges(folder / "page.pdf", 2)
    assert left == pytest.approx(28 + 4.94, abs=1)
    assert dash == pytest.approx(269, abs=0.5)


def test_head_stands_in_the_first_third_above_a_red_rule(folder: Path) -> None:
    top, left, right = red_rule(folder / "full.pdf")
    assert (left, right) == (pytest.approx(28, abs=0.5), pytest.approx(184, abs=0.5))
    assert 37 + 225 / 4 < top < 37 + 225 / 3


def test_imprint_stands_on_the_foot_of_the_last_page(folder: Path) -> None:
    path = folder / "full.pdf"
    last = len(PdfReader(path).pages)
    rules = black_rules(path, last)
    assert rules[-1] == pytest.approx(262, abs=0.4)
    printed = "".join(line.text for line in lines_of(path, last) if line.top > rules[-5] - 1)
    assert printed.startswith(
        "报：省产改办。送：市产改协调小组各成员单位。发：各县（区）总工会。（共印120份）"
    )


@pytest.mark.parametrize("characters", _IMPRINT_TRIALS)
def test_imprint_never_lies_over_text(folder: Path, characters: int) -> None:
    path = folder / f"imprint{characters}.pdf"
    last = len(PdfReader(path).pages)
    rules = black_rules(path, last)
    assert len(rules) == 5
    assert rules[-1] == pytest.approx(262, abs=0.4)
    assert all(line.bottom < rules[0] + 1.5 for line in lines_of(path, last) if "工工" in line.text)


def test_long_table_repeats_its_head(folder: Path) -> None:
    pages = [page.extract_text() for page in PdfReader(folder / "table.pdf").pages]
    assert len(pages) >= 7
    assert all("完成率（%）" in page for page in pages[1:-1])
    assert "第200单位" in "".join(pages).replace(" ", "")


def test_hostile_text_is_set_to_its_end(folder: Path) -> None:
    text = "".join(page.extract_text() for page in PdfReader(folder / "hostile.pdf").pages)
    assert text.count("#set") >= 190
