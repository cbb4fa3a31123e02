"""The last paragraph of a document, parted where its signature goes on to another page than its text.

A word processor keeps whole paragraphs together, not a paragraph's last lines with what follows: LibreOffice was
measured to carry a paragraph of 32 lines over whole. Where a page ends is worked out only for plain text.
"""

import math
import re

from changai.documents import layout
from changai.documents.characters import office_width, single_line, width_in_characters
from changai.documents.paper import Document, Heading, Paragraph, plain, text_lines
from changai.documents.titles import title_lines

_WORD = re.compile("[!-~]+|.", re.DOTALL)
_HANGING = frozenset("，。、；：")  # may stand in the margin
_NOT_FIRST = _HANGING | frozenset("！？）》」』”’％%…—")
_NOT_LAST = frozenset("（《「『“‘…—")
_UNSURE_LINES = 2


def parted(paper: Document) -> tuple[str, str] | None:
    """Return the last paragraph in two: what stands before its last two lines, and these, to keep with the signature.

    None where all has room on one page, and where that cannot be told: beside tables, pictures and lists.
    Source: GB/T 9704-2012, 7.3.5.4.
    """
    if paper.signature is None or not paper.blocks or not isinstance(paper.blocks[-1], Paragraph):
        return None
    above = _lines_above(paper)
    *others, text = text_lines(paper.blocks[-1].parts) or ("",)
    ends = line_ends(text)
    if above is None or len(ends) <= layout.LEAST_KEPT_LINES:
        return None
    end = above + sum(len(line_ends(line)) for line in others) + len(ends)
    filled = end % layout.LINES_PER_PAGE
    crosses = end > layout.LINES_PER_PAGE and filled < layout.LEAST_KEPT_LINES + _UNSURE_LINES
    if not crosses and 0 < filled <= layout.LINES_PER_PAGE - _closing_lines(paper) - _UNSURE_LINES:
        return None
    place = ends[-1 - layout.LEAST_KEPT_LINES]
    return text[:place], text[place:]


def line_ends(text: str) -> list[int]:
    """Return where each line of a paragraph ends, as a word processor sets it."""
    ends: list[int] = []
    start = end = 0
    indent = float(layout.INDENT_CHARACTERS)
    words = _WORD.findall(text)
    for place, word in enumerate(words):
        wide = indent + office_width(text[start : end + len(word)])
        hangs = word in _HANGING and wide <= layout.CHARACTERS_PER_LINE + 1
        if wide > layout.CHARACTERS_PER_LINE and not hangs and end > start:
            carried = place
            while carried > 1 and (words[carried] in _NOT_FIRST or words[carried - 1] in _NOT_LAST):
                carried -= 1
                if end - len(words[carried]) <= start:
                    break
                end -= len(words[carried])
            ends.append(end)
            start, indent = end, 0.0
            end = sum(map(len, words[:place]))
        end += len(word)
    return [*ends, len(text)]


def _lines_above(paper: Document) -> float | None:
    """Return how many lines the head and the blocks before the last take, or None where there is more than text."""
    count = _head_lines(paper)
    for block in paper.blocks[:-1]:
        if not isinstance(block, Paragraph | Heading):
            return None
        count += sum(len(line_ends(line)) for line in text_lines((plain(block.parts),)))
    return count


def _head_lines(paper: Document) -> float:
    lines = title_lines(paper.title, layout.TITLE_CHARACTERS_PER_LINE, names=(paper.issuer,))
    count = len(lines) + layout.GAP_LINES_BELOW_TITLE + layout.GAP_LINES_BELOW_RULE
    if paper.recipients:
        count += math.ceil(office_width(paper.recipients_text) / layout.CHARACTERS_PER_LINE)
    if paper.kind == "letter":
        top_pt = (layout.letter_masthead(paper.masthead).rule_mm - layout.MARGIN_TOP_MM) * layout.PT_PER_MM
        return count + max(1, len(paper.marks)) + max(0.0, top_pt / layout.LINE_PITCH_PT)
    masthead = layout.document_masthead(paper.masthead, len(paper.marks))
    high_pt = masthead.before_pt + len(masthead.lines) * masthead.line_pt
    return (
        count
        + len(paper.marks)
        + math.ceil(high_pt / layout.LINE_PITCH_PT * 10) / 10
        + layout.NUMBER_GAP_LINES
        + 1
    )


def _closing_lines(paper: Document) -> int:
    """Return how many lines note, signature and remark take, with the empty ones above them."""
    if paper.signature is None:
        return 0
    room = layout.CHARACTERS_PER_LINE - layout.INDENT_CHARACTERS - 5
    notes = sum(math.ceil(width_in_characters(name) / room) for name in paper.attachment_notes)
    remark = math.ceil((width_in_characters(single_line(paper.remark)) + 4) / layout.CHARACTERS_PER_LINE)
    stamp = paper.signature.seal == "stamped"
    return (
        (notes + 1 if notes else 0)
        + layout.signature_gap_lines(paper.signature.seal)
        + 2
        + stamp
        + (remark if paper.remark else 0)
    )
