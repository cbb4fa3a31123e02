"""A 简报 as .docx: its head above the body."""

from itertools import chain

from changai.documents import layout
from changai.documents.characters import single_line
from changai.documents.docx.blocks import Body
from changai.documents.docx.elements import (
    Element,
    document_part,
    node,
    paragraph,
    run,
    tab,
    text_paragraph,
    type_size,
)
from changai.documents.docx.imprint import imprint
from changai.documents.docx.listings import numbering
from changai.documents.docx.package import Properties, pack
from changai.documents.docx.pages import page_numbers, section, title
from changai.documents.layout import mm_to_twips, twips
from changai.documents.paper import Briefing, chinese_date


def render_briefing(paper: Briefing, body: Body) -> bytes:
    """Return the briefing as a .docx file."""
    blocks = list(chain.from_iterable(body.elements(block) for block in paper.blocks))
    content = [*_head(paper), *title(paper), *blocks, *imprint(paper.imprint.printed_lines)]
    properties = Properties(single_line(paper.title), single_line(paper.issuer), paper.issued_on)
    return pack(
        document_part(content, section()),
        page_numbers(),
        body.pictures,
        properties,
        numbering=numbering(body.listings),
    )


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
    pieces = (run(issuer, type_size(kind.size_pt)), tab(), run(day, type_size(kind.size_pt)))
    return paragraph("GwIssuer", *lead, *pieces, properties=(tabs,))


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
    size = type_size(kind.size_pt, kind.spacing_pt)
    return paragraph("GwMasthead", run("\n".join(kind.lines), size), properties=(spacing,))
