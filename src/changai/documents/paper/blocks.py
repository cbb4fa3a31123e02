"""What the body of a paper is made of: text with figures, headings, tables, charts, the signature."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from changai.documents.characters import printable
from changai.documents.chart_spec import ChartSpec, chart_number

Align = Literal["left", "center", "right"]
Seal = Literal["none", "sealed", "stamped"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or a list of names taken from the system; `key` leads the reader to where it comes from."""

    key: str
    text: str


Part = str | Figure
Parts = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4. Its label (一、/（一）/1./（1）) is in the text: see `heading_label`."""

    level: int
    parts: Parts

    def __post_init__(self) -> None:
        """:raises ValueError: when the level is not 1 to 4."""
        if self.level not in (1, 2, 3, 4):
            raise ValueError(f"heading level {self.level} is not 1 to 4")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of body text. A line end inside it begins a new paragraph on paper."""

    parts: Parts


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: its title, its width relative to the other columns, and how its cells stand."""

    title: str
    width: float = 1.0
    align: Align = "center"


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `note` stands below it (units, as-of time, how computed).

    `address` is the page its figures open on: printed as a square code below the table, empty for none. `is_whole`
    keeps all of it on one page.
    """

    caption: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[Parts, ...], ...]
    note: str = ""
    address: str = ""
    is_whole: bool = False

    def __post_init__(self) -> None:
        """:raises ValueError: when a row has not one cell for each column."""
        for number, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                raise ValueError(f"row {number} has {len(row)} cells, the table {len(self.columns)} columns")


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a listing, of level 1 or 2. A line end inside it begins a new paragraph on paper."""

    parts: Parts
    level: int = 1

    def __post_init__(self) -> None:
        """:raises ValueError: when the level is not 1 or 2."""
        if self.level not in (1, 2):
            raise ValueError(f"item level {self.level} is not 1 or 2")


@dataclass(frozen=True, slots=True)
class Listing:
    """A list (列项): numbered 1. and （1）, or marked. The labels are not in the text; they count from 1 anew."""

    items: tuple[Item, ...]
    is_numbered: bool = True

    @property
    def labelled(self) -> tuple[tuple[str, Item], ...]:
        """Return each item with its label, as printed."""
        counts, found = [0, 0], []
        for item in self.items:
            counts = [counts[0] + 1, 0] if item.level == 1 else [counts[0], counts[1] + 1]
            number = heading_label(item.level + 2, counts[item.level - 1])
            found.append((number if self.is_numbered else ITEM_MARKS[item.level], item))
        return tuple(found)


ITEM_MARKS = {1: "●", 2: "○"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG or JPEG picture. Its bytes are kept apart, under their SHA-256, and handed to the renderers.

    `width` and `height` are in pixels. `share` is the part of the block's width it takes at most; a picture of few
    pixels stays smaller. `alt` says what it shows to those who cannot see it; without it the caption does.
    """

    digest: str
    width: int
    height: int
    alt: str = ""
    caption: str = ""
    share: float = 1.0

    def __post_init__(self) -> None:
        """:raises ValueError: when the digest is none, or a length is not above 0 or wider than the block."""
        if not re.fullmatch("[0-9a-f]{64}", self.digest):
            raise ValueError(f"{self.digest!r} is no SHA-256")
        if self.width < 1 or self.height < 1 or not 0 < self.share <= 1:
            raise ValueError("a picture has no size, or is wider than the block")

    @property
    def description(self) -> str:
        """Return what is said of the picture to those who cannot see it."""
        return self.alt or self.caption


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart in the paper, captioned with its title."""

    spec: ChartSpec


@dataclass(frozen=True, slots=True)
class Signature:
    """The signing body and date at the end of the body, set for a seal, without one, or for a signature stamp.

    `signer` is the post printed before a signature stamp, such as 主任; the name is stamped.
    """

    issuer: str
    signed_on: date
    seal: Seal = "none"
    signer: str = ""


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who attended, was excused or sat in on a meeting: `label` is 出席, 请假 or 列席. Only minutes have it."""

    label: str
    people: str


Block = Heading | Paragraph | Listing | Table | Picture | Chart | Signature | Attendance


def chinese_date(day: date) -> str:
    """Return 2026年3月5日. Source: GB/T 9704-2012, 7.3.5.4 (Arabic digits, no leading zeros)."""
    return f"{day.year}年{day.month}月{day.day}日"


_ONES = "零一二三四五六七八九"


def heading_label(level: int, ordinal: int) -> str:
    """Return the label of the heading: 一、 （一） 1. （1）, for ordinals 1 to 99.

    Source: GB/T 9704-2012, 7.3.3.
    """
    tens, ones = divmod(ordinal, 10)
    chinese = ("" if tens == 0 else "十" if tens == 1 else f"{_ONES[tens]}十") + (_ONES[ones] if ones else "")
    return {1: f"{chinese}、", 2: f"（{chinese}）", 3: f"{ordinal}.", 4: f"（{ordinal}）"}[level]


def plain(parts: Parts) -> str:
    """Return the parts as the text printed on paper."""
    return "".join(part if isinstance(part, str) else part.text for part in parts)


def text_lines(parts: Parts) -> tuple[str, ...]:
    """Return the paragraphs the parts make on paper: one for each line that is not empty."""
    return tuple(line.strip() for line in printable(plain(parts)).split("\n") if line.strip())


def figures_of(blocks: Iterable[Block]) -> Iterator[Figure]:
    """Yield every figure of the blocks in reading order, those of tables and charts included."""
    for block in blocks:
        if isinstance(block, Heading | Paragraph):
            yield from (part for part in block.parts if isinstance(part, Figure))
        elif isinstance(block, Listing):
            yield from (part for item in block.items for part in item.parts if isinstance(part, Figure))
        elif isinstance(block, Table):
            cells = (cell for row in block.rows for cell in row)
            yield from (part for cell in cells for part in cell if isinstance(part, Figure))
        elif isinstance(block, Chart):
            yield from _chart_figures(block.spec)


def _chart_figures(spec: ChartSpec) -> Iterator[Figure]:
    for series in spec.series:
        for key, value in zip(series.keys, series.values, strict=False):
            yield Figure(key, chart_number(value, spec.decimals))


def canonical_json(values: Mapping[str, Any]) -> str:
    """Return JSON with sorted keys and no spaces: equal values give equal text."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
