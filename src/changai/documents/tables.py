"""The type of a table and how wide its columns are, the same in every rendering."""

import re
from collections.abc import Iterable, Iterator, Sequence

from changai.documents import layout
from changai.documents.characters import single_line, width_in_characters
from changai.documents.paper import Block, Table, text_lines

_BESIDE_LETTERS = re.compile(r"(?<=[\u4e00-\u9fff])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z])(?=[\u4e00-\u9fff])")


def is_across(blocks: Iterable[Block]) -> bool:
    """Return whether an attachment lies across the sheet: one of its tables has too many columns to stand upright."""
    return any(isinstance(each, Table) and len(each.columns) >= layout.ACROSS_COLUMNS for each in blocks)


def is_dense(table: Table) -> bool:
    """Return whether the cells are set in small type: there are many columns, or several and long text."""
    count = len(table.columns)
    longest = max((len(line) for column in _columns(table) for line in column), default=0)
    return count >= layout.WIDE_TABLE_COLUMNS or (
        count >= layout.FULL_TABLE_COLUMNS and longest > layout.FULL_TABLE_CHARACTERS
    )


def size_pt(table: Table) -> float:
    """Return the type size of the cells."""
    return layout.DENSE_TABLE_PT if is_dense(table) else layout.TABLE_PT


def widths_mm(table: Table, block_mm: float = layout.BLOCK_WIDTH_MM) -> tuple[float, ...]:
    """Return the widths of the columns; together they fill the block.

    A column of short texts is as wide as they are, so that no date and no name breaks, one of longer names half as
    wide as the longest; the others give what they lack.
    """
    widths = list(layout.column_widths_mm(tuple(column.width for column in table.columns), block_mm))
    needs = [_need_mm(texts, size_pt(table), block_mm) for texts in _columns(table)]
    lacks = {place: need - widths[place] for place, need in enumerate(needs) if widths[place] < need}
    gives = {
        place: _spare_mm(widths[place], needs[place]) for place in range(len(widths)) if place not in lacks
    }
    spare = sum(gives.values())
    taken = 0.0
    for place, lacked in sorted(lacks.items(), key=lambda each: each[1]):
        if taken + lacked <= spare:
            widths[place] += lacked
            taken += lacked
    for place, given in gives.items():
        widths[place] -= taken * given / spare if taken else 0.0
    return tuple(widths)


def _columns(table: Table) -> Iterator[list[str]]:
    """Yield the lines of each column, its title first."""
    for place, column in enumerate(table.columns):
        yield [single_line(column.title), *(line for row in table.rows for line in text_lines(row[place]))]


def _need_mm(texts: Sequence[str], size: float, block_mm: float) -> float:
    """Return how wide a column is in which no text breaks, or longer ones once; 0 when they are longer still."""
    longest = max(map(_cell_characters, texts), default=0.0)
    for characters in (longest, longest / 2 + 0.5):
        need = (characters * size + 2 * layout.TABLE_CELL_MARGIN_PT) / layout.PT_PER_MM + 0.5
        if need <= block_mm * layout.SHORT_COLUMN_SHARE:
            return need
    return 0.0


def _cell_characters(text: str) -> float:
    """Return the width of a text with the room office programmes leave between Chinese and letters or digits."""
    return width_in_characters(text) + 0.25 * len(_BESIDE_LETTERS.findall(text))


def _spare_mm(width: float, need: float) -> float:
    """Return what a column may give: what it does not need, or a part of what long text fills in any case."""
    return width - need if need else width * layout.LONG_COLUMN_GIVES
