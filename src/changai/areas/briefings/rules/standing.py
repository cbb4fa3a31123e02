"""Which blocks of a draft stand in the paper, and the parts a draft is made of."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from changai.areas.briefings.rules.blocks import NAMED_KINDS

Block = Mapping[str, str]


class Standing(StrEnum):
    """Whether a block stands, and if not, why it fell."""

    STANDS = ""
    CONDITION = "condition"  # its own condition does not hold
    ENCLOSED = "enclosed"  # the attachment it is in fell
    DESERTED = "deserted"  # a heading under which every block fell


@dataclass(frozen=True)
class Parts:
    """A draft by its parts: the body, the attachments with what stands in each, and the remarks."""

    body: tuple[Block, ...]
    attachments: tuple[tuple[Block, tuple[Block, ...]], ...]
    remarks: tuple[Block, ...]


def parted(blocks: Sequence[Block]) -> Parts:
    """Return the draft by its parts: an attachment reaches to the next one or to the end."""
    body: list[Block] = []
    enclosed: list[tuple[Block, list[Block]]] = []
    for block in blocks:
        if block["kind"] == "attachment":
            enclosed.append((block, []))
        elif block["kind"] != "remark":
            (enclosed[-1][1] if enclosed else body).append(block)
    remarks = tuple(block for block in blocks if block["kind"] == "remark")
    return Parts(tuple(body), tuple((head, tuple(below)) for head, below in enclosed), remarks)


def standings(
    draft: Sequence[Mapping[str, str]], is_there: Callable[[str], bool], known: Collection[str]
) -> list[Standing]:
    """Return for each block whether it stands; a condition on a figure not at hand does not hold.

    :param is_there: whether the figure of a name is there and not zero
    """
    found: list[Standing] = []
    enclosing = Standing.STANDS
    for block in draft:
        own = Standing.STANDS if _holds(block, is_there, known) else Standing.CONDITION
        if block["kind"] == "attachment":
            enclosing = Standing.ENCLOSED if own else Standing.STANDS
        elif enclosing and block["kind"] != "remark":
            own = enclosing
        found.append(own)
    stands = [not each for each in found]
    return [
        Standing.DESERTED if not each and _is_deserted(draft, stands, place) else each
        for place, each in enumerate(found)
    ]


def _holds(block: Mapping[str, str], is_there: Callable[[str], bool], known: Collection[str]) -> bool:
    verb, _, name = block.get("when", "").partition(":")
    return not verb or (name in known and is_there(name) == (verb == "present"))


def _is_deserted(draft: Sequence[Mapping[str, str]], stands: Sequence[bool], place: int) -> bool:
    """Return whether a block is a heading with blocks under it, none of which stands."""
    level = heading_level(draft[place])
    if not level:
        return False
    under = []
    for block, holds in zip(draft[place + 1 :], stands[place + 1 :], strict=True):
        if block["kind"] in NAMED_KINDS or 0 < heading_level(block) <= level:
            break
        if not heading_level(block):
            under.append(holds)
    return bool(under) and not any(under)


def heading_level(block: Mapping[str, str]) -> int:
    """Return the level of a heading, 0 for any other block."""
    return int(block["kind"][-1]) if block["kind"].startswith("heading") else 0
