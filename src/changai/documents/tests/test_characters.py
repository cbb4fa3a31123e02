import pytest
from hypothesis import given, strategies
from lxml import etree

from changai.documents.characters import printable, single_line, width_in_characters


@given(strategies.text(alphabet=strategies.characters(), max_size=80))
def test_printable_text_is_always_xml_and_stays_as_it_is(text: str) -> None:
    once = printable(text)
    node = etree.Element("t")
    node.text = once
    assert etree.fromstring(etree.tostring(node)).text in (once, None)
    assert printable(once) == once


@pytest.mark.parametrize(
    "mark", list("\u202a\u202b\u202d\u202e\u2066\u2067\u2069\u200e\u200f\u061c\u200b\ufeff\x00\x1b\ud800")
)
def test_marks_that_mislead_or_break_are_removed(mark: str) -> None:
    assert printable(f"甲{mark}乙") == "甲乙"


def test_rare_characters_and_emoji_stay() -> None:
    assert printable("堃喆镕垚😀𠮷") == "堃喆镕垚😀𠮷"


def test_lines_become_one() -> None:
    assert single_line(" 甲\r\n乙\t丙\u2029") == "甲 乙 丙"


def test_width_counts_narrow_letters_half() -> None:
    assert width_in_characters("2026年10月") == 5
    assert width_in_characters("“甲”—") == 4
