"""The life of a plan, and the operations that correct its proposed tree. Pure; no text is ever lost.

Every operation takes a `Draft` and returns another whose `text()` is the same, character by character.
"""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from changai.core.errors import Invalid

DRAFT, ISSUED = "draft", "issued"
# What may be done to a plan in a status, and the status after it; a discarded draft is gone.
MOVES: dict[tuple[str, str], str] = {
    (DRAFT, "edit"): DRAFT,
    (DRAFT, "discard"): "",
    (DRAFT, "issue"): ISSUED,
}

NEW = 0
DEEPEST = 9
_STOPS = "。；！？\n"
_SOFT_STOPS = "，、：,:;"
# What a cut leaves behind must be more than the stop of the heading.
_BLANK = _STOPS + _SOFT_STOPS + " \t\u3000\xa0"


@dataclass(frozen=True)
class Piece:
    """One clause of a draft. `key` is the clause's id, `NEW` for one that an operation made."""

    key: int
    level: int
    label: str
    heading: str
    text: str

    def joined(self) -> str:
        """Return the clause's own text as it stands in the paper."""
        return self.label + self.heading + self.text


@dataclass(frozen=True)
class Draft:
    """A plan being corrected: the pieces in reading order; the first has level 0, none skips a level."""

    title: str
    preamble: str
    pieces: tuple[Piece, ...]
    closing: str

    def text(self) -> str:
        """Return the whole text."""
        return self.title + self.preamble + "".join(piece.joined() for piece in self.pieces) + self.closing

    def is_well_formed(self) -> bool:
        """Return whether the levels describe a tree."""
        levels = [-1, *(piece.level for piece in self.pieces)]
        return all(0 <= level <= above + 1 for above, level in pairwise(levels))


def merged(draft: Draft, key: int) -> Draft:
    """Return the draft with a clause's text joined to the clause before it, the first one's to the preamble.

    The clauses below it move up a level when they would otherwise hang in the air.
    """
    at = _index(draft, key)
    gone, below = draft.pieces[at], _end_of_branch(draft.pieces, at)
    before, after = draft.pieces[:at], draft.pieces[below:]
    top = before[-1].level if before else -1
    shift = min(0, top - gone.level)
    branch = tuple(replace(piece, level=piece.level + shift) for piece in draft.pieces[at + 1 : below])
    if not before:
        return replace(draft, preamble=draft.preamble + gone.joined(), pieces=branch + after)
    grown = replace(before[-1], text=before[-1].text + gone.joined())
    return replace(draft, pieces=(*before[:-1], grown, *branch, *after))


def split(draft: Draft, key: int, offset: int, *, head: tuple[str, str] = ("", "")) -> Draft:
    """Return the draft with a clause's text cut at `offset`; what follows is a new clause of the same level.

    `head` is the label and the heading the new clause begins with. Clauses below the old one stand below it.

    :raises Invalid: when one of the halves would be empty
    """
    at = _index(draft, key)
    piece = draft.pieces[at]
    first, second = _halves(piece.text, offset)
    kept = replace(piece, text=first)
    if not kept.joined().strip():
        raise Invalid("拆分处之前没有文字，请选择靠后的位置。")
    return replace(
        draft, pieces=(*draft.pieces[:at], kept, _new(piece.level, second, head), *draft.pieces[at + 1 :])
    )


def clause_from_preamble(draft: Draft, offset: int, *, head: tuple[str, str] = ("", "")) -> Draft:
    """Return the draft with the preamble cut at `offset`; what follows is the first clause."""
    first, second = _halves(draft.preamble, offset)
    return replace(draft, preamble=first, pieces=(_new(0, second, head), *draft.pieces))


def clause_from_closing(draft: Draft, offset: int, *, head: tuple[str, str] = ("", "")) -> Draft:
    """Return the draft with the closing cut at `offset`; what precedes is the last clause, at the top."""
    first, second = _halves(draft.closing, offset, moving=0)
    return replace(draft, pieces=(*draft.pieces, _new(0, first, head)), closing=second)


def promoted(draft: Draft, key: int) -> Draft:
    """Return the draft with a clause and those below it one level higher.

    :raises Invalid: when it stands at the top
    """
    at = _index(draft, key)
    if draft.pieces[at].level == 0:
        raise Invalid("该条已是最高层级，不能再升级。")
    return _shifted(draft, at, -1)


