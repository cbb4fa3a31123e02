"""Kinds of rules that read a figure beside other records: its parts, its peers, a ledger."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from changai.core.checks.breaches import Breach, Input, written
from changai.core.checks.differences import behind
from changai.core.checks.kinds.periods import is_apart, median_of
from changai.core.checks.sheets import Entry, Row, Sheet
from changai.core.scoring.checks.units import LEAST_PEERS

BELOW, PARTS = "below", "parts"
PART_WORDS = {BELOW: "下级单位", PARTS: "分项"}


@dataclass(frozen=True)
class RollUp:
    """The figure equals the sum over the units below (`below`) or over its disaggregation rows (`parts`)."""

    figure: str
    over: str
    tolerance: Decimal = Decimal(0)

    code: ClassVar = "rollup"
    sentence: ClassVar = "“{数据项}”为 {本月数}，{个数} 个{组成}合计 {合计数}，相差 {差}，请核对。"
    words: ClassVar = ("数据项", "本月数", "组成", "个数", "合计数", "差")

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.figure,)

    @property
    def inputs(self) -> tuple[Input, ...]:
        return (Input("value", "value", (self.figure,)), Input("parts", self.over, (self.figure,)))

    def faults(self) -> Iterator[str]:
        """Yield what contradicts itself in the rule."""
        if self.over not in PART_WORDS:
            yield "请选择由什么合计而成。"
        if self.tolerance < 0:
            yield "允许误差不能小于 0。"

    def breaches(self, sheet: Sheet) -> Iterator[Breach]:
        """Yield one breach when the figure and every part are known and the sum misses it by more than rounding."""
        value = sheet.value(self.figure)
        parts = self._parts(sheet)
        known = [Entry(name, part) for name, part in parts if part is not None]
        if value is None or not parts or len(known) < len(parts):
            return
        reading, total = sheet.figures[self.figure], sum((entry.value for entry in known), Decimal(0))
        if abs(value - total) <= self.tolerance + self._rounding(len(parts) + 1, reading.decimals):
            return
        values = {
            "数据项": reading.name,
            "本月数": written(value),
            "组成": PART_WORDS[self.over],
            "个数": str(len(parts)),
            "合计数": written(total),
            "差": written(abs(value - total)),
        }
        yield Breach(self.figure, values, tuple(known))

    def _rounding(self, figures: int, decimals: int) -> Decimal:
        """Return by how much figures rounded one by one may miss; rows of one sheet are exact, and so are counts."""
        return (
            Decimal(figures) / 2 * Decimal(10) ** -decimals if decimals and self.over == BELOW else Decimal(0)
        )

    def _parts(self, sheet: Sheet) -> list[tuple[str, Decimal | None]]:
        if self.over == BELOW:
            return [(row.label, row.values.get(self.figure)) for row in sheet.below]
        reading = sheet.figures.get(self.figure)
        return list(reading.parts) if reading else []


@dataclass(frozen=True)
class Peers:
    """The figure, or its ratio to `base`, is not far from the same of comparable units, by median and MAD."""

    figure: str
    base: str = ""
    threshold: Decimal = Decimal("3.5")
    least_peers: int = LEAST_PEERS

    code: ClassVar = "peers"
    sentence: ClassVar = (
        "“{数据项}”为 {本月数}，{个数} 个同类单位{口径}的中位数为 {中位数}，"
        "本单位为 {比数}，相差较大，请核对。"
    )
    words: ClassVar = ("数据项", "本月数", "口径", "比数", "个数", "中位数")

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.figure, self.base) if self.base else (self.figure,)

    @property
    def inputs(self) -> tuple[Input, ...]:
        own = (Input("value", "value", (self.figure,)), Input("peers", "peers", (self.figure,)))
        if not self.base:
            return own
        return (*own, Input("base", "value", (self.base,)), Input("peer_bases", "peers", (self.base,)))

    def faults(self) -> Iterator[str]:
        """Yield what contradicts itself in the rule."""
        if self.figure == self.base:
            yield "对比的基数不能是数据项自己。"
        if self.threshold < 2:
            yield "偏离倍数不应小于 2，否则正常差别也会提示。"
        if self.least_peers < LEAST_PEERS:
            yield f"至少要有 {LEAST_PEERS} 个同类单位才能比较。"

    def breaches(self, sheet: Sheet) -> Iterator[Breach]:
        """Yield one breach when peers enough are known and the figure stands apart from them."""
        own = self._measured({code: sheet.value(code) for code in self.reads})
        others = [found for row in sheet.peers if (found := self._of(row)) is not None]
        if own is None or len(others) < self.least_peers or not is_apart(others, own, self.threshold):
            return
        reading = sheet.figures[self.figure]
        decimals = 2 if self.base else reading.decimals
        values = {
            "数据项": reading.name,
            "本月数": written(reading.value),
            "口径": f"与“{sheet.figures[self.base].name}”之比" if self.base else "",
            "比数": written(own, decimals=decimals),
            "个数": str(len(others)),
            "中位数": median_of(others, decimals),
        }
        yield Breach(self.figure, values)

    def _of(self, row: Row) -> Decimal | None:
        return self._measured({code: row.values.get(code) for code in self.reads})

    def _measured(self, values: dict[str, Decimal | None]) -> Decimal | None:
        value = values[self.figure]
        if value is None or not self.base:
            return value
        base = values[self.base]
        return value / base if base is not None and base > 0 else None


@dataclass(frozen=True)
class AgainstLedger:
    """The figure says what a ledger of the programme says, `source`; the rows that make the difference are named."""

    figure: str
    source: str
    tolerance: Decimal = Decimal(0)

    code: ClassVar = "ledger"
    sentence: ClassVar = "“{数据项}”月报为 {本月数}，台账为 {台账数}，差 {差}{明细}，请核对。"
    words: ClassVar = ("数据项", "本月数", "台账数", "差", "明细")

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.figure,)

    @property
    def inputs(self) -> tuple[Input, ...]:
        return (Input("value", "value", (self.figure,)), Input("ledger", "ledger", (self.figure,)))

    def faults(self) -> Iterator[str]:
        """Yield what contradicts itself in the rule."""
        if not self.source:
            yield "请选择与哪本台账核对。"
        if self.tolerance < 0:
            yield "允许误差不能小于 0。"

    def breaches(self, sheet: Sheet) -> Iterator[Breach]:
        """Yield one breach when figure and ledger are known and differ by more than the tolerance."""
        reading = sheet.figures.get(self.figure)
        ledger = reading.ledgers.get(self.source) if reading else None
        if reading is None or reading.value is None or ledger is None:
            return
        difference = reading.value - ledger.value
        if abs(difference) <= self.tolerance:
            return
        entries = behind(difference, ledger)
        values = {
            "数据项": reading.name,
            "本月数": written(reading.value),
            "台账数": written(ledger.value),
            "差": written(abs(difference)),
            "明细": _told(entries),
        }
        yield Breach(self.figure, values, entries)


def _told(entries: tuple[Entry, ...]) -> str:
    if not entries:
        return ""
    named = "、".join(
        f"{entry.name} {written(entry.value)}{f'（{entry.reason}）' if entry.reason else ''}"
        for entry in entries[:3]
    )
    return f"，可能是{named}{f'等 {len(entries)} 条' if len(entries) > 3 else ''}"
