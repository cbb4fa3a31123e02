"""Blocks as plain JSON values, and back without loss: what a frozen paper is kept as."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from changai.documents.chart_spec import chart_from_dict, chart_to_dict
from changai.documents.paper.blocks import (
    Attendance,
    Block,
    Chart,
    Figure,
    Heading,
    Item,
    Listing,
    Paragraph,
    Parts,
    Picture,
    Signature,
    Table,
    TableColumn,
)


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


def _listing_to_dict(block: Listing) -> dict[str, Any]:
    items = [{"parts": _parts_to_list(item.parts), "level": item.level} for item in block.items]
    return {"kind": "listing", "items": items, "is_numbered": block.is_numbered}


def _listing_from_dict(values: Mapping[str, Any]) -> Listing:
    items = tuple(Item(_parts_from_list(item["parts"]), item["level"]) for item in values["items"])
    return Listing(items, values["is_numbered"])


def _picture_from_dict(values: Mapping[str, Any]) -> Picture:
    return Picture(**{name: value for name, value in values.items() if name != "kind"})


def block_to_dict(block: Block) -> dict[str, Any]:
    """Return the block as plain JSON values; `block_from_dict` makes an equal one of them."""
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "parts": _parts_to_list(block.parts)}
        case Paragraph():
            return {"kind": "paragraph", "parts": _parts_to_list(block.parts)}
        case Listing():
            return _listing_to_dict(block)
        case Table():
            return _table_to_dict(block)
        case Chart():
            return {"kind": "chart", "spec": chart_to_dict(block.spec)}
        case Signature():
            return _signature_to_dict(block)
        case Picture() | Attendance():
            return {"kind": type(block).__name__.lower()} | asdict(block)


_READERS: dict[str, Callable[[Mapping[str, Any]], Block]] = {
    "heading": lambda values: Heading(values["level"], _parts_from_list(values["parts"])),
    "paragraph": lambda values: Paragraph(_parts_from_list(values["parts"])),
    "listing": _listing_from_dict,
    "table": _table_from_dict,
    "picture": _picture_from_dict,
    "chart": lambda values: Chart(chart_from_dict(values["spec"])),
    "signature": signature_from_dict,
    "attendance": lambda values: Attendance(values["label"], values["people"]),
}


def block_from_dict(values: Mapping[str, Any]) -> Block:
    """Return the block.

    :raises ValueError: when it is of no known kind.
    """
    if values["kind"] not in _READERS:
        raise ValueError(f"no block is of the kind {values['kind']!r}")
    return _READERS[values["kind"]](values)
