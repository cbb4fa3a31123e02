"""Annexes as PDF, set by Typst from a template of ours. Content goes in as data, never as markup."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import typst

from changai.documents import annex, fonts, layout
from changai.documents.annex import Annex, AnnexTable, placed_cells
from changai.documents.characters import single_line
from changai.documents.paper import chinese_date, text_lines

_TEMPLATE = Path(__file__).parent / "typst" / "annex.typ"


def render_annex_pdf(paper: Annex, *, font_paths: Sequence[Path] = ()) -> bytes:
    """Return the annex as PDF; equal annexes give equal bytes on the same fonts.

    :raises FontsMissing: when no Chinese font is installed.
    """
    moment = datetime.combine(paper.made_on, time(), UTC)
    folders = tuple(font_paths)
    written = typst.compile(
        _TEMPLATE,
        font_paths=fonts.setter_fonts(folders),
        sys_inputs={"paper": json.dumps(_content(paper, folders), ensure_ascii=False)},
        timestamp=int(moment.timestamp()),
    )
    if not isinstance(written, bytes):
        raise TypeError("the setter gave no PDF")
    return written


def _content(paper: Annex, folders: tuple[Path, ...]) -> dict[str, Any]:
    day = paper.made_on
    return {
        "label": single_line(paper.label),
        "title": single_line(paper.title),
        "title_lines": list(text_lines((paper.title,))),
        "paragraphs": [line for each in paper.paragraphs for line in text_lines((each,))],
        "tables": [_table(table) for table in paper.tables],
        "issuer": single_line(paper.issuer),
        "day": chinese_date(day),
        "date": [day.year, day.month, day.day],
        "fonts": {
            str(role): list(fonts.families(role, folders))
            for role in fonts.Role
            if role is not fonts.Role.CHART
        },
        "measures": {
            "width_mm": annex.SHEET_MM[0],
            "height_mm": annex.SHEET_MM[1],
            **{f"{side}_mm": length for side, length in annex.MARGIN_MM.items()},
            "title_size_pt": layout.SIZE_2_PT,
            "body_size_pt": layout.SIZE_3_PT,
            "cell_size_pt": layout.DENSE_TABLE_PT,
        },
    }


def _table(table: AnnexTable) -> dict[str, Any]:
    return {
        "caption": single_line(table.caption),
        "titles": [single_line(column.title) for column in table.columns],
        "widths": list(table.widths_mm()),
        "aligns": [column.align for column in table.columns],
        "cells": [
            {"lines": list(text_lines((cell.text,))) or [""], "rows": cell.rows, "columns": cell.columns}
            for line in placed_cells(table)
            for cell in line
            if cell is not None
        ],
        "note": single_line(table.note),
    }
