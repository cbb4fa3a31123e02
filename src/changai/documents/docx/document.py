"""A 文件, 信函 or 纪要 as .docx: head, body, attachments, imprint."""

from collections.abc import Iterator
from itertools import chain

from changai.documents import layout
from changai.documents.characters import single_line, width_in_characters
from changai.documents.docx.blocks import Body, signature
from changai.documents.docx.elements import (
    Element,
    document_part,
    node,
    paragraph,
    qualified,
    rule,
    run,
    tab,
    text_paragraph,
    type_size,
    valued,
)
from changai.documents.docx.ending import parted
from changai.documents.docx.imprint import imprint
from changai.documents.docx.listings import numbering
from changai.documents.docx.package import Properties, pack
from changai.documents.docx.pages import across, across_numbers, page_numbers, section, title
from changai.documents.docx.rules import double_rule
from changai.documents.docx.styles import DOCUMENT_STYLES, run_fonts
from changai.documents.layout import mm_to_twips, twips
from changai.documents.paper import Attachment, Document
from changai.documents.tables import is_across
from changai.documents.titles import title_lines

_LETTER_NUMBER_LINE_PT = 1.2 * layout.SIZE_3_PT
# What its line is lower than the pitch: a number at the foot of a whole line would stand too far below the rule.
_BELOW_LETTER_NUMBER_PT = (
    layout.LINE_PITCH_PT - _LETTER_NUMBER_LINE_PT + layout.MASTHEAD_DROP * layout.SIZE_3_PT
)


def render_document(paper: Document, body: Body) -> bytes:
    """Return the document as a .docx file."""
    head = _letter_number(paper) if paper.kind == "letter" else _head(paper)
    is_letter = paper.kind == "letter"
    lower_pt = _BELOW_LETTER_NUMBER_PT if is_letter and len(paper.marks) < 2 else 0.0
    content = [*head, *title(paper, lower_pt=lower_pt), *_body(paper, body)]
    page = section(first_head_mm=layout.letter_masthead(paper.masthead).top_mm if is_letter else None)
    properties = Properties(single_line(paper.title), single_line(paper.issuer), paper.issued_on)
    first = _letter_head(paper) if is_letter else None
    page = _append_attachments(paper, body, content, page)
    content += imprint(paper.printed_lines, is_ruled=not is_letter)
    lies_across = any(is_across(each.blocks) for each in paper.attachments)
    return pack(
        document_part(content, page),
        page_numbers() | (across_numbers() if lies_across else {}),
        body.pictures,
        properties,
        styles=DOCUMENT_STYLES,
        first_header=first,
        numbering=numbering(body.listings),
    )


def _body(paper: Document, body: Body) -> Iterator[Element]:
    text = list(chain.from_iterable(body.elements(block) for block in paper.blocks))
    notes = list(_attachment_notes(paper.attachment_notes))
    if paper.signature is not None:
        if halves := parted(paper):
            text[-1:] = _in_two(*halves)
        # Moving the only paragraph would leave page one without text, which 7.3.3 forbids.
        kept = text[-1:] if halves or len(text) > layout.LEAST_KEPT_BLOCKS else []
        for element in (*kept, *notes):
            _keep_with_next(element)
    yield from (*text, *notes)
    if paper.signature is not None:
        *lines, day = signature(paper.signature)
        if paper.remark:
            _keep_with_next(day)
        yield from (*lines, day)
    if paper.remark:
        yield text_paragraph("GwRemark", f"（{single_line(paper.remark)}）")


def _in_two(before: str, last: str) -> Iterator[Element]:
    """Yield a paragraph parted at a line end: its first part filled to its last line, its second not set in."""
    yield paragraph("GwBody", run(before), properties=(valued("w:jc", "distribute"),))
    yield paragraph("GwBody", run(last), properties=(node("w:keepLines"), node("w:ind", {"w:firstLine": 0})))


def _append_attachments(paper: Document, body: Body, content: list[Element], page: Element) -> Element:
    """Add the attachments' own pages to the content and return the page its last part is set on."""
    was_across = False
    for number, each in enumerate(paper.attachments, start=1):
        if not each.blocks:
            continue
        lies_across = is_across(each.blocks)
        if lies_across or was_across:
            _end_section(content[-1], page)
            page = across() if lies_across else section()
        body.block_mm = layout.BLOCK_HEIGHT_MM if lies_across else layout.BLOCK_WIDTH_MM
        content += _attachment(each, str(number) if len(paper.attachments) > 1 else "", body, paper.issuer)
        was_across = lies_across
    if was_across and paper.printed_lines:
        _end_section(content[-1], page)
        page = section()
    return page


def _end_section(last: Element, page: Element) -> None:
    """Let the last paragraph end the pages of this kind; what follows begins a page of its own."""
    last.find(qualified("w:pPr")).append(page)


def _keep_with_next(element: Element) -> None:
    """Keep a paragraph on the page of what follows: no signature without text (GB/T 9704-2012, 7.3.5.4)."""
    properties = element.find(qualified("w:pPr"))
    if properties is not None:
        properties.insert(1, node("w:keepNext"))


def _head(paper: Document) -> list[Element]:
    marks = [text_paragraph("GwSecurity", mark) for mark in paper.marks]
    return [*marks, _masthead(paper, len(marks)), _number(paper)]


def _masthead(paper: Document, mark_lines: int) -> Element:
    kind = layout.document_masthead(paper.masthead, mark_lines)
    after = layout.NUMBER_GAP_LINES * layout.LINE_PITCH_PT
    spacing: dict[str, str | int] = {
        "w:before": twips(kind.before_pt),
        "w:after": twips(after),
        "w:line": twips(kind.line_pt),
        "w:lineRule": "exact",
    }
    text = run("\n".join(kind.lines), _coloured(type_size(kind.size_pt, kind.spacing_pt), paper.colour))
    return paragraph("GwMasthead", text, properties=(node("w:spacing", spacing),))


