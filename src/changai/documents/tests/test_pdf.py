import io
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from changai.documents.paper import Heading, Imprint, Paragraph, Table, TableColumn
from changai.documents.pdf import preview_pages, render_pdf
from changai.documents.tests.make import HOSTILE, make_full_paper, make_paper, make_table
from changai.documents.tests.measuring import (
    black_rules,
    lines_of,
    needs_poppler,
    page_number_edges,
    red_rule,
)


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def test_equal_papers_give_equal_bytes() -> None:
    paper = make_full_paper()
    assert render_pdf(paper) == render_pdf(paper)


def test_metadata_comes_from_the_paper() -> None:
    found = PdfReader(io.BytesIO(render_pdf(make_paper()))).metadata
    assert found is not None
    assert found.title == "关于全市产业工人队伍建设改革推进情况的通报"
    assert found.author == "示范市产改办"
    assert str(found["/CreationDate"]).startswith("D:20261012")


def test_hostile_text_neither_breaks_nor_escapes() -> None:
    table = Table(HOSTILE, (TableColumn(HOSTILE),), (((HOSTILE * 40,),),), HOSTILE)
    paper = make_paper(
        Heading(1, (HOSTILE,)), Paragraph((HOSTILE,)), table, title=HOSTILE, recipients=(HOSTILE,)
    )
    text = "".join(pages(render_pdf(paper)))
    assert "#set text(red)" in text.replace("\n", "")
    assert "<w:p>&amp;" in text.replace("\n", "").replace("\u200b", "")
    assert "\u202e" not in text
    assert "〓" in text


def test_long_paragraph_runs_over_pages_without_loss() -> None:
    paper = make_paper(Paragraph(("工" * 10_000,)))
    assert (
        "".join(pages(render_pdf(paper))).count("工") - "".join(pages(render_pdf(make_paper()))).count("工")
        >= 9_999
    )


def test_long_table_repeats_its_head() -> None:
    shown = pages(render_pdf(make_paper(make_table(200))))
    with_rows = [text for text in shown if "单位" in text and "第" in text and "完成率（%）" in text]
    assert len(with_rows) >= 6
    assert all(f"第{row}单位" in "".join(shown) for row in (1, 100, 200))


@pytest.fixture(scope="module")
def full_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pdf") / "full.pdf"
    path.write_bytes(render_pdf(make_paper(Paragraph(("工" * 3000,)))))
    return path


@needs_poppler
def test_page_has_22_lines_of_28_characters(full_page: Path) -> None:
    lines = [line for line in lines_of(full_page, 2) if "工" in line.text]
    assert len(lines) == 22
    assert {len(line.text) for line in lines} == {28}
    assert lines[0].top == pytest.approx(37, abs=1)
    assert lines[0].left == pytest.approx(28, abs=1)
    assert lines[0].right == pytest.approx(184, abs=1)
    assert lines[-1].bottom <= 262.5


@needs_poppler
def test_page_number_stands_outside_7_mm_below_the_block(full_page: Path) -> None:
    _, right, dash = page_number_edges(full_page, 1)
    assert right == pytest.approx(184 - 4.94, abs=1)
    assert dash == pytest.approx(262 + 7, abs=0.5)
    left, _, dash = page_number_edges(full_page, 2)
    assert left == pytest.approx(28 + 4.94, abs=1)
    assert dash == pytest.approx(262 + 7, abs=0.5)


@needs_poppler
def test_head_fills_the_first_third_above_a_red_rule(full_page: Path) -> None:
    top, left, right = red_rule(full_page)
    assert (left, right) == (pytest.approx(28, abs=0.5), pytest.approx(184, abs=0.5))
    assert 37 + 225 / 4 < top < 37 + 225 / 3
    above = [line.text for line in lines_of(full_page, 1) if line.bottom < top]
    assert above == ["内部资料", "产改工作简报", "第9期（总第21期）", "示范市产改办2026年10月12日"]


@needs_poppler
def test_imprint_stands_on_the_foot_of_the_last_page(full_page: Path) -> None:
    last = len(PdfReader(full_page).pages)
    rules = black_rules(full_page, last)
    assert len(rules) == 5
    assert rules[-1] == pytest.approx(262, abs=0.3)
    printed = [line.text for line in lines_of(full_page, last) if line.top > rules[0] - 1]
    assert printed[:4] == [
        "报：省产改办。",
        "送：市产改协调小组各成员单位。",
        "发：各县（区）总工会。",
        "（共印120份）",
    ]


@needs_poppler
@pytest.mark.parametrize("characters", [28 * 9, 28 * 10, 28 * 11, 28 * 12])
def test_imprint_never_lies_over_text(tmp_path: Path, characters: int) -> None:
    path = tmp_path / "imprint.pdf"
    path.write_bytes(render_pdf(make_paper(Paragraph(("工" * characters,)))))
    last = len(PdfReader(path).pages)
    rules = black_rules(path, last)
    assert rules[-1] == pytest.approx(262, abs=0.3)
    assert all(line.bottom < rules[0] + 1 for line in lines_of(path, last) if "工工" in line.text)


def test_paper_without_imprint_has_none() -> None:
    shown = "".join(pages(render_pdf(replace(make_paper(), imprint=Imprint()))))
    assert "报：" not in shown
    assert "共印" not in shown


def test_preview_has_a_picture_for_each_page_of_the_pdf() -> None:
    paper = make_full_paper()
    pictures = preview_pages(paper, ppi=72)
    assert len(pictures) == len(PdfReader(io.BytesIO(render_pdf(paper))).pages) > 1
    sizes = {(int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")) for png in pictures}
    assert sizes == {(595, 842)}
    assert len(preview_pages(make_paper(), ppi=30)) == 1
