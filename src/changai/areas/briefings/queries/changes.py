"""Changes of reporting and of the tasks against the month before: 较上月提高2.1个百分点, 较上月增加3项."""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from changai.areas.briefings.queries.records import ABSENT, Printed, Told, rounded, worded
from changai.areas.briefings.queries.sources import Sources
from changai.areas.reporting.rules.standings import mean

_GROUP = "较上月"
_MORE, _HIGHER = ("增加", "减少"), ("提高", "下降")


def entries(at_hand: Sources) -> Iterator[Told]:
    """Yield every change of reporting and of the tasks against the month before."""
    month = at_hand.month.label
    shares = {
        "报送率": ("rates.arrived", "arrived", "owed"),
        "按时报送率": ("rates.on_time", "on_time", "owed"),
        "到期任务完成率": ("tasks.due_completed", "due_completed", "due"),
    }
    for name, (key, part, whole) in shares.items():
        definition = f"{month}{name}与上月之差，单位为百分点"
        compare = partial(_share_change, at_hand, part, whole)
        yield f"{key}.percent.change", f"{name}较上月", _GROUP, definition, compare
    for name, which in {"迟报单位数": "late", "未报单位数": "missing"}.items():
        definition = f"{month}{name}与上月之差"
        compare = partial(_count_change, at_hand, which, "份")
        yield f"rates.{which}.change", f"{name}较上月", _GROUP, definition, compare
    definition = f"{month}滞后任务数与上月之差"
    compare = partial(_count_change, at_hand, "lagging", "项")
    yield "tasks.lagging.change", "滞后任务数较上月", _GROUP, definition, compare
    definition = f"截至{month}底的平均进度与上月底之差，单位为百分点"
    yield "tasks.progress.change", "平均进度较上月", _GROUP, definition, partial(_progress_change, at_hand)


def _share_change(at_hand: Sources, part: str, whole: str) -> Printed:
    now, then = (_share(each, part, whole) for each in (at_hand, at_hand.before))
    if now is None or then is None:
        return ABSENT, "本月或上月没有可计算的记录", ()
    moved = rounded(now - then, 1)
    words = worded(moved, _HIGHER, "个百分点", "上月")
    return words, f"{now}% - {then}% = {moved} 个百分点", at_hand.records(whole)


def _share(at_hand: Sources, part: str, whole: str) -> Decimal | None:
    owed = len(at_hand.records(whole))
    return rounded(Decimal(100 * len(at_hand.records(part))) / owed, 1) if owed else None


def _count_change(at_hand: Sources, which: str, unit: str) -> Printed:
    if not (at_hand.rates.rows and at_hand.before.rates.rows):
        return ABSENT, "本月或上月没有月报", ()
    now, then = at_hand.records(which), at_hand.before.records(which)
    words = worded(Decimal(len(now) - len(then)), _MORE, unit, "上月")
    return words, f"{len(now)} - {len(then)} = {len(now) - len(then)}", (*now, *then)


def _progress_change(at_hand: Sources) -> Printed:
    now, then = (mean(item.percent for item in each.items) for each in (at_hand, at_hand.before))
    if now is None or then is None:
        return ABSENT, "本月或上月没有已采用的月报", ()
    words = worded(now - then, _HIGHER, "个百分点", "上月")
    return words, f"{now}% - {then}% = {now - then} 个百分点", at_hand.item_records
