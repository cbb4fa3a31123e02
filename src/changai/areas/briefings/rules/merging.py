"""Two people's versions of one draft, side by side, so that nothing either wrote is lost."""

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Literal

Whose = Literal["", "mine", "theirs"]


def both_texts(
    theirs: Sequence[Mapping[str, str]], mine: Sequence[Mapping[str, str]]
) -> list[tuple[dict[str, str], Whose]]:
    """Return every block of both drafts in order: what is the same once, else mine before theirs."""
    matcher = SequenceMatcher(None, [*map(_key, theirs)], [*map(_key, mine)], autojunk=False)
    found: list[tuple[dict[str, str], Whose]] = []
    for verb, first, last, start, end in matcher.get_opcodes():
        if verb == "equal":
            found += [(dict(block), "") for block in mine[start:end]]
        else:
            found += [(dict(block), "mine") for block in mine[start:end]]
            found += [(dict(block), "theirs") for block in theirs[first:last]]
    return found


def _key(block: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, value) for name, value in block.items() if value))
