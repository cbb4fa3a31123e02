"""The type of a table and how wide its columns are, the same in every rendering."""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, takewhile

from changai.documents import layout
from changai.documents.characters import office_width, single_line, width_in_characters
from changai.documents.paper import Block, Parts, Table, plain, text_lines


def is_across(blocks: Iterable[Block]) -> bool:
    """Return whether an attachment lies across the sheet: a table has too many or too wide columns to stand upright."""
    return any(
        isinstance(each, Table)
        and (len(each.columns) >= layout.ACROSS_COLUMNS or _is_too_wide(each, layout.DENSE_TABLE_PT))
        for each in blocks
    )


def is_dense(table: Table) -> bool:
    """Return whether the cells are set in small type: many columns, several and long text, or dates would part."""
    count = len(table.columns)
    longest = max((len(line) for column in _columns(table) for line in column), default=0)
    if count >= layout.FULL_TABLE_COLUMNS and longest > layout.FULL_TABLE_CHARACTERS:
        return True
    return count >= layout.WIDE_TABLE_COLUMNS or _is_too_wide(table, layout.TABLE_PT)


def _is_too_wide(table: Table, size: float) -> bool:
    """Return whether texts that should not part lack room beside one another on an upright page."""
    block = layout.BLOCK_WIDTH_MM
    long_mm = block * layout.LONG_COLUMN_LEAST
    return sum(_need_mm(texts, size, block) or long_mm for texts in _columns(table)) > block


def is_together(table: Table) -> bool:
    """Return whether the table has too few rows to be parted."""
    few = len(table.rows) < 2 * layout.LEAST_TABLE_ROWS
    return few and all(layout.is_unbroken_row(map(plain, row)) for row in table.rows)


def held_rows(table: Table) -> int:
    """Return how many rows at the end stay on one page with the note: none where they would be too high."""
    last = table.rows[-layout.LEAST_TABLE_ROWS :]
    short = list(takewhile(lambda row: layout.is_unbroken_row(map(plain, row)), reversed(last)))
    return len(short) if len(table.rows) > len(short) else 0


def kept_rows(table: Table, widths: Sequence[float]) -> frozenset[int]:
    """Return the places of the rows that stay on the page of what follows them, in a .docx.

    Two rows stand below a head and above a note wherever the table breaks. One that is to be whole breaks only
    where more than `layout.MOST_GAP_LINES` would be left empty otherwise.
    """
    count = len(table.rows)
    last = count if table.note or table.address else count - 1
    if is_together(table):
        return frozenset(range(last))
    first = layout.LEAST_TABLE_ROWS
    if table.is_whole:
        heights = accumulate(
            (_row_pt(table, row, widths) for row in table.rows), initial=_row_pt(table, (), ())
        )
        gap = layout.MOST_GAP_LINES * layout.LINE_PITCH_PT
        first = max(first, sum(height < gap for height in heights))
    return frozenset((*range(min(first - 1, last)), *range(max(count - held_rows(table), 0), last)))


def _row_pt(table: Table, row: Sequence[Parts], widths: Sequence[float]) -> float:
    """Return about how high a row is in a .docx; without cells it is the head."""
    size = size_pt(table)
    rooms = (width * layout.PT_PER_MM - 2 * layout.TABLE_CELL_MARGIN_PT for width in widths)
    lines = (
        sum(math.ceil(width_in_characters(line) * size / room) for line in text_lines(cell))
        for cell, room in zip(row, rooms, strict=True)
    )
    pitch = layout.DENSE_TABLE_LINE_PT if is_dense(table) else layout.TABLE_LINE_PT
    return max(1, *lines, 1) * pitch


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
    longest = max(map(office_width, texts), default=0.0)
    for characters in (longest, longest / 2 + 0.5):
        need = (characters * size + 2 * layout.TABLE_CELL_MARGIN_PT) / layout.PT_PER_MM + 0.5
        if need <= block_mm * layout.SHORT_COLUMN_SHARE:
            return need
    return 0.0


def _spare_mm(width: float, need: float) -> float:
    """Return what a column may give: what it does not need, or a part of what long text fills in any case."""
    return width - need if need else width * layout.LONG_COLUMN_GIVES
