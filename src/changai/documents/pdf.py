"""Official papers as PDF, set by Typst from a template of ours. Content goes in as data, never as markup."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import typst

from changai.documents import charts, fonts, layout
from changai.documents.characters import single_line, width_in_characters
from changai.documents.paper import (
    Block,
    Briefing,
    Chart,
    Heading,
    Paragraph,
    Parts,
    Signature,
    Table,
    chinese_date,
    plain,
    text_lines,
)

_TEMPLATE = Path(__file__).parent / "typst" / "briefing.typ"
# The setter breaks lines between words only: a longer run of letters would stand out into the margin.
_LONG_RUN = re.compile(r"[^\s⺀-￿]{14,}")
_BREAK = "\u200b"
Shown = Callable[[str], str]


def render_pdf(paper: Briefing, *, font_paths: Sequence[Path] = ()) -> bytes:
    """Return the briefing as PDF; equal papers give equal bytes on the same fonts.

    `font_paths` are folders with the office's own fonts, taken before the system's.

    :raises FontsMissing: when no Chinese font is installed.
    """
    moment = datetime.combine(paper.issued_on, time(), UTC)
    written = _compile(paper, tuple(font_paths), timestamp=int(moment.timestamp()))
    if not isinstance(written, bytes):
        raise TypeError("the setter gave no PDF")
    return written


def preview_pages(paper: Briefing, *, font_paths: Sequence[Path] = (), ppi: int = 96) -> tuple[bytes, ...]:
    """Return the pages of the same PDF as PNG pictures, for the screen.

    :raises FontsMissing: when no Chinese font is installed.
    """
    written = _compile(paper, tuple(font_paths), format="png", ppi=ppi)
    return (written,) if isinstance(written, bytes) else tuple(written or ())


def _compile(paper: Briefing, folders: tuple[Path, ...], **options: Any) -> bytes | list[bytes] | None:
    content = _content(paper, folders)
    content["measures"] = _measures()
    content["fonts"] = {
        str(role): list(fonts.families(role, folders)) for role in fonts.Role if role is not fonts.Role.CHART
    }
    made: bytes | list[bytes] | None = typst.compile(
        _TEMPLATE,
        font_paths=fonts.setter_fonts(folders),
        sys_inputs={"paper": json.dumps(content, ensure_ascii=False)},
        **options,
    )
    return made


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
        "table_rule_pt": layout.TABLE_RULE_PT,
        "table_cell_margin_pt": layout.TABLE_CELL_MARGIN_PT,
        "imprint_line_pt": layout.IMPRINT_LINE_PT,
        "imprint_thick_rule_pt": layout.IMPRINT_THICK_RULE_PT,
        "imprint_thin_rule_pt": layout.IMPRINT_THIN_RULE_PT,
        "page_number_descent_pt": layout.PAGE_NUMBER_DASH_BELOW_BLOCK_MM * layout.PT_PER_MM
        - layout.PAGE_NUMBER_DASH_PT,
        "chart_caption_gap_pt": layout.CHART_CAPTION_GAP_PT,
    }


def _content(paper: Briefing, folders: tuple[Path, ...]) -> dict[str, Any]:
    def shown(text: str) -> str:
        whole = fonts.without_gaps(text, folders)
        return _LONG_RUN.sub(lambda run: _BREAK.join(re.findall(".{1,7}", run[0])), whole)

    issuer, day = single_line(paper.issuer), chinese_date(paper.issued_on)
    masthead, issuer_line = layout.masthead_type(paper.masthead), layout.issuer_line(issuer, day)
    title = layout.title_lines(fonts.without_gaps(paper.title, folders), layout.TITLE_CHARACTERS_PER_LINE)
    return {
        "title": single_line(paper.title),
        "issuer": shown(issuer),
        "issued_on": day,
        "date": [paper.issued_on.year, paper.issued_on.month, paper.issued_on.day],
        "issue": paper.issue_text,
        "marks": shown(paper.marks),
        "masthead": {
            "lines": [shown(line) for line in masthead.lines],
            "size_pt": masthead.size_pt,
            "spacing_pt": masthead.spacing_pt,
        },
        "issuer_line": {"size_pt": issuer_line.size_pt, "indent_pt": issuer_line.indent_pt},
        "title_lines": [shown(line) for line in title],
        "recipients": shown(paper.recipients_text),
        "blocks": [made for block in paper.blocks for made in _block(block, shown, folders)],
        "imprint": [{"label": label, "text": shown(text)} for label, text in paper.imprint.printed_lines],
    }


def _block(block: Block, shown: Shown, folders: tuple[Path, ...]) -> Iterator[dict[str, Any]]:
    match block:
        case Heading():
            yield {"kind": "heading", "level": block.level, "text": shown(single_line(plain(block.parts)))}
        case Paragraph():
            yield from ({"kind": "paragraph", "text": shown(line)} for line in text_lines(block.parts))
        case Table():
            yield _table(block, shown)
        case Chart():
            yield _chart(block, shown, folders)
        case Signature():
            yield _signature(block, shown)


def _chart(block: Chart, shown: Shown, folders: tuple[Path, ...]) -> dict[str, Any]:
    from changai.documents.chart_drawing import draw  # heavy, and most papers have no chart

    picture = draw(block.spec, font_paths=folders)
    return {
        "kind": "chart",
        "svg": picture.svg(),
        "width_mm": picture.width_mm,
        "alt": charts.alt_text(block.spec),
        "caption": shown(charts.caption(block.spec)),
    }


def _table(table: Table, shown: Shown) -> dict[str, Any]:
    def cell(parts: Parts) -> list[str]:
        return [shown(line) for line in text_lines(parts)]

    return {
        "kind": "table",
        "caption": shown(single_line(table.caption)),
        "size_pt": layout.table_size_pt(len(table.columns)),
        "widths": layout.column_widths_mm(tuple(column.width for column in table.columns)),
        "aligns": [column.align for column in table.columns],
        "titles": [shown(single_line(column.title)) for column in table.columns],
        "rows": [
            {"cells": [cell(parts) for parts in row], "unbroken": layout.is_unbroken_row(map(plain, row))}
            for row in table.rows
        ],
        "note": shown(single_line(table.note)),
    }


def _signature(block: Signature, shown: Shown) -> dict[str, Any]:
    issuer, day = single_line(block.issuer), chinese_date(block.signed_on)
    starts = layout.signature_starts(width_in_characters(issuer), width_in_characters(day))
    return {
        "kind": "signature",
        "issuer": shown(issuer),
        "day": day,
        "issuer_start": starts[0],
        "date_start": starts[1],
    }
