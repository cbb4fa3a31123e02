"""Figures and dates named in a sentence of a plan: 不少于20场, 1.5万人次, 三家; 2026年底前, 每季度."""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from changai.documents.intake.numerals import from_chinese

_HALF = str.maketrans("０１２３４５６７８９．，％", "0123456789.,%")
_DIGITS = r"[0-9０-９]+(?:[,，][0-9０-９]{3})*(?:[.．][0-9０-９]+)?"
_CHINESE = "[一二两三四五六七八九十百千]{1,7}"
_TO = "[-—–－～~至到]"
_UNITS = (
    "个百分点|百分点|个工作日|工作日|个工种|个月|人次|场次|批次|课时|学时|小时|平方米|公里|"
    "人|名|家|个|项|场|次|期|批|件|套|间|所|处|座|元|天|份|篇|条|种|类|支|门|户|台|对|期|倍|％|%|‰"
)
# 十分, 五位一体: with Chinese numerals these are words, not figures.
_UNITS_AFTER_DIGITS = _UNITS + "|分|位|册|张|辆|吨|亩|字"
_AT_LEAST = "不得少于|不得低于|不少于|不低于|至少|最少|达到|超过|突破"
_AT_MOST = "不得超过|不超过|不高于|不多于|控制在"
_QUANTITY = re.compile(
    rf"(?P<lead>{_AT_LEAST}|{_AT_MOST}|大约|约|近)?[ \u3000]?"
    r"(?<![第0-9０-９.．一二两三四五六七八九十百千“「])"
    rf"(?:百分之(?P<percent>{_DIGITS}|{_CHINESE})"
    rf"|(?P<low>{_DIGITS})(?P<percent_low>[%％]?)(?:{_TO}(?P<high>{_DIGITS}))?[ ]?"
    rf"(?P<scale>[万亿千百]?)(?P<more>[余多来]?)[ ]?(?P<unit>{_UNITS_AFTER_DIGITS})"
    rf"|(?P<chinese>{_CHINESE})(?:{_TO}(?P<chinese_high>{_CHINESE}))?"
    rf"(?P<chinese_scale>[万亿]?)(?P<chinese_more>[余多来]?)(?P<chinese_unit>{_UNITS})(?!万户))"
    r"(?P<trail>以上|以下|以内|左右)?"
)
_SCALES = {"": 1, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_BOUNDS = {
    **dict.fromkeys([*_AT_LEAST.split("|"), "以上", "余", "多"], "at_least"),
    **dict.fromkeys([*_AT_MOST.split("|"), "以下", "以内"], "at_most"),
    **dict.fromkeys(["大约", "约", "近", "来", "左右"], "about"),
}
_EACH = re.compile(r"每[^。；，\n]{0,10}$")


@dataclass(frozen=True)
class Quantity:
    """A figure with its unit; `high` is set for a range (3—5家).

    `bound` is "" (exactly), "at_least", "at_most" or "about".
    """

    text: str
    low: Decimal
    high: Decimal | None
    unit: str
    bound: str


@dataclass(frozen=True)
class NamedDate:
    """A date, period or interval as written.

    `normal` is ISO 8601 and None when the text leaves it open: a day `2026-12-31` (底 means the last day), a
    month `2026-06`, a year `2026`, years `2026/2028`, or an interval that recurs: `P1M` every month, `P3M`
    every quarter. Quarters and half-years are `2026-Q3` and `2026-H1`.
    """

    text: str
    normal: str | None


def quantities_in(sentence: str) -> tuple[Quantity, ...]:
    """Return the figures with units in `sentence`, in order.

    Numbers in names are not figures (第二批, “两个确立”), and neither is 一个 or 一项 unless a bound or 每
    goes before it.
    """
    return tuple(
        quantity for found in _QUANTITY.finditer(sentence) if (quantity := _quantity(sentence, found))
    )


def _quantity(sentence: str, found: re.Match[str]) -> Quantity | None:
    parts = found.groupdict(default="")
    bound = next((_BOUNDS[word] for word in _bound_words(parts) if word), "")
    if parts["percent"]:
        low = _number(parts["percent"])
        return None if low is None else Quantity(found[0].strip(), low, None, "%", bound)
    unit = (parts["unit"] or parts["chinese_unit"]).translate(_HALF)
    if (
        parts["chinese"] == "一"
        and not bound
        and not _EACH.search(sentence[max(0, found.start() - 12) : found.start()])
    ):
        return None
    scale = _SCALES[parts["scale"] or parts["chinese_scale"]]
    low = _number(parts["low"] or parts["chinese"])
    high = _number(parts["high"] or parts["chinese_high"])
    if low is None:
        return None
    return Quantity(
        found[0].strip(), _scaled(low, scale), None if high is None else _scaled(high, scale), unit, bound
    )


def _scaled(number: Decimal, scale: int) -> Decimal:
    """Return the product without the zeros that 1.5万 leaves behind the point."""
    product = number * scale
    return product.to_integral_value() if product == product.to_integral_value() else product.normalize()


def _bound_words(parts: dict[str, str]) -> Iterator[str]:
    yield from (parts["lead"], parts["trail"], parts["more"], parts["chinese_more"])


def _number(written: str) -> Decimal | None:
    if not written:
        return None
    if written[0] in "一二两三四五六七八九十百千":
        value = from_chinese(written)
        return None if value is None else Decimal(value)
    return Decimal(written.translate(_HALF).replace(",", ""))


_Y = r"(?P<year{n}>(?:20|２０)[0-9０-９]{{2}})年"
_M = r"(?P<month{n}>[0-9０-９]{{1,2}})月"
_BEFORE = "(?:之前|以前|前)?"
_QUARTER = "第?(?P<quarter{n}>[一二三四1-4])季度"
_EVERY = {
    "周": "P1W",
    "月": "P1M",
    "季": "P3M",
    "半年": "P6M",
    "年": "P1Y",
    "两年": "P2Y",
    "日": "P1D",
    "天": "P1D",
}
# The first that matches at a place counts, so the longer form stands before the shorter.
_DATES: tuple[tuple[str, str], ...] = (
    ("years", r"(?P<year{n}>20[0-9]{{2}})年?[-—–－～~至到]+(?P<until{n}>20[0-9]{{2}})年"),
    ("day", _Y + _M + r"(?P<day{n}>[0-9０-９]{{1,2}})日" + _BEFORE),
    ("month_end", _Y + _M + "[底末]" + _BEFORE),
    ("month", _Y + _M + "(?:份|上旬|中旬|下旬)?" + _BEFORE),
    ("quarter", _Y + _QUARTER + "末?" + _BEFORE),
    ("half", _Y + "(?P<half{n}>[上下])半年" + _BEFORE),
    ("year_end", _Y + "年?[底末]" + _BEFORE),
    ("year", _Y + "度?" + _BEFORE),
    (
        "every",
        r"(?:每个?|逐|按)(?P<every{n}>半年|两年|周|月|季|年|日|天)度?(?:(?:年底|月底|季末|底|末|初)?[0-9０-９]{{0,2}}日?前)?",
    ),
    ("day", _M + r"(?P<day{n}>[0-9０-９]{{1,2}})日" + _BEFORE),
    ("month_end", _M + "[底末]" + _BEFORE),
    ("month", _M + "(?:份|上旬|中旬|下旬)?" + _BEFORE),
    ("quarter", _QUARTER + "末?" + _BEFORE),
    ("half", "(?P<half{n}>[上下])半年" + _BEFORE),
    ("year_end", "年[底末]" + _BEFORE),
    ("year", "(?:年内|今年|本年度)"),
)
_DATE = re.compile(
    "|".join(f"(?P<{kind}_{n}>{pattern.format(n=n)})" for n, (kind, pattern) in enumerate(_DATES))
)


def dates_in(sentence: str, *, year: int | None = None) -> tuple[NamedDate, ...]:
    """Return the dates in `sentence`, in order.

    :param year: the year meant where the text names none (年底前)
    """
    return tuple(_named_date(found, year) for found in _DATE.finditer(sentence))


def _named_date(found: re.Match[str], year: int | None) -> NamedDate:
    groups = {name: text.translate(_HALF) for name, text in found.groupdict().items() if text is not None}
    kind, n = next(
        (name.rpartition("_")[0], name.rpartition("_")[2])
        for name in groups
        if name.rpartition("_")[2].isdigit()
    )
    parts = {
        name.removesuffix(n): text for name, text in groups.items() if name.endswith(n) and "_" not in name
    }
    if "year" not in parts and year is not None:
        parts["year"] = str(year)
    return NamedDate(found[0], _normal(kind, parts))


def _normal(kind: str, parts: dict[str, str]) -> str | None:
    if kind == "every":
        return _EVERY[parts["every"]]
    if "year" not in parts:
        return None
    if "month" in parts and not 1 <= int(parts["month"]) <= 12:
        return None
    return _FORMS[kind](parts)


def _day(parts: dict[str, str]) -> str | None:
    year, month, day = int(parts["year"]), int(parts["month"]), int(parts["day"])
    return f"{year}-{month:02d}-{day:02d}" if 1 <= day <= calendar.monthrange(year, month)[1] else None


def _month_end(parts: dict[str, str]) -> str:
    year, month = int(parts["year"]), int(parts["month"])
    return f"{year}-{month:02d}-{calendar.monthrange(year, month)[1]:02d}"


def _quarter(parts: dict[str, str]) -> str:
    quarter = parts["quarter"]
    return f"{parts['year']}-Q{quarter if quarter.isdigit() else from_chinese(quarter)}"


_FORMS: dict[str, Callable[[dict[str, str]], str | None]] = {
    "years": lambda parts: f"{parts['year']}/{parts['until']}",
    "day": _day,
    "month_end": _month_end,
    "month": lambda parts: f"{parts['year']}-{int(parts['month']):02d}",
    "quarter": _quarter,
    "half": lambda parts: f"{parts['year']}-H{1 if parts['half'] == '上' else 2}",
    "year_end": lambda parts: f"{parts['year']}-12-31",
    "year": lambda parts: parts["year"],
}
