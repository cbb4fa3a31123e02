"""The figures a briefing can use: each with its name, definition, formula and the records behind it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from changai.areas.assessments.models import Round
from changai.areas.briefings.queries import drawn, sources
from changai.areas.briefings.queries.records import Drawn, DrawnEntry, Produced, Record, rounded
from changai.core.periods import Month
from changai.foundation.actors import Actor


@dataclass(frozen=True)
class Entry:
    """One line of the catalogue. `produce` returns the printed text, the arithmetic and the records."""

    key: str
    name: str
    group: str
    definition: str
    produce: Callable[[], tuple[str, str, tuple[Record, ...]]]


@dataclass
class Catalogue:
    """Every figure, table and chart at hand for one month (and one assessment round, when given)."""

    entries: dict[str, Entry] = field(default_factory=dict)  # by name
    drawings: dict[str, DrawnEntry] = field(default_factory=dict)  # by key

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.entries)

    @property
    def drawn(self) -> frozenset[str]:
        return frozenset(self.drawings)

    def produce(self, name: str) -> Produced:
        """Return the figure called `name`, computed now.

        :raises KeyError: when there is none of that name
        """
        entry = self.entries[name]
        text, formula, records = entry.produce()
        return Produced(entry.key, entry.name, text, entry.definition, formula, records)

    def draw(self, key: str) -> Drawn:
        """Return the table or chart `key`, computed now.

        :raises KeyError: when there is none
        """
        return self.drawings[key].draw()

    def grouped(self) -> dict[str, list[Entry]]:
        """Return the entries by group, in the catalogue's order."""
        groups: dict[str, list[Entry]] = {}
        for entry in self.entries.values():
            groups.setdefault(entry.group, []).append(entry)
        return groups


def catalogue_for(actor: Actor, month: Month, *, round_: Round | None, as_of: datetime) -> Catalogue:
    """Return the catalogue of a month, read with the actor's sight; nothing is computed before it is used."""
    month_sources = sources.Sources(actor, month, round_, as_of)
    catalogue = Catalogue()
    for entry in _entries(month_sources):
        catalogue.entries[entry.name] = entry
    for drawing in drawn.drawings(month_sources):
        catalogue.drawings[drawing.key] = drawing
    return catalogue


def _entries(at_hand: sources.Sources) -> Iterable[Entry]:
    yield from _reporting(at_hand)
    yield from _tasks(at_hand)
    yield from _facts(at_hand)
    if at_hand.round is not None:
        yield from _scores(at_hand)


def count(records: Sequence[Record], what: str) -> tuple[str, str, tuple[Record, ...]]:
    """Return a count of records as a figure."""
    return str(len(records)), f"{what}，共 {len(records)} 条", tuple(records)


def share(part: Sequence[Record], whole: Sequence[Record], what: str) -> tuple[str, str, tuple[Record, ...]]:
    """Return a percentage with one decimal as a figure; without a whole, an em dash."""
    if not whole:
        return "—", f"{what}：分母为零", ()
    percent = rounded(Decimal(100 * len(part)) / len(whole), 1)
    return f"{percent}%", f"{what}：{len(part)} ÷ {len(whole)} = {percent}%", tuple(whole)


def names(records: Sequence[Record]) -> tuple[str, str, tuple[Record, ...]]:
    """Return the names of records as a figure, 无 when there are none."""
    listed = "、".join(dict.fromkeys(record.label for record in records))
    return listed or "无", f"共 {len(records)} 个", tuple(records)


def _reporting(at_hand: sources.Sources) -> Iterable[Entry]:
    group, month = "报送情况", at_hand.month.label
    sets = {
        "应报单位数": ("owed", f"{month}应报送月报的单位数，不含经批准免报的单位"),
        "已报单位数": ("arrived", f"{month}已由单位负责人审签报出的单位数"),
        "按时报送单位数": ("on_time", f"{month}在截止日（含当日）前报出的单位数"),
        "迟报单位数": ("late", f"{month}超过截止日报出的单位数"),
        "未报单位数": ("missing", f"{month}超过截止日仍未报出的单位数"),
        "退回单位数": ("returned", f"{month}被退回修改过的单位数"),
        "采用单位数": ("accepted", f"{month}月报已被采用的单位数"),
    }
    for name, (which, definition) in sets.items():
        yield Entry(f"rates.{which}", name, group, definition, _counting(at_hand, which, definition))
    for name, which in {"报送率": "arrived", "按时报送率": "on_time"}.items():
        definition = (
            f"{sets['已报单位数' if which == 'arrived' else '按时报送单位数'][1]}占应报单位数的百分比"
        )
        yield Entry(f"rates.{which}.percent", name, group, definition, _sharing(at_hand, which, definition))
    for name, which in {
        "迟报单位名单": "late",
        "未报单位名单": "missing",
        "退回单位名单": "returned",
    }.items():
        yield Entry(f"rates.{which}.names", name, group, f"{month}{name}", _naming(at_hand, which))


def _counting(at_hand: sources.Sources, which: str, what: str) -> Callable[[], Any]:
    return lambda: count(at_hand.records(which), what)


