"""Documents (文件, 信函, 纪要) in both renderings, measured in millimetres."""

import io
import json
import os
import re
import shutil
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from pypdf import PdfReader

from changai.documents.codes import code_png, code_svg
from changai.documents.docx import render_docx
from changai.documents.paper import (
    Attachment,
    Attendance,
    Document,
    Heading,
    Paragraph,
    Signature,
    Table,
    TableColumn,
    figures,
    paper_from_dict,
)
from changai.documents.pdf import preview_pages, render_pdf
from changai.documents.tests.make import HOSTILE, SENTENCE, make_table
from changai.documents.tests.measuring import black_rules, lines_of, needs_poppler, pixels, set_by_office

DAY = date(2026, 11, 5)
BODY = (Heading(1, ("一、总体情况",)), Paragraph((SENTENCE * 3,)), Paragraph((SENTENCE * 9,)))


def make_document(**more: object) -> Document:
    values: dict[str, object] = {
        "kind": "official",
        "masthead": "示范市总工会文件",
        "number": "示工〔2026〕31号",
        "issuer": "示范市总工会",
        "issued_on": DAY,
        "title": "关于全市产业工人队伍建设改革工作情况的通报",
        "recipients": ("各县（区）总工会",),
        "blocks": BODY,
        "signature": Signature("示范市总工会", DAY, "sealed"),
        "copy_to": ("市人大常委会办公室", "市政协办公室"),
        "printed_by": "示范市总工会办公室",
    } | more
    return Document(**values)  # type: ignore[arg-type]


def dated(many: int) -> Table:
    """Return a table of so many columns, every second one of dates."""
    columns = (TableColumn("单位", 2, "left"), *(TableColumn(f"时限{place}") for place in range(1, many)))
    cells = (("2026年10月31日",) if place % 2 else ("79.5%",) for place in range(1, many))
    return Table("", columns, ((("市人力资源和社会保障局",), *cells),) * 4)


PAPERS = {
    "official": make_document(),
    "marked": make_document(copy_number=12, security="秘密★1年", urgency="特急"),
    "long": make_document(masthead="示范市产业工人队伍建设改革协调小组文件"),
    "upward": make_document(
        signers=("张某某", "李某"), signature=Signature("示范市总工会", DAY), recipients=("省总工会",)
    ),
    "letter": make_document(
        kind="letter", masthead="示范市产改协调小组办公室", blocks=BODY * 3, urgency="平急"
    ),
    "minutes": make_document(
        kind="minutes",
        masthead="示范市产改协调小组会议纪要",
        number="第4期",
        recipients=(),
        blocks=(*BODY, Attendance("出席", "张某某、李某某、" * 12), Attendance("请假", "冯某")),
        signature=None,
    ),
    "attached": make_document(
        attachments=(
            Attachment("各单位任务完成情况表", (make_table(60),)),
            Attachment("需要各单位进一步核实的有关事项和重点任务责任分工安排说明", (Paragraph((SENTENCE,)),)),
        ),
        remark="此件公开发布",
    ),
    "hostile": make_document(
        title=HOSTILE,
        number=HOSTILE,
        masthead=HOSTILE,
        recipients=(HOSTILE,),
        blocks=(Paragraph((HOSTILE * 80,)), Paragraph(("字" * 10000,))),
        attachments=(Attachment(HOSTILE, (Paragraph((HOSTILE,)),)),),
        remark=HOSTILE,
        copy_to=(HOSTILE,),
        printed_by=HOSTILE,
    ),
    "long_printer": make_document(
        masthead="示范市产业工人队伍建设改革协调小组办公室文件",
        printed_by="示范市产业工人队伍建设改革协调小组办公室综合处",
    ),
    **{
        f"one{count}": make_document(blocks=(Paragraph(("工" * 28 * count,)),), remark="此件公开发布")
        for count in (4, 5, 6, 7, 8)
    },
    "figured": make_document(blocks=(Paragraph(("截至6月30日，完成（《要点》）3项、占12.5%。" * 10,)),)),
    "noted": make_document(
        blocks=(*BODY, Paragraph((SENTENCE * 2,)), make_table(3)),
        attachments=(Attachment("甲表"), Attachment("乙表")),
    ),
    "dated": make_document(attachments=tuple(Attachment(f"{many}列", (dated(many),)) for many in (5, 6, 8))),
    "numbered": make_document(
        copy_to=tuple(f"市第{number}产业工人工作委员会" for number in range(30)), blocks=(*BODY, *BODY[1:])
    ),
    "copied": make_document(
        copy_to=tuple(f"示{name}县总工会" for name in "东西南北中山河湖林田桥原川新城" * 2)
    ),
    "whole": make_document(blocks=(Paragraph(("工" * 28 * 6,)), replace(make_table(9), is_whole=True))),
    "tight": make_document(blocks=(*BODY, Paragraph(("工" * 28 * 9,)))),
}
RENDERINGS = ["setter"]
if shutil.which("soffice") is not None:
    RENDERINGS.append("office")
