"""The content of an official paper, apart from how it looks.

A paper is frozen data: it goes to JSON and back without loss and has a digest, so that what was issued can be
kept, compared and rendered again to the same bytes.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from changai.documents.characters import printable, single_line
from changai.documents.chart_spec import (
    ChartSpec,
    Reference,
    Series,
    chart_from_dict,
    chart_number,
    chart_to_dict,
)

__all__ = [
    "Block",
    "Briefing",
    "Chart",
    "ChartSpec",
    "Figure",
    "Heading",
    "Imprint",
    "Paragraph",
    "Part",
    "Parts",
    "Reference",
    "Series",
    "Signature",
    "Table",
    "TableColumn",
    "canonical_json",
    "chinese_date",
    "figures",
    "heading_label",
    "plain",
    "text_lines",
]

Align = Literal["left", "center", "right"]


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
    """A table; `note` stands below it (units, as-of time, how computed)."""

    caption: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[Parts, ...], ...]
    note: str = ""

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
    """The signing body and date at the end of the body (without seal)."""

    issuer: str
    signed_on: date


Block = Heading | Paragraph | Table | Chart | Signature


@dataclass(frozen=True, slots=True)
class Imprint:
    """报 (superiors), 送 (equals), 发 (subordinates) and the number of copies printed."""

    report_to: tuple[str, ...] = ()
    send_to: tuple[str, ...] = ()
    distribute_to: tuple[str, ...] = ()
    copies: int | None = None

    @property
    def printed_lines(self) -> tuple[tuple[str, str], ...]:
        """Return (label, text) of each line in printed order; the number of copies has no label."""
        groups = (("报", self.report_to), ("送", self.send_to), ("发", self.distribute_to))
        receivers = tuple(
            (label, "，".join(map(single_line, names)) + "。") for label, names in groups if names
        )
        return receivers if self.copies is None else (*receivers, ("", f"（共印{self.copies}份）"))


@dataclass(frozen=True, slots=True)
class Briefing:
    """A 简报. `issue_number` is None while it is a draft; a line end in `title` is kept as its break."""

    masthead: str
    issue_number: int | None
    total_number: int | None
    issuer: str
    issued_on: date
    title: str
    recipients: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    imprint: Imprint = Imprint()
    security: str = ""
    urgency: str = ""

    @property
    def issue_text(self) -> str:
        """Return 第3期（总第15期）, with a gap for a number not yet given."""
        number = "　" if self.issue_number is None else str(self.issue_number)
        return f"第{number}期" + (f"（总第{self.total_number}期）" if self.total_number is not None else "")

    @property
    def marks(self) -> str:
        """Return 密级 and 紧急程度 as printed on the first line."""
        return "　".join(single_line(mark) for mark in (self.security, self.urgency) if mark)

    @property
    def recipients_text(self) -> str:
        """Return the recipients as printed, or nothing when there are none."""
        return "、".join(map(single_line, self.recipients)) + "：" if self.recipients else ""

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the canonical JSON, in hexadecimal."""
        return hashlib.sha256(canonical_json(self.to_dict()).encode()).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """Return the paper as plain JSON values; `from_dict` makes an equal paper of them."""
        return _briefing_to_dict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Briefing":
        """Return the paper `to_dict` was taken of.

        :raises KeyError: when a field is missing.
        :raises ValueError: when a block is of no known kind or a date is none.
        """
        return _briefing_from_dict(values)


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


def figures(paper: Briefing) -> Iterator[Figure]:
    """Yield every figure of the paper in reading order, those of tables and charts included."""
    for block in paper.blocks:
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
    return {
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
    )


def _block_to_dict(block: Block) -> dict[str, Any]:
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
            return {"kind": "signature", "issuer": block.issuer, "signed_on": block.signed_on.isoformat()}


def _block_from_dict(values: Mapping[str, Any]) -> Block:
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
            return Signature(values["issuer"], date.fromisoformat(values["signed_on"]))
    raise ValueError(f"no block is of the kind {values['kind']!r}")


def _briefing_to_dict(paper: Briefing) -> dict[str, Any]:
    return {
        "format": "briefing/1",
        "masthead": paper.masthead,
        "issue_number": paper.issue_number,
        "total_number": paper.total_number,
        "issuer": paper.issuer,
        "issued_on": paper.issued_on.isoformat(),
        "title": paper.title,
        "recipients": list(paper.recipients),
        "blocks": [_block_to_dict(block) for block in paper.blocks],
        "imprint": {
            "report_to": list(paper.imprint.report_to),
            "send_to": list(paper.imprint.send_to),
            "distribute_to": list(paper.imprint.distribute_to),
            "copies": paper.imprint.copies,
        },
        "security": paper.security,
        "urgency": paper.urgency,
    }


def _briefing_from_dict(values: Mapping[str, Any]) -> Briefing:
    if values["format"] != "briefing/1":
        raise ValueError(f"no paper is of the format {values['format']!r}")
    imprint = values["imprint"]
    return Briefing(
        masthead=values["masthead"],
        issue_number=values["issue_number"],
        total_number=values["total_number"],
        issuer=values["issuer"],
        issued_on=date.fromisoformat(values["issued_on"]),
        title=values["title"],
        recipients=tuple(values["recipients"]),
        blocks=tuple(_block_from_dict(block) for block in values["blocks"]),
        imprint=Imprint(
            report_to=tuple(imprint["report_to"]),
            send_to=tuple(imprint["send_to"]),
            distribute_to=tuple(imprint["distribute_to"]),
            copies=imprint["copies"],
        ),
        security=values["security"],
        urgency=values["urgency"],
    )
