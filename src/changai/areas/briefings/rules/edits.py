"""What changed between two drafts, word for word."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Mark = Literal["", "added", "removed"]
Block = Mapping[str, str]

# Chinese is compared by characters; numbers, foreign words and figures in 【】 stay whole.
_WORD = re.compile(r"【[^【】\n]*】|[0-9]+(?:\.[0-9]+)?%?|[A-Za-z]+|[\s\S]")


@dataclass(frozen=True)
class Edit:
    """One block that was added, removed or changed; `number` counts the later draft, 0 for one removed."""

    number: int
    pieces: tuple[tuple[Mark, str], ...]


def edits(before: Sequence[Block], now: Sequence[Block]) -> list[Edit]:
    """Return the blocks that differ, in the order of the later draft; a block only moved is removed and added."""
    found: list[Edit] = []
    matcher = SequenceMatcher(
        None, [_key(each) for each in before], [_key(each) for each in now], autojunk=False
    )
    for verb, first, last, start, end in matcher.get_opcodes():
        if verb != "equal":
            found += _edited(before[first:last], now[start:end], start)
    return found


def _edited(old: Sequence[Block], new: Sequence[Block], start: int) -> Iterator[Edit]:
    paired = min(len(old), len(new))
    for place in range(paired):
        yield Edit(start + place + 1, _compared(_words(old[place]), _words(new[place])))
    for block in old[paired:]:
        yield Edit(0, (("removed", _words(block)),))
    for place in range(paired, len(new)):
        yield Edit(start + place + 1, (("added", _words(new[place])),))


def _compared(old: str, new: str) -> tuple[tuple[Mark, str], ...]:
    left, right = _WORD.findall(old), _WORD.findall(new)
    pieces: list[tuple[Mark, str]] = []
    for verb, first, last, start, end in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if verb == "equal":
            pieces.append(("", "".join(left[first:last])))
            continue
        pieces += [("removed", "".join(left[first:last]))] if last > first else []
        pieces += [("added", "".join(right[start:end]))] if end > start else []
    return tuple(pieces)


def _key(block: Block) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(block.items()))


def _words(block: Block) -> str:
    """Return a block as words: its text or its source, with what it hangs on."""
    said = block.get("text", "") or block.get("source", "")
    hangs = [block[name] for name in ("when", "each") if name in block]
    return f"{said}〔{'；'.join(hangs)}〕" if hangs else said