pytestmark = needs_poppler


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with every paper as PDF: by our setter, and by LibreOffice from our .docx."""
    made = tmp_path_factory.mktemp("documents")
    (made / "office").mkdir()
    (made / "setter").mkdir()
    for name, paper in PAPERS.items():
        (made / "setter" / f"{name}.pdf").write_bytes(render_pdf(paper))
        (made / f"{name}.docx").write_bytes(render_docx(paper))
    if "office" in RENDERINGS:
        set_by_office([made / f"{name}.docx" for name in PAPERS], made / "office")
    return made


@pytest.fixture(params=RENDERINGS)
def pdfs(request: pytest.FixtureRequest, folder: Path) -> Path:
    return folder / str(request.param)


def red_marks(pdf: Path, page: int = 1) -> list[tuple[float, float, float]]:
    """Return top, bottom and width in mm of everything red on the page, from the top."""
    image = pixels(pdf, page)
    red = (image[..., 0] > 180) & (image[..., 1] < 110) & (image[..., 2] < 110)
    rows = np.flatnonzero(red.any(axis=1))
    groups = np.split(rows, np.flatnonzero(np.diff(rows) > 4) + 1)
    return [
        (group[0] / 10, (group[-1] + 1) / 10, int(red[group].any(axis=0).sum()) / 10)
        for group in groups
        if len(group)
    ]


def text_of(pdf: Path, page: int) -> str:
    return PdfReader(pdf).pages[page - 1].extract_text().replace(" ", "").replace("\n", "")


@pytest.mark.parametrize("name", ["official", "marked", "long", "minutes", "upward"])
def test_masthead_begins_35_mm_below_the_block_and_the_rule_is_as_wide_as_the_block(
    pdfs: Path, name: str
) -> None:
    marks = red_marks(pdfs / f"{name}.pdf")
    assert marks[0][0] == pytest.approx(37 + 35, abs=0.5)
    assert marks[-1][2] == pytest.approx(156, abs=0.5)


@pytest.mark.parametrize("name", ["official", "upward"])
def test_the_rule_lies_4_mm_below_the_number_and_the_title_two_lines_lower(pdfs: Path, name: str) -> None:
    lines = lines_of(pdfs / f"{name}.pdf", 1)
    rule = red_marks(pdfs / f"{name}.pdf")[-1][0]
    title = next(line for line in lines if "关于" in line.text)
    ink = np.flatnonzero(
        (pixels(pdfs / f"{name}.pdf", 1, top=95, bottom=int(rule)).sum(axis=2) < 300).any(axis=1)
    )
    assert rule - (95 + (ink[-1] + 1) / 10) == pytest.approx(4, abs=0.7)
    assert 15 < title.top - rule < 24


def test_an_upward_document_has_its_number_at_the_left_and_its_signers_at_the_right(pdfs: Path) -> None:
    line = next(line for line in lines_of(pdfs / "upward.pdf", 1) if "签发人" in line.text)
    assert line.text.startswith("示工〔2026〕31号签发人：张某某")
    assert line.left == pytest.approx(28 + 5.6, abs=1)
    assert line.right == pytest.approx(184 - 5.6, abs=1.2)


def test_a_letter_has_its_rules_and_masthead_at_their_places_and_no_number_on_page_one(pdfs: Path) -> None:
    path = pdfs / "letter.pdf"
    masthead, upper, lower = red_marks(path)
    assert masthead[0] == pytest.approx(30, abs=0.5)
    assert upper[0] - masthead[1] == pytest.approx(4, abs=0.6)
    assert (upper[2], lower[2]) == (pytest.approx(170, abs=0.5), pytest.approx(170, abs=0.5))
    assert 297 - lower[0] == pytest.approx(20, abs=0.5)
    assert "—1—" not in text_of(path, 1)
    assert "—2—" in text_of(path, 2)
    assert not red_marks(path, 2)


def test_with_a_seal_the_date_stands_four_characters_in_and_the_issuer_over_its_middle(pdfs: Path) -> None:
    path = pdfs / "official.pdf"
    lines = [line for page in range(1, len(PdfReader(path).pages) + 1) for line in lines_of(path, page)]
    day = next(line for line in lines if line.text.replace(" ", "") == "2026年11月5日")
    issuer = next(line for line in lines if line.text == "示范市总工会")
    assert day.right == pytest.approx(184 - 4 * 5.6, abs=3)
    assert (issuer.left + issuer.right) / 2 == pytest.approx((day.left + day.right) / 2, abs=4)


def test_attachments_are_numbered_alike_below_the_body_and_on_their_pages(pdfs: Path) -> None:
    path = pdfs / "attached.pdf"
    pages = [text_of(path, page) for page in range(1, len(PdfReader(path).pages) + 1)]
    note = next(page for page in pages if "附件：1." in page)
    assert "附件：1.各单位任务完成情况表2.需要各单位进一步核实" in note
    assert [page[:3] for page in pages if page.startswith("附件")] == ["附件1", "附件2"]
    assert sum("完成率（%）" in page for page in pages) >= 2
    assert "（此件公开发布）" in note


def test_the_imprint_stands_on_the_foot_of_the_last_page(pdfs: Path) -> None:
    for name in ("official", "attached", "letter"):
        path = pdfs / f"{name}.pdf"
        last = len(PdfReader(path).pages)
        if name == "letter":
            assert black_rules(path, last) == []
            copies = next(line for line in lines_of(path, last) if "抄送" in line.text)
            assert 254 < copies.bottom < 262.6
        else:
            assert black_rules(path, last)[-1] == pytest.approx(262, abs=0.5)
        printed = text_of(path, last)
        assert "抄送：市人大常委会办公室，市政协办公室。" in printed
        assert ("示范市总工会办公室2026年11月5日印发" in printed) is (name != "letter")


def test_printer_and_day_stay_on_one_line_however_long_the_bodys_name(pdfs: Path) -> None:
    path = pdfs / "long_printer.pdf"
    last = len(PdfReader(path).pages)
    line = next(line for line in lines_of(path, last) if "综合处" in line.text)
    assert line.text.endswith("2026年11月5日印发")
    assert line.right <= 184 - 4.9 + 1
    assert black_rules(path, last)[-1] == pytest.approx(262, abs=0.5)


def test_many_receivers_stand_whole_above_the_last_rule(pdfs: Path) -> None:
    path = pdfs / "copied.pdf"
    last = len(PdfReader(path).pages)
    middle, foot = black_rules(path, last)  # the first lies above 200 mm
    assert foot == pytest.approx(262, abs=0.5)
    lines = [line for line in lines_of(path, last) if line.top < 262]
    assert "抄送：" in "".join(line.text for line in lines[-10:])
    assert lines[-2].bottom < middle + 0.5
    assert lines[-2].text.endswith("。")
    assert lines[-1].top > middle - 0.5
    assert lines[-1].text.endswith("印发")


def test_the_note_of_the_attachments_stands_one_line_below_the_text(pdfs: Path) -> None:
    path = pdfs / "attached.pdf"
    for page in range(1, len(PdfReader(path).pages) + 1):
        lines = lines_of(path, page)
        place = next((place for place, line in enumerate(lines) if line.text.startswith("附件：")), 0)
        if place:
            assert lines[place].top - lines[place - 1].top == pytest.approx(2 * 10.21, abs=0.7)
            return
    pytest.fail("no page has the note below text")


def test_an_imprint_of_thirty_names_never_lies_over_text(pdfs: Path) -> None:
    path = pdfs / "numbered.pdf"
    last = len(PdfReader(path).pages)
    top, *_, foot = black_rules(path, last, top=60)
    assert foot == pytest.approx(262, abs=0.5)
    lines = lines_of(path, last)
    copies = [line for line in lines if "工作委员会" in line.text]
    assert "抄送" in copies[0].text
    assert top - 1 < copies[0].top < copies[-1].bottom < foot
    text = [line for line in lines if "重点工作" in line.text or "11月5日" in line.text]
    assert all(line.bottom < top + 1.5 for line in text if "印发" not in line.text)


def test_dates_of_many_columns_stay_whole(pdfs: Path) -> None:
    path = pdfs / "dated.pdf"
    pages = [PdfReader(path).pages[number] for number in range(len(PdfReader(path).pages))]
    lying = [page.mediabox.width > page.mediabox.height for page in pages]
    assert sum(lying) == 1
    text = "\n".join(page.extract_text() for page in pages).replace(" ", "")
    assert text.count("2026年10月31日") == 4 * (2 + 3 + 4)


def test_a_small_table_stays_on_one_page(pdfs: Path) -> None:
    path = pdfs / "whole.pdf"
    pages = [text_of(path, page) for page in range(1, len(PdfReader(path).pages) + 1)]
    (whole,) = [page for page in pages if "第1单位" in page or "第9单位" in page]
    assert "各单位任务完成情况表" in whole
    assert "注：数据截至" in whole


def test_a_signature_never_stands_on_a_page_without_text(pdfs: Path) -> None:
    path = pdfs / "tight.pdf"
    last = text_of(path, len(PdfReader(path).pages))
    assert "示范市总工会2026年11月5日" in last
    assert "工工工" in last or "今年以来" in last


@pytest.mark.parametrize("count", [4, 5, 6, 7, 8])
def test_one_paragraph_goes_on_to_its_signature_with_two_lines(pdfs: Path, count: int) -> None:
    path = pdfs / f"one{count}.pdf"
    pages = [
        [line.text.replace(" ", "") for line in lines_of(path, page)]
        for page in range(1, len(PdfReader(path).pages) + 1)
    ]
    (signed,) = [page for page in pages if "示范市总工会" in page]
    assert "（此件公开发布）" in signed
    assert sum("工工" in line for line in signed) >= 2
    assert sum("工工" in line for line in pages[0]) >= 2
    text = [line for page in pages for line in page if "工工" in line]
    assert "".join(text) == "工" * 28 * count
    assert {len(line) for line in text[1:-1]} == {28}


def test_a_paragraph_that_goes_on_breaks_where_a_line_may_end(pdfs: Path) -> None:
    path = pdfs / "figured.pdf"
    lines = [line.text for page in (1, 2) for line in lines_of(path, page)]
    text = [line for line in lines if re.search("截至|完成|要点|占", line)]
    assert "".join(text).count("截至6月30日，完成（《要点》）3项、占12.5%。") == 10
    assert not [line for line in text if line[0] in "，、。》）%" or line[-1] in "（《"]


def test_a_line_stands_empty_above_the_note_of_attachments(pdfs: Path) -> None:
    for name in ("attached", "noted"):
        path = pdfs / f"{name}.pdf"
        lines = [line for page in range(1, len(PdfReader(path).pages) + 1) for line in lines_of(path, page)]
        place = next(place for place, line in enumerate(lines) if line.text.startswith("附件："))
        gap = lines[place].top - lines[place - 1].bottom
        assert gap > 12 or lines[place].top < lines[place - 1].top


def test_attendance_hangs_under_its_first_name(pdfs: Path) -> None:
    path = pdfs / "minutes.pdf"
    lines = [line for page in range(1, len(PdfReader(path).pages) + 1) for line in lines_of(path, page)]
    place = next(number for number, line in enumerate(lines) if "出席" in line.text)
    assert lines[place].left == pytest.approx(28 + 2 * 5.56, abs=1)
    assert lines[place + 1].left == pytest.approx(28 + 5 * 5.56, abs=1)


def test_hostile_text_neither_breaks_nor_escapes(pdfs: Path) -> None:
    text = "".join(page.extract_text() for page in PdfReader(pdfs / "hostile.pdf").pages)
    assert text.count("#set") >= 80
    assert text.count("字") >= 10000


def test_documents_go_to_json_and_back_with_their_digest_and_give_the_same_bytes_again() -> None:
    for name, paper in PAPERS.items():
        kept = json.loads(json.dumps(paper.to_dict())) if name != "hostile" else paper.to_dict()
        copy = paper_from_dict(kept)
        assert copy == paper
        assert render_docx(copy) == render_docx(paper)
        if name != "hostile":
            assert copy.digest == paper.digest
    assert render_pdf(PAPERS["attached"]) == render_pdf(PAPERS["attached"])


def test_figures_of_attachments_open_too() -> None:
    assert len(list(figures(PAPERS["attached"]))) == 60


def test_the_colour_of_a_supervision_notice_is_that_of_masthead_and_rule() -> None:
    paper = replace(PAPERS["official"], masthead="督办单", colour="0070C0")
    document = zipfile.ZipFile(io.BytesIO(render_docx(paper))).read("word/document.xml").decode()
    assert document.count("0070C0") == 2


def test_a_table_carries_the_code_of_its_page_in_both_renderings() -> None:
    address = "http://changai.example.gov.cn/briefings/12/figures/rate/"
    paper = make_document(blocks=(replace(make_table(3), address=address),))
    assert paper_from_dict(json.loads(json.dumps(paper.to_dict()))) == paper
    pages = zipfile.ZipFile(io.BytesIO(render_docx(paper)))
    assert pages.read("word/media/picture1.png") == code_png(address)
    assert f"扫码查看本表数据来源：{address}" in pages.read("word/document.xml").decode()
    assert "扫码查看本表数据来源" in PdfReader(io.BytesIO(render_pdf(paper))).pages[0].extract_text().replace(
        "\n", ""
    )
    assert code_png(address) == code_png(address) != code_png(address + "?")
    assert "<path" in code_svg(address)


def test_a_document_of_no_known_format_is_refused() -> None:
    with pytest.raises(ValueError, match="document/9"):
        paper_from_dict(PAPERS["letter"].to_dict() | {"format": "document/9"})


SAMPLES = {
    "official": make_document(copy_number=12, urgency="特急"),
    "upward": PAPERS["upward"],
    "letter": PAPERS["letter"],
    "minutes": PAPERS["minutes"],
    "notice-yellow": make_document(
        masthead="督办单",
        number="示产改督〔2026〕2号",
        title="关于加快推进职业技能等级认定工作的督办单",
        colour="C08A00",
        signature=Signature("示范市产改办", DAY, "stamped", "主任"),
    ),
    "attachment": make_document(
        attachments=(
            Attachment(
                "各单位任务完成情况", (replace(make_table(12), address="http://changai/briefings/12/"),)
            ),
        )
    ),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_every_kind_can_be_shown_as_a_picture(name: str) -> None:
    """With CHANGAI_PICTURES=1 the pictures of shapes are made anew; those of kinds come from a city."""
    pages = preview_pages(SAMPLES[name], ppi=60)
    assert all(page.startswith(b"\x89PNG") for page in pages)
    if os.environ.get("CHANGAI_PICTURES") == "1" and name in {"official", "upward", "letter", "attachment"}:
        folder = Path(__file__).parents[4] / "docs" / "pictures"
        (folder / f"paper-{name}.png").write_bytes(pages[-1 if name == "attachment" else 0])
