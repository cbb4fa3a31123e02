"""A new paper out of the last one of its kind: the same blocks, about another month."""

import re
from collections.abc import Mapping, Sequence


def renewed(text: str, before: str, now: str) -> str:
    """Return a text with the month it was about, such as 2026年9月, replaced; days of that month stay."""
    return re.sub(rf"{re.escape(before)}(?!\d{{1,2}}日)", now, text)


def renewed_blocks(draft: Sequence[Mapping[str, str]], before: str, now: str) -> list[dict[str, str]]:
    """Return the blocks of an earlier draft for the month `now`; pictures are to be chosen anew."""
    return [
        {
            name: renewed(value, before, now) if name in ("text", "caption") else value
            for name, value in block.items()
        }
        | ({"source": ""} if block["kind"] == "picture" else {})
        for block in draft
    ]
