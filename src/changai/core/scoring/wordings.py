"""Scoring sentences an office may write in a workbook cell: a closed set, each read into one rule."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from changai.core.scoring.decimals import to_number
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
    efficacy,
)

_N = r"(\d+(?:\.\d+)?)"
COUNTERS = "项次人件起处例家篇个户条名场期份天班所"
_UNIT = rf"([{COUNTERS}])"
# A bound may carry a percent sign or the word the figure is counted in.
_MARK = rf"([%{COUNTERS}]?)"
_ONE = Fraction(1)
_HUNDRED = Fraction(100)


class UnknownWording(ValueError):
    """The sentence is not in the closed set, or does not fit the figures beside it."""


@dataclass(frozen=True)
class Figures:
    """The figures named beside a sentence: fields in order; `is_ratio` when written as 完成数/计划数."""

    fields: tuple[str, ...]
    is_ratio: bool = False


@dataclass(frozen=True)
class Wording:
    """One sentence pattern: an example an office can copy, and how its match becomes a rule."""

    example: str
    pattern: re.Pattern[str]
    build: Callable[[re.Match[str], Figures, Fraction], Rule]


def read_wording(text: str, figures: Figures, points: Fraction) -> Rule:
    """Return the rule a sentence stands for.

    :raises UnknownWording: saying what is allowed, when no pattern fits the whole sentence.
    """
    plain = _plain(text)
    for wording in WORDINGS:
        match = wording.pattern.fullmatch(plain)
        if match is not None:
            return wording.build(match, figures, points)
    examples = "；".join(f"“{wording.example}”" for wording in WORDINGS)
    raise UnknownWording(f"不认识的评分规则“{text}”，可写：{examples}，或 JSON 规则")


def parse_figures(text: str) -> Figures:
    """Return the figures of a 数据项 cell: "完成数/计划数", or names separated by 、 ， ； or new lines."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.count("/") == 1:
        above, below = (part.strip() for part in plain.split("/"))
        return Figures((above, below), is_ratio=True)
    return Figures(tuple(part.strip() for part in re.split(r"[、,;\n]", plain) if part.strip()))


def _plain(text: str) -> str:
    compact = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    compact = compact.replace("、", ",").replace(";", ",").replace("≥", "不低于").replace("≤", "不高于")
    return compact.rstrip("。.")


def _measure(figures: Figures, percent: str) -> Measure:
    if figures.is_ratio:
        if percent == "%":
            return Ratio(figures.fields[0], figures.fields[1], _HUNDRED, "%")
        return Ratio(figures.fields[0], figures.fields[1])
    return Value(_only(figures), percent)


def _only(figures: Figures) -> str:
    if figures.is_ratio or len(figures.fields) != 1:
        raise UnknownWording("这条规则需要一个数据项")
    return figures.fields[0]


def _completion(match: re.Match[str], figures: Figures, points: Fraction) -> Rule:
    del points
    target = to_number(match[1]) if match[1] else _HUNDRED
    return Linear(_measure(figures, "%"), ((Fraction(0), Fraction(0)), (target, _ONE)))


def _between(match: re.Match[str], figures: Figures, points: Fraction) -> Rule:
    del points
    top, percent, bottom = to_number(match[1]), match[2], to_number(match[3])
    if bottom >= top:
        raise UnknownWording("“以下不得分”的界限须低于得满分的界限")
    return Linear(_measure(figures, percent), ((bottom, Fraction(0)), (top, _ONE)))


def _hit(match: re.Match[str], figures: Figures, points: Fraction) -> Rule:
    del points
    return Tiers(_measure(figures, match[2]), (to_number(match[1]),), (_ONE,))


_TIER = re.compile(rf"(不低于|达到|不高于)?{_N}{_MARK}(?:的|以上|以上的)?得(满分|{_N}分|{_N}%)")


def _tiers(match: re.Match[str], figures: Figures, points: Fraction) -> Rule:
    bands: dict[Fraction, Fraction] = {}
    sides, percents = set(), set()
    for tier in _TIER.finditer(match[1]):
        share = _share(tier, points)
        if to_number(tier[2]) in bands:
            raise UnknownWording(f"分档界限 {tier[2]} 写了两次")
        bands[to_number(tier[2])] = share
        sides.add(tier[1] == "不高于")
        percents.add(tier[3])
    if len(sides) > 1 or len(percents) > 1:
        raise UnknownWording("各档须同为“不低于”或同为“不高于”，单位须一致")
    bounds = tuple(sorted(bands))
    shares = tuple(bands[bound] for bound in bounds)
    return Tiers(_measure(figures, percents.pop()), bounds, shares, descending=sides.pop())


