"""How a table lies on A4: widths by what stands in its columns, upright or across, in a type that can be read.

Widths are in full-width characters of the type tables are written in; a sheet may be printed smaller, never below
`LEAST_PT`. A table too wide even for that goes over several pages across, its first columns on each of them.
"""

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from changai.documents.characters import width_in_characters

TYPE_PT = 11.0
# A workbook keeps widths in digits of its default face. This one, or its like in width, is on every machine; where
# Calibri or 宋体 is missing, what stands in is a third wider, and every page is printed a third smaller.
DEFAULT_FACE: Mapping[str, str | int] = {"font_name": "Arial", "font_size": 10}
LEAST_PT = 8.0
A4_MM = (210.0, 297.0)
SIDE_MM = 15.0
_TYPES = (
    (11.0, 1.0),
    (10.0, 0.6),
    (9.0, 0.15),
    (8.25, 0.0),
)  # type, and how much of what is wanted it must show
_PX_PER_MM = 96 / 25.4
_PX_PER_CHARACTER = TYPE_PT * 96 / 72
_EDGE_PX = 8.0  # between text and rule, both sides together
_SAFE = 0.94  # LibreOffice draws a digit of `DEFAULT_FACE` 7.4 pixels wide, Excel 7
_LINE_PT = 15.5
_LEAST_ROW_PT = 21.0
_MOST_ROW_PT = 409.0  # what a row may have
_ROOM = 0.3  # a line is never filled to the last hair
_LONGEST_WORD = 8.0
_NARROW = 2.2
_LETTERS = re.compile("[!-~]+")
_WORD = re.compile("[!-~]+|.", re.DOTALL)
_NOT_FIRST = frozenset("，。、；：！？）》”’】％%")


@dataclass(frozen=True, slots=True)
class Measure:
    """What a column needs: below `least` a number or word breaks, `wanted` shows it well, `longest` in one line."""

    least: float
    wanted: float
    longest: float
    title: str = ""


@dataclass(frozen=True, slots=True)
class Fit:
    """How the table lies: `starts` are the columns that begin a page across, `repeated` columns stand on each."""

    widths: tuple[float, ...]
    is_landscape: bool
    scale_percent: int
    starts: tuple[int, ...] = ()
    repeated: int = 0


def measure_text(title: str, texts: Iterable[str], *, most: float | None) -> Measure:
    """Return what a column of texts needs, which may take several lines; `most` is the width it asks for, if any."""
    lines = [line for text in texts for line in text.split("\n")]
    longest = max(map(width_in_characters, lines), default=0.0)
    words = (len(word) / 2 for line in lines for word in _LETTERS.findall(line))
    word = min(max(words, default=0.0), _LONGEST_WORD)
    head = _head(title)
    share = 4.0 if longest <= 8 else 6.0 if longest <= 24 else 10.0
    least = even_head(title, max(head, word + _ROOM, min(longest + _ROOM, share)))
    wanted = max(least, min(width_in_characters(title), 6.0), min(longest, most or 24.0) + _ROOM)
    return Measure(least, wanted, max(longest + _ROOM, wanted), title)


def measure_open(title: str, texts: Iterable[str], *, width: float) -> Measure:
    """Return what a column needs that people will write into: the width it asks for."""
    there = measure_text(title, texts, most=width)
    return Measure(
        min(max(there.least, width * 0.6), width), max(width, there.least), max(width, there.least)
    )


def measure_figures(title: str, figures: Iterable[str], words: Iterable[str] = ()) -> Measure:
    """Return what a column of numbers or dates needs, which never break, with words such as 未报送 among them."""
    widest = max(map(width_in_characters, figures), default=0.0) * 1.1
    widest = max(widest, min(4.0, max(map(width_in_characters, words), default=0.0)))
    wide = even_head(title, max(widest + 3 * _ROOM, _head(title)))
    wanted = max(wide, min(_title_width(title) + _ROOM, 4.5))
    return Measure(wide, wanted, wanted, title)


def _title_width(title: str) -> float:
    return max(map(width_in_characters, title.split("\n")))


def _head(title: str) -> float:
    """Return the width that shows a head in two lines, or three when it is long."""
    wide = _title_width(title)
    word = max((len(word) / 2 for word in _LETTERS.findall(title)), default=0.0)
    return max(_NARROW, math.ceil(wide / (2 if wide <= 8 else 3)) + _ROOM, min(word, 5.0) + _ROOM)


def even_head(title: str, width: float) -> float:
    """Return this width or the next at which no single character of the head stands in a line of its own."""
    wide = _title_width(title)
    for line in range(max(1, math.floor(width - _ROOM + 0.01)), math.ceil(wide)):
        if not 0 < wide % line <= 1:
            return max(width, line + _ROOM)
    return max(width, wide + _ROOM)


