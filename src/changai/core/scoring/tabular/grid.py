"""One sheet as records under its heads, every fault with its row and column."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from changai.core.scoring.decimals import NotANumber, to_number, write_number
from changai.core.scoring.findings import Finding, Severity
from changai.core.scoring.tabular import columns as c

Rows = Sequence[Sequence[Any]]
_HEAD_ROWS = 10


def cell_text(value: object) -> str:
    """Return a cell as text: full-width digits and letters made plain, numbers without a trailing .0."""
    if value is None:
        return ""
    if isinstance(value, Decimal | int | float) and not isinstance(value, bool):
        try:
            return write_number(to_number(value))
        except NotANumber:
            return str(value)
    text = str(value).strip()
    return "".join(unicodedata.normalize("NFKC", each) if each.isalnum() else each for each in text)


@dataclass
class Faults:
    """Collects findings of a whole workbook."""

    findings: list[Finding] = field(default_factory=list)
    rows: set[tuple[str, int]] = field(default_factory=set)

    def add(self, place: str, zh: str, en: str, code: str = "") -> None:
        """Add one error."""
        self.findings.append(Finding(code, Severity.ERROR, zh, en, place))


class Places:
    """Where the nodes of each category stand: two tables may use one code, and a code may stand twice by mistake."""

    def __init__(self, title: str = "") -> None:
        """`title` is the sheet of the indicators, empty when there is none."""
        self.title = title
        self._rows: dict[tuple[str, str], list[int]] = {}

    def add(self, category: str, code: str, row: int) -> None:
        """Note that the node stands in this row."""
        self._rows.setdefault((category, code), []).append(row)

    def rows(self, category: str, code: str) -> list[int]:
        """Return the rows of a node; without a category, those of any table."""
        if category:
            return self._rows.get((category, code), [])
        return [row for (_, known), rows in self._rows.items() if known == code for row in rows]

    def known_rows(self) -> set[int]:
        """Return every row that a node stands in."""
        return {row for rows in self._rows.values() for row in rows}

    def of(self, category: str, code: str) -> str:
        """Return the sheet and row of a node, empty when it stands nowhere."""
        rows = "、".join(map(str, self.rows(category, code)))
        return f"{self.title} 第 {rows} 行" if rows else ""

    def placed(self, finding: Finding) -> Finding:
        """Return the finding with sheet, row and column of what it names, as far as it has them."""
        return replace(finding, place=self._address(finding))

    def _address(self, finding: Finding) -> str:
        if not self.title:
            return finding.place
        if not finding.node_code:
            head = f" {c.POINTS} 列" if finding.member == "points" else ""
            sheet = self.title if head else c.MEMBER_SHEETS.get(finding.member, "")
            return f"{sheet}{head}" or finding.place
        place, head = self.of(finding.category, finding.node_code), c.MEMBER_HEADS.get(finding.member, "")
        return (f"{place} {head} 列" if head else place) if place else finding.place


@dataclass(frozen=True)
class Record:
    """One row by head."""

    sheet: str
    row: int
    cells: Mapping[str, str]
    faults: Faults

    def get(self, head: str) -> str:
        """Return the text under a head, empty when the column or the cell is."""
        return self.cells.get(head, "")

    def place(self, head: str = "") -> str:
        """Return the address of a cell or of the row."""
        column = f" {head} 列" if head else ""
        return f"{self.sheet} 第 {self.row} 行{column}"

    def fault(self, head: str, zh: str, en: str) -> None:
        """Add one error at a cell of this row."""
        self.faults.rows.add((self.sheet, self.row))
        self.faults.add(self.place(head), zh, en)

    def word(self, head: str, words: Mapping[str, str]) -> str | None:
        """Return what the word in a cell stands for, None when it is empty or wrong (which adds a fault)."""
        text = self.get(head)
        if not text:
            return None
        if text not in words:
            allowed = "、".join(word for word in words if word)
            self.fault(head, f"“{text}”不在可用的写法中：{allowed}", f'"{text}" is not one of: {allowed}')
            return None
        return words[text]


def records(
    sheet: str,
    rows: Rows,
    required: Sequence[str],
    known: Sequence[str],
    aliases: Mapping[str, str],
    faults: Faults,
) -> Iterator[Record]:
    """Yield the non-empty rows under the head row: the first of ten rows that holds all `required`."""
    index, heads = _find_heads(rows, required, aliases)
    if not heads:
        wanted = "、".join(required)
        faults.add(sheet, f"没有找到表头，前十行内须有：{wanted}", f"no head row with: {wanted}")
        return
    _check_heads(sheet, index + 1, heads, known, faults)
    for number, row in enumerate(rows[index + 1 :], start=index + 2):
        cells = {head: cell_text(value) for head, value in zip(heads, row, strict=False) if head}
        if any(cells.values()):
            yield Record(sheet, number, cells, faults)


def _find_heads(rows: Rows, required: Sequence[str], aliases: Mapping[str, str]) -> tuple[int, list[str]]:
    for index, row in enumerate(rows[:_HEAD_ROWS]):
        heads = [_head(value, aliases) for value in row]
        if all(head in heads for head in required):
            return index, heads
    return 0, []


def _head(value: object, aliases: Mapping[str, str]) -> str:
    text = "".join(cell_text(value).split())
    return aliases.get(text, text)


def _check_heads(sheet: str, row: int, heads: list[str], known: Sequence[str], faults: Faults) -> None:
    for head in dict.fromkeys(heads):
        if head and heads.count(head) > 1:
            faults.add(f"{sheet} 第 {row} 行", f"表头“{head}”重复", f'the head "{head}" stands twice')
        if head and head not in known:
            allowed = "、".join(known)
            faults.add(
                f"{sheet} 第 {row} 行",
                f"不认识的表头“{head}”，可用：{allowed}",
                f'unknown head "{head}"; allowed: {allowed}',
            )
