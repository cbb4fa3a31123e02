"""The figures a table is scored from: unit x field -> value and status."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from changai.core.scoring.decimals import NotANumber, to_decimal
from changai.core.scoring.findings import FactsRefused, Finding, Severity
from changai.core.scoring.fixedpoint import Floats
from changai.core.scoring.statuses import CODE, NOT_REPORTED, Status

Value: TypeAlias = Decimal | str | None

_TRUTH = {"是": Decimal(1), "有": Decimal(1), "否": Decimal(0), "无": Decimal(0)}
_MARK_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of one unit, as it entered; `note` is the reason or source that came with it."""

    unit: str
    field: str
    value: Value
    status: Status
    note: str = ""


# Figures reach from 10^40 to 10^-80: no sum of them needs more digits.
_WIDE = Context(prec=200)


@dataclass(frozen=True)
class Column:
    """One field over all units.

    `floats` is 0 where there is no number; `marks` are letters such as expert grades.
    """

    field: str
    values: tuple[Value, ...]
    statuses: NDArray[np.int8]

    @cached_property
    def floats(self) -> Floats:
        """Return the numbers as float64, 0 where the value is absent or not a number."""
        if self._kinds == {Decimal}:
            return np.array(self.values, dtype=np.float64)
        return np.array([float(value) if isinstance(value, Decimal) else 0.0 for value in self.values])

    @cached_property
    def is_mark(self) -> NDArray[np.bool_]:
        """Return where the value is a mark and not a number."""
        if str not in self._kinds:
            return np.zeros(len(self.values), dtype=bool)
        return np.array([isinstance(value, str) for value in self.values], dtype=bool)

    @cached_property
    def grain(self) -> float:
        """Return a common denominator of all numbers in the column."""
        # A sum in enough digits keeps the least exponent of its terms, and is ten times faster than asking each.
        with localcontext(_WIDE):
            exponent = (
                sum((each for each in self.values if isinstance(each, Decimal)), Decimal(0))
                .as_tuple()
                .exponent
            )
        return 10.0 ** -int(exponent)

    @cached_property
    def _kinds(self) -> frozenset[type]:
        return frozenset(map(type, self.values))

    @cached_property
    def magnitude(self) -> float:
        """Return the largest absolute number in the column."""
        return float(np.abs(self.floats).max(initial=0.0))


def exact(value: Value) -> Fraction:
    """Return the number exactly, 0 where there is none."""
    return Fraction(value) if isinstance(value, Decimal) else Fraction(0)


