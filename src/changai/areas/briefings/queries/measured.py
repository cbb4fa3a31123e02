"""The figures of the dictionary as papers tell them: of the month, of the year so far, against other months."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial

from changai.areas.briefings.queries.records import ABSENT, Printed, Told, rounded, worded
from changai.areas.briefings.queries.rows import Counted, fact_record
from changai.areas.briefings.queries.sources import Sources
from changai.areas.facts.models import Field
from changai.core.periods import Month

Span = tuple[Month, Month]
_GROUP, _AGAINST_MONTH, _AGAINST_YEAR = "数据", "较上月", "同比"
# Of fewer than this a percentage says more than the figures do: two more than one are not “同比增长200%”.
LEAST_FOR_PERCENT = 20


def entries(at_hand: Sources) -> Iterator[Told]:
    """Yield every figure of the dictionary that makes sense in a paper, then its changes."""
    fields = at_hand.fields()
    for measured in fields:
        yield from _levels(at_hand, measured)
    for against in (_against_month, _against_year):
        for measured in fields:
            yield from against(at_hand, measured)


def _is_percent(measured: Field) -> bool:
    return measured.unit_of_measure in {"%", "％"}


def _is_level(measured: Field) -> bool:
    return measured.gathering == Field.Gathering.LAST


def _spans(at_hand: Sources) -> dict[str, tuple[str, str, Span]]:
    """Return for the last word of a key: the words before a figure's name, what they mean, the months."""
    month, first = at_hand.month, at_hand.first_month
    january = Month(month.year, 1)
    return {
        "month": ("本月", month.label, (month, month)),
        "total": ("累计", f"{first.label}至{month.label}", (first, month)),
        "year": ("今年累计", f"{january.label}至{month.label}", (january, month)),
    }


def _levels(at_hand: Sources, measured: Field) -> Iterator[Told]:
    spans, unit = _spans(at_hand), measured.unit_of_measure
    whole = f"（{unit}），取自审核采用的数据。口径（第 {measured.version} 版）：{measured.definition}"
    for which, (of_span, months, span) in spans.items():
        if which != "month" and (_is_percent(measured) or _is_level(measured)):
            continue
        word = "各单位平均" if _is_percent(measured) else "月末" if _is_level(measured) else of_span
        key = f"facts.{measured.code}.{'average' if _is_percent(measured) else which}"
        meaning = f"{months}各单位{measured.name}{'的算术平均数' if _is_percent(measured) else '合计'}{whole}"
        yield key, f"{word}{measured.name}", _GROUP, meaning, partial(_level, at_hand, measured, span)


def _level(at_hand: Sources, measured: Field, span: Span) -> Printed:
    found = at_hand.facts_of(measured, *span)
    if not found:
        return ABSENT, "没有数据", ()
    total, unit = _total(found), measured.unit_of_measure
    records = tuple(map(fact_record, found))
    if _is_percent(measured):
        printed = f"{rounded(total / len(found), max(measured.decimals, 1))}%"
        return printed, f"{total.normalize():f} ÷ {len(found)} = {printed}", records
    printed = f"{rounded(total, measured.decimals)}{unit}"
    return printed, f"{len(found)} 条数据相加 = {printed}", records


def _against_month(at_hand: Sources, measured: Field) -> Iterator[Told]:
    month, name = at_hand.month, measured.name
    definition = f"{month.label}各单位{name}与上月之差，只比两个月都有数据的单位"
    compare = partial(_compared, at_hand, measured, (month, month), 1, _moved)
    yield f"facts.{measured.code}.change", f"{name}较上月", _AGAINST_MONTH, definition, compare


def _against_year(at_hand: Sources, measured: Field) -> Iterator[Told]:
    for which, (word, months, span) in _spans(at_hand).items():
        if which == "total" or (which == "year" and (_is_percent(measured) or _is_level(measured))):
            continue
        definition = f"{months}各单位{measured.name}与上年同期相比，只比两年同月都有数据的单位"
        name = f"{'' if which == 'month' else word}{measured.name}同比"
        compare = partial(_compared, at_hand, measured, span, 12, _grown)
        yield f"facts.{measured.code}.{which}.growth", name, _AGAINST_YEAR, definition, compare


def _compared(
    at_hand: Sources,
    measured: Field,
    span: Span,
    back: int,
    word: Callable[[Field, Decimal, Decimal], str],
) -> Printed:
    """Return how the figures of a span stand against those `back` months before.

    A unit counts in the months it has both figures of: a report that is missing is no decrease.
    """
    before = {
        (fact.unit_id, fact.month.plus(back)): fact
        for fact in at_hand.facts_of(measured, span[0].plus(-back), span[1].plus(-back))
    }
    now = {(fact.unit_id, fact.month): fact for fact in at_hand.facts_of(measured, *span)}
    both = [place for place in now if place in before]
    if not both:
        return ABSENT, "没有可以相比的数据", ()
    compared = [[facts[place] for place in both] for facts in (now, before)]
    values = [_mean(measured, facts) for facts in compared]
    base = "按可比口径" if len(both) < max(len(now), len(before)) else ""
    formula = f"{len(both)} 组可比数据：{values[0]:f} 与 {values[1]:f} 相比"
    records = tuple(fact_record(fact) for facts in compared for fact in facts)
    return base + word(measured, *values), formula, records


def _moved(measured: Field, now: Decimal, then: Decimal) -> str:
    """Return the words of a change: 较上月增加12人次, 较上月提高2.1个百分点, 与上月持平."""
    if _is_percent(measured):
        return worded(now - then, ("提高", "下降"), "个百分点", "上月")
    return worded(now - then, ("增加", "减少"), measured.unit_of_measure, "上月")


def _grown(measured: Field, now: Decimal, then: Decimal) -> str:
    """Return the words of a change against the year before: 同比增长12.3%, of few 较上年同期增加3个."""
    if _is_percent(measured):
        return worded(now - then, ("提高", "下降"), "个百分点", "上年同期")
    if then < LEAST_FOR_PERCENT:
        return worded(now - then, ("增加", "减少"), measured.unit_of_measure, "上年同期")
    share = rounded(100 * (now - then) / then, 1)
    if share == 0:
        return "与上年同期持平" if now == then else "与上年同期基本持平"
    return f"同比{'增长' if share > 0 else '下降'}{abs(share)}%"


def _mean(measured: Field, found: Sequence[Counted]) -> Decimal:
    """Return what the figures come to: their sum, of percentages their mean."""
    if _is_percent(measured):
        return rounded(_total(found) / len(found), max(measured.decimals, 1))
    return rounded(_total(found), measured.decimals)


def _total(found: Sequence[Counted]) -> Decimal:
    return sum((fact.value for fact in found), Decimal(0))
