"""Changes against the month before, worded as papers word them: 较上月增加12人次, 较上月提高2.1个百分点."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from changai.areas.briefings.queries.records import ABSENT, Printed, Record, rounded
from changai.areas.briefings.queries.sources import Sources
from changai.areas.facts.models import Field

Change = tuple[str, str, str, str, Callable[[], Printed]]
_GROUP = "较上月"


def changes(at_hand: Sources) -> Iterator[Change]:
    """Yield (key, name, group, definition, produce) of every figure's change against the month before."""
    month = at_hand.month.label
    for name, which in {"报送率": "arrived", "按时报送率": "on_time"}.items():
        definition = f"{month}{name}与上月之差，单位为百分点"
        key = f"rates.{which}.percent.change"
        yield key, f"{name}较上月", _GROUP, definition, _rate_change(at_hand, which)
    for measured in at_hand.fields():
        if measured.unit_of_measure in {"%", "％"}:
            continue
        definition = f"{month}各单位{measured.name}合计与上月合计之差（{measured.unit_of_measure}）"
        key = f"facts.{measured.code}.change"
        yield key, f"{measured.name}较上月", _GROUP, definition, _fact_change(at_hand, measured)


def _rate_change(at_hand: Sources, which: str) -> Callable[[], Printed]:
    def produce() -> Printed:
        now, then = (_share(each, which) for each in (at_hand, at_hand.before))
        if now is None or then is None:
            return ABSENT, "本月或上月没有应报单位", ()
        moved = rounded(now - then, 1)
        words = _worded(moved, "提高", "下降", "个百分点")
        return words, f"{now}% - {then}% = {moved} 个百分点", at_hand.records("owed")

    return produce


def _share(at_hand: Sources, which: str) -> Decimal | None:
    owed = len(at_hand.records("owed"))
    return rounded(Decimal(100 * len(at_hand.records(which))) / owed, 1) if owed else None


def _fact_change(at_hand: Sources, measured: Field) -> Callable[[], Printed]:
    def produce() -> Printed:
        now, then = at_hand.month_facts(measured), at_hand.before.month_facts(measured)
        if not now or not then:
            return ABSENT, "本月或上月没有数据", ()
        totals = _total(now), _total(then)
        moved = rounded(totals[0] - totals[1], measured.decimals)
        words = _worded(moved, "增加", "减少", measured.unit_of_measure)
        return words, f"{totals[0]:f} - {totals[1]:f} = {moved}", (*now, *then)

    return produce


def _total(records: Sequence[Record]) -> Decimal:
    return sum((Decimal(record.value) for record in records), Decimal(0))


def _worded(moved: Decimal, more: str, less: str, unit: str) -> str:
    if moved == 0:
        return "与上月持平"
    return f"较上月{more if moved > 0 else less}{abs(moved)}{unit}"