def demoted(draft: Draft, key: int) -> Draft:
    """Return the draft with a clause and those below it one level lower, below the clause before it.

    :raises Invalid: when there is no clause before it to stand below, or the tree would be too deep
    """
    at = _index(draft, key)
    if at == 0 or draft.pieces[at].level > draft.pieces[at - 1].level:
        raise Invalid("该条已是上一条的下级，不能再降级。")
    if max(piece.level for piece in draft.pieces[at : _end_of_branch(draft.pieces, at)]) >= DEEPEST:
        raise Invalid(f"层级最多 {DEEPEST + 1} 级，不能再降级。")
    return _shifted(draft, at, 1)


def places(text: str, *, soft: bool = False) -> list[tuple[int, str]]:
    """Return where a text may be cut: (offset, the sentence that begins there). `soft` also offers commas."""
    stops = _STOPS + _SOFT_STOPS if soft else _STOPS
    found = []
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or (text[end - 1] in stops and text[end] not in stops):
            if text[start:end].strip() and text[:start].strip(_BLANK):
                found.append((start, text[start:end].strip()))
            start = end
    return found


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, each a stretch of it without outer blanks."""
    cuts = [0, *(offset for offset, _ in places(text)), len(text)]
    stretches = (text[a:b].strip() for a, b in pairwise(cuts))
    return [stretch for stretch in stretches if stretch]


def codes(pieces: Sequence[Piece], measured: Mapping[int, Sequence[int]]) -> dict[int, str]:
    """Return the code of every measure, as 1-2-3: the places of its clause in the tree, and its own there.

    `measured` has, for a clause's key, the ids of its measures in order.
    """
    place: list[int] = []
    coded = {}
    for piece in pieces:
        del place[piece.level + 1 :]
        if len(place) <= piece.level:
            place.append(0)
        place[piece.level] += 1
        for number, measure in enumerate(measured.get(piece.key, ()), start=1):
            coded[measure] = "-".join(map(str, [*place, number]))
    return coded


def day_meant(normal: str | None) -> date | None:
    """Return the last day of a date as the parser writes it: a day, month, quarter, half-year, year or years.

    An interval that recurs (`P1M`) and a date left open have none.
    """
    if not normal or normal.startswith("P"):
        return None
    year, _, rest = normal.rpartition("/")[2].partition("-")
    if rest.startswith(("Q", "H")):
        rest = f"{int(rest[1]) * (3 if rest[0] == 'Q' else 6):02d}"
    month, _, day = (rest or "12").partition("-")
    return date(int(year), int(month), int(day) if day else calendar.monthrange(int(year), int(month))[1])


def proposed_target(quantities: Sequence[Mapping[str, Any]]) -> tuple[Decimal | None, str]:
    """Return the target and its unit that a measure's figures suggest: its only bound or only figure."""
    fitting = [found for found in quantities if found["bound"] == "at_least"] or list(quantities)
    if len(fitting) != 1:
        return None, ""
    try:
        value = Decimal(fitting[0]["low"])
    except InvalidOperation:
        return None, ""
    if value >= Decimal(10) ** 15 or value != value.quantize(Decimal("0.01")):
        return None, ""
    return value, str(fitting[0]["unit"])[:12]


def proposed_deadline(dates: Sequence[Mapping[str, Any]], *, starts_on: date, ends_on: date) -> date | None:
    """Return the deadline that the dates of a measure suggest: the last one within the plan's span."""
    days = [day for found in dates if (day := day_meant(found["normal"])) is not None]
    return max((day for day in days if starts_on <= day <= ends_on), default=None)


def _index(draft: Draft, key: int) -> int:
    for index, piece in enumerate(draft.pieces):
        if piece.key == key:
            return index
    raise KeyError(key)


def _end_of_branch(pieces: Sequence[Piece], at: int) -> int:
    level = pieces[at].level
    return next((index for index in range(at + 1, len(pieces)) if pieces[index].level <= level), len(pieces))


def _shifted(draft: Draft, at: int, step: int) -> Draft:
    end = _end_of_branch(draft.pieces, at)
    branch = tuple(replace(piece, level=piece.level + step) for piece in draft.pieces[at:end])
    return replace(draft, pieces=draft.pieces[:at] + branch + draft.pieces[end:])


def _halves(text: str, offset: int, *, moving: int = 1) -> tuple[str, str]:
    """Return the text before and from `offset`; the half to be a clause (`moving`) must not be blank."""
    halves = text[: max(offset, 0)], text[max(offset, 0) :]
    if not halves[moving].strip():
        raise Invalid("所选位置没有可拆出的文字，请另选拆分位置。")
    return halves


def _new(level: int, text: str, head: tuple[str, str]) -> Piece:
    label, heading = head if text.startswith("".join(head)) else ("", "")
    return Piece(NEW, level, label, heading, text[len(label) + len(heading) :])
