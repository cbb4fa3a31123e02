"""The orders of the composer: add, move, copy, delete and bring back a block, make blocks of pasted lines."""

from collections.abc import Callable, Mapping, Sequence

from changai.areas.briefings.rules.blocks import DRAWN_KINDS, KINDS, cleaned_blocks
from changai.areas.briefings.rules.pasting import pasted_blocks
from changai.core.errors import Invalid

Blocks = list[dict[str, str]]


def order_blocks(blocks: Sequence[dict[str, str]], order: str) -> tuple[Blocks, int]:
    """Return the blocks after one order of the composer, and the number of the block it leaves in hand.

    Orders count blocks from 1: `add:paragraph:3` (after the third), `up:3`, `down:3`, `copy:3`, `split:3`, `delete:3`.

    :raises Invalid: when there is no such order
    """
    verb, _, rest = order.partition(":")
    kind, _, written = rest.rpartition(":")
    place = int(written) if written.isascii() and written.isdigit() else -1
    if (verb not in _ORDERS and verb != "add") or (verb == "add") != (kind in KINDS):
        raise Invalid("没有这样的操作，请刷新页面后重试。")
    if not (verb != "add") <= place <= len(blocks):
        raise Invalid("该段已不存在，请刷新页面后重试。")
    if verb == "add":
        return _added([*blocks], kind, place)
    return _ORDERS[verb]([*blocks], place - 1)


def restored(blocks: Sequence[dict[str, str]], block: Mapping[str, str], number: int) -> tuple[Blocks, int]:
    """Return the blocks with a deleted one back under its number, or last when there are fewer now."""
    place = min(max(number - 1, 0), len(blocks))
    return [*blocks[:place], dict(block), *blocks[place:]], place + 1


def joined(
    blocks: Sequence[dict[str, str]],
    pieces: Sequence[Mapping[str, str]],
    block: Mapping[str, str],
    number: int,
) -> tuple[Blocks, int]:
    """Return the blocks with one block back in place of the `pieces` made of it; pieces written on since stay."""
    left, cleaned = cleaned_blocks(pieces), cleaned_blocks(blocks)
    begun = min(max(number - 1, 0), len(cleaned))
    gone = set()
    for place in (
        *range(begun, len(cleaned)),
        *range(begun),
    ):  # where they were made first: equal words may stand above
        if cleaned[place] in left:
            left.remove(cleaned[place])
            gone.add(place)
    first = min(gone, default=begun)
    kept = [each for place, each in enumerate(blocks) if place not in gone]
    return [*kept[:first], dict(block), *kept[first:]], first + 1


def _added(blocks: Blocks, kind: str, place: int) -> tuple[Blocks, int]:
    empty = {"source": ""} if kind in DRAWN_KINDS else {"text": ""}
    blocks.insert(place, {"kind": kind} | empty)
    return blocks, place + 1


def _up(blocks: Blocks, place: int) -> tuple[Blocks, int]:
    return _put(blocks, place, max(place - 1, 0))


def _down(blocks: Blocks, place: int) -> tuple[Blocks, int]:
    return _put(blocks, place, min(place + 1, len(blocks) - 1))


def _put(blocks: Blocks, place: int, target: int) -> tuple[Blocks, int]:
    blocks.insert(target, blocks.pop(place))
    return blocks, target + 1


def _copied(blocks: Blocks, place: int) -> tuple[Blocks, int]:
    blocks.insert(place + 1, dict(blocks[place]))
    return blocks, place + 2


def _split(blocks: Blocks, place: int) -> tuple[Blocks, int]:
    block = blocks[place]
    if block["kind"] in (*DRAWN_KINDS, "picture", "list"):
        return blocks, place + 1
    hangs_on = {name: block[name] for name in ("when", "each") if name in block}
    pieces = [
        piece | {name: hangs_on[name] for name in hangs_on if _may_hang(piece, name)}
        for piece in pasted_blocks(block.get("text", ""), kind=block["kind"])
    ]
    blocks[place : place + 1] = pieces
    return blocks, place + max(len(pieces), 1)


def _may_hang(piece: Mapping[str, str], name: str) -> bool:
    return name == "when" or piece["kind"] == "paragraph"


def _deleted(blocks: Blocks, place: int) -> tuple[Blocks, int]:
    del blocks[place]
    return blocks, min(place + 1, len(blocks))


_ORDERS: Mapping[str, Callable[[Blocks, int], tuple[Blocks, int]]] = {
    "up": _up,
    "down": _down,
    "copy": _copied,
    "split": _split,
    "delete": _deleted,
}