def _share(tier: re.Match[str], points: Fraction) -> Fraction:
    if tier[4] == "满分":
        return _ONE
    return to_number(tier[5]) / points if tier[5] else to_number(tier[6]) / _HUNDRED


_DEDUCTION = re.compile(rf"每([^\d,]{{0,12}}?)(?:一|1)?{_UNIT}[^\d,]{{0,6}}?扣{_N}分")


def _deductions(match: re.Match[str], figures: Figures, points: Fraction) -> Rule:
    del points
    clauses = list(_DEDUCTION.finditer(match[1]))
    counters = {clause[2] for clause in clauses}
    items = _paired(figures, [-to_number(clause[3]) for clause in clauses])
    return PerItem(items, floor=Fraction(0), counter=counters.pop() if len(counters) == 1 else "项")


_ADDITION = re.compile(rf"每([^\d,]{{0,12}}?)(?:一|1)?{_UNIT}[^\d,]{{0,6}}?[加得]{_N}分")


def _additions(match: re.Match[str], figures: Figures, points: Fraction) -> Rule:
    clauses = list(_ADDITION.finditer(match[1]))
    counters = {clause[2] for clause in clauses}
    items = _paired(figures, [to_number(clause[3]) for clause in clauses])
    cap = to_number(match["cap"]) if match["cap"] else points
    return PerItem(items, Fraction(0), cap=cap, counter=counters.pop() if len(counters) == 1 else "项")


def _paired(figures: Figures, amounts: list[Fraction]) -> tuple[tuple[str, Fraction], ...]:
    if figures.is_ratio or len(figures.fields) != len(amounts):
        raise UnknownWording(f"规则写了 {len(amounts)} 种情形，数据项须依次写同样多个，用顿号分开")
    return tuple(zip(figures.fields, amounts, strict=True))


def _steps(match: re.Match[str], figures: Figures, points: Fraction) -> Rule:
    del points
    side = "below" if match[1] == "不低于" else "above"
    if (match[4] == "低") != (side == "below") or match[3] != match[6]:
        raise UnknownWording("“不低于”须配“每低”，“不高于”须配“每高”，单位须一致")
    return PerStep(
        _measure(figures, match[3]),
        to_number(match[2]),
        -to_number(match[7]),
        to_number(match[5]),
        side,
        floor=Fraction(0),
    )


def _yes(match: re.Match[str], figures: Figures, points: Fraction) -> Rule:
    del match
    return Checklist(((_only(figures), points),))


_ITEM = re.compile(rf"[^\d,%]{{1,30}}?得{_N}分")


def _checklist(match: re.Match[str], figures: Figures, points: Fraction) -> Rule:
    del points
    return Checklist(_paired(figures, [to_number(item[1]) for item in _ITEM.finditer(match[0])]))


def _reviewed(match: re.Match[str], figures: Figures, points: Fraction) -> Rule:
    del points
    if match[1]:
        return Reviewed(_only(figures), to_number(match[1]), to_number(match[2]))
    return Reviewed(_only(figures))


def _escalating(match: re.Match[str], figures: Figures, points: Fraction) -> Rule:
    del points
    return Escalating(_only(figures), (to_number(match[2]), "full"), counter=match[1])


def _within(match: re.Match[str], figures: Figures, points: Fraction) -> Rule:
    del points
    return WithinTarget(_measure(figures, match[2]), to_number(match[1]))


def _efficacy(match: re.Match[str], figures: Figures, points: Fraction) -> Rule:
    del points
    satisfactory, unacceptable = to_number(match[1]), to_number(match[3])
    if satisfactory == unacceptable:
        raise UnknownWording("满意值与不允许值不能相同")
    of = _measure(figures, match[2])
    return efficacy(of, unacceptable=unacceptable, satisfactory=satisfactory)


def _places(match: re.Match[str], figures: Figures, points: Fraction) -> Rule:
    del points
    least = to_number(match[2]) / _HUNDRED if match[2] else Fraction(0)
    return RankPoints(_rate(figures), to_number(match[1]) / _HUNDRED, least=least)


def _average(match: re.Match[str], figures: Figures, points: Fraction) -> Rule:
    del points
    side = "below" if match[1] == "不低于" else "above"
    if (match[2] == "低") != (side == "below"):
        raise UnknownWording("“不低于平均值”须配“每低”，“不高于平均值”须配“每高”")
    return RelativeToAverage(
        _rate(figures), -to_number(match[4]), to_number(match[3]), side, floor=Fraction(0)
    )


def _best(match: re.Match[str], figures: Figures, points: Fraction) -> Rule:
    del match, points
    return ProportionToBest(_rate(figures))


