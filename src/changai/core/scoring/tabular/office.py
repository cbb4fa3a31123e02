"""An office's own table, the way such tables look: title rows, merged cells, points inside names, two head rows.

Nothing is guessed into a rule here. What each scoring sentence may mean is proposed and waits for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from changai.core.scoring.decimals import NotANumber, to_number
from changai.core.scoring.findings import SchemeRefused
from changai.core.scoring.model import Bonus, Node, Penalty, Table, Veto
from changai.core.scoring.proposals import Proposal, propose
from changai.core.scoring.rules import PerItem, Reviewed
from changai.core.scoring.tabular.columns import TOTAL_WORDS
from changai.core.scoring.tabular.grid import Faults, Rows, cell_text
from changai.core.scoring.tabular.headings import Headings, column_letters, find_headings

_NAMED_POINTS = re.compile(r"(.+?)[（(]\s*(\d+(?:\.\d+)?)\s*分\s*[)）](.*)")
_NUMBERED = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|[（(]?\d{1,2}(?:\.\d{1,2}){0,2}[)）、.．\s])\s*"
)
_POINTS = re.compile(r"[+＋]?(\d+(?:\.\d+)?)分?")
_CAP = re.compile(r"(?:最高|最多|不超过|限)(?:不超过)?(?:加|得)?(?:至)?(\d+(?:\.\d+)?)分")
_REMARK = re.compile(
    r"(?:注|备注|说明|填表说明)\s*[:：]?|.{0,10}(?:签字|签名|签章|盖章)|(?:填表|制表|审核|考核|评分)(?:人|日期|时间)\s*[:：]"
)
_PARTS = (
    ("veto", re.compile("一票否|否决")),
    ("bonus", re.compile("加分")),
    ("penalty", re.compile("减分|扣分项")),
)
_TEXTS = ("wording", "data_owner", "verification", "evidence", "responsible", "orientation")
_HUNDRED = Fraction(100)

Merged = Sequence[tuple[int, int, int, int]]


@dataclass(frozen=True)
class Waiting:
    """A scoring sentence that waits for a person: where it stands, how it is written, what it may mean."""

    code: str
    name: str
    place: str
    wording: str
    proposal: Proposal


@dataclass(frozen=True)
class OfficeTable:
    """A table as it was written: indicators without rules, the sentences that wait, and where each stands.

    `unread` are the heads of columns that nothing was taken from.
    """

    title: str
    table: Table
    waiting: tuple[Waiting, ...]
    places: Mapping[str, str]
    unread: tuple[str, ...]


@dataclass
class _Item:
    """One indicator while it is gathered; `rows` are the numbers of the rows it stands over."""

    name: str
    points: Fraction | None
    rows: list[int]
    children: list[_Item] = field(default_factory=list)

    def covers(self, first: int, last: int) -> bool:
        return self.rows[0] <= first and last <= self.rows[-1]


def read_office_table(sheet: str, rows: Rows, merged: Merged = (), *, category: str) -> OfficeTable:
    """Return the table of a sheet of plain rows.

    :param merged: ranges as (first row, first column, last row, last column), counted from 1
    :raises SchemeRefused: naming every fault with sheet, row and column
    """
    faults = Faults()
    texts = [[cell_text(value) for value in row] for row in rows]
    heads = find_headings(texts)
    if heads is None:
        faults.add(sheet, "没有找到表头，须有指标名称、分值和评分标准三类栏目", "no head row was found")
        raise SchemeRefused(faults.findings)
    reading = _Reading(sheet, texts, merged, heads, faults)
    found = reading.read(category)
    if faults.findings:
        raise SchemeRefused(faults.findings)
    return found


class _Reading:
    def __init__(
        self, sheet: str, texts: list[list[str]], merged: Merged, heads: Headings, faults: Faults
    ) -> None:
        self.sheet, self.heads, self.faults = sheet, heads, faults
        self.width = max((len(row) for row in texts), default=0)
        self.cells = [row + [""] * (self.width - len(row)) for row in texts]
        self.spans: dict[tuple[int, int], int] = {}
        for first, left, last, _right in merged:
            self._fill(first, left, last)
        self.parts: dict[str, list[_Item]] = {"": [], "bonus": [], "penalty": [], "veto": []}
        self.declared: Fraction | None = None
        self.places: dict[str, str] = {}

    def _fill(self, first: int, left: int, last: int) -> None:
        """Let a merged cell stand in each of its rows."""
        if last > first and first <= len(self.cells) and left <= self.width:
            self.spans[first, left] = last
            for number in range(first + 1, min(last, len(self.cells)) + 1):
                self.cells[number - 1][left - 1] = self.cells[first - 1][left - 1]

    def read(self, category: str) -> OfficeTable:
        open_items: list[_Item] = []
        part = ""
        for number in range(self.heads.last_row + 1, len(self.cells) + 1):
            row = self.cells[number - 1]
            filled = [text for text in row if text]
            if not filled or self._is_total(row, number):
                continue
            if _REMARK.match(filled[0]):
                break
            named = _part_of(filled[0] if len(filled) == 1 else row[self.heads.levels[0] - 1])
            if named is not None and named != part:
                part, open_items = named, []
            if len(filled) == 1 and named is not None:
                continue
            self._take(part, open_items, row, number)
        return self._finished(category)

    def _is_total(self, row: list[str], number: int) -> bool:
        if not any("".join(text.split()) in TOTAL_WORDS for text in row[: self.heads.levels[-1]]):
            return False
        for column in self.heads.points:
            if row[column - 1]:
                self.declared = self._number(row[column - 1], number, column)
        return True

    def _take(self, part: str, open_items: list[_Item], row: list[str], number: int) -> None:
        levels = self.heads.levels[-1:] if part else self.heads.levels
        names = [row[column - 1] for column in levels]
        if part:
            names = [next((name for name in reversed([row[c - 1] for c in self.heads.levels]) if name), "")]
        deepest = max((level for level, name in enumerate(names) if name), default=-1)
        if deepest < 0:
            if any(row[column - 1] for column in self.heads.points):
                self._fault(number, self.heads.levels[0], "没有指标名称", "the row names no indicator")
            return
        for level in range(deepest + 1):
            name, points = self._named(names[level])
            is_open = len(open_items) > level and (not name or open_items[level].name == name)
            if is_open and not (level == deepest and part):
                open_items[level].rows.append(number)
                continue
            if not name:
                self._fault(number, self.heads.levels[level], "缺少上一级指标", "the level above is missing")
                return
            item = _Item(name, points, [number])
            (open_items[level - 1].children if level else self.parts[part]).append(item)
            open_items[level:] = [item]

    def _named(self, written: str) -> tuple[str, Fraction | None]:
        name = _NUMBERED.sub("", " ".join(written.split())) or written
        match = _NAMED_POINTS.fullmatch(name)
        return (f"{match[1]}{match[3]}".strip(), to_number(match[2])) if match else (name.strip(), None)

    def _finished(self, category: str) -> OfficeTable:
        for items in self.parts.values():
            self._give_points(items)
        self._read_shares()
        waiting: list[Waiting] = []
        nodes = tuple(self._nodes(self.parts[""], "", waiting))
        if not nodes and not self.faults.findings:
            self.faults.add(self.sheet, "表头下面没有指标", "there is no indicator below the heads")
        table = Table(
            category,
            nodes,
            full=self.declared or _HUNDRED,
            bonus=tuple(self._bonus(waiting)),
            penalty=tuple(self._penalties(waiting)),
            veto=tuple(self._vetoes(waiting)),
        )
        return OfficeTable(self.heads.title, table, tuple(waiting), self.places, self.heads.unread)

    def _give_points(self, items: list[_Item]) -> None:
        """Give the figure of each points cell to the deepest indicator that stands over all of its rows."""
        for column in self.heads.points:
            number = self.heads.last_row + 1
            while number <= len(self.cells):
                last = self.spans.get((number, column), number)
                text = self.cells[number - 1][column - 1]
                owner = _deepest(items, number, last, self.heads.level_of_points(column))
                if text and owner is not None:
                    self._add(owner, self._number(text, number, column))
                number = last + 1

    def _read_shares(self) -> None:
        """Take points written as shares of the whole, 25% or 0.25, as hundredths: together they make one."""
        if self.declared not in {None, Fraction(1)} or sum(map(_whole, self.parts[""])) != 1:
            return
        self.declared = _HUNDRED
        for items in self.parts.values():
            for item in items:
                _times_hundred(item)

    @staticmethod
    def _add(owner: _Item, given: Fraction) -> None:
        """Add to an indicator's points; an inner one may say them in its name and again in the column."""
        if owner.points is None or (owner.children and owner.points == given):
            owner.points = given
        else:
            owner.points += given

    def _number(self, text: str, number: int, column: int) -> Fraction:
        match = _POINTS.fullmatch("".join(text.split()))
        try:
            return to_number(match[1] if match else text)
        except NotANumber:
            self._fault(number, column, f"“{text}”不是分值，应为数字", f'"{text}" is not a number of points')
            return Fraction(0)

    def _nodes(self, items: list[_Item], prefix: str, waiting: list[Waiting]) -> Iterator[Node]:
        for place, item in enumerate(items, start=1):
            code = f"{prefix}{place}"
            self.places[code] = self._place(item.rows[0])
            children = tuple(self._nodes(item.children, f"{code}.", waiting))
            points = item.points
            if points is None:
                points = sum((child.points for child in children), Fraction(0))
            if children:
                yield Node(code, item.name, points, children=children)
                continue
            texts = self._texts(item)
            waiting.append(self._waiting(code, item, texts["wording"], points))
            yield replace(Node(code, item.name, points), **texts)

    def _bonus(self, waiting: list[Waiting]) -> Iterator[Bonus]:
        for code, item, texts in self._extras("bonus", "B", waiting):
            cap = item.points if item.points is not None else _cap_in(texts["wording"])
            yield Bonus(code, item.name, cap, Reviewed(f"judged_{code}"), **_only_item(texts))

    def _penalties(self, waiting: list[Waiting]) -> Iterator[Penalty]:
        for code, item, texts in self._extras("penalty", "P", waiting):
            rule = PerItem(((f"counted_{code}", Fraction(-1)),), start=Fraction(0))
            yield Penalty(code, item.name, rule, item.points, **_only_item(texts))

    def _vetoes(self, waiting: list[Waiting]) -> Iterator[Veto]:
        for code, item, texts in self._extras("veto", "V", waiting):
            yield Veto(code, item.name, f"happened_{code}", "exclude_from_rank", document=texts["wording"])

    def _extras(
        self, part: str, letter: str, waiting: list[Waiting]
    ) -> Iterator[tuple[str, _Item, dict[str, Any]]]:
        for place, item in enumerate(self.parts[part], start=1):
            code, texts = f"{letter}{place}", self._texts(item)
            self.places[code] = self._place(item.rows[0])
            waiting.append(
                self._waiting(code, item, texts["wording"] or item.name, item.points or Fraction(0))
            )
            yield code, item, texts

    def _texts(self, item: _Item) -> dict[str, Any]:
        found: dict[str, Any] = dict.fromkeys(_TEXTS, "")
        for name, columns in self.heads.texts.items():
            told = [self.cells[row - 1][column - 1] for row in item.rows for column in columns]
            found[name] = "；".join(dict.fromkeys(_tidy(text) for text in told if text))
        return found

    def _waiting(self, code: str, item: _Item, wording: str, points: Fraction) -> Waiting:
        column = (self.heads.texts.get("wording") or [self.heads.levels[0]])[0]
        place = self._place(item.rows[0], column)
        return Waiting(code, item.name, place, wording, propose(wording, points))

    def _place(self, number: int, column: int = 0) -> str:
        return f"{self.sheet} 第 {number} 行" + (f" {column_letters(column)} 列" if column else "")

    def _fault(self, number: int, column: int, zh: str, en: str) -> None:
        self.faults.add(self._place(number, column), zh, en)


def _part_of(text: str) -> str | None:
    """Return the part that a name opens, such as 加分项; None for any other name: adjustments stand last."""
    return next((part for part, pattern in _PARTS if text and pattern.search(text)), None)


def _deepest(items: list[_Item], first: int, last: int, level: int) -> _Item | None:
    owner = next((item for item in items if item.covers(first, last)), None)
    if owner is None or level == 1:
        return owner
    return _deepest(owner.children, first, last, level - 1) or owner


def _whole(item: _Item) -> Fraction:
    return sum(map(_whole, item.children), Fraction(0)) if item.points is None else item.points


def _times_hundred(item: _Item) -> None:
    item.points = None if item.points is None else item.points * 100
    for child in item.children:
        _times_hundred(child)


def _cap_in(wording: str) -> Fraction:
    """Return the most points a sentence such as 每项加2分，最高加5分 gives, 0 when it names none."""
    match = _CAP.search("".join(wording.split()))
    return to_number(match[1]) if match else Fraction(0)


def _only_item(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: texts[name] for name in ("wording", "evidence", "data_owner")}


def _tidy(text: str) -> str:
    return re.sub(r"\s*\n\s*", "", text).rstrip("。；;")
