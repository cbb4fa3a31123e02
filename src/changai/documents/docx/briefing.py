"""A 简报 as .docx: its head, its imprint and its page numbers around the body."""

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from changai.documents import layout
from changai.documents.characters import single_line
from changai.documents.docx.blocks import EMU_PER_MM, Body
from changai.documents.docx.elements import (
    Element,
    field,
    node,
    paragraph,
    qualified,
    rule,
    run,
    tab,
    text_paragraph,
    valued,
)
from changai.documents.docx.package import Properties, pack
from changai.documents.layout import mm_to_twips, twips
from changai.documents.paper import Briefing, Imprint, chinese_date


def render_docx(paper: Briefing, *, font_paths: Sequence[Path] = ()) -> bytes:
    """Return the briefing as a .docx file; equal papers give equal bytes.

    `font_paths` are folders with the office's own fonts, of use only for charts: text names its fonts.

    :raises FontsMissing: when it holds a chart and no Chinese font is installed to draw it with.
    """
    body = Body(tuple(font_paths))
    blocks = list(chain.from_iterable(body.elements(block) for block in paper.blocks))
    content = [*_head(paper), *_title(paper), *blocks, *_imprint(paper.imprint)]
    document = node("w:document", None, node("w:body", None, *content, _section()))
    document.set(qualified("mc:Ignorable"), "wps")
    properties = Properties(single_line(paper.title), single_line(paper.issuer), paper.issued_on)
    return pack(document, _footers(), body.pictures, properties)


def _head(paper: Briefing) -> list[Element]:
    return [
        text_paragraph("GwSecurity", paper.marks),
        _masthead(paper.masthead),
        text_paragraph("GwIssue", paper.issue_text),
        _issuer(single_line(paper.issuer), chinese_date(paper.issued_on)),
    ]


def _issuer(issuer: str, day: str) -> Element:
    """Return issuer and date on one line, set in by tabs: an indent would shorten the rule below."""
    kind = layout.issuer_line(issuer, day)
    right = mm_to_twips(layout.BLOCK_WIDTH_MM) - twips(kind.indent_pt)
    stops = [("left", twips(kind.indent_pt)), ("right", right)] if kind.indent_pt else [("right", right)]
    tabs = node("w:tabs", None, *(node("w:tab", {"w:val": side, "w:pos": place}) for side, place in stops))
    lead = [tab()] if kind.indent_pt else []
    pieces = (run(issuer, _type_size(kind.size_pt)), tab(), run(day, _type_size(kind.size_pt)))
    return paragraph("GwIssuer", *lead, *pieces, properties=(tabs,))


def _type_size(size_pt: float, spacing_pt: float = 0.0) -> Element:
    half_points = round(size_pt * 2)
    return node(
        "w:rPr",
        None,
        valued("w:spacing", round(spacing_pt * 20)),
        valued("w:sz", half_points),
        valued("w:szCs", half_points),
    )


def _masthead(name: str) -> Element:
    """Return the masthead in its fixed height, whatever the size of its type."""
    kind = layout.masthead_type(name)
    room = layout.MASTHEAD_LINES * layout.LINE_PITCH_PT - kind.line_pt * len(kind.lines)
    spacing = node(
        "w:spacing",
        {
            "w:before": twips(room / 2),
            "w:after": twips(room / 2),
            "w:line": twips(kind.line_pt),
            "w:lineRule": "exact",
        },
    )
    size = _type_size(kind.size_pt, kind.spacing_pt)
    return paragraph("GwMasthead", run("\n".join(kind.lines), size), properties=(spacing,))


def _title(paper: Briefing) -> list[Element]:
    lines = layout.title_lines(paper.title, layout.TITLE_CHARACTERS_PER_LINE)
    title = text_paragraph("Title", "\n".join(lines))
    if not paper.recipients:
        return [title]
    return [title, text_paragraph("GwRecipients", paper.recipients_text)]


def _imprint(imprint: Imprint) -> list[Element]:
    """Return the imprint as a text box standing on the foot of the page of the body's end.

    The empty paragraph it is anchored to is as high as the box, so the box never lies over text, and both go
    to the next page when there is no room.
    """
    rows = [
        ("GwImprint", f"{label}：{text}") if label else ("GwCopies", text)
        for label, text in imprint.printed_lines
    ]
    if not rows:
        return []
    line_count = sum(layout.imprint_line_count(text) if style == "GwImprint" else 1 for style, text in rows)
    height_pt = line_count * layout.IMPRINT_LINE_PT + layout.IMPRINT_RULE_ROOM_PT
    spacing = node("w:spacing", {"w:line": twips(height_pt), "w:lineRule": "exact"})
    box = _text_box(height_pt, [_imprint_table(rows), _last_line()])
    return [paragraph("Normal", box, properties=(spacing,))]


