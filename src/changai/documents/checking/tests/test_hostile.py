"""Nothing a file says can break the checks, or keep them busy for long."""

import io
import random
import time

import docx
import pytest
from lxml import etree

from changai.documents.checking.review import deviations_of
from changai.documents.checking.shape import parse
from changai.documents.checking.tests.breakages import OURS
from changai.documents.checking.tests.breaking import Parts
from changai.documents.docx import render_docx
from changai.documents.tests.test_documents import PAPERS

_ODD = (
    "0",
    "-1",
    "-99999",
    "1",
    "99999999999999999999",
    "1e308",
    "nan",
    "",
    "x",
    "2.5",
    "right",
    "nil",
    "off",
)


def spoiled(source: bytes, seed: int) -> bytes:
    """Return the .docx with a fifth of its attributes set to odd values."""
    chance = random.Random(seed)  # noqa: S311  # the same oddities in every run
    parts = Parts.of(source)
    for name in ("document", "styles", "footer_default", "header_first"):
        if f"word/{name}.xml" in parts.held:
            for each in parts.tree(name).iter(etree.Element):
                for attribute in each.attrib:
                    if not attribute.endswith(("}id", "Id")) and chance.random() < 0.2:
                        each.set(attribute, chance.choice(_ODD))
    return parts.written()


@pytest.mark.parametrize("name", OURS)
def test_odd_values_are_judged_and_break_nothing(name: str) -> None:
    source = render_docx(OURS[name])
    for seed in range(4):
        told = deviations_of(parse(spoiled(source, seed)))
        assert all(each.sentence() for each in told)


def test_what_people_type_at_its_worst_is_judged() -> None:
    assert deviations_of(parse(render_docx(PAPERS["hostile"])))


@pytest.mark.parametrize(
    "begins",
    ["附件", "第", "示工〔", "签发人", "出席", "抄送：", "（", "一、", "2026年", "（共印", "关于的通知"],
)
def test_a_line_of_blanks_without_end_keeps_nobody_waiting(begins: str) -> None:
    paper = docx.Document()
    for _ in range(3):
        paper.add_paragraph(begins + " " * 40_000 + "x")
    paper.add_paragraph("2026年11月5日")
    paper.add_paragraph(begins + "\u3000" * 40_000 + "2026年11月5日印发")
    written = io.BytesIO()
    paper.save(written)
    began = time.process_time()
    deviations_of(parse(written.getvalue()))
    assert time.process_time() - began < 2


def test_two_hundred_pages_take_less_than_two_seconds() -> None:
    paper = docx.Document()
    paper.add_paragraph("关于工作的通知")
    for place in range(1, 2001):
        paper.add_paragraph(f"（{place % 9 or 9}）第{place}项工作按时完成。" * 4)
    for _ in range(2000):
        paper.add_paragraph("抄送：市人大常委会办公室")
    written = io.BytesIO()
    paper.save(written)
    began = time.process_time()
    assert deviations_of(parse(written.getvalue()))
    assert time.process_time() - began < 2
