"""The content of an official paper, apart from how it looks.

A paper is frozen data: it goes to JSON and back without loss and has a digest, so that what was issued can be
kept, compared and rendered again to the same bytes.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from changai.documents.chart_spec import ChartSpec, Reference, Series
from changai.documents.paper.blocks import (
    Attendance,
    Block,
    Chart,
    Figure,
    Heading,
    Item,
    Listing,
    Paragraph,
    Part,
    Parts,
    Picture,
    Seal,
    Signature,
    Table,
    TableColumn,
    canonical_json,
    chinese_date,
    figures_of,
    heading_label,
    plain,
    text_lines,
)
from changai.documents.paper.briefing import Briefing, Imprint
from changai.documents.paper.document import Attachment, Document

__all__ = [
    "Attachment",
    "Attendance",
    "Block",
    "Briefing",
    "Chart",
    "ChartSpec",
    "Document",
    "Figure",
    "Heading",
    "Imprint",
    "Item",
    "Listing",
    "Paper",
    "Paragraph",
    "Part",
    "Parts",
    "Picture",
    "Reference",
    "Seal",
    "Series",
    "Signature",
    "Table",
    "TableColumn",
    "all_blocks",
    "canonical_json",
    "chinese_date",
    "figures",
    "heading_label",
    "paper_from_dict",
    "pictures",
    "plain",
    "text_lines",
]

Paper = Briefing | Document


def figures(paper: Paper) -> Iterator[Figure]:
    """Yield every figure of the paper in reading order, those of tables, charts and attachments included."""
    return figures_of(all_blocks(paper))


def pictures(paper: Paper) -> tuple[Picture, ...]:
    """Return the pictures of the paper in reading order: whoever renders it brings the bytes under each digest."""
    return tuple(block for block in all_blocks(paper) if isinstance(block, Picture))


def all_blocks(paper: Paper) -> tuple[Block, ...]:
    """Return the blocks of the paper and of its attachments in reading order."""
    return paper.blocks if isinstance(paper, Briefing) else paper.all_blocks


def paper_from_dict(values: Mapping[str, Any]) -> Paper:
    """Return the paper `to_dict` was taken of, whatever its format.

    :raises KeyError: when a field is missing.
    :raises ValueError: when the format or a block is of no known kind.
    """
    return (Document if values["format"].startswith("document/") else Briefing).from_dict(values)
