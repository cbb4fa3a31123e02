"""Annexes: cells over several rows, landscape, the same content in .docx and .pdf."""

import io
import zipfile
from datetime import date

import docx
import pytest
from pypdf import PdfReader

from changai.documents.annex import Annex, AnnexCell, AnnexColumn, AnnexTable, placed_cells
from changai.documents.annex_pdf import render_annex_pdf
from changai.documents.docx.annex import render_annex

COLUMNS = (AnnexColumn("一级指标"), AnnexColumn("三级指标"), AnnexColumn("评分标准", 3, "left"))
ROWS = (
    (AnnexCell("组织领导", rows=2), AnnexCell("月报"), AnnexCell("每迟一次扣1分\n扣完为止")),
    (AnnexCell("会议"), AnnexCell("<不扣分>")),
    (AnnexCell("典型经验", columns=2), AnnexCell("由考核组核定")),
)
TABLE = AnnexTable("县区指标表", COLUMNS, ROWS, "注。")
PAPER = Annex("附件", "指标体系\n（试行）", ("说明。",), (TABLE,), "示范市产改办", date(2026, 3, 5))


def test_a_grid_says_where_cells_begin_and_where_they_reach_into() -> None:
    shown = [[cell.text if cell else None for cell in line] for line in placed_cells(PAPER.tables[0])]
    assert shown == [
        ["组织领导", "月报", "每迟一次扣1分\n扣完为止"], [None, "会议", "<不扣分>"], ["典型经验", "由考核组核定"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "rows", [((AnnexCell("甲"),),), ((AnnexCell("甲"),) * 4,), ((AnnexCell("甲", columns=4),),)]
)
def test_a_row_that_does_not_fit_is_refused(rows: tuple[tuple[AnnexCell, ...], ...]) -> None:
    with pytest.raises(ValueError, match="row 1"):
        AnnexTable("", COLUMNS, rows)


def test_word_reads_the_merged_cells_and_the_landscape_sheet() -> None:
    written = render_annex(PAPER)
    assert written == render_annex(PAPER)
    opened = docx.Document(io.BytesIO(written))
    section = opened.sections[0]
    assert section.page_width > section.page_height
    cells = [[cell.text for cell in row.cells] for row in opened.tables[0].rows]
    assert cells[1][0] == cells[2][0] == "组织领导"
    assert cells[3][:2] == ["典型经验", "典型经验"]
    assert "<不扣分>" in cells[2][2]
    assert "示范市产改办" in [each.text for each in opened.paragraphs]
    assert zipfile.ZipFile(io.BytesIO(written)).testzip() is None


def test_the_pdf_holds_every_word() -> None:
    written = render_annex_pdf(PAPER)
    assert written == render_annex_pdf(PAPER)
    page = PdfReader(io.BytesIO(written)).pages[0]
    assert page.mediabox.width > page.mediabox.height
    text = "".join(page.extract_text().split())
    for word in ("附件", "指标体系", "县区指标表", "组织领导", "每迟一次扣1分", "<不扣分>", "示范市产改办"):
        assert word in text, word
