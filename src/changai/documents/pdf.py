"""Official papers as PDF, set by Typst from a template of ours. Content goes in as data, never as markup."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from types import MappingProxyType
from typing import Any

import typst

from changai.documents import fonts, layout, tables
from changai.documents.characters import printed, single_line
from changai.documents.paper import (
    Block,
    Briefing,
    Chart,
    Document,
    Paper,
    Picture,
    all_blocks,
    chinese_date,
)
from changai.documents.pdf_blocks import Shown, Source, block_content, signature_content, with_room
from changai.documents.titles import title_lines

_TEMPLATES = Path(__file__).parent / "typst"
# The setter breaks lines between words only: a longer run of letters would stand out into the margin.
_LONG_RUN = re.compile(r"[^\s⺀-￿]{14,}")
_BREAK = "\u200b"
_NONE: Mapping[str, bytes] = MappingProxyType({})


def render_pdf(
    paper: Paper, *, font_paths: Sequence[Path] = (), pictures: Mapping[str, bytes] = _NONE
) -> bytes:
    """Return the paper as PDF; equal papers give equal bytes on the same fonts.

    `font_paths` are folders with the office's own fonts, taken before the system's. `pictures` are the bytes of its
    pictures by digest.

    :raises FontsMissing: when no Chinese font is installed.
    :raises PictureMissing: when the bytes of a picture are not given.
    """
    moment = datetime.combine(paper.issued_on, time(), UTC)
    written = _compile(paper, Source(tuple(font_paths), pictures), timestamp=int(moment.timestamp()))
    if not isinstance(written, bytes):
        raise TypeError("the setter gave no PDF")
    return written


def preview_pages(
    paper: Paper,
    *,
    font_paths: Sequence[Path] = (),
    pictures: Mapping[str, bytes] = _NONE,
    ppi: int = 96,
) -> tuple[bytes, ...]:
    """Return the pages of the same PDF as PNG pictures, for the screen.

    :raises FontsMissing: when no Chinese font is installed.
    :raises PictureMissing: when the bytes of a picture are not given.
    """
    written = _compile(paper, Source(tuple(font_paths), pictures), format="png", ppi=ppi)
    return (written,) if isinstance(written, bytes) else tuple(written or ())


def shares_of_charts(
    paper: Paper, *, font_paths: Sequence[Path] = (), pictures: Mapping[str, bytes] = _NONE
) -> tuple[float, ...]:
    """Return for each chart and picture what part of its size it is set with, in reading order.

    One that only just has no room on the rest of its page is set smaller, never below `layout.LEAST_CHART_SHARE`.

    :raises FontsMissing: when no Chinese font is installed.
    :raises PictureMissing: when the bytes of a picture are not given.
    """
    if not any(isinstance(block, Chart | Picture) for block in all_blocks(paper)):
        return ()
    source = Source(tuple(font_paths), pictures)
    found = typst.query(_template(paper), "<share>", field="value", **_inputs(paper, source))
    return tuple(float(share) for share in json.loads(found))


def _compile(paper: Paper, source: Source, **options: Any) -> bytes | list[bytes] | None:
    made: bytes | list[bytes] | None = typst.compile(_template(paper), **_inputs(paper, source), **options)
    return made


def _template(paper: Paper) -> Path:
    return _TEMPLATES / ("briefing.typ" if isinstance(paper, Briefing) else "document.typ")


def _inputs(paper: Paper, source: Source) -> dict[str, Any]:
    content = _content(paper, source)
    content["measures"] = _measures()
    content["fonts"] = {
        str(role): list(fonts.families(role, source.folders))
        for role in fonts.Role
        if role is not fonts.Role.CHART
    }
    return {
        "font_paths": fonts.setter_fonts(source.folders),
        "sys_inputs": {"paper": json.dumps(content, ensure_ascii=False)},
    }


def _measures() -> dict[str, float | str]:
    return {
        "line_pitch_pt": layout.LINE_PITCH_PT,
        "body_size_pt": layout.SIZE_3_PT,
        "title_size_pt": layout.SIZE_2_PT,
        "small_size_pt": layout.SIZE_4_PT,
        "note_size_pt": layout.SIZE_5_PT,
        "table_size_pt": layout.TABLE_PT,
        "character_advance_pt": layout.CHARACTER_ADVANCE_PT,
        "character_spacing_pt": layout.CHARACTER_SPACING_PT,
        "margin_top_mm": layout.MARGIN_TOP_MM,
        "margin_bottom_mm": layout.MARGIN_BOTTOM_MM,
        "margin_left_mm": layout.MARGIN_LEFT_MM,
        "margin_right_mm": layout.MARGIN_RIGHT_MM,
        "masthead_lines": layout.MASTHEAD_LINES,
        "head_rule_pt": layout.HEAD_RULE_PT,
        "gap_lines_below_rule": layout.GAP_LINES_BELOW_RULE,
        "gap_lines_below_title": layout.GAP_LINES_BELOW_TITLE,
        "red": f"#{layout.RED}",
        "least_chart_share": layout.LEAST_CHART_SHARE,
        "block_mm": layout.BLOCK_WIDTH_MM,
        "page_lines": layout.LINES_PER_PAGE,
        "least_lines": layout.LEAST_KEPT_LINES,
        "least_rows": layout.LEAST_TABLE_ROWS,
        "most_gap_lines": layout.MOST_GAP_LINES,
        "most_needed_lines": layout.MOST_NEEDED_LINES,
        "table_rule_pt": layout.TABLE_RULE_PT,
        "table_cell_margin_pt": layout.TABLE_CELL_MARGIN_PT,
        "imprint_line_pt": layout.IMPRINT_LINE_PT,
        "imprint_thick_rule_pt": layout.IMPRINT_THICK_RULE_PT,
        "imprint_thin_rule_pt": layout.IMPRINT_THIN_RULE_PT,
        "page_number_descent_pt": layout.PAGE_NUMBER_DASH_BELOW_BLOCK_MM * layout.PT_PER_MM
        - layout.PAGE_NUMBER_DASH_PT,
        "chart_caption_gap_pt": layout.CHART_CAPTION_GAP_PT,
    }


def _content(paper: Paper, source: Source) -> dict[str, Any]:
    folders = source.folders

    def shown(text: str) -> str:
        whole = fonts.without_gaps(printed(text), folders)
        return _LONG_RUN.sub(lambda run: _BREAK.join(re.findall(".{1,7}", run[0])), whole)

    def titled(text: str) -> list[str]:
        names = (fonts.without_gaps(single_line(paper.issuer), folders),)
        whole = fonts.without_gaps(text, folders)
        lines = title_lines(whole, layout.TITLE_CHARACTERS_PER_LINE, names=names)
        return [shown(line) for line in lines]

    def set_blocks(blocks: Iterable[Block], block_mm: float = layout.BLOCK_WIDTH_MM) -> list[dict[str, Any]]:
        setting = replace(source, block_mm=block_mm)
        return with_room([made for block in blocks for made in block_content(block, shown, setting)])

    own = (
        _briefing(paper, shown)
        if isinstance(paper, Briefing)
        else _document(paper, shown, titled, set_blocks)
    )
    lines = paper.imprint.printed_lines if isinstance(paper, Briefing) else paper.printed_lines
    return {
        "title": single_line(paper.title),
        "issuer": shown(single_line(paper.issuer)),
        "issued_on": chinese_date(paper.issued_on),
        "date": [paper.issued_on.year, paper.issued_on.month, paper.issued_on.day],
        "title_lines": titled(paper.title),
        "recipients": shown(paper.recipients_text),
        "blocks": set_blocks(paper.blocks),
        "imprint": [_imprint_line(label, text, shown) for label, text in lines],
        **own,
    }


def _imprint_line(label: str, text: str, shown: Shown) -> dict[str, Any]:
    left, parted, right = text.partition("\t")
    spacing_pt = layout.printed_spacing(left, right) if parted else 0.0
    return {"label": label, "text": shown(left), "right": shown(right), "spacing_pt": spacing_pt}


def _masthead(kind: layout.MastheadType | layout.DocumentMasthead, shown: Shown) -> dict[str, Any]:
    return {
        "lines": [shown(line) for line in kind.lines],
        "size_pt": kind.size_pt,
        "spacing_pt": kind.spacing_pt,
    }


def _briefing(paper: Briefing, shown: Shown) -> dict[str, Any]:
    issuer_line = layout.issuer_line(single_line(paper.issuer), chinese_date(paper.issued_on))
    return {
        "issue": paper.issue_text,
        "marks": shown(paper.marks),
        "masthead": _masthead(layout.masthead_type(paper.masthead), shown),
        "issuer_line": {"size_pt": issuer_line.size_pt, "indent_pt": issuer_line.indent_pt},
    }


def _document(
    paper: Document,
    shown: Shown,
    titled: Callable[[str], list[str]],
    set_blocks: Callable[..., list[dict[str, Any]]],
) -> dict[str, Any]:
    several = len(paper.attachments) > 1
    letter = layout.letter_masthead(paper.masthead)
    kind = letter if paper.kind == "letter" else layout.document_masthead(paper.masthead, len(paper.marks))
    return {
        "kind": paper.kind,
        "colour": paper.colour,
        "marks": [shown(mark) for mark in paper.marks],
        "masthead": {
            **_masthead(kind, shown),
            "before_pt": kind.before_pt + layout.SETTER_RISE * kind.size_pt,
        },
        "number": shown(single_line(paper.number)),
        "number_gap_lines": layout.NUMBER_GAP_LINES,
        "signers": shown("　".join(map(single_line, paper.signers))),
        "letter": _letter(letter),
        "attachment_notes": [
            {"number": f"{place}." if several else "", "title": shown(single_line(each.title))}
            for place, each in enumerate(paper.attachments, start=1)
        ],
        "attachments": [
            {
                "mark": f"附件{place if several else ''}",
                "title_lines": titled(each.title),
                "across": tables.is_across(each.blocks),
                "blocks": set_blocks(
                    each.blocks,
                    layout.BLOCK_HEIGHT_MM if tables.is_across(each.blocks) else layout.BLOCK_WIDTH_MM,
                ),
            }
            for place, each in enumerate(paper.attachments, start=1)
            if each.blocks
        ],
        "signature": None if paper.signature is None else signature_content(paper.signature, shown),
        "remark": shown(single_line(paper.remark)),
    }


def _letter(masthead: layout.LetterMasthead) -> dict[str, float]:
    rule_end_mm = masthead.rule_mm + layout.LETTER_RULE_PT / layout.PT_PER_MM
    return {
        "rule_mm": masthead.rule_mm,
        "rule_height_pt": layout.LETTER_RULE_PT,
        "rule_width_mm": layout.LETTER_RULE_WIDTH_MM,
        "foot_mm": layout.SHEET_HEIGHT_MM - layout.LETTER_FOOT_RULE_MM,
        "masthead_mm": masthead.top_mm + layout.SETTER_RISE * masthead.size_pt / layout.PT_PER_MM,
        # 10.1: seven eighths of a size-3 character below the rule.
        "number_mm": rule_end_mm + layout.SIZE_3_PT * 7 / 8 / layout.PT_PER_MM,
    }
