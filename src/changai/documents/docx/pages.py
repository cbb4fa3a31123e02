"""The pages of a paper: sheet, margins, page numbers."""

from changai.documents import layout
from changai.documents.docx.elements import Element, field, node, paragraph, run, text_paragraph
from changai.documents.docx.shapes import EMU_PER_MM, form, placed
from changai.documents.docx.styles import TITLE_GAP_PT
from changai.documents.layout import mm_to_twips, twips
from changai.documents.paper import Briefing, Document
from changai.documents.titles import title_lines

_BOX_MM = 9.0
_TURNED_DASH_MM = (
    0.9  # measured: so much nearer to the edge a dash stands in a turned line than in an upright one
)


def page_numbers() -> dict[str, Element]:
    """Return the foot of odd and of even pages. Source: GB/T 9704-2012, 7.5."""
    return {
        name: node("w:ftr", None, paragraph(style, run("— "), *field("PAGE", "1"), run(" —")))
        for name, style in (("default", "GwPageOdd"), ("even", "GwPageEven"))
    }


def title(paper: Briefing | Document, *, lower_pt: float = 0.0) -> list[Element]:
    """Return the title, cut into even lines and `lower_pt` lower than its style says, and the main recipients."""
    lines = title_lines(paper.title, layout.TITLE_CHARACTERS_PER_LINE, names=(paper.issuer,))
    spacing = node("w:spacing", {"w:before": twips(TITLE_GAP_PT + lower_pt)})
    heading = paragraph(
        "Title", *([run("\n".join(lines))] if lines else []), properties=(spacing,) if lower_pt else ()
    )
    return [heading, text_paragraph("GwRecipients", paper.recipients_text)] if paper.recipients else [heading]


def across_numbers() -> dict[str, Element]:
    """Return the page numbers of pages that lie across: at their places of the upright sheet, turned with it.

    Source: GB/T 9704-2012, 8.
    """
    return {
        name: node("w:ftr", None, paragraph("Normal", _turned(style, number)))
        for number, (name, style) in enumerate(
            (("across_default", "GwPageOdd"), ("across_even", "GwPageEven")), start=3000
        )
    }


def _turned(style: str, number: int) -> Element:
    """Return a box along the sheet's left side whose text runs from the top to the foot."""
    dash_mm = layout.MARGIN_BOTTOM_MM - layout.PAGE_NUMBER_DASH_BELOW_BLOCK_MM
    right_mm = dash_mm + layout.PAGE_NUMBER_DASH_WORD_PT / layout.PT_PER_MM + _TURNED_DASH_MM
    size = {"cx": round(_BOX_MM * EMU_PER_MM), "cy": round(layout.BLOCK_WIDTH_MM * EMU_PER_MM)}
    line = paragraph(style, run("— "), *field("PAGE", "1"), run(" —"))
    shape = node(
        "wps:wsp",
        None,
        node("wps:cNvSpPr", {"txBox": 1}),
        form(size, node("a:noFill")),
        node("wps:txbx", None, node("w:txbxContent", None, line)),
        node(
            "wps:bodyPr",
            {"vert": "vert", "wrap": "square", "lIns": 0, "tIns": 0, "rIns": 0, "bIns": 0, "anchor": "t"},
            node("a:noAutofit"),
        ),
    )
    at = (round((right_mm - _BOX_MM) * EMU_PER_MM), round(layout.MARGIN_LEFT_MM * EMU_PER_MM))
    return placed(shape, size, at, relative_to="page", number=number, name="页码")


def across() -> Element:
    """Return the page of an attachment that lies across: the upright page turned by a quarter, head to the left."""
    margins: dict[str, str | int] = {
        "w:top": mm_to_twips(layout.MARGIN_LEFT_MM),
        "w:right": mm_to_twips(layout.MARGIN_TOP_MM),
        "w:bottom": mm_to_twips(layout.MARGIN_RIGHT_MM),
        "w:left": mm_to_twips(layout.MARGIN_BOTTOM_MM),
        "w:header": 851,
        "w:footer": mm_to_twips(layout.MARGIN_RIGHT_MM / 2),
        "w:gutter": 0,
    }
    size_mm = (layout.SHEET_HEIGHT_MM, layout.SHEET_WIDTH_MM)
    return lying(size_mm, margins, foot="rIdFooter_across_")


def lying(size_mm: tuple[float, float], margins: dict[str, str | int], *, foot: str) -> Element:
    """Return a page that lies across, with the feet whose relationships begin with `foot`."""
    width, height = size_mm
    sheet: dict[str, str | int] = {
        "w:w": mm_to_twips(width), "w:h": mm_to_twips(height), "w:orient": "landscape",
    }  # fmt: skip
    return node(
        "w:sectPr",
        None,
        *(
            node("w:footerReference", {"w:type": kind, "r:id": f"{foot}{kind}"})
            for kind in ("even", "default")
        ),
        node("w:pgSz", sheet),
        node("w:pgMar", margins),
        node("w:docGrid", {"w:linePitch": twips(layout.LINE_PITCH_PT)}),
    )


def section(*, first_head_mm: float | None = None) -> Element:
    """Return the page: sheet, margins, grid and page numbers.

    With `first_head_mm` page one has a head that far from the sheet's top, and no page number.
    """
    has_first = first_head_mm is not None
    margins: dict[str, str | int] = {
        "w:top": mm_to_twips(layout.MARGIN_TOP_MM),
        "w:right": mm_to_twips(layout.MARGIN_RIGHT_MM),
        "w:bottom": mm_to_twips(layout.MARGIN_BOTTOM_MM),
        "w:left": mm_to_twips(layout.MARGIN_LEFT_MM),
        "w:header": 851 if first_head_mm is None else mm_to_twips(first_head_mm),
        "w:footer": twips(layout.FOOTER_DISTANCE_PT),
        "w:gutter": 0,
    }
    sheet = {"w:w": mm_to_twips(layout.SHEET_WIDTH_MM), "w:h": mm_to_twips(layout.SHEET_HEIGHT_MM)}
    return node(
        "w:sectPr",
        None,
        node("w:headerReference", {"w:type": "first", "r:id": "rIdHeader_first"}) if has_first else None,
        *(
            node("w:footerReference", {"w:type": kind, "r:id": f"rIdFooter_{kind}"})
            for kind in ("even", "default")
        ),
        node("w:pgSz", dict(sheet)),
        node("w:pgMar", margins),
        node("w:titlePg") if has_first else None,
        # No character grid: LibreOffice gives every glyph wider than its cell two cells.
        node("w:docGrid", {"w:linePitch": twips(layout.LINE_PITCH_PT)}),
    )
