"""The workbooks of the units below as one: a row per figure, each unit's value named, and the sum."""

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from changai.areas.facts.rules.tables import is_averaged
from changai.areas.reporting.rules.cells import written
from changai.areas.reporting.rules.workbook_pages import Asked, PageRow
from changai.areas.reporting.rules.workbook_reading import JUMP_FACTOR, Found, State


@dataclass(frozen=True)
class Brought:
    """What the workbook of one unit says; `number` is its place among the files, from 1."""

    number: int
    file: str
    township: str
    cells: Mapping[str, Found]


@dataclass(frozen=True)
class Part:
    """What one unit gave for a cell, and where it stands. `text` is empty when it gave nothing."""

    township: str
    number: int
    file: str
    page: str
    address: str
    text: str
    state: State
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class MergedRow:
    """A cell of the gathering unit: what it holds, what the units gave, and the sum that would be written.

    One that `is_listed` cannot be summed: its parts stand side by side and nothing is written.
    """

    ref: str
    name: str
    column: str
    unit_of_measure: str
    old: str
    new: str
    parts: tuple[Part, ...]
    state: State
    sentences: tuple[str, ...] = ()
    is_listed: bool = False

    @property
    def has_parts(self) -> bool:
        return any(part.text for part in self.parts)


def is_additive(unit_of_measure: str) -> bool:
    """Return whether figures of units add up: shares and amounts per something do not."""
    return not is_averaged(unit_of_measure) and "/" not in unicodedata.normalize("NFKC", unit_of_measure)


def doubled(brought: Iterable[Brought]) -> dict[str, list[Brought]]:
    """Return the units of which more than one workbook came, with these."""
    found = defaultdict(list)
    for each in brought:
        found[each.township].append(each)
    return {township: files for township, files in found.items() if len(files) > 1}


def merge_rows(
    rows: Sequence[PageRow],
    brought: Sequence[Brought],
    *,
    order: Sequence[str],
    gathered: frozenset[str] = frozenset(),
) -> tuple[MergedRow, ...]:
    """Return a row per asked cell, in the order of the sheet; the order of the files does not matter.

    A unit of which two workbooks came gives nothing until one of them is taken away.

    :param order: the units' names as they are listed
    :param gathered: the cells that hold an earlier sum nobody has changed since: overwriting them needs no question
    """
    twice = doubled(brought)
    places = {name: at for at, name in enumerate(order)}
    kept = [each for each in brought if each.township not in twice]
    kept.sort(key=lambda each: (places.get(each.township, len(places)), each.township))
    return tuple(_merged(row, asked, kept, gathered) for row in rows for asked in row.asked)


def _merged(row: PageRow, asked: Asked, brought: Sequence[Brought], gathered: frozenset[str]) -> MergedRow:
    parts = tuple(_part(each, asked) for each in brought)
    listed = asked.kind != "number" or not is_additive(asked.unit_of_measure)

    def told(new: str, state: State, *sentences: str) -> MergedRow:
        return MergedRow(
            asked.ref, row.name, asked.column, row.unit_of_measure, asked.now, new, parts, state, sentences, listed
        )  # fmt: skip

    faults = [
        _named(part, sentence) for part in parts if part.state is State.FAULT for sentence in part.sentences
    ]
    if faults:
        return told("", State.FAULT, *faults)
    values = [Decimal(part.text) for part in parts if part.text] if not listed else []
    if not values:
        return told(asked.now, State.SAME)
    total = sum(values, Decimal(0))
    new = written(total)
    if new == asked.now:
        return told(new, State.SAME)
    if asked.maximum is not None and total > asked.maximum:
        return told("", State.FAULT, f"合计 {new} 超过上限 {written(asked.maximum)}，请核对各单位的数。")
    doubts = [*_doubts_on_parts(parts), *_doubts_on_sum(asked, total, is_gathered=asked.ref in gathered)]
    return told(new, State.WARNING if doubts else State.CHANGE, *doubts)


def _part(brought: Brought, asked: Asked) -> Part:
    found = brought.cells.get(asked.ref)
    if found is None:
        return Part(brought.township, brought.number, brought.file, "", "", "", State.SAME)
    return Part(
        brought.township, brought.number, brought.file, found.page, found.address, found.new, found.state,
        found.sentences,
    )  # fmt: skip


def _named(part: Part, sentence: str) -> str:
    return f"{part.township}（{part.file}）：{sentence}"


def _doubts_on_parts(parts: Sequence[Part]) -> list[str]:
    doubts = [_named(part, sentence) for part in parts for sentence in part.sentences]
    blank = [part.township for part in parts if not part.text]
    if blank:
        doubts.append(f"{'、'.join(blank)}未填，合计不含。")
    return doubts


def _doubts_on_sum(asked: Asked, total: Decimal, *, is_gathered: bool) -> list[str]:
    doubts = []
    if asked.now and not is_gathered:
        doubts.append(f"网上已填“{asked.now}”，写入后改为合计 {written(total)}。")
    if asked.last and (total > asked.last * JUMP_FACTOR or (total and total * JUMP_FACTOR < asked.last)):
        doubts.append(f"合计与上月 {written(asked.last)} 相差超过 {JUMP_FACTOR} 倍，请核对。")
    return doubts


def merge_fingerprint(rows: Iterable[MergedRow]) -> str:
    """Return what tells whether the workbooks, against the sheet as it stands, still say what was previewed."""
    told = "\n".join(
        f"{row.ref}|{row.old}|{row.new}|{row.state}|"
        + ";".join(f"{part.township}={part.text}" for part in row.parts)
        for row in rows
    )
    return hashlib.sha256(told.encode()).hexdigest()[:24]