def _coloured(properties: Element, colour: str) -> Element:
    properties.insert(0, valued("w:color", colour))
    return properties


def _number(paper: Document) -> Element:
    """Return the document's number above the rule; on an upward document with the signers at the right."""
    below = rule("w:bottom", layout.HEAD_RULE_PT, space_pt=layout.HEAD_RULE_GAP_PT, colour=paper.colour)
    border = node("w:pBdr", None, below)
    if paper.kind == "minutes":
        return paragraph("GwMinutesNumber", run(single_line(paper.number)), properties=(border,))
    if not paper.signers:
        return paragraph("GwNumber", run(single_line(paper.number)), properties=(border,))
    indent = layout.SIZE_3_PT * layout.NUMBER_INDENT_CHARACTERS
    right = mm_to_twips(layout.BLOCK_WIDTH_MM) - twips(indent)
    stops = (("left", twips(indent)), ("right", right))
    tabs = node("w:tabs", None, *(node("w:tab", {"w:val": side, "w:pos": place}) for side, place in stops))
    names = run("　".join(map(single_line, paper.signers)), node("w:rPr", None, run_fonts(layout.KAITI)))
    pieces = (tab(), run(single_line(paper.number)), tab(), run("签发人："), names)
    return paragraph("GwUpNumber", *pieces, properties=(border, tabs))


def _letter_head(paper: Document) -> Element:
    """Return the head of page one of a letter: its masthead and both double rules. Source: GB/T 9704-2012, 10.1."""
    kind = layout.letter_masthead(paper.masthead)
    spacing: dict[str, str | int] = {
        "w:before": 0,
        "w:after": twips(layout.LETTER_RULE_BELOW_MM * layout.PT_PER_MM + layout.LETTER_RULE_PT),
        "w:line": twips(kind.line_pt),
        "w:lineRule": "exact",
    }
    text = run(kind.lines[0], _coloured(type_size(kind.size_pt, kind.spacing_pt), paper.colour))
    upper = double_rule(kind.rule_mm, paper.colour, number=1, is_upper=True)
    foot_mm = layout.SHEET_HEIGHT_MM - layout.LETTER_FOOT_RULE_MM
    lower = double_rule(foot_mm, paper.colour, number=3, is_upper=False)
    masthead = paragraph("GwLetterMasthead", text, *upper, *lower, properties=(node("w:spacing", spacing),))
    return node("w:hdr", None, masthead)


def _letter_number(paper: Document) -> list[Element]:
    """Return the marks at the left and the number at the right, level with the first of them."""
    right = node(
        "w:tabs", None, node("w:tab", {"w:val": "right", "w:pos": mm_to_twips(layout.BLOCK_WIDTH_MM)})
    )
    first, *others = paper.marks or ("",)
    heiti = node("w:rPr", None, run_fonts(layout.HEITI))
    gap: dict[str, str | int] = {
        "w:before": twips(layout.SIZE_3_PT * (7 / 8 - layout.MASTHEAD_DROP)),
        "w:after": twips(_BELOW_LETTER_NUMBER_PT if others else 0.0),
        "w:line": twips(_LETTER_NUMBER_LINE_PT),
        "w:lineRule": "exact",
    }
    line = paragraph(
        "GwLetterNumber",
        run(first, heiti),
        tab(),
        run(single_line(paper.number)),
        properties=(right, node("w:spacing", gap)),
    )
    return [line, *(text_paragraph("GwSecurity", mark) for mark in others)]


def _attachment_notes(names: tuple[str, ...]) -> Iterator[Element]:
    """Yield 附件：1. … with each name hanging under its first character. Source: GB/T 9704-2012, 7.3.4."""
    lead = layout.INDENT_CHARACTERS + 3.0
    for place, name in enumerate(names):
        number, dot, rest = name.partition(". ") if len(names) > 1 else ("", "", name)
        hang = (width_in_characters(number) + 1.0) if dot else 0.0
        left = (lead + hang) * layout.CHARACTER_ADVANCE_PT
        first = (3.0 if place == 0 else 0.0) + hang
        indents = node(
            "w:ind", {"w:left": twips(left), "w:hanging": twips(first * layout.CHARACTER_ADVANCE_PT)}
        )
        stops = node("w:tabs", None, node("w:tab", {"w:val": "left", "w:pos": twips(left)}))
        gap = layout.LINE_PITCH_PT if place == 0 else 0.0
        spacing = node(
            "w:spacing",
            {"w:before": twips(gap), "w:line": twips(layout.LINE_PITCH_PT), "w:lineRule": "exact"},
        )
        text = ("附件：" if place == 0 else "") + (f"{number}." if dot else "")
        pieces = [run(text), tab(), run(rest)] if dot else [run(text + rest)]
        yield paragraph("GwAttachmentNote", *pieces, properties=(stops, spacing, indents))


def _attachment(each: Attachment, number: str, body: Body, issuer: str) -> Iterator[Element]:
    yield paragraph("GwAttachmentMark", run(f"附件{number}"), properties=(node("w:pageBreakBefore"),))
    lines = title_lines(each.title, layout.TITLE_CHARACTERS_PER_LINE, names=(issuer,))
    yield text_paragraph("GwAttachmentTitle", "\n".join(lines))
    yield from chain.from_iterable(body.elements(block) for block in each.blocks)
