"""The one place where text of the screen becomes text of a paper: official papers set no spaces beside figures."""

from dataclasses import replace

from changai.documents import paper
from changai.documents.characters import close_set


def typeset(block: paper.Block) -> paper.Block:
    """Return a block as papers are set."""
    match block:
        case paper.Heading() | paper.Paragraph():
            return replace(block, parts=_parts(block.parts))
        case paper.Listing():
            return replace(
                block, items=tuple(replace(item, parts=_parts(item.parts)) for item in block.items)
            )
        case paper.Table():
            rows = tuple(tuple(map(_parts, row)) for row in block.rows)
            return replace(block, caption=close_set(block.caption), rows=rows, note=close_set(block.note))
        case paper.Attendance():
            return replace(block, people=close_set(block.people))
    return block


def _parts(parts: paper.Parts) -> paper.Parts:
    return tuple(close_set(part) if isinstance(part, str) else part for part in parts)
