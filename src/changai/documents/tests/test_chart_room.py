"""A chart that only just has no room on the rest of its page is set smaller, the same in both renderings."""

import io
import shutil
from pathlib import Path

import pytest
from pypdf import PdfReader

from changai.documents.docx import render_docx
from changai.documents.paper import Briefing, Chart, Heading, Paragraph
from changai.documents.pdf import render_pdf, shares_of_charts
from changai.documents.tests.make import make_lines, make_paper
from changai.documents.tests.measuring import set_by_office

CAPTION = "全市任务完成率走势"
HEADS = (Heading(1, ("一、走势",)), Heading(2, ("（一）总体",)))


def make_filled(lines: int, heads: int) -> Briefing:
    before = [Paragraph((f"第{line + 1}行",)) for line in range(lines)]
    return make_paper(*before, *HEADS[:heads], Chart(make_lines()), Paragraph(("图后文字。",)))


def is_beside_text(pdf: Path | io.BytesIO, line: str) -> bool:
    """Return whether the chart stands on the page of this line, and what leads it on the chart's."""
    texts = [page.extract_text().replace(" ", "") for page in PdfReader(pdf).pages]
    (with_chart,) = [text for text in texts if CAPTION in text]
    assert "走势" in with_chart.replace(CAPTION, "") or "一、走势" not in "".join(texts)
    return line in with_chart


@pytest.mark.parametrize("heads", [0, 1])
def test_a_chart_is_set_smaller_only_to_stand_on_the_rest_of_its_page(heads: int) -> None:
    seen = []
    for lines in range(7):
        paper = make_filled(lines, heads)
        (share,) = shares_of_charts(paper)
        assert share == 1 or 0.7 <= share < 1
        if share < 1 and lines:
            assert is_beside_text(io.BytesIO(render_pdf(paper)), f"第{lines}行")
        seen.append(share)
    smaller = [share for share in seen if share < 1]
    assert smaller
    assert smaller == sorted(smaller, reverse=True)
    assert seen[-1] == 1


def test_a_paper_without_charts_is_not_set_twice() -> None:
    assert shares_of_charts(make_paper()) == ()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_smaller_chart_stands_on_the_rest_of_its_page_in_our_docx_too(tmp_path: Path) -> None:
    made = {}
    for heads in (0, 1):
        for lines in range(1, 7):
            paper = make_filled(lines, heads)
            if shares_of_charts(paper)[0] < 1:
                path = tmp_path / f"{heads}-{lines}.docx"
                path.write_bytes(render_docx(paper))
                made[path] = lines
    set_by_office(list(made), tmp_path)
    assert len(made) >= 2
    for path, lines in made.items():
        assert is_beside_text(path.with_suffix(".pdf"), f"第{lines}行")
