"""The pages of a paper: sheet, margins, page numbers."""

from changai.documents import layout
from changai.documents.docx.elements import Element, field, node, paragraph, run, text_paragraph
from changai.documents.docx.styles import TITLE_GAP_PT
from changai.documents.layout import mm_to_twips, twips
from changai.documents.paper import Briefing, Document
from changai.documents.titles import title_lines


def page_numbers() -> dict[str, Element]:
    """Return the foot of odd and of even pages. Source: GB/T 9704-2012, 7.5."""
    return {
        name: node("w:ftr", None, paragraph(style, run("— "), *field("PAGE", "1"), run(" —")))
        for name, style in (("default", "GwPageOdd"), ("even", "GwPageEven"))
    }


def title(paper: Briefing | Document, *, lower_pt: float = 0.0) -> list[Element]:
    """Return the title, cut into even lines and `lower_pt` lower than its style says, and the main recipients."""
    lines = title_lines(paper.title, layout.TITLE_CHARACTERS_PER_LINE)
    spacing = node("w:spacing", {"w:before": twips(TITLE_GAP_PT + lower_pt)})
    heading = paragraph(
        "Title", *([run("\n".join(lines))] if lines else []), properties=(spacing,) if lower_pt else ()
    )
    return [heading, text_paragraph("GwRecipients", paper.recipients_text)] if paper.recipients else [heading]


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
