"""Where tables go on over a page: two rows on each side, and no half page left empty for a small one."""

import io
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from changai.documents.docx import render_docx
from changai.documents.paper import Briefing, Heading, Paragraph, Table
from changai.documents.pdf import render_pdf
from changai.documents.tables import held_rows, is_together, kept_rows, widths_mm
from changai.documents.tests.make import make_paper, make_table
from changai.documents.tests.measuring import set_by_office

LONG = ("长" * 300,)


def make_pushed(table: Table, lines: int) -> Briefing:
    return make_paper(Heading(1, ("一、情况",)), *[Paragraph(("工",))] * lines, table)


def parts_of(pdf: Path | io.BytesIO, rows: int) -> list[tuple[list[int], bool]]:
    """Return which rows stand on each page that has some, and whether head, caption and note are in their places."""
    found = []
    for page in PdfReader(pdf).pages:
        text = page.extract_text().replace("\n", "").replace(" ", "")
        there = [row for row in range(1, rows + 1) if f"第{row}单位" in text]
        if there:
            is_led = "完成率（%）" in text and ("各单位任务完成情况表" in text) == (1 in there)
            found.append((there, is_led and ("注：" in text) == (rows in there)))
    return found


def check(parts: list[tuple[list[int], bool]], *, is_whole: bool) -> None:
    assert all(is_led for _, is_led in parts)
    counts = [len(there) for there, _ in parts]
    assert min(counts) >= 2
    if is_whole and len(counts) > 1:
        assert counts[0] >= 5  # fewer would have left no more than some six lines empty


CASES = [(14, False), (9, True), (3, False)]


@pytest.mark.parametrize(("rows", "is_whole"), CASES)
def test_two_rows_stand_on_each_side_in_our_pdf(rows: int, *, is_whole: bool) -> None:
    table = replace(make_table(rows), is_whole=is_whole)
    counts = Counter()  # type: Counter[int]
    for lines in range(22):
        parts = parts_of(io.BytesIO(render_pdf(make_pushed(table, lines))), rows)
        check(parts, is_whole=is_whole)
        counts[len(parts)] += 1
    assert counts[1] > 0
    assert (counts[2] > 0) is (rows > 3)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_two_rows_stand_on_each_side_in_our_docx(tmp_path: Path) -> None:
    made = {}
    for rows, is_whole in CASES:
        table = replace(make_table(rows), is_whole=is_whole)
        for lines in range(0, 22, 2):
            path = tmp_path / f"{rows}-{lines}.docx"
            path.write_bytes(render_docx(make_pushed(table, lines)))
            made[path] = (rows, is_whole)
    set_by_office(list(made), tmp_path)
    broken = 0
    for path, (rows, is_whole) in made.items():
        parts = parts_of(path.with_suffix(".pdf"), rows)
        check(parts, is_whole=is_whole)
        broken += len(parts) > 1
    assert broken > 4


def test_rows_of_long_text_may_break_anywhere() -> None:
    table = make_table(6)
    assert held_rows(table) == 2
    assert kept_rows(table, widths_mm(table)) == {0, 4, 5}
    assert kept_rows(replace(table, note=""), widths_mm(table)) == {0, 4}
    long_last = replace(table, rows=(*table.rows[:-1], (("6",), LONG, ("1",))))
    assert held_rows(long_last) == 0
    few = replace(table, rows=table.rows[:3])
    assert is_together(few)
    assert kept_rows(few, widths_mm(few)) == {0, 1, 2}
    assert not is_together(replace(few, rows=long_last.rows[-3:]))
    for rows in range(1, 5):
        shown = replace(table, rows=(*table.rows[:rows], long_last.rows[-1]))
        assert PdfReader(io.BytesIO(render_pdf(make_paper(shown)))).pages


def structure(element: Any) -> Any:
    """Yield every element of a tagged PDF's structure."""
    element = element.get_object()
    if isinstance(element, list):
        for each in element:
            yield from structure(each)
    elif isinstance(element, dict):
        if "/S" in element:
            yield element
        if "/K" in element:
            yield from structure(element["/K"])


@pytest.mark.parametrize("rows", [1, 3, 14])
def test_a_reader_of_the_screen_meets_no_empty_cell(rows: int) -> None:
    pdf = PdfReader(io.BytesIO(render_pdf(make_paper(make_table(rows)))))
    tags = Counter(each["/S"] for each in structure(pdf.trailer["/Root"]["/StructTreeRoot"]["/K"]))
    assert tags["/TH"] == 3
    assert tags["/TR"] == rows + 2  # with head and note
    assert tags["/TD"] == 3 * rows + 1
