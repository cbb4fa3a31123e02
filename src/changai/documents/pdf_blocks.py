"""The blocks of a paper as the data our PDF's template sets."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from changai.documents import charts, layout, tables
from changai.documents.breaks import pieces
from changai.documents.characters import single_line, width_in_characters
from changai.documents.paper import (
    Attendance,
    Block,
    Chart,
    Heading,
    Listing,
    Paragraph,
    Parts,
    Picture,
    Signature,
    Table,
    chinese_date,
    plain,
    text_lines,
)
from changai.documents.pictures import content_of, picture_svg

_KEPT = "\u2060"  # marks a phrase for the template; people's own are taken out of every text
Shown = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Source:
    """What a paper needs beside its own content: folders of fonts, the bytes of its pictures."""

    folders: tuple[Path, ...]
    pictures: Mapping[str, bytes]
    block_mm: float = layout.BLOCK_WIDTH_MM


def with_room(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the blocks, a chart with the height of the headings that stay with it, the first of them marked.

    The room left on a page is measured where these begin: a heading alone goes to the next page with its chart.
    """
    begin, led_pt = 0, 0.0
    for place, block in enumerate(blocks):
        if block["kind"] == "chart":
            blocks[begin]["begins"] = True
            block["led_pt"] = led_pt
        if block["kind"] == "heading":
            characters = width_in_characters(block["text"]) + layout.INDENT_CHARACTERS
            led_pt += math.ceil(characters / layout.CHARACTERS_PER_LINE) * layout.LINE_PITCH_PT
        else:
            begin, led_pt = place + 1, 0.0
    return blocks


def block_content(block: Block, shown: Shown, source: Source) -> Iterator[dict[str, Any]]:
    """Yield what the template sets for the block; `shown` makes its texts printable."""
    match block:
        case Heading():
            text = _flowing(single_line(plain(block.parts)), shown)
            yield {"kind": "heading", "level": block.level, "text": text}
        case Paragraph() | Listing():
            yield from ({"kind": "paragraph", "text": _flowing(line, shown)} for line in _lines(block))
        case Table():
            yield _table(block, shown, source.block_mm)
        case Picture():
            yield _picture(block, shown, source.pictures)
        case Chart():
            yield _chart(block, shown, source.folders)
        case Signature():
            yield signature_content(block, shown)
        case Attendance():
            yield {
                "kind": "attendance",
                "label": shown(single_line(block.label)),
                "people": shown(single_line(block.people)),
            }


def _flowing(text: str, shown: Shown, most_characters: float = layout.CHARACTERS_PER_LINE) -> str:
    """Return the text with a mark at both ends of each phrase that stays on one line and fits into it."""
    return "".join(
        f"{_KEPT}{piece}{_KEPT}" if kept and width_in_characters(piece) <= most_characters else piece
        for piece, kept in pieces(shown(text))
    )


def _lines(block: Paragraph | Listing) -> Iterator[str]:
    """Yield the paragraphs on paper, those of a listing with their labels."""
    if isinstance(block, Paragraph):
        yield from text_lines(block.parts)
        return
    for label, item in block.labelled:
        first, *others = text_lines(item.parts) or ("",)
        yield from (label + first, *others)


def _picture(block: Picture, shown: Shown, pictures: Mapping[str, bytes]) -> dict[str, Any]:
    width_mm, height_mm = layout.picture_size_mm(block.width, block.height, block.share)
    return {
        "kind": "chart",
        "svg": picture_svg(block, content_of(block, pictures)),
        "width_mm": width_mm,
        "height_mm": height_mm,
        "alt": single_line(block.description),
        "caption": shown(single_line(block.caption)),
    }


def _chart(block: Chart, shown: Shown, folders: tuple[Path, ...]) -> dict[str, Any]:
    from changai.documents.chart_drawing import draw  # heavy, and most papers have no chart

    picture = draw(block.spec, font_paths=folders)
    return {
        "kind": "chart",
        "svg": picture.svg(),
        "width_mm": picture.width_mm,
        "height_mm": picture.height_mm,
        "alt": charts.alt_text(block.spec),
        "caption": shown(charts.caption(block.spec)),
    }


def _table(table: Table, shown: Shown, block_mm: float) -> dict[str, Any]:
    size_pt = tables.size_pt(table)
    widths = tables.widths_mm(table, block_mm)
    rooms = [(width * layout.PT_PER_MM - 2 * layout.TABLE_CELL_MARGIN_PT) / size_pt for width in widths]

    def cell(parts: Parts, room: float) -> list[str]:
        return [_flowing(line, shown, room) for line in text_lines(parts)]

    return {
        "kind": "table",
        "whole": table.is_whole,
        "caption": shown(single_line(table.caption)),
        "size_pt": size_pt,
        "widths": widths,
        "aligns": [column.align for column in table.columns],
        "titles": [shown(single_line(column.title)) for column in table.columns],
        "rows": [
            {
                "cells": [cell(parts, room) for parts, room in zip(row, rooms, strict=True)],
                "unbroken": layout.is_unbroken_row(map(plain, row)),
            }
            for row in table.rows
        ],
        "note": shown(single_line(table.note)),
        "code": _code(table.address),
        "together": tables.is_together(table),
        "held": tables.held_rows(table),
    }


def _code(address: str) -> dict[str, Any] | None:
    if not address:
        return None
    from changai.documents.codes import code_svg

    return {
        "svg": code_svg(address),
        "edge_mm": layout.CODE_MM,
        "words": layout.CODE_WORDS,
        "alt": f"{layout.CODE_WORDS}：{single_line(address)}",
    }


def signature_content(block: Signature, shown: Shown) -> dict[str, Any]:
    """Return signing body and day with the places they begin at."""
    day = chinese_date(block.signed_on)
    issuer = single_line(block.signer if block.seal == "stamped" else block.issuer)
    starts = layout.signature_starts(width_in_characters(issuer), width_in_characters(day), block.seal)
    return {
        "kind": "signature",
        "issuer": shown(issuer),
        "day": day,
        "issuer_start": starts[0],
        "date_start": starts[1],
        "gap_lines": layout.signature_gap_lines(block.seal),
        "stamped": block.seal == "stamped",
    }
