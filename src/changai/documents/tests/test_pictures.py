"""Pictures: read in from people, kept by digest, the same in both renderings."""

import hashlib
import io
import json
import zipfile

import numpy as np
import pytest
from lxml import etree
from PIL import Image
from pypdf import PdfReader

from changai.core.errors import Unreadable
from changai.documents import layout
from changai.documents.docx import render_docx
from changai.documents.docx.elements import qualified
from changai.documents.intake.pictures import CleanPicture, read_picture
from changai.documents.paper import Picture, paper_from_dict, pictures
from changai.documents.pdf import preview_pages, render_pdf, shares_of_charts
from changai.documents.pictures import PictureMissing
from changai.documents.tests.make import HOSTILE, make_paper


def drawn(kind: str, size: tuple[int, int] = (600, 400), **more: object) -> bytes:
    """Return a picture file: a red left half, noise at the right, so that it has something to keep."""
    noise = np.random.default_rng(7).integers(0, 255, (size[1], size[0], 3), dtype="uint8")
    noise[:, : size[0] // 2] = (200, 0, 0)
    written = io.BytesIO()
    Image.fromarray(noise).save(written, kind, **more)
    return written.getvalue()


@pytest.fixture(scope="module")
def photo() -> CleanPicture:
    return read_picture(drawn("JPEG"), name="现场.jpg")


@pytest.fixture(scope="module")
def diagram() -> CleanPicture:
    return read_picture(drawn("PNG"), name="流程图.png")


def block(clean: CleanPicture, **more: object) -> Picture:
    values: dict[str, object] = {"alt": "劳动竞赛现场", "caption": "图1　劳动竞赛现场"} | more
    return Picture(clean.digest, clean.width, clean.height, **values)  # type: ignore[arg-type]


def test_a_picture_is_written_anew_without_what_a_camera_adds() -> None:
    notes = Image.Exif()
    notes[0x010E] = "拍摄地点：示范市"
    notes[0x0112] = 6  # turned by a quarter
    clean = read_picture(drawn("JPEG", exif=notes, comment=b"secret"), name="a.jpg")
    assert (clean.width, clean.height) == (400, 600)
    assert b"secret" not in clean.content
    again = Image.open(io.BytesIO(clean.content))
    assert not again.getexif()
    assert again.size == (400, 600)
    assert clean.digest == hashlib.sha256(clean.content).hexdigest()


def test_a_picture_has_no_more_dots_than_print_needs_and_what_is_transparent_is_white() -> None:
    clear = io.BytesIO()
    Image.new("RGBA", (4000, 1000), (255, 0, 0, 0)).save(clear, "PNG")
    clean = read_picture(clear.getvalue(), name="a.png")
    assert (clean.width, clean.height) == (1843, 461)
    assert Image.open(io.BytesIO(clean.content)).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "I;16"])
def test_every_kind_of_png_is_taken(mode: str) -> None:
    written = io.BytesIO()
    Image.new(mode, (60, 40)).save(written, "PNG")
    assert read_picture(written.getvalue(), name="a.png").width == 60


def test_a_print_shops_jpeg_is_taken() -> None:
    written = io.BytesIO()
    Image.new("CMYK", (60, 40)).save(written, "JPEG")
    clean = read_picture(written.getvalue(), name="a.jpg")
    assert Image.open(io.BytesIO(clean.content)).mode == "RGB"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b"", "文件为空"),
        (b"GIF89a" + b"\0" * 40, "实际是 GIF"),
        (b"%PDF-1.7", "实际是 PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "实际是 SVG"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 200, "图片"),
        (drawn("PNG")[:9000], "不完整或已损坏"),
        (drawn("JPEG")[:9000], "不完整或已损坏"),
    ],
)
def test_what_is_no_sound_picture_is_refused(source: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words) as refused:
        read_picture(source, name="现场.png")
    assert str(refused.value).startswith("现场.png：")


def test_a_picture_of_too_many_dots_is_refused_before_it_is_unpacked() -> None:
    written = io.BytesIO()
    Image.new("1", (12000, 9000)).save(written, "PNG")
    with pytest.raises(Unreadable, match="12000×9000 像素，超过 4000 万像素"):
        read_picture(written.getvalue(), name="a.png")


def test_both_renderings_carry_its_bytes_its_words_and_its_size(
    photo: CleanPicture, diagram: CleanPicture
) -> None:
    paper = make_paper(block(photo), block(diagram, alt="", share=0.5))
    given = {each.digest: each.content for each in (photo, diagram)}
    copy = paper_from_dict(json.loads(json.dumps(paper.to_dict())))
    assert copy == paper
    assert [each.digest for each in pictures(copy)] == [photo.digest, diagram.digest]
    written = render_docx(copy, pictures=given)
    assert written == render_docx(paper, pictures=given)
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        assert archive.read("word/media/picture1.jpeg") == photo.content
        assert archive.read("word/media/picture2.png") == diagram.content
        assert b'Extension="jpeg" ContentType="image/jpeg"' in archive.read("[Content_Types].xml")
        root = etree.fromstring(archive.read("word/document.xml"))
    found = list(root.iter(qualified("wp:docPr")))[:2]
    assert [each.get("descr") for each in found] == ["劳动竞赛现场", "图1　劳动竞赛现场"]
    widths = [int(each.get("cx")) for each in root.iter(qualified("wp:extent"))][:2]
    first, second = shares_of_charts(copy, pictures=given)
    assert 0.7 < first < 1 == second  # the first stands on the rest of page one
    assert widths == [round(156 * 36000 * first), 78 * 36000]
    pdf = render_pdf(copy, pictures=given)
    assert pdf == render_pdf(paper, pictures=given)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    assert "图1" in "".join(pages)
    assert photo.content in pdf
    assert len(preview_pages(copy, pictures=given, ppi=30)) == len(pages)


def test_a_picture_that_is_missing_or_was_changed_is_never_printed(photo: CleanPicture) -> None:
    paper = make_paper(block(photo))
    for given in ({}, {photo.digest: photo.content + b"x"}):
        for render in (render_docx, render_pdf):
            with pytest.raises(PictureMissing, match="劳动竞赛现场"):
                render(paper, pictures=given)


def test_hostile_words_of_a_picture_neither_break_nor_escape(photo: CleanPicture) -> None:
    paper = make_paper(block(photo, alt=HOSTILE, caption=HOSTILE))
    given = {photo.digest: photo.content}
    with zipfile.ZipFile(io.BytesIO(render_docx(paper, pictures=given))) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    assert "<w:p>&amp;" in next(root.iter(qualified("wp:docPr"))).get("descr")
    pages = PdfReader(io.BytesIO(render_pdf(paper, pictures=given))).pages
    assert "#set" in "".join(page.extract_text() for page in pages)


def test_a_picture_fits_the_block_in_its_own_proportions() -> None:
    assert layout.picture_size_mm(1000, 500, 1.0) == (156.0, 78.0)
    width, height = layout.picture_size_mm(1000, 4000, 1.0)
    assert (round(width, 6), round(height, 6)) == (50.0, 200.0)
    assert layout.picture_size_mm(96, 96, 1.0) == pytest.approx((25.4, 25.4))


@pytest.mark.parametrize("values", [("x", 1, 1), ("0" * 64, 0, 1), ("0" * 64, 1, 1, "", "", 1.5)])
def test_a_picture_without_digest_or_size_is_none(values: tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match=r"SHA-256|no size"):
        Picture(*values)  # type: ignore[arg-type]
