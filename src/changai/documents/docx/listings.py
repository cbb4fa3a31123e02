"""Lists (列项) as Word's own: numbered by the programme that opens the file, set in as paragraphs are."""

from collections.abc import Iterator, Sequence

from changai.documents import layout
from changai.documents.docx.elements import Element, node, paragraph, run, text_paragraph, valued
from changai.documents.docx.styles import run_fonts
from changai.documents.layout import twips
from changai.documents.paper import Listing, text_lines
from changai.documents.paper.blocks import ITEM_MARKS

_NUMBERED, _MARKED = 1, 2
_LABELS = {
    _NUMBERED: (("decimal", "%1."), ("decimal", "（%2）")),
    _MARKED: (("bullet", ITEM_MARKS[1]), ("bullet", ITEM_MARKS[2])),
}


def items(block: Listing, number: int) -> Iterator[Element]:
    """Yield the items of the paper's listing of this number; what follows a line end has no label."""
    for item in block.items:
        first, *others = text_lines(item.parts) or ("",)
        level = node("w:numPr", None, valued("w:ilvl", item.level - 1), valued("w:numId", number))
        yield paragraph("GwBody", *([run(first)] if first else []), properties=(level,))
        yield from (text_paragraph("GwBody", line) for line in others)


def numbering(listings: Sequence[Listing]) -> Element | None:
    """Return the root of numbering.xml, or None for a paper without listings. Each of them counts from 1."""
    if not listings:
        return None
    kinds = sorted({_NUMBERED if each.is_numbered else _MARKED for each in listings})
    counts = (
        _count(number, _NUMBERED if each.is_numbered else _MARKED)
        for number, each in enumerate(listings, start=1)
    )
    return node("w:numbering", None, *map(_kind, kinds), *counts)


def _kind(kind: int) -> Element:
    levels = (_level(place, *label) for place, label in enumerate(_LABELS[kind]))
    attributes: dict[str, str | int] = {"w:abstractNumId": kind}
    return node("w:abstractNum", attributes, valued("w:multiLevelType", "multilevel"), *levels)


def _level(place: int, form: str, text: str) -> Element:
    indent = twips(layout.INDENT_CHARACTERS * layout.CHARACTER_ADVANCE_PT)
    fonts = run_fonts(layout.FANGSONG)
    if form == "bullet":  # else Word takes the mark out of the Latin face
        fonts.set(f"{{{fonts.nsmap['w']}}}hint", "eastAsia")
    return node(
        "w:lvl",
        {"w:ilvl": place},
        valued("w:start", 1),
        valued("w:numFmt", form),
        valued("w:suff", "nothing"),
        valued("w:lvlText", text),
        valued("w:lvlJc", "left"),
        node("w:pPr", None, node("w:ind", {"w:left": 0, "w:firstLine": indent})),
        node("w:rPr", None, fonts, valued("w:spacing", round(layout.CHARACTER_SPACING_PT * 20))),
    )


def _count(number: int, kind: int) -> Element:
    starts = (node("w:lvlOverride", {"w:ilvl": place}, valued("w:startOverride", 1)) for place in range(2))
    return node("w:num", {"w:numId": number}, valued("w:abstractNumId", kind), *starts)