def fitted(measures: Sequence[Measure], *, repeated: int = 1) -> Fit:
    """Return how columns of these measures lie on A4.

    :param repeated: how many columns name the row, and stand on every page across
    """
    wanted = [each.wanted for each in measures]
    if sum(min(each.longest, 30.0) for each in measures) <= _room(TYPE_PT, len(measures), is_landscape=False):
        return _spread(measures, wanted, is_landscape=False)
    for type_pt, share in _TYPES:
        room = _room(type_pt, len(measures), is_landscape=True)
        asked = sum(each.least + (each.wanted - each.least) * share for each in measures)
        if asked <= room:
            widths = _squeezed(measures, room)
            return _spread(measures, widths, is_landscape=True, type_pt=type_pt)
    return _across([each.least for each in measures], repeated)


def _room(type_pt: float, columns: int, *, is_landscape: bool) -> float:
    """Return how many characters of a type have room beside one another in so many columns."""
    paper_px = (A4_MM[is_landscape] - 2 * SIDE_MM) * _PX_PER_MM * TYPE_PT / type_pt * _SAFE
    return (paper_px - _EDGE_PX * columns) / _PX_PER_CHARACTER


def _squeezed(measures: Sequence[Measure], room: float) -> list[float]:
    """Return widths between least and wanted that fill the room, or the wanted ones when they fit."""
    least, wanted = sum(each.least for each in measures), sum(each.wanted for each in measures)
    if wanted <= room:
        return [each.wanted for each in measures]
    share = (room - least) / (wanted - least)
    widths = [each.least + (each.wanted - each.least) * share for each in measures]
    return [
        each.least if even_head(each.title, width) > width else width
        for each, width in zip(measures, widths, strict=True)
    ]


def _spread(
    measures: Sequence[Measure], widths: Sequence[float], *, is_landscape: bool, type_pt: float = TYPE_PT
) -> Fit:
    """Return the fit with what is left over given to the columns that would use it, then a little to all."""
    room = _room(type_pt, len(measures), is_landscape=is_landscape)
    left = max(0.0, room - sum(widths))
    needs = [each.longest - width for each, width in zip(measures, widths, strict=True)]
    if sum(needs) > 0:
        part = min(1.0, left / sum(needs))
        widths = [width + need * part for width, need in zip(widths, needs, strict=True)]
    stretch = min(1.5, max(1.0, room / sum(widths)))
    scale = min(100, math.floor(100 * type_pt / TYPE_PT + 0.999))
    return Fit(tuple(round(width * stretch, 2) for width in widths), is_landscape, scale)


def _across(widths: Sequence[float], repeated: int) -> Fit:
    """Return the fit over as few pages across as hold the columns, each with about as much on it."""
    type_pt = 9.0
    named = sum(widths[:repeated])
    room = _room(type_pt, len(widths), is_landscape=True) - named
    sums = list(accumulate(widths[repeated:], initial=0.0))
    starts: list[int] = []
    for pages in range(max(2, math.ceil(sums[-1] / room)), len(sums)):
        starts = _starts(sums, pages)
        edges = [0, *starts, len(sums) - 1]
        if all(sums[end] - sums[start] <= room for start, end in pairwise(edges)):
            break
    scale = math.floor(100 * type_pt / TYPE_PT + 0.999)
    return Fit(tuple(widths), True, scale, tuple(repeated + start for start in starts), repeated)  # noqa: FBT003


def _starts(sums: Sequence[float], pages: int) -> list[int]:
    """Return after how many columns each page but the first begins, the columns shared out evenly."""
    found = {bisect_right(sums, sums[-1] * page / pages + 0.01) - 1 for page in range(1, pages)}
    return sorted(found - {0, len(sums) - 1})


def excel_width(width: float) -> float:
    """Return a width as a workbook keeps it: in digits of its default type, seven pixels each."""
    return (width * _PX_PER_CHARACTER + _EDGE_PX - 5) / 7


def lines_of(text: str, width: float) -> int:
    """Return in how many lines a text stands in a column of this width."""
    return sum(_lines(line, max(1.0, width - _ROOM)) for line in text.split("\n"))


def _lines(line: str, width: float) -> int:
    if len(line) <= width or width_in_characters(line) <= width:
        return 1
    lines, filled = 1, 0.0
    for word in _WORD.findall(line):
        wide = width_in_characters(word)
        if filled + wide <= width:
            filled += wide
            continue
        lines += max(1, math.ceil(wide / width)) if filled else math.ceil(wide / width) - 1
        filled = wide if wide <= width else wide % width
        filled += 1.0 if word in _NOT_FIRST else 0.0  # it takes the character before it along
    return lines


def row_height(texts: Iterable[object], widths: Sequence[float]) -> float:
    """Return the height in points that shows the texts among the cells whole; not every programme fits rows itself."""
    lines = (
        lines_of(text, width) for text, width in zip(texts, widths, strict=True) if isinstance(text, str)
    )
    return min(_MOST_ROW_PT, max(_LEAST_ROW_PT, _LINE_PT * max(lines, default=1) + 6))
