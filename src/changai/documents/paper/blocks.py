"""What the body of a paper is made of: text with figures, headings, tables, charts, the signature."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from changai.documents.characters import printable
from changai.documents.chart_spec import (
    ChartSpec,
    chart_from_dict,
    chart_number,
    chart_to_dict,
)

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


Block = Heading | Paragraph | Table | Chart | Signature | Attendance


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


# -- JSON ---------------------------------------------------------------------------------------------


def _parts_to_list(parts: Parts) -> list[Any]:
    return [part if isinstance(part, str) else {"figure": part.key, "text": part.text} for part in parts]


def _parts_from_list(values: list[Any]) -> Parts:
    return tuple(v if isinstance(v, str) else Figure(key=v["figure"], text=v["text"]) for v in values)


def _table_to_dict(table: Table) -> dict[str, Any]:
    # Papers frozen before tables had an address, or were kept whole, must keep their digest.
    later = {"address": table.address, "is_whole": table.is_whole}
    return {name: value for name, value in later.items() if value} | {
        "kind": "table",
        "caption": table.caption,
        "columns": [{"title": c.title, "width": c.width, "align": c.align} for c in table.columns],
        "rows": [[_parts_to_list(cell) for cell in row] for row in table.rows],
        "note": table.note,
    }


def _table_from_dict(values: Mapping[str, Any]) -> Table:
    return Table(
        caption=values["caption"],
        columns=tuple(TableColumn(**column) for column in values["columns"]),
        rows=tuple(tuple(_parts_from_list(cell) for cell in row) for row in values["rows"]),
        note=values["note"],
        address=values.get("address", ""),
        is_whole=values.get("is_whole", False),
    )


def _signature_to_dict(block: Signature) -> dict[str, Any]:
    values = {"kind": "signature", "issuer": block.issuer, "signed_on": block.signed_on.isoformat()}
    # Papers frozen before there were seals must keep their digest.
    return values if block.seal == "none" else values | {"seal": block.seal, "signer": block.signer}


def signature_from_dict(values: Mapping[str, Any]) -> Signature:
    """Return the signature `block_to_dict` wrote."""
    signed_on = date.fromisoformat(values["signed_on"])
    return Signature(values["issuer"], signed_on, values.get("seal", "none"), values.get("signer", ""))


def block_to_dict(block: Block) -> dict[str, Any]:
    """Return the block as plain JSON values; `block_from_dict` makes an equal one of them."""
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "parts": _parts_to_list(block.parts)}
        case Paragraph():
            return {"kind": "paragraph", "parts": _parts_to_list(block.parts)}
        case Table():
            return _table_to_dict(block)
        case Chart():
            return {"kind": "chart", "spec": chart_to_dict(block.spec)}
        case Signature():
            return _signature_to_dict(block)
        case Attendance():
            return {"kind": "attendance", "label": block.label, "people": block.people}


def block_from_dict(values: Mapping[str, Any]) -> Block:
    """Return the block.

    :raises ValueError: when it is of no known kind.
    """
    match values["kind"]:
        case "heading":
            return Heading(values["level"], _parts_from_list(values["parts"]))
        case "paragraph":
            return Paragraph(_parts_from_list(values["parts"]))
        case "table":
            return _table_from_dict(values)
        case "chart":
            return Chart(chart_from_dict(values["spec"]))
        case "signature":
            return signature_from_dict(values)
        case "attendance":
            return Attendance(values["label"], values["people"])
    raise ValueError(f"no block is of the kind {values['kind']!r}")
