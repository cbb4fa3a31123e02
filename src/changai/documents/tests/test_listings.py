"""Lists: Word's own in the .docx, the same look in both renderings."""

import io
import json
import shutil
import zipfile
from pathlib import Path

import docx
import pytest
from lxml import etree

from changai.documents.docx import render_docx
from changai.documents.docx.elements import NAMESPACES, qualified
from changai.documents.intake.text import read_document
from changai.documents.paper import Figure, Item, Listing, Paragraph, figures, paper_from_dict
from changai.documents.pdf import render_pdf
from changai.documents.tests.make import SENTENCE, make_paper
from changai.documents.tests.measuring import Line, lines_of, needs_poppler, set_by_office

LISTING = Listing(
    (
        Item((SENTENCE * 2, Figure("done", "12"), "项。")),
        Item(("开展技能培训。",), 2),
        Item(("办好劳动竞赛。\n竞赛分四组。",), 2),
        Item(("落实待遇。",)),
        Item(("建立台账。",), 2),
    )
)
PAPER = make_paper(
    Paragraph(("主要任务：",)),
    LISTING,
    Paragraph((SENTENCE,)),
    LISTING,
    Listing(LISTING.items, is_numbered=False),
)


def test_labels_count_each_level_anew() -> None:
    assert [label for label, _ in LISTING.labelled] == ["1.", "（1）", "（2）", "2.", "（1）"]
    assert [label for label, _ in Listing(LISTING.items, is_numbered=False).labelled] == list("●○○●○")
    with pytest.raises(ValueError, match="level 3"):
        Item(("三级",), 3)


def test_listings_go_to_json_and_back_and_their_figures_open() -> None:
    copy = paper_from_dict(json.loads(json.dumps(PAPER.to_dict())))
    assert copy == PAPER
    assert copy.digest == PAPER.digest
    assert [figure.key for figure in figures(PAPER)] == ["done"] * 3


def test_a_docx_has_real_lists_that_each_count_from_one() -> None:
    content = render_docx(PAPER)
    assert content == render_docx(PAPER)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        numbering = etree.fromstring(archive.read("word/numbering.xml"))
    assert [each.get(qualified("w:numId")) for each in numbering.findall("w:num", NAMESPACES)] == [
        "1",
        "2",
        "3",
    ]
    used = [
        each._p.pPr.numPr
        for each in docx.Document(io.BytesIO(content)).paragraphs
        if each._p.pPr.numPr is not None
    ]
    assert [each.numId.val for each in used] == [1] * 5 + [2] * 5 + [3] * 5
    assert [each.ilvl.val for each in used[:5]] == [0, 1, 1, 0, 1]
    # Whoever reads the file sees the numbers as they are printed.
    text = read_document(content, name="a.docx").text
    assert text.count("1.今年以来") == 2
    assert "（2）办好劳动竞赛。" in text


def test_a_paper_without_listings_has_no_numbering() -> None:
    with zipfile.ZipFile(io.BytesIO(render_docx(make_paper()))) as archive:
        assert "word/numbering.xml" not in archive.namelist()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Line]]:
    """Return the lines below the title by rendering."""
    folder = tmp_path_factory.mktemp("listings")
    (folder / "setter.pdf").write_bytes(render_pdf(PAPER))
    if shutil.which("soffice") is not None:
        (folder / "office.docx").write_bytes(render_docx(PAPER))
        set_by_office([folder / "office.docx"], folder)
    return {path.stem: _below_the_title(path) for path in folder.glob("*.pdf")}


def _below_the_title(path: Path) -> list[Line]:
    lines = lines_of(path, 1) + lines_of(path, 2)
    start = next(place for place, line in enumerate(lines) if line.text == "主要任务：")
    return [line for line in lines[start:] if "—" not in line.text]


@needs_poppler
@pytest.mark.parametrize("rendering", ["setter", "office"])
def test_items_begin_two_characters_in_and_go_on_at_the_margin(
    pages: dict[str, list[Line]], rendering: str
) -> None:
    if rendering not in pages:
        pytest.skip("LibreOffice is not installed")
    lines = pages[rendering]
    first = next(place for place, line in enumerate(lines) if line.text.startswith("1.今年以来"))
    assert lines[first].left == pytest.approx(28 + 2 * 5.556, abs=0.6)
    assert lines[first + 1].left == pytest.approx(28, abs=0.6)
    for start in ("（1）开展", "（2）办好", "竞赛分四组", "2.落实", "●今年", "○开展"):
        line = next(line for line in lines if line.text.startswith(start))
        assert line.left == pytest.approx(28 + 2 * 5.556, abs=1.2), start


@needs_poppler
def test_both_renderings_set_the_same_items(pages: dict[str, list[Line]]) -> None:
    """Lines differ where our setter squeezes punctuation; items, labels and their order do not."""
    if "office" not in pages:
        pytest.skip("LibreOffice is not installed")
    texts = {"".join(line.text for line in lines)[:200] for lines in pages.values()}
    assert len(texts) == 1