@dataclass(frozen=True)
class Facts:
    """The figures of all units of one category. Absent rows are NOT_REPORTED."""

    units: tuple[str, ...]
    columns: dict[str, Column]
    notes: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def from_rows(cls, rows: Iterable[Sequence[Any]], *, units: Iterable[str] | None = None) -> Facts:
        """Return facts from rows (unit, field, value, status[, note]).

        `units` fixes the units and their order (a unit without any row is then scored as not having
        reported);
        without it, units stand in the order of their first row. Values are decimals, decimal text,
        是/否/有/无,
        a short mark such as "A", or None; a REPORTED row needs a value.

        :raises FactsRefused: naming every unreadable value, duplicate, and unit that is not in `units`.
        """
        return _Gathering(units).gather(rows)

    def column(self, name: str) -> Column:
        """Return the column of `name`; a field nobody sent is a column of NOT_REPORTED."""
        known = self.columns.get(name)
        if known is not None:
            return known
        empty = np.full(len(self.units), NOT_REPORTED, dtype=np.int8)
        return Column(name, (None,) * len(self.units), empty)

    def fact(self, unit: str, name: str) -> Fact:
        """Return one figure as it entered."""
        column = self.column(name)
        place = self.place(unit)
        status = tuple(Status)[int(column.statuses[place])]
        return Fact(unit, name, column.values[place], status, self.notes.get((unit, name), ""))

    def place(self, unit: str) -> int:
        """Return the position of `unit`.

        :raises KeyError: when the unit is not in these facts.
        """
        return self._places[unit]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {unit: place for place, unit in enumerate(self.units)}

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256 of the canonical JSON of these facts.

        The order of rows and units does not matter.
        """
        order = sorted(range(len(self.units)), key=self.units.__getitem__)
        body = {
            name: [
                [self.units[place], _canonical(column.values[place]), int(column.statuses[place])]
                for place in order
            ]
            for name, column in sorted(self.columns.items())
        }
        text = json.dumps(
            {"units": sorted(self.units), "fields": body}, ensure_ascii=False, separators=(",", ":")
        )
        return hashlib.sha256(text.encode()).hexdigest()


class NotAFigure(ValueError):
    """A cell that is neither a finite decimal, nor a yes/no word, nor a grade mark.

    Told in both languages.
    """

    def __init__(self, word: str) -> None:
        self.zh = (
            f"“{word}”不是有限的十进制数；请填数字本身（不带百分号、千分位），或 是/否/有/无，或等级代号"
        )
        self.en = f'"{word}" is not a finite decimal; give the bare number, a yes/no word, or a grade mark'
        super().__init__(self.zh)


def parse_value(value: object) -> Decimal | str:
    """Return a figure as facts hold it: a decimal, 1 or 0 for 是/否/有/无, or a short mark such as "A".

    :raises NotAFigure: for anything else.
    """
    try:
        return to_decimal(value)
    except NotANumber:
        word = str(value).strip()
    if word in _TRUTH:
        return _TRUTH[word]
    if (
        isinstance(value, str)
        and word.isalpha()
        and len(word) <= _MARK_LENGTH
        and word.lower() not in _NOT_MARKS
    ):
        return word
    raise NotAFigure(word)


class _Gathering:
    """Collects rows into columns and every fault on the way."""

    def __init__(self, units: Iterable[str] | None) -> None:
        self.fixed = units is not None
        self.places = {unit: place for place, unit in enumerate(dict.fromkeys(units or ()))}
        self.cells: dict[str, dict[int, tuple[Value, int]]] = {}
        self.notes: dict[tuple[str, str], str] = {}
        self.findings: list[Finding] = []

    def gather(self, rows: Iterable[Sequence[Any]]) -> Facts:
        for row in rows:
            unit, name, value, status = row[0], row[1], row[2], _STATUSES.get(row[3]) or Status(row[3])
            place = self._place(unit)
            column = self.cells.setdefault(name, {})
            if place in column:
                self._fault(
                    unit, name, "同一数据出现两次，请只保留一行", "the figure stands twice; keep one row"
                )
                continue
            column[place] = (self._value(unit, name, value, status), CODE[status])
            if len(row) > 4 and row[4]:
                self.notes[unit, name] = str(row[4])
        if self.findings:
            raise FactsRefused(self.findings)
        columns = {name: self._column(name, cells) for name, cells in self.cells.items()}
        return Facts(tuple(self.places), columns, self.notes)

    def _place(self, unit: str) -> int:
        place = self.places.get(unit)
        if place is None:
            if self.fixed:
                self._fault(unit, "", "不在本次考核对象名单中", "is not on the list of assessed units")
            place = self.places[unit] = len(self.places)
        return place

    def _value(self, unit: str, name: str, value: object, status: Status) -> Value:
        if type(value) is Decimal and value.is_finite():
            return value
        if value is None or value == "":
            if status is Status.REPORTED:
                self._fault(unit, name, "标为已报送却没有数值", "is marked REPORTED but has no value")
            return None
        try:
            return parse_value(value)
        except NotAFigure as fault:
            self._fault(unit, name, fault.zh, fault.en)
            return None

    def _column(self, name: str, cells: dict[int, tuple[Value, int]]) -> Column:
        absent: tuple[Value, int] = (None, NOT_REPORTED)
        pairs = [cells.get(place, absent) for place in range(len(self.places))]
        statuses = np.array([code for _, code in pairs], dtype=np.int8)
        return Column(name, tuple(value for value, _ in pairs), statuses)

    def _fault(self, unit: str, name: str, zh: str, en: str) -> None:
        told_zh, told_en = f"{unit}，{name}：{zh}", f"{unit}, {name}: {en}"
        self.findings.append(Finding("", Severity.ERROR, told_zh, told_en, unit=unit, field=name))


# Asking the enumeration itself takes longer than everything else that is done with a row.
_STATUSES: dict[object, Status] = {str(status): status for status in Status}
_NOT_MARKS = frozenset({"nan", "inf", "infinity", "null", "none", "na"})


def _canonical(value: Value) -> str | None:
    if isinstance(value, Decimal):
        return format(value.normalize() + 0, "f")
    return value
