"""Kinds of rules that read a figure beside its own earlier months."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

import numpy as np

from changai.core.checks.breaches import Breach, Input, written
from changai.core.checks.sheets import Row, Sheet
from changai.core.scoring.checks.flags import modified_z
from changai.core.scoring.checks.series import LEAST_MONTHS


@dataclass(frozen=True)
class NeverFalls:
    """A cumulative figure is at least what it was. `within_year`: it begins anew every January."""

    figure: str
    within_year: bool = True

    code: ClassVar = "cumulative"
    sentence: ClassVar = "“{数据项}”是累计数，{上期}为 {上期数}，本期为 {本月数}，减少 {差}，请核对。"
    words: ClassVar = ("数据项", "上期", "上期数", "本月数", "差")

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.figure,)

    @property
    def inputs(self) -> tuple[Input, ...]:
        return (Input("last", "last", (self.figure,)), Input("value", "value", (self.figure,)))

    def faults(self) -> Iterator[str]:
        """Yield nothing: there is nothing to contradict."""
        yield from ()

    def breaches(self, sheet: Sheet) -> Iterator[Breach]:
        """Yield one breach when the figure is below its last value of the run."""
        value, last = sheet.value(self.figure), _last(sheet, self.figure)
        if value is None or last is None or value >= last[1]:
            return
        row, before = last
        if self.within_year and sheet.month and row.month and row.month.year != sheet.month.year:
            return
        yield Breach(self.figure, _change(sheet, self.figure, row, before, value))


@dataclass(frozen=True)
class Jump:
    """The figure is not more than `factor` times its last value, nor less than that part of it.

    Changes smaller than `least_change` pass: 1 that becomes 4 is no jump. From 0 nothing is measured.
    """

    figure: str
    factor: Decimal
    least_change: Decimal = Decimal(0)

    code: ClassVar = "jump"
    sentence: ClassVar = "“{数据项}”由{上期}的 {上期数} 变为 {本月数}，变动超过 {倍数} 倍，请核对。"
    words: ClassVar = ("数据项", "上期", "上期数", "本月数", "差", "倍数")

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.figure,)

    @property
    def inputs(self) -> tuple[Input, ...]:
        return (Input("last", "last", (self.figure,)), Input("value", "value", (self.figure,)))

    def faults(self) -> Iterator[str]:
        """Yield what contradicts itself in the rule."""
        if self.factor <= 1:
            yield "倍数应大于 1。"
        if self.least_change < 0:
            yield "最小变动不能小于 0。"

    def breaches(self, sheet: Sheet) -> Iterator[Breach]:
        """Yield one breach when both values are known and above 0, and too far apart."""
        value, last = sheet.value(self.figure), _last(sheet, self.figure)
        if value is None or last is None or value <= 0 or last[1] <= 0:
            return
        row, before = last
        is_far = value > before * self.factor or value * self.factor < before
        if is_far and abs(value - before) >= self.least_change:
            told = _change(sheet, self.figure, row, before, value)
            yield Breach(self.figure, {**told, "倍数": written(self.factor)})


@dataclass(frozen=True)
class OwnHistory:
    """The figure is not far from the unit's own earlier months, by median and MAD."""

    figure: str
    threshold: Decimal = Decimal("3.5")
    least_months: int = LEAST_MONTHS

    code: ClassVar = "history"
    sentence: ClassVar = "“{数据项}”为 {本月数}，本单位前 {期数} 期一般在 {中位数} 左右，相差较大，请核对。"
    words: ClassVar = ("数据项", "本月数", "期数", "中位数")

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.figure,)

    @property
    def inputs(self) -> tuple[Input, ...]:
        return (Input("past", "past", (self.figure,)), Input("value", "value", (self.figure,)))

    def faults(self) -> Iterator[str]:
        """Yield what contradicts itself in the rule."""
        if self.threshold < 2:
            yield "偏离倍数不应小于 2，否则正常波动也会提示。"
        if self.least_months < LEAST_MONTHS:
            yield f"至少要有 {LEAST_MONTHS} 期历史才能比较。"

    def breaches(self, sheet: Sheet) -> Iterator[Breach]:
        """Yield one breach when there is history enough and the figure stands apart from it."""
        value = sheet.value(self.figure)
        past = [before for _row, before in sheet.past_of(self.figure)]
        if value is None or len(past) < self.least_months or not is_apart(past, value, self.threshold):
            return
        reading = sheet.figures[self.figure]
        values = {
            "数据项": reading.name,
            "本月数": written(value),
            "期数": str(len(past)),
            "中位数": median_of(past, reading.decimals),
        }
        yield Breach(self.figure, values)


def is_apart(others: list[Decimal], value: Decimal, threshold: Decimal) -> bool:
    """Return whether the value's modified z among itself and the others is beyond the threshold."""
    scores = modified_z(np.array([*others, value], dtype=float))
    return abs(float(scores[-1])) > float(threshold)


def median_of(values: list[Decimal], decimals: int) -> str:
    """Return the median as written, with one more decimal than the figure has."""
    return written(Decimal(str(float(np.median(np.array(values, dtype=float))))), decimals=decimals + 1)


def _last(sheet: Sheet, code: str) -> tuple[Row, Decimal] | None:
    past = sheet.past_of(code)
    return past[-1] if past else None


def _change(sheet: Sheet, code: str, row: Row, before: Decimal, value: Decimal) -> dict[str, str]:
    return {
        "数据项": sheet.figures[code].name,
        "上期": row.label,
        "上期数": written(before),
        "本月数": written(value),
        "差": written(abs(value - before)),
    }
