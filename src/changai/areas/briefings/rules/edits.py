"""What changed between two drafts: word for word, in the head and in every block."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from changai.areas.briefings.rules.blocks import CONDITIONS, DRAWN_KINDS, KINDS, REPEATS

Mark = Literal["", "added", "removed"]
Pieces = tuple[tuple[Mark, str], ...]
Block = Mapping[str, str]

# Chinese is compared by characters; numbers, foreign words and figures in 【】 stay whole.
_WORD = re.compile(r"【[^【】\n]*】|[0-9]+(?:\.[0-9]+)?%?|[A-Za-z]+|[\s\S]")


@dataclass(frozen=True)
class Edit:
    """One block that was added, removed or changed, or one field of the head.

    `number` counts the blocks of the later draft, 0 for one removed. `kinds` are the block's kinds before and now, ""
    where it was not there. `field` names a field of the head; it has neither number nor kinds.
    """

    number: int
    pieces: Pieces
    kinds: tuple[str, str] = ("", "")
    field: str = ""

    @property
    def is_only_set_otherwise(self) -> bool:
        """Return whether the words stayed: the block is set or drawn otherwise."""
        return all(mark == "" for mark, _text in self.pieces)


def head_edits(before: Mapping[str, str], now: Mapping[str, str]) -> list[Edit]:
    """Return the fields of the head that differ, in the order of the later one; a field not there is empty."""
    names = dict.fromkeys((*now, *before))
    changed = [name for name in names if before.get(name, "") != now.get(name, "")]
    return [Edit(0, _compared(before.get(name, ""), now.get(name, "")), field=name) for name in changed]


def edits(
    before: Sequence[Block], now: Sequence[Block], named: Mapping[str, str] | None = None
) -> list[Edit]:
    """Return the blocks that differ, in the order of the later draft; a block only moved is removed and added.

    :param named: what tables and charts are called, by source
    """
    found: list[Edit] = []
    matcher = SequenceMatcher(
        None, [_key(each) for each in before], [_key(each) for each in now], autojunk=False
    )
    for verb, first, last, start, end in matcher.get_opcodes():
        if verb != "equal":
            found += _edited(before[first:last], now[start:end], start, named or {})
    return found


def _edited(
    old: Sequence[Block], new: Sequence[Block], start: int, named: Mapping[str, str]
) -> Iterator[Edit]:
    left, right = [block_words(each, named) for each in old], [block_words(each, named) for each in new]
    for place, other in _paired(left, right):
        if other is None and place is not None:
            yield Edit(0, (("removed", left[place]),), (old[place]["kind"], ""))
        elif place is None and other is not None:
            yield Edit(start + other + 1, (("added", right[other]),), ("", new[other]["kind"]))
        elif place is not None and other is not None:
            kinds = old[place]["kind"], new[other]["kind"]
            yield Edit(start + other + 1, _compared(left[place], right[other]), kinds)


def _paired(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[int | None, int | None]]:
    """Yield which of the blocks are the same one rewritten, in order: those most alike, without crossing."""
    best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    alike = [[_likeness(old, new) for new in right] for old in left]
    for i in reversed(range(len(left))):
        for j in reversed(range(len(right))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + alike[i][j])
    i = j = 0
    while i < len(left) and j < len(right):
        if best[i][j] == best[i + 1][j + 1] + alike[i][j]:
            yield i, j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            yield i, None
            i += 1
        else:
            yield None, j
            j += 1
    yield from ((place, None) for place in range(i, len(left)))
    yield from ((None, place) for place in range(j, len(right)))


def _likeness(old: str, new: str) -> float:
    """Return how alike two blocks are, 0 to 1: a pair is always a little better than none."""
    return 0.01 + SequenceMatcher(None, old, new, autojunk=False).quick_ratio()


def _compared(old: str, new: str) -> Pieces:
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
    return tuple(sorted((name, str(value)) for name, value in block.items()))


def block_words(block: Block, named: Mapping[str, str]) -> str:
    """Return a block as words: its text or what it draws, with what it hangs on.

    :param named: what tables and charts are called, by source
    """
    source = block.get("source", "")
    said = block.get("text", "") or named.get(source, source)
    caption = block.get("caption", "")
    said = f"{caption}：{said}" if caption else said
    verb, _colon, figure = block.get("when", "").partition(":")
    hangs = [f"{CONDITIONS.get(verb, verb)}{figure}时"] if verb else []
    each = block.get("each", "")
    hangs += [f"每个{REPEATS.get(each, each)}一段"] if each else []
    return f"{said}〔{'；'.join(hangs)}〕" if hangs else said


def named_blocks(draft: Sequence[Block], named: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the blocks of a draft in words: none hangs on a figure, and a name stands where one is drawn.

    :param named: what tables and charts are called, by source
    """
    return [_named(block, named) for block in draft]


def _named(block: Block, named: Mapping[str, str]) -> dict[str, str]:
    kind = block["kind"]
    if kind == "picture":
        return {name: text for name, text in block.items() if name != "when"}
    words = block_words(block, named)
    return (
        {"kind": "paragraph", "text": f"（{KINDS[kind]}：{words}）"}
        if kind in DRAWN_KINDS
        else {"kind": kind, "text": words}
    )
