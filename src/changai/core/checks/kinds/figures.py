"""Kinds of rules that read the figures of one sheet alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from changai.core.checks.breaches import SIGN_WORDS, Breach, Input, written
from changai.core.checks.sheets import Sheet

HUNDRED = Decimal(100)
# More than the dictionary ever keeps; Decimal cannot round to hundreds of places.
MOST_DECIMALS = 6


@dataclass(frozen=True)
class Range:
    """The figure lies between two bounds and has no more decimals than allowed; None bounds nothing."""

    figure: str
    least: Decimal | None = None
    most: Decimal | None = None
    decimals: int | None = None

    code: ClassVar = "range"
    sentence: ClassVar = "“{数据项}”{界限}，现为 {本月数}，请核对。"
    words: ClassVar = ("数据项", "本月数", "界限")

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.figure,)

    @property
    def inputs(self) -> tuple[Input, ...]:
        return (Input("value", "value", (self.figure,)),)

    def faults(self) -> Iterator[str]:
        """Yield what contradicts itself in the rule."""
        if self.least is None and self.most is None and self.decimals is None:
            yield "请至少填写一个界限。"
        if self.decimals is not None and not 0 <= self.decimals <= MOST_DECIMALS:
            yield f"小数位应在 0 到 {MOST_DECIMALS} 之间。"
        if self.least is not None and self.most is not None and self.least > self.most:
            yield "下限不能大于上限。"

    def breaches(self, sheet: Sheet) -> Iterator[Breach]:
        """Yield the bound that is broken; one at most."""
        value = sheet.value(self.figure)
        if value is None:
            return
        if bound := self._broken(value):
            name = sheet.figures[self.figure].name
            yield Breach(self.figure, {"数据项": name, "本月数": written(value), "界限": bound})

    def _broken(self, value: Decimal) -> str:
        if self.least is not None and value < self.least:
            return f"不应小于 {written(self.least)}"
        if self.most is not None and value > self.most:
            return f"不应大于 {written(self.most)}"
        if self.decimals is not None and round(value, self.decimals) != value:
            return f"最多保留 {self.decimals} 位小数" if self.decimals else "应为整数"
        return ""


@dataclass(frozen=True)
class Present:
    """The figure has a value."""

    figure: str

    code: ClassVar = "present"
    sentence: ClassVar = "“{数据项}”未填写；确无此项的请在“说明”中写明。"
    words: ClassVar = ("数据项",)

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.figure,)

    @property
    def inputs(self) -> tuple[Input, ...]:
        return (Input("value", "value", (self.figure,)),)

    def faults(self) -> Iterator[str]:
        """Yield nothing: there is nothing to contradict."""
        yield from ()

    def breaches(self, sheet: Sheet) -> Iterator[Breach]:
        """Yield the figure when the sheet asks it and it has no value."""
        reading = sheet.figures.get(self.figure)
        if reading is not None and reading.value is None:
            yield Breach(self.figure, {"数据项": reading.name})


@dataclass(frozen=True)
class Compare:
    """Two sums of figures stand in a relation: `=`, `<=`, `<`, `>=`, `>`."""

    left: tuple[str, ...]
    sign: str
    right: tuple[str, ...]
    tolerance: Decimal = Decimal(0)

    code: ClassVar = "compare"
    sentence: ClassVar = "{左边}为 {左数}，{关系}{右边} {右数}，相差 {差}，请核对。"
    words: ClassVar = ("左边", "左数", "关系", "右边", "右数", "差")

    @property
    def reads(self) -> tuple[str, ...]:
        return (*self.left, *self.right)

    @property
    def alike(self) -> tuple[tuple[str, str], ...]:
        """Return the pairs of figures whose units of measure have to agree."""
        return tuple((code, self.right[0]) for code in self.reads if code != self.right[0])

    @property
    def inputs(self) -> tuple[Input, ...]:
        return (Input("left", "value", self.left), Input("right", "value", self.right))

    def faults(self) -> Iterator[str]:
        """Yield what contradicts itself in the rule."""
        if not self.left or not self.right:
            yield "关系两边都要选数据项。"
        if self.sign not in SIGN_WORDS:
            yield "请选择两边的关系。"
        if len(set(self.reads)) != len(self.reads):
            yield "同一个数据项在关系里出现了两次，合计不能包含自己。"
        if self.tolerance < 0:
            yield "允许误差不能小于 0。"

    def breaches(self, sheet: Sheet) -> Iterator[Breach]:
        """Yield one breach when both sums are known and their relation does not hold."""
        left, right = sheet.values(self.left), sheet.values(self.right)
        if left is None or right is None:
            return
        difference = sum(left, Decimal(0)) - sum(right, Decimal(0))
        if not _stands(self.sign, difference, self.tolerance + rounding_of(sheet, self.reads)):
            return
        values = {
            "左边": _sum_of(sheet, self.left),
            "左数": written(sum(left, Decimal(0))),
            "关系": SIGN_WORDS[self.sign],
            "右边": _sum_of(sheet, self.right),
            "右数": written(sum(right, Decimal(0))),
            "差": written(abs(difference)),
        }
        yield Breach(self.left[0] if len(self.left) == 1 else self.right[0], values)


@dataclass(frozen=True)
class PartOfWhole:
    """The part is no more than the whole it belongs to."""

    part: str
    whole: str

    code: ClassVar = "part"
    sentence: ClassVar = "“{部分}”为 {部分数}，不应大于“{总体}” {总体数}，多出 {差}，请核对。"
    words: ClassVar = ("部分", "部分数", "总体", "总体数", "差")

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.part, self.whole)

    @property
    def alike(self) -> tuple[tuple[str, str], ...]:
        """Return the pairs of figures whose units of measure have to agree."""
        return ((self.part, self.whole),)

    @property
    def inputs(self) -> tuple[Input, ...]:
        return (Input("part", "value", (self.part,)), Input("whole", "value", (self.whole,)))

    def faults(self) -> Iterator[str]:
        """Yield what contradicts itself in the rule."""
        if self.part == self.whole:
            yield "部分和总体不能是同一个数据项。"

    def breaches(self, sheet: Sheet) -> Iterator[Breach]:
        """Yield one breach when both are known and the part is larger."""
        found = sheet.values((self.part, self.whole))
        if found is None or found[0] <= found[1]:
            return
        part, whole = found
        values = {
            "部分": sheet.figures[self.part].name,
            "部分数": written(part),
            "总体": sheet.figures[self.whole].name,
            "总体数": written(whole),
            "差": written(part - whole),
        }
        yield Breach(self.part, values)


@dataclass(frozen=True)
class RatioBounds:
    """A figure is between two percentages of another. Nothing is divided: a base of 0 breaks no lower bound."""

    part: str
    whole: str
    least_percent: Decimal | None = None
    most_percent: Decimal | None = None

    code: ClassVar = "ratio"
    sentence: ClassVar = "“{部分}” {部分数} 与“{总体}” {总体数} 之比为 {比率}，{界限}，请核对。"
    words: ClassVar = ("部分", "部分数", "总体", "总体数", "比率", "界限")

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.part, self.whole)

    @property
    def inputs(self) -> tuple[Input, ...]:
        return (Input("part", "value", (self.part,)), Input("whole", "value", (self.whole,)))

    def faults(self) -> Iterator[str]:
        """Yield what contradicts itself in the rule."""
        if self.part == self.whole:
            yield "分子和分母不能是同一个数据项。"
        if self.least_percent is None and self.most_percent is None:
            yield "请至少填写一个界限。"
        elif None not in (self.least_percent, self.most_percent) and self.least_percent > self.most_percent:  # type: ignore[operator]
            yield "下限不能大于上限。"

    def breaches(self, sheet: Sheet) -> Iterator[Breach]:
        """Yield one breach when both are known, the base is not negative, and a bound is broken."""
        found = sheet.values((self.part, self.whole))
        if found is None or found[1] < 0:
            return
        part, whole = found
        if not (bound := self._broken(part, whole)):
            return
        values = {
            "部分": sheet.figures[self.part].name,
            "部分数": written(part),
            "总体": sheet.figures[self.whole].name,
            "总体数": written(whole),
            "比率": f"{written(part * HUNDRED / whole, decimals=1)}%" if whole else "无法计算（分母为 0）",
            "界限": bound,
        }
        yield Breach(self.part, values)

    def _broken(self, part: Decimal, whole: Decimal) -> str:
        if self.most_percent is not None and part * HUNDRED > whole * self.most_percent:
            return f"不应高于 {written(self.most_percent)}%"
        if self.least_percent is not None and part * HUNDRED < whole * self.least_percent:
            return f"不应低于 {written(self.least_percent)}%"
        return ""


def _stands(sign: str, difference: Decimal, tolerance: Decimal) -> bool:
    """Return whether left minus right breaks the relation."""
    return {
        "=": abs(difference) > tolerance,
        "<=": difference > tolerance,
        ">=": difference < -tolerance,
        "<": difference >= 0,
        ">": difference <= 0,
    }[sign]


def rounding_of(sheet: Sheet, codes: tuple[str, ...]) -> Decimal:
    """Return by how much rounded figures may miss their sum: half a last place each; whole counts never miss it."""
    places = min((sheet.figures[code].decimals for code in codes), default=0)
    return Decimal(len(codes)) / 2 * Decimal(10) ** -places if places else Decimal(0)


def _sum_of(sheet: Sheet, codes: tuple[str, ...]) -> str:
    names = "＋".join(f"“{sheet.figures[code].name}”" for code in codes)
    return names if len(codes) == 1 else f"{names}之和"
