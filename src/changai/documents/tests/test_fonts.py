import pytest

from changai.core.errors import ActionRefused
from changai.documents import fonts
from changai.documents.pdf import render_pdf
from changai.documents.tests.make import make_paper


@pytest.fixture
def no_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "installed_faces", lambda _folders=(): ())


@pytest.mark.usefixtures("no_fonts")
def test_without_chinese_fonts_the_paper_is_refused_not_printed_as_boxes() -> None:
    with pytest.raises(fonts.FontsMissing, match="fonts-noto-cjk") as refusal:
        render_pdf(make_paper())
    assert isinstance(refusal.value, ActionRefused)
    assert refusal.value.status == 503


def test_characters_no_font_has_are_marked() -> None:
    assert fonts.without_gaps("堃😀喆") == "堃〓喆"


def test_bold_face_is_taken_for_bold() -> None:
    regular = fonts.face(fonts.Role.CHART)
    assert fonts.face(fonts.Role.CHART, bold=True).weight >= regular.weight
