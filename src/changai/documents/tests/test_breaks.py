"""What a line end must not part, as rules and on the pages of our PDF."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from changai.documents import layout
from changai.documents.breaks import pieces
from changai.documents.characters import printed, width_in_characters
from changai.documents.docx import render_docx
from changai.documents.intake.text import read_document
from changai.documents.paper import Paragraph, Table, TableColumn
from changai.documents.pdf import render_pdf
from changai.documents.tables import is_dense, widths_mm
from changai.documents.tests.make import SENTENCE, make_paper, make_table
from changai.documents.tests.measuring import lines_of, needs_poppler, widest_gap


def kept(text: str) -> list[str]:
    return [piece for piece, is_kept in pieces(text) if is_kept]


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("截至2026年6月30日，", ["2026年", "6月30日"]),
        ("提高12.5%，高3个百分点", ["12.5%", "3个百分点"]),
        ("示产改〔2026〕3号", ["〔2026〕3号"]),
        ("增长1,234.56万元、300余万元", ["1,234.56万元", "300余万元"]),
        ("第3季度培训4623人次", ["第3季度", "4623人次"]),
        ("3—5个，−3.5个百分点", ["3—5个", "−3.5个百分点"]),
        ("20余场、3万多名、100多个项目", ["20余场", "3万多名", "100多个项目"]),
        ("五项任务", []),
    ],
)
def test_numbers_keep_their_units(text: str, phrases: list[str]) -> None:
    assert kept(text) == phrases


@given(st.text(alphabet="0123456789年月日个百分点万元%.，（）〔〕号第工-−—", max_size=60))
def test_pieces_are_the_whole_text_and_none_kept_would_stretch_a_line(text: str) -> None:
    assert "".join(piece for piece, _ in pieces(text)) == text
    assert all(width_in_characters(piece) <= 6 for piece in kept(text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("-3.5个百分点", "−3.5个百分点"),
        ("增速-1.2%（-2）", "增速−1.2%（−2）"),
        ("2026-2027年", "2026-2027年"),
        ("0371-1234567", "0371-1234567"),
        ("C-01、T/ZSCQO-5、a_-1", "C-01、T/ZSCQO-5、a_-1"),
        ("--5", "--5"),
        ("每项扣0.5分，5-2×0.5 = 4", "每项扣0.5分，5−2×0.5 = 4"),
    ],
)
def test_a_negative_number_has_a_minus_sign(text: str, shown: str) -> None:
    assert printed(text) == shown


def test_both_renderings_print_the_minus_sign() -> None:
    table = Table("变化", (TableColumn("单位"), TableColumn("比上月")), ((("甲县",), ("-3.5",)),))
    paper = make_paper(Paragraph(("比上月变化-1.2个百分点。",)), table)
    pdf = "".join(page.extract_text() for page in PdfReader(io.BytesIO(render_pdf(paper))).pages)
    for text in (pdf, read_document(render_docx(paper), name="a.docx").text):
        assert "−1.2" in text
        assert "−3.5" in text


def test_no_line_of_our_pdf_parts_a_number_from_its_unit() -> None:
    phrases = ("2026年6月30日", "提高12.5%", "高3个百分点", "示产改〔2026〕3号", "增长1,234.56万元")
    lines = [f"{'工' * count}{phrase}以前全部完成" for phrase in phrases for count in range(14, 28)]
    pdf = render_pdf(make_paper(*(Paragraph((line,)) for line in lines)))
    shown = [line for page in PdfReader(io.BytesIO(pdf)).pages for line in page.extract_text().split("\n")]
    for whole in ("6月30日", "12.5%", "3个百分点", "〔2026〕3号", "1,234.56万元"):
        assert sum(whole in line for line in shown) == 14, whole


FULL_OF_FIGURES = (
    "截至2026年9月30日，全市完成重点任务248项，完成率79.5%，比上月提高3.5个百分点，比序时进度快4.5个百分点。",
    "根据《关于印发全市产改重点任务清单的通知》（示产改〔2026〕12号）要求，请于2026年11月30日前报送有关情况。",
    "坚持“思想引领”，开展宣讲1200场次、覆盖职工85000人次，新增技能人才3.2万人，其中高技能人才1.15万人。",
)


@needs_poppler
def test_punctuation_gives_up_its_white_before_a_line_is_widened(tmp_path: Path) -> None:
    path = tmp_path / "stretched.pdf"
    texts = (text[start:] + text for text in FULL_OF_FIGURES for start in range(0, 16, 2))
    path.write_bytes(render_pdf(make_paper(*(Paragraph((text,)) for text in texts))))
    pages = range(2, len(PdfReader(path).pages))
    assert 0.1 < max(widest_gap(path, page, layout.SIZE_3_PT) for page in pages) < 0.27
    path.write_bytes(render_pdf(make_paper(Paragraph(("工" * 28 * 30,)))))
    assert widest_gap(path, 2, layout.SIZE_3_PT) < 0.05
    assert sum("工" * 28 in line.text for line in lines_of(path, 2)) >= 10


@pytest.mark.parametrize("rows", range(10, 34))
def test_no_page_of_our_pdf_begins_with_a_tables_note_or_code(rows: int) -> None:
    table = replace(make_table(rows), address="http://changai.example/briefings/3/#table-1")
    pdf = render_pdf(make_paper(Paragraph((SENTENCE * 3,)), table))
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    (last,) = [page for page in pages if f"第{rows}单位" in page]
    assert "注：数据截至" in last
    assert "扫码查看本表数据来源" in last


def test_columns_of_names_and_dates_are_as_wide_as_they_are() -> None:
    columns = (
        TableColumn("单位"),
        TableColumn("任务", 3.0, "left"),
        TableColumn("完成时限"),
        TableColumn("进度"),
    )
    rows = (
        (("市委宣传部",), ("组织开展宣讲活动。" * 4,), ("2026年12月31日",), ("53.0%",)),
        (("市科技局",), ("举办技能竞赛。",), ("2026年9月30日",), ("100.0%",)),
    )
    table = Table("滞后任务", columns, rows)
    widths = widths_mm(table)
    assert sum(widths) == pytest.approx(156)
    # The date at 12 pt with what office programmes add beside digits: 105 pt.
    assert widths[2] * 72 / 25.4 >= 105 > 156 / 6 * 72 / 25.4
    assert widths[1] == max(widths)
    assert not is_dense(table)
    assert is_dense(
        replace(table, columns=(*columns, TableColumn("问题")), rows=tuple((*row, ("无",)) for row in rows))
    )


def test_columns_without_need_keep_their_weights() -> None:
    columns = (TableColumn("一", 1.0), TableColumn("二", 3.0))
    assert widths_mm(Table("表", columns, ())) == (39.0, 117.0)
    crowded = tuple(TableColumn("很长的表头文字") for _ in range(12))
    assert sum(widths_mm(Table("表", crowded, ()))) == pytest.approx(156)
