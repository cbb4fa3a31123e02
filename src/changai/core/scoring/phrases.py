"""The sentence of the closed set that a rule is written with, so that people edit sentences and not formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from changai.core.scoring.decimals import show, write_number
from changai.core.scoring.measures import Measure, Ratio, Value
from changai.core.scoring.rules import (
    Checklist,
    Escalating,
    Imported,
    Linear,
    PerItem,
    PerStep,
    ProportionToBest,
    RankPoints,
    RelativeToAverage,
    Reviewed,
    Rule,
    Tiers,
    WithinTarget,
)
from changai.core.scoring.wordings import Figures, UnknownWording, read_wording

_ZERO, _ONE = Fraction(0), Fraction(1)
_HUNDRED = Fraction(100)


@dataclass(frozen=True)
class Phrase:
    """A sentence and the figures named beside it; read together they give the rule back."""

    sentence: str
    figures: Figures

    @property
    def cell(self) -> str:
        """The figures as they stand in a 数据项 cell."""
        return ("/" if self.figures.is_ratio else "、").join(self.figures.fields)


def phrase(rule: Rule, points: Fraction, labels: Mapping[str, str] | None = None) -> Phrase | None:
    """Return the sentence that reads back as exactly this rule, None when the closed set has none.

    `labels` name the items of a checklist.
    """
    figures = Figures(rule.fields(), _is_ratio(rule))
    for sentence in _tried(rule, points, labels or {}):
        try:
            if read_wording(sentence, figures, points) == rule:
                return Phrase(sentence, figures)
        except UnknownWording:
            continue
    return None


def _is_ratio(rule: Rule) -> bool:
    return isinstance(getattr(rule, "of", None), Ratio)


def _tried(rule: Any, points: Fraction, labels: Mapping[str, str]) -> Iterator[str]:
    write = _WRITERS.get(type(rule))
    if write is not None:
        yield from write(rule, points, labels)


def _mark(measure: Measure) -> str:
    return measure.unit if isinstance(measure, Ratio | Value) else ""


def _linear(rule: Linear, points: Fraction, labels: Mapping[str, str]) -> Iterator[str]:
    del points, labels
    mark, knots = _mark(rule.of), rule.knots
    (low, first), (high, last) = knots[0], knots[-1]
    if (low, first, last) == (_ZERO, _ZERO, _ONE):
        yield f"按完成率得分，{show(high)}%得满分"
    yield f"{show(high)}{mark}得满分，{show(low)}{mark}以下不得分，其间按比例得分"
    bad, good = (low, high) if first < last else (high, low)
    yield f"按功效系数法得分，满意值{show(good)}{mark}，不允许值{show(bad)}{mark}"


def _tiers(rule: Tiers, points: Fraction, labels: Mapping[str, str]) -> Iterator[str]:
    del labels
    mark = _mark(rule.of)
    if rule.shares == (_ONE,):
        yield f"达到{show(rule.bounds[0])}{mark}得满分，否则不得分"
    side = "不高于" if rule.descending else "不低于"
    told = [
        f"{side}{show(bound)}{mark}得{'满分' if share == _ONE else f'{show(share * points)}分'}"
        for bound, share in zip(rule.bounds, rule.shares, strict=False)
    ]
    yield "，".join([*(told if rule.descending else reversed(told)), "其余不得分"])


def _items(rule: PerItem, points: Fraction, labels: Mapping[str, str]) -> Iterator[str]:
    del labels
    clauses = "，".join(
        f"每有一{rule.counter}{'扣' if each < 0 else '加'}{show(abs(each))}分" for _name, each in rule.items
    )
    if rule.floor is not None:
        yield f"{clauses}，扣完为止"
    yield f"{clauses}，最高{show(points if rule.cap is None else rule.cap)}分"


def _steps(rule: PerStep, points: Fraction, labels: Mapping[str, str]) -> Iterator[str]:
    del points, labels
    mark = _mark(rule.of)
    kept, moved = ("不低于", "低") if rule.side == "below" else ("不高于", "高")
    yield (
        f"{kept}{show(rule.target)}{mark}得满分，每{moved}{show(rule.step)}{mark}扣{show(-rule.per)}分，扣完为止"
    )


def _checklist(rule: Checklist, points: Fraction, labels: Mapping[str, str]) -> Iterator[str]:
    del points
    yield "完成得满分，未完成不得分"
    named = [(labels.get(name, ""), each) for name, each in rule.items]
    yield "，".join(f"{name}得{show(each)}分" for name, each in named)
    yield "，".join(f"落实事项得{show(each)}分" for _name, each in named)


def _reviewed(rule: Reviewed, points: Fraction, labels: Mapping[str, str]) -> Iterator[str]:
    del labels
    yield "由考核组核定"
    yield f"在{show(rule.lo)}至{show(points if rule.hi is None else rule.hi)}分内核定"


def _escalating(rule: Escalating, points: Fraction, labels: Mapping[str, str]) -> Iterator[str]:
    del points, labels
    first = rule.losses[0] if rule.losses else ""
    if isinstance(first, Fraction):
        yield f"发现一{rule.counter}扣{show(first)}分，两{rule.counter}及以上不得分"


def _within(rule: WithinTarget, points: Fraction, labels: Mapping[str, str]) -> Iterator[str]:
    del points, labels
    yield f"不高于{show(rule.target)}{_mark(rule.of)}得满分，超过的按比例得分"


def _ranked(rule: RankPoints, points: Fraction, labels: Mapping[str, str]) -> Iterator[str]:
    del points, labels
    least = f"，最低{show(rule.least * _HUNDRED)}%" if rule.least else ""
    yield f"按位次得分，第一名得满分，每降一位减{show(rule.step * _HUNDRED)}%{least}"


def _average(rule: RelativeToAverage, points: Fraction, labels: Mapping[str, str]) -> Iterator[str]:
    del points, labels
    kept, moved = ("不低于", "低") if rule.side == "below" else ("不高于", "高")
    yield f"{kept}平均值得满分，每{moved}{show(rule.step)}%扣{show(-rule.per)}分，扣完为止"


def _best(rule: ProportionToBest, points: Fraction, labels: Mapping[str, str]) -> Iterator[str]:
    del rule, points, labels
    yield "最高者得满分，其余按与最高者的比例得分"


def _imported(rule: Imported, points: Fraction, labels: Mapping[str, str]) -> Iterator[str]:
    del points, labels
    yield f"按得分折算，原满分{write_number(rule.out_of)}分"


_WRITERS: dict[type[Rule], Callable[[Any, Fraction, Mapping[str, str]], Iterator[str]]] = {
    Linear: _linear,
    Tiers: _tiers,
    PerItem: _items,
    PerStep: _steps,
    Checklist: _checklist,
    Reviewed: _reviewed,
    Escalating: _escalating,
    WithinTarget: _within,
    RankPoints: _ranked,
    RelativeToAverage: _average,
    ProportionToBest: _best,
    Imported: _imported,
}