def _imported(match: re.Match[str], figures: Figures, points: Fraction) -> Rule:
    del points
    return Imported(_only(figures), to_number(match[1]))


def _rate(figures: Figures) -> Measure:
    return _measure(figures, "%" if figures.is_ratio else "")


_REST = r"(?:,(?:其余|其他|否则|以下|未达到|达不到)的?(?:均)?不得分)?"

WORDINGS: tuple[Wording, ...] = (
    Wording(
        "按完成率得分，100%得满分",
        re.compile(rf"按完成(?:率|比例)(?:得分|计分)(?:,{_N}%(?:及以上)?得满分)?"),
        _completion,
    ),
    Wording(
        "100%得满分，60%以下不得分，其间按比例得分",
        re.compile(rf"{_N}(%?)(?:及以上)?得满分,{_N}%?(?:及)?以下不得分,(?:其间|中间|之间)按比例得分"),
        _between,
    ),
    Wording(
        "达到90%得满分，否则不得分",
        re.compile(rf"(?:不低于|达到){_N}{_MARK}(?:的|以上)?得满分,(?:否则|未达到|达不到)的?不得分"),
        _hit,
    ),
    Wording(
        "不低于20%得满分，每低1%扣0.05分，扣完为止",
        re.compile(rf"(不低于|不高于){_N}{_MARK}(?:的|得)*满分,每(低|高){_N}{_MARK}扣{_N}分(?:,扣完为止)?"),
        _steps,
    ),
    Wording(
        "90%得满分，80%得60%，70%得2分，其余不得分",
        re.compile(rf"({_TIER.pattern}(?:,{_TIER.pattern})*){_REST}"),
        _tiers,
    ),
    Wording(
        "每少一项扣0.5分，每错一项扣1分，扣完为止",
        re.compile(rf"({_DEDUCTION.pattern}(?:,{_DEDUCTION.pattern})*)(?:,扣完为止)?"),
        _deductions,
    ),
    Wording(
        "每有一项加1分，最高5分",
        re.compile(
            rf"({_ADDITION.pattern}(?:,{_ADDITION.pattern})*)(?:,最高(?:加|得|不超过)?(?P<cap>\d+(?:\.\d+)?)分)?"
        ),
        _additions,
    ),
    Wording(
        "完成得满分，未完成不得分",
        re.compile(
            r"(?:有|完成|落实|达标|完全实现)(?:的|者)?得满分,(?:无|未完成|未落实|未达标|没有|否则)的?不得分"
        ),
        _yes,
    ),
    Wording(
        "印发文件得0.5分，制定方案得0.5分", re.compile(rf"{_ITEM.pattern}(?:,{_ITEM.pattern})*"), _checklist
    ),
    Wording(
        "在0至10分内核定",
        re.compile(rf"(?:在{_N}(?:至|到|-|~){_N}分(?:以|之)?内核定|由考核组核定|人工核定)"),
        _reviewed,
    ),
    Wording(
        "发现一次扣0.5分，两次及以上不得分",
        re.compile(
            rf"(?:发现|出现|发生)(?:一|1){_UNIT}[^\d,]{{0,6}}?扣{_N}分,(?:两|二|2)[{COUNTERS}](?:及以上|以上)的?不得分"
        ),
        _escalating,
    ),
    Wording(
        "不高于5%得满分，超过的按比例得分",
        re.compile(rf"(?:不高于|不超过){_N}{_MARK}的?得满分,超过的?按比例得分"),
        _within,
    ),
    Wording(
        "按功效系数法得分，满意值90%，不允许值60%",
        re.compile(rf"按功效系数法(?:得分|计分),满意值{_N}{_MARK},不允许值{_N}{_MARK}"),
        _efficacy,
    ),
    Wording(
        "按位次得分，第一名得满分，每降一位减5%，最低10%",
        re.compile(
            rf"按(?:位次|名次|排名)(?:得分|计分),第(?:一|1)名得满分,每降(?:一|1)(?:位|名)[减扣]{_N}%(?:,最低{_N}%)?"
        ),
        _places,
    ),
    Wording(
        "不低于平均值得满分，每低1%扣0.1分，扣完为止",
        re.compile(rf"(不低于|不高于)平均(?:值|水平|数)的?得满分,每(低|高){_N}%?扣{_N}分(?:,扣完为止)?"),
        _average,
    ),
    Wording(
        "最高者得满分，其余按与最高者的比例得分",
        re.compile(r"最高者?得满分,其(?:余|他)按与?最高者?的?比例得分"),
        _best,
    ),
    Wording("按得分折算，原满分100分", re.compile(rf"(?:引用|按)得分(?:进行)?折算,原满分{_N}分"), _imported),
)