def _sharing(at_hand: sources.Sources, which: str, what: str) -> Callable[[], Any]:
    return lambda: share(at_hand.records(which), at_hand.records("owed"), what)


def _naming(at_hand: sources.Sources, which: str) -> Callable[[], Any]:
    return lambda: names(at_hand.records(which))


def _tasks(at_hand: sources.Sources) -> Iterable[Entry]:
    group, end = "任务推进", f"截至{at_hand.month.label}底"
    sets = {
        "任务总数": ("claims", f"{end}已下达的任务数（按承担单位计）"),
        "已认领任务数": ("claimed", f"{end}已下达任务中单位已认领的任务数"),
        "待认领任务数": ("unclaimed", f"{end}已下达任务中单位尚未认领的任务数"),
        "异议任务数": ("contested", f"{end}已下达任务中单位提出异议、尚未裁定的任务数"),
        "到期任务数": ("due", f"{end}已到完成时限的任务数"),
        "已完成任务数": ("completed", f"{end}已完成的任务数"),
        "到期已完成任务数": ("due_completed", f"{end}已到完成时限且已完成的任务数"),
        "滞后任务数": (
            "lagging",
            f"{at_hand.month.label}月报中已到时限仍未完成、或进度低于序时进度 10 个百分点以上的任务数",
        ),
    }
    for name, (which, definition) in sets.items():
        yield Entry(f"tasks.{which}", name, group, definition, _counting(at_hand, which, definition))
    yield Entry(
        "tasks.claimed.percent",
        "任务认领率",
        group,
        f"{end}已认领任务数占已下达任务数的百分比",
        lambda: share(at_hand.records("claimed"), at_hand.records("claims"), "已认领任务数占任务总数"),
    )
    yield Entry(
        "tasks.due_completed.percent",
        "到期任务完成率",
        group,
        f"{end}到期任务中已完成的百分比",
        lambda: share(
            at_hand.records("due_completed"), at_hand.records("due"), "到期已完成任务数占到期任务数"
        ),
    )
    yield Entry(
        "tasks.lagging.names", "滞后任务单位名单", group, "有滞后任务的单位", _naming(at_hand, "lagging")
    )


def _facts(at_hand: sources.Sources) -> Iterable[Entry]:
    month = at_hand.month.label
    for measured in at_hand.fields():
        code, name, unit = measured.code, measured.name, measured.unit_of_measure
        yield Entry(
            f"facts.{code}.month",
            f"本月{name}",
            "数据",
            f"{month}各单位{name}合计（{unit}）。口径：{measured.definition}",
            lambda measured=measured: _total(at_hand.month_facts(measured), measured),
        )
        yield Entry(
            f"facts.{code}.total",
            f"累计{name}",
            "数据",
            f"{at_hand.first_month.label}至{month}各单位{name}累计（{unit}）。口径：{measured.definition}",
            lambda measured=measured: _total(at_hand.total_facts(measured), measured),
        )


def _total(records: Sequence[Record], measured: Any) -> tuple[str, str, tuple[Record, ...]]:
    total = sum((Decimal(record.value) for record in records if record.value), Decimal(0))
    printed = f"{rounded(total, measured.decimals)}{measured.unit_of_measure}"
    return printed, f"{len(records)} 条数据相加 = {printed}", tuple(records)


def _scores(at_hand: sources.Sources) -> Iterable[Entry]:
    group = "考核结果"
    name = at_hand.round.name if at_hand.round else ""
    yield Entry(
        "scores.units", "考核单位数", group, f"{name}的考核对象数", _counting(at_hand, "scores", "考核对象")
    )
    yield Entry(
        "scores.first.names",
        "第一名单位",
        group,
        f"{name}第一名（并列的都列出）",
        lambda: names(at_hand.ranked(1)),
    )
    yield Entry(
        "scores.top3.names",
        "前三名单位",
        group,
        f"{name}前三名（并列的都列出）",
        lambda: names(at_hand.ranked(3)),
    )
    yield Entry(
        "scores.mean",
        "平均得分",
        group,
        f"{name}各单位得分的平均数",
        lambda: _mean(at_hand.records("scores")),
    )
    yield Entry(
        "scores.highest", "最高得分", group, f"{name}最高得分", lambda: _extreme(at_hand.records("scores"))
    )


def _mean(records: Sequence[Record]) -> tuple[str, str, tuple[Record, ...]]:
    if not records:
        return "—", "没有考核对象", ()
    total = sum(Decimal(record.value) for record in records)
    mean = rounded(total / len(records), 2)
    return f"{mean}分", f"{total} ÷ {len(records)} = {mean}", tuple(records)


def _extreme(records: Sequence[Record]) -> tuple[str, str, tuple[Record, ...]]:
    if not records:
        return "—", "没有考核对象", ()
    highest = max(Decimal(record.value) for record in records)
    best = tuple(record for record in records if Decimal(record.value) == highest)
    return f"{highest}分", f"{len(records)} 个得分中最高的", best