def _imprint_table(rows: list[tuple[str, str]]) -> Element:
    width = mm_to_twips(layout.BLOCK_WIDTH_MM)
    borders = node(
        "w:tblBorders",
        None,
        rule("w:top", layout.IMPRINT_THICK_RULE_PT),
        rule("w:bottom", layout.IMPRINT_THICK_RULE_PT),
        rule("w:insideH", layout.IMPRINT_THIN_RULE_PT),
    )
    margins = node(
        "w:tblCellMar", None, *(node(f"w:{side}", {"w:w": 0, "w:type": "dxa"}) for side in ("left", "right"))
    )
    return node(
        "w:tbl",
        None,
        node(
            "w:tblPr",
            None,
            node("w:tblW", {"w:w": width, "w:type": "dxa"}),
            borders,
            node("w:tblLayout", {"w:type": "fixed"}),
            margins,
        ),
        node("w:tblGrid", None, node("w:gridCol", {"w:w": width})),
        *(_imprint_row(width, style, text) for style, text in rows),
    )


def _imprint_row(width: int, style: str, text: str) -> Element:
    cell = node(
        "w:tc",
        None,
        node("w:tcPr", None, node("w:tcW", {"w:w": width, "w:type": "dxa"})),
        text_paragraph(style, text),
    )
    return node("w:tr", None, cell)


def _last_line() -> Element:
    """Return the paragraph a text box must end with, too low to be seen."""
    spacing = node("w:spacing", {"w:line": 20, "w:lineRule": "exact"})
    return node("w:p", None, node("w:pPr", None, valued("w:pStyle", "Normal"), spacing))


def _text_box(height_pt: float, content: list[Element]) -> Element:
    size = {
        "cx": round(layout.BLOCK_WIDTH_MM * EMU_PER_MM),
        "cy": round(height_pt / layout.PT_PER_MM * EMU_PER_MM),
    }
    no_line = node("a:ln", None, node("a:noFill"))
    shape = node(
        "wps:wsp",
        None,
        node("wps:cNvSpPr", {"txBox": 1}),
        node(
            "wps:spPr",
            None,
            node("a:xfrm", None, node("a:off", {"x": 0, "y": 0}), node("a:ext", dict(size))),
            node("a:prstGeom", {"prst": "rect"}, node("a:avLst")),
            node("a:noFill"),
            no_line,
        ),
        node("wps:txbx", None, node("w:txbxContent", None, *content)),
        node(
            "wps:bodyPr",
            {"wrap": "square", "lIns": 0, "tIns": 0, "rIns": 0, "bIns": 0, "anchor": "b"},
            node("a:noAutofit"),
        ),
    )
    graphic = node("a:graphic", None, node("a:graphicData", {"uri": shape.nsmap["wps"]}, shape))
    choice = node("mc:Choice", {"Requires": "wps"}, node("w:drawing", None, _at_foot(size, graphic)))
    return node("w:r", None, node("mc:AlternateContent", None, choice))


def _at_foot(size: dict[str, int], graphic: Element) -> Element:
    block_height = round(layout.BLOCK_HEIGHT_MM * EMU_PER_MM)
    drop = round(layout.IMPRINT_BOX_DROP_PT / layout.PT_PER_MM * EMU_PER_MM)

    def placed(tag: str, offset: int) -> Element:
        place = node("wp:posOffset")
        place.text = str(offset)
        return node(tag, {"relativeFrom": "margin"}, place)

    attributes: dict[str, str | int] = {
        "distT": 0,
        "distB": 0,
        "distL": 0,
        "distR": 0,
        "simplePos": 0,
        "relativeHeight": 2,
        "behindDoc": 0,
        "locked": 0,
        "layoutInCell": 1,
        "allowOverlap": 1,
    }
    return node(
        "wp:anchor",
        attributes,
        node("wp:simplePos", {"x": 0, "y": 0}),
        placed("wp:positionH", 0),
        placed("wp:positionV", block_height + drop - size["cy"]),
        node("wp:extent", dict(size)),
        node("wp:effectExtent", {"l": 0, "t": 0, "r": 0, "b": 0}),
        node("wp:wrapNone"),
        node("wp:docPr", {"id": 1000, "name": "版记"}),
        node("wp:cNvGraphicFramePr"),
        graphic,
    )


def _footers() -> dict[str, Element]:
    """Return the foot of odd and of even pages. Source: GB/T 9704-2012, 7.5."""
    return {
        name: node("w:ftr", None, paragraph(style, run("— "), *field("PAGE", "1"), run(" —")))
        for name, style in (("default", "GwPageOdd"), ("even", "GwPageEven"))
    }


def _section() -> Element:
    margins: dict[str, str | int] = {
        "w:top": mm_to_twips(layout.MARGIN_TOP_MM),
        "w:right": mm_to_twips(layout.MARGIN_RIGHT_MM),
        "w:bottom": mm_to_twips(layout.MARGIN_BOTTOM_MM),
        "w:left": mm_to_twips(layout.MARGIN_LEFT_MM),
        "w:header": 851,
        "w:footer": twips(layout.FOOTER_DISTANCE_PT),
        "w:gutter": 0,
    }
    sheet = {"w:w": mm_to_twips(layout.SHEET_WIDTH_MM), "w:h": mm_to_twips(layout.SHEET_HEIGHT_MM)}
    return node(
        "w:sectPr",
        None,
        *(
            node("w:footerReference", {"w:type": kind, "r:id": f"rIdFooter_{kind}"})
            for kind in ("even", "default")
        ),
        node("w:pgSz", dict(sheet)),
        node("w:pgMar", margins),
        # No character grid: LibreOffice gives every glyph wider than its cell two cells.
        node("w:docGrid", {"w:linePitch": twips(layout.LINE_PITCH_PT)}),
    )
