"""Rules drawn at a place of the sheet, wherever the text stands."""

from changai.documents import layout
from changai.documents.docx.blocks import EMU_PER_MM
from changai.documents.docx.elements import Element, node

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
    shape = node(
        "wps:wsp",
        None,
        node("wps:cNvSpPr"),
        node(
            "wps:spPr",
            None,
            node("a:xfrm", None, node("a:off", {"x": 0, "y": 0}), node("a:ext", dict(size))),
            node("a:prstGeom", {"prst": "rect"}, node("a:avLst")),
            node("a:solidFill", None, node("a:srgbClr", {"val": colour})),
            node("a:ln", None, node("a:noFill")),
        ),
        node("wps:bodyPr"),
    )
    graphic = node("a:graphic", None, node("a:graphicData", {"uri": shape.nsmap["wps"]}, shape))
    choice = node(
        "mc:Choice", {"Requires": "wps"}, node("w:drawing", None, _placed(size, top_mm, graphic, number))
    )
    return node("w:r", None, node("mc:AlternateContent", None, choice))


def _placed(size: dict[str, int], top_mm: float, graphic: Element, number: int) -> Element:
    left_mm = (layout.SHEET_WIDTH_MM - layout.LETTER_RULE_WIDTH_MM) / 2

    def at(tag: str, offset_mm: float) -> Element:
        place = node("wp:posOffset")
        place.text = str(round(offset_mm * EMU_PER_MM))
        return node(tag, {"relativeFrom": "page"}, place)

    attributes: dict[str, str | int] = {
        **dict.fromkeys(("distT", "distB", "distL", "distR", "simplePos", "locked"), 0),
        "relativeHeight": 2 + number,
        "behindDoc": 1,
        "layoutInCell": 1,
        "allowOverlap": 1,
    }
    return node(
        "wp:anchor",
        attributes,
        node("wp:simplePos", {"x": 0, "y": 0}),
        at("wp:positionH", left_mm),
        at("wp:positionV", top_mm),
        node("wp:extent", dict(size)),
        node("wp:effectExtent", {"l": 0, "t": 0, "r": 0, "b": 0}),
        node("wp:wrapNone"),
        node("wp:docPr", {"id": 2000 + number, "name": f"红色双线{number}"}),
        node("wp:cNvGraphicFramePr"),
        graphic,
    )
