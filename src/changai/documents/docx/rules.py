"""Rules drawn at a place of the sheet, wherever the text stands."""

from changai.documents import layout
from changai.documents.docx.elements import Element, node
from changai.documents.docx.shapes import EMU_PER_MM, form, placed

_THICK, _GAP = 0.5, 0.25  # shares of the double rule's height: thick line, gap, thin line


def double_rule(top_mm: float, colour: str, *, number: int, is_upper: bool) -> list[Element]:
    """Return the two lines of a letter's red double rule, centred on the sheet.

    The upper one is thick above thin, the lower thin above thick. `number` and the next are the drawings' numbers.
    Source: GB/T 9704-2012, 10.1.
    """
    height_mm = layout.LETTER_RULE_PT / layout.PT_PER_MM
    shares = (_THICK, 1 - _THICK - _GAP) if is_upper else (1 - _THICK - _GAP, _THICK)
    tops = (0.0, shares[0] + _GAP)
    return [
        _bar(top_mm + start * height_mm, share * height_mm, colour, number + place)
        for place, (start, share) in enumerate(zip(tops, shares, strict=True))
    ]


def _bar(top_mm: float, height_mm: float, colour: str, number: int) -> Element:
    size = {"cx": round(layout.LETTER_RULE_WIDTH_MM * EMU_PER_MM), "cy": round(height_mm * EMU_PER_MM)}
    fill = node("a:solidFill", None, node("a:srgbClr", {"val": colour}))
    shape = node("wps:wsp", None, node("wps:cNvSpPr"), form(size, fill), node("wps:bodyPr"))
    left_mm = (layout.SHEET_WIDTH_MM - layout.LETTER_RULE_WIDTH_MM) / 2
    return placed(
        shape,
        size,
        (round(left_mm * EMU_PER_MM), round(top_mm * EMU_PER_MM)),
        relative_to="page",
        number=2000 + number,
        name=f"红色双线{number}",
        height=2 + number,
        is_behind=True,
    )
