"""The figures a briefing can use: each with its name, definition, formula and the records behind it."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import partial

from changai.areas.assessments.models import Round
from changai.areas.briefings.queries import changes, consulted, drawn, measured, own, repeating, sources
from changai.areas.briefings.queries.records import (
    ABSENT,
    NOTHING,
    Drawn,
    DrawnEntry,
    Printed,
    Produced,
    Record,
    percent,
    rounded,
)
from changai.areas.briefings.rules import SLIGHT_LAG_POINTS, token_name
from changai.areas.reporting.rules.standings import mean
from changai.areas.schemes.models import Consultation
from changai.core.periods import Month
from changai.foundation.actors import Actor

# A sentence can name so many units; of more it names the first, and how many there are.
MOST_NAMED, FIRST_NAMED = 10, 5
# How many units a list of those with the most of something names.
MOST_OF = 3


@dataclass(frozen=True)
class Entry:
    """One line of the catalogue. `produce` returns the printed text, the arithmetic and the records."""

    key: str
    name: str
    group: str
    definition: str
    produce: Callable[[], Printed]


@dataclass
class Catalogue:
    """Every figure, table and chart at hand for one month (and one assessment round, when given)."""

    entries: dict[str, Entry] = field(default_factory=dict)  # by name
    drawings: dict[str, DrawnEntry] = field(default_factory=dict)  # by key
    # By the states of `rules.REPEATS`: the own figures of each unit in it, by the name of their token.
    repeats: dict[str, Callable[[], list[dict[str, Produced]]]] = field(default_factory=dict)
    # What was worked out already: a paper asks for a figure to print it, and before that whether it is there.
    _produced: dict[str, Produced] = field(default_factory=dict, repr=False)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.entries)

    @property
    def drawn(self) -> frozenset[str]:
        return frozenset(self.drawings)

    def produce(self, name: str) -> Produced:
        """Return the figure called `name`, computed when it is asked for first.

        :raises KeyError: when there is none of that name
        """
        if name not in self._produced:
            entry = self.entries[name]
            text, formula, records = entry.produce()
            made = Produced(entry.key, entry.name, text, entry.definition, formula, records)
            self._produced[name] = made
        return self._produced[name]

    def has(self, name: str) -> bool:
        """Return whether the figure called `name` is there and not zero."""
        return not self.produce(name).is_nothing

    def draw(self, key: str) -> Drawn:
        """Return the table or chart `key`, computed now.

        :raises KeyError: when there is none
        """
        return self.drawings[key].draw()

    def repeated(self, state: str) -> list[dict[str, Produced]]:
        """Return the own figures of each unit in a state, one unit after the other.

        :raises KeyError: when there is no such state
        """
        return self.repeats[state]()

    def grouped(self) -> dict[str, list[Entry]]:
        """Return the entries by group, in the catalogue's order."""
        groups: dict[str, list[Entry]] = {}
        for entry in self.entries.values():
            groups.setdefault(entry.group, []).append(entry)
        return groups


def catalogue_for(
    actor: Actor,
    month: Month,
    *,
    round_: Round | None,
    as_of: datetime,
    units: frozenset[int] = frozenset(),
    consultation: Consultation | None = None,
) -> Catalogue:
    """Return the catalogue of a month, read with the actor's sight; nothing is computed before it is used.

    :param units: whose tasks are told, for a paper sent to them alone; all when empty
    """
    return catalogue_of(sources.Sources(actor, month, round_, as_of, units), consultation=consultation)


def catalogue_of(at_hand: sources.Sources, *, consultation: Consultation | None = None) -> Catalogue:
    """Return the catalogue of what is at hand; nothing is computed before it is used."""
    catalogue = Catalogue()
    own_result = own.own_result(at_hand)
    asked = () if consultation is None else tuple(Entry(*each) for each in consulted.entries(consultation))
    told = () if own_result is None else tuple(Entry(*each) for each in own.entries(own_result))
    for entry in (*asked, *told, *_entries(at_hand)):
        name = token_name(entry.name)
        if name in catalogue.entries:  # two fields of the dictionary may be called the same
            name = token_name(f"{name[:40]}（{entry.key}）")
        catalogue.entries[name] = replace(entry, name=name)
    said = () if consultation is None else consulted.drawings(consultation)
    shown = () if own_result is None else own.drawings(own_result)
    for drawing in (*said, *shown, *drawn.drawings(at_hand)):
        catalogue.drawings[drawing.key] = drawing
    catalogue.repeats = repeating.repeats(at_hand)
    return catalogue


def _entries(at_hand: sources.Sources) -> Iterator[Entry]:
    yield from _reporting(at_hand)
    yield from _tasks(at_hand)
    for told in (*measured.entries(at_hand), *changes.entries(at_hand)):
        yield Entry(*told)
    if at_hand.scores:
        yield from _scores(at_hand)


def count(records: Sequence[Record]) -> Printed:
    """Return a count of records as a figure."""
    return str(len(records)), f"共 {len(records)} 条记录", tuple(records)


def share(part: Sequence[Record], whole: Sequence[Record]) -> Printed:
    """Return a percentage with one decimal as a figure; without a whole, an em dash."""
    if not whole:
        return ABSENT, "没有可计算的记录（分母为零）", ()
    shared = rounded(Decimal(100 * len(part)) / len(whole), 1)
    counted = {(record.type, record.id) for record in part}
    marked = (replace(record, is_counted=(record.type, record.id) in counted) for record in whole)
    return f"{shared}%", f"{len(part)} ÷ {len(whole)} = {shared}%", tuple(marked)


def names(
    records: Sequence[Record], labelled: Collection[str] = (), most: int | None = MOST_NAMED
) -> Printed:
    """Return the names of the records' units as a figure, each once; 无 when there are none.

    :param labelled: the units that are told with what the record is of, such as the form of a report
    :param most: of how many units all are named; of more the first ones
    """
    told = dict.fromkeys(record.label if record.unit in labelled else record.unit for record in records)
    units = len({record.unit for record in records})
    return _listed([*told], units, most), f"共 {units} 个单位，{len(records)} 条记录", tuple(records)


def _listed(told: Sequence[str], units: int, most: int | None) -> str:
    if most is None or len(told) <= most:
        return "、".join(told) or NOTHING
    return f"{'、'.join(told[:FIRST_NAMED])}等{units}个单位"


def _counting(at_hand: sources.Sources, which: str) -> Callable[[], Printed]:
    return lambda: count(at_hand.records(which))


def _sharing(at_hand: sources.Sources, part: str, whole: str) -> Callable[[], Printed]:
    return lambda: share(at_hand.records(part), at_hand.records(whole))


def _reporting(at_hand: sources.Sources) -> Iterator[Entry]:
    group, month = "报送情况", at_hand.month.label
    by_forms = "（一个单位报送多张报表的，每张计一个）" if at_hand.of_several_forms else ""
    counts = {
        "应报单位数": "owed",
        "已报单位数": "arrived",
        "按时报送单位数": "on_time",
        "迟报单位数": "late",
        "未报单位数": "missing",
        "退回单位数": "returned",
        "采用单位数": "accepted",
    }
    for name, which in counts.items():
        definition = f"{month}{drawn.MEANINGS[which]}{by_forms}"
        yield Entry(f"rates.{which}", name, group, definition, _counting(at_hand, which))
    for name, which in {"报送率": "arrived", "按时报送率": "on_time"}.items():
        definition = f"{month}{drawn.MEANINGS[which]}占应报送单位数的百分比{by_forms}"
        yield Entry(f"rates.{which}.percent", name, group, definition, _sharing(at_hand, which, "owed"))
    for name, which in {"迟报": "late", "未报": "missing", "退回": "returned"}.items():
        definition = f"{month}{drawn.MEANINGS[which].removesuffix('数')}"
        yield from _lists(at_hand, f"rates.{which}", f"{name}单位", group, definition, which)
        told = partial(_state, at_hand, name, which)
        yield Entry(f"rates.{which}.told", f"{name}情况", group, f"{definition}，份数和单位", told)


def _lists(
    at_hand: sources.Sources, key: str, name: str, group: str, definition: str, which: str
) -> Iterator[Entry]:
    """Yield the list of the units in a state as sentences hold it, and with every name."""
    for suffix, whole, most in (("names", "名单", MOST_NAMED), ("names.all", "全部名单", None)):
        told = partial(_naming, at_hand, which, most)
        yield Entry(f"{key}.{suffix}", f"{name}{whole}", group, definition, told)


def _naming(at_hand: sources.Sources, which: str, most: int | None) -> Printed:
    # A unit that is late with one form and still owes another stands in both lists, each time with the form.
    labelled = at_hand.late_and_missing if which in {"late", "missing"} else frozenset()
    return names(at_hand.records(which), labelled, most)


def _state(at_hand: sources.Sources, name: str, which: str) -> Printed:
    """Return how many reports are in a state and whose: 迟报2份（某县、某局）, 没有迟报."""
    printed, formula, records = _naming(at_hand, which, MOST_NAMED)
    return f"{name}{len(records)}份（{printed}）" if records else f"没有{name}", formula, records


def _tasks(at_hand: sources.Sources) -> Iterator[Entry]:
    group, end = "任务推进", f"截至{at_hand.month.label}底"
    lagging = f"{at_hand.month.label}已采用的月报中，到期未完成或进度低于序时进度超过 10 个百分点的任务"
    counts = {
        "任务总数": ("claims", f"{end}已下达的任务数（按承担单位计，不含已撤销、已分解、已转办的）"),
        "已认领任务数": ("claimed", f"{end}已下达的任务中，取数时单位已认领的任务数"),
        "待认领任务数": ("unclaimed", f"{end}已下达的任务中，取数时单位尚未认领的任务数"),
        "异议任务数": ("contested", f"{end}已下达的任务中，取数时单位有异议、尚未裁定的任务数"),
        "到期任务数": ("due", f"{end}已到完成时限的任务数（没有单独时限的按方案完成时限）"),
        "已完成任务数": ("completed", f"{end}已完成的任务数"),
        "到期已完成任务数": ("due_completed", f"{end}已到完成时限且已完成的任务数"),
        "到期未完成任务数": ("overdue", f"{end}已到完成时限、尚未完成的任务数"),
        "滞后任务数": ("lagging", f"{lagging}数"),
    }
    for name, (which, definition) in counts.items():
        yield Entry(f"tasks.{which}", name, group, definition, _counting(at_hand, which))
    for name, part, whole in (("任务", "completed", "claims"), ("到期任务", "due_completed", "due")):
        done, meant = partial(_done, at_hand, part, whole), f"{end}{name}中已完成的项数"
        yield Entry(f"tasks.{part}.told", f"{name}完成情况", group, meant, done)
    yield from _paces(at_hand, group, end)
    shares = {
        "任务认领率": ("claimed", "claims", f"{end}已下达的任务中，取数时单位已认领的百分比"),
        "到期任务完成率": ("due_completed", "due", f"{end}已到完成时限的任务中，已完成的百分比"),
    }
    for name, (part, whole, definition) in shares.items():
        yield Entry(f"tasks.{part}.percent", name, group, definition, _sharing(at_hand, part, whole))
    for name, which, whose in (
        ("滞后任务", "lagging", f"有{lagging}的单位"),
        ("到期未完成任务", "overdue", f"{end}有已到完成时限、尚未完成的任务的单位"),
    ):
        units, most = partial(_unit_count, at_hand, which), partial(_most_of, at_hand, which)
        first = partial(_first_of, at_hand, which)
        yield from _lists(at_hand, f"tasks.{which}", f"{name}单位", group, whose, which)
        yield Entry(f"tasks.{which}.units", f"{name}单位数", group, f"{whose}数", units)
        yield Entry(f"tasks.{which}.most", f"{name}较多单位", group, f"{whose}，任务多的在前", most)
        yield Entry(f"tasks.{which}.first", f"{name}最多单位", group, f"{name}最多的{MOST_OF}个单位", first)
    told = f"{end}已到完成时限、尚未完成的任务，项数和单位"
    yield Entry("tasks.overdue.told", "到期未完成情况", group, told, lambda: _overdue(at_hand))


def _done(at_hand: sources.Sources, part: str, whole: str) -> Printed:
    """Return how many tasks are done in words: 已完成56项, of none 均未完成, of all 已全部完成."""
    done, records = len(at_hand.records(part)), at_hand.records(whole)
    words = "均未完成" if not done else "已全部完成" if done == len(records) else f"已完成{done}项"
    return (words if records else ABSENT), f"{len(records)} 项中完成 {done} 项", records


def _unit_count(at_hand: sources.Sources, which: str) -> Printed:
    records = at_hand.records(which)
    units = len({record.unit for record in records})
    return str(units), f"共 {units} 个单位，{len(records)} 条记录", records


def _most_of(at_hand: sources.Sources, which: str) -> Printed:
    """Return the units with the most records in a state, with how many: 某局（5项）、某县（3项）等14个单位."""
    records = at_hand.records(which)
    counted = Counter(record.unit for record in records)
    first = "、".join(f"{unit}（{count}项）" for unit, count in counted.most_common(MOST_OF))
    more = f"等{len(counted)}个单位" if len(counted) > MOST_OF else ""
    return first + more or NOTHING, f"共 {len(counted)} 个单位，{len(records)} 条记录", records


def _first_of(at_hand: sources.Sources, which: str) -> Printed:
    records = at_hand.records(which)
    counted = Counter(record.unit for record in records)
    first = [unit for unit, _count in counted.most_common(MOST_OF)]
    counts = "，".join(f"{unit} {counted[unit]} 项" for unit in first)
    return "、".join(first) or NOTHING, counts, tuple(record for record in records if record.unit in first)


def _overdue(at_hand: sources.Sources) -> Printed:
    most, formula, records = _most_of(at_hand, "overdue")
    printed = f"已到期未完成{len(records)}项，涉及{most}" if records else "没有到期未完成的任务"
    return printed, formula, records


def _paces(at_hand: sources.Sources, group: str, end: str) -> Iterator[Entry]:
    progress, schedule = f"{end}，各任务完成进度的算术平均数", f"{end}，各任务序时进度的算术平均数"
    yield Entry("tasks.progress", "平均进度", group, progress, lambda: _pace(at_hand, "percent"))
    yield Entry("tasks.scheduled", "平均序时进度", group, schedule, lambda: _pace(at_hand, "scheduled"))
    gap = f"{end}，平均进度与平均序时进度之差"
    yield Entry("tasks.pace", "平均进度与序时进度相比", group, gap, lambda: _pace_gap(at_hand))
    slow = f"{end}，平均进度低于平均序时进度超过 {SLIGHT_LAG_POINTS} 个百分点的工作"
    yield Entry("tasks.slow.names", "慢于序时进度的工作", group, slow, lambda: _slow_parts(at_hand))
    plans = f"{at_hand.month.label}滞后任务所在的方案和任务编号"
    yield Entry("tasks.lagging.plans", "督办依据", group, plans, lambda: _grounds(at_hand))


def _pace(at_hand: sources.Sources, which: str) -> Printed:
    items = at_hand.items
    printed = percent(mean(getattr(item, which) for item in items))
    formula = f"{len(items)} 项任务之和 ÷ {len(items)} = {printed}" if items else "没有已采用的月报"
    return printed, formula, at_hand.item_records


def _pace_gap(at_hand: sources.Sources) -> Printed:
    now, planned = (mean(getattr(item, each) for item in at_hand.items) for each in ("percent", "scheduled"))
    if now is None or planned is None:
        return ABSENT, "没有已采用的月报", ()
    gap = now - planned
    words = f"{'高于' if gap > 0 else '低于'}序时进度{abs(gap)}个百分点" if gap else "与序时进度持平"
    return words, f"{now}% - {planned}% = {gap} 个百分点", at_hand.item_records


def _slow_parts(at_hand: sources.Sources) -> Printed:
    slow = [
        part
        for part in at_hand.parts
        if part.progress is not None
        and part.scheduled is not None
        and part.scheduled - part.progress > SLIGHT_LAG_POINTS
    ]
    records = tuple(record for part in slow for record in part.records)
    return "、".join(part.name for part in slow) or NOTHING, f"共 {len(slow)} 项工作", records


def _grounds(at_hand: sources.Sources) -> Printed:
    codes: dict[str, list[str]] = {}
    for line in at_hand.lagging:
        codes.setdefault(line.claim.measure.plan.name, []).append(line.claim.measure.code)
    told = (f"《{name}》{'、'.join(dict.fromkeys(listed))}" for name, listed in codes.items())
    return "，".join(told) or NOTHING, f"共 {len(at_hand.lagging)} 项任务", at_hand.records("lagging")


def _scores(at_hand: sources.Sources) -> Iterator[Entry]:
    name = at_hand.round.name if at_hand.round else ""
    scores = at_hand.records("scores")
    entries: tuple[tuple[str, str, str, Callable[[], Printed]], ...] = (
        ("units", "考核单位数", "的考核对象数", lambda: count(scores)),
        ("round", "考核名称", "的名称", lambda: (name, "", scores)),
        ("scheme", "考核依据", "所用的指标体系", lambda: (at_hand.scheme_title or ABSENT, "", scores)),
        ("first.names", "第一名单位", "第一名（并列的都列出）", lambda: names(at_hand.ranked(1))),
        ("top3.names", "前三名单位", "前三名（并列的都列出）", lambda: names(at_hand.ranked(3))),
        ("grades", "等次情况", "各等次的单位数", lambda: _grades(at_hand)),
        ("mean", "平均得分", "各单位得分的算术平均数", lambda: _mean(scores)),
        ("highest", "最高得分", "最高得分", lambda: _highest(scores)),
    )
    for key, title, meaning, produce in entries:
        definition = f"{name}{meaning}，{at_hand.ruled_by}"
        yield Entry(f"scores.{key}", title, "考核结果", definition, produce)


def _grades(at_hand: sources.Sources) -> Printed:
    """Return how many units are in each grade, the best first: 优秀2个、良好5个."""
    grades = dict.fromkeys(score.grade for score in at_hand.scores if score.grade)
    records = at_hand.records("scores")
    told = [f"{grade}{len(at_hand.graded(grade))}个" for grade in grades]
    return "、".join(told) or NOTHING, f"共 {len(records)} 个单位", records


def _mean(records: Sequence[Record]) -> Printed:
    total = Decimal(sum(Decimal(record.value) for record in records))
    mean = rounded(total / len(records), 2)
    return f"{mean}分", f"{total} ÷ {len(records)} = {mean}", tuple(records)


def _highest(records: Sequence[Record]) -> Printed:
    highest = max(Decimal(record.value) for record in records)
    best = tuple(record for record in records if Decimal(record.value) == highest)
    return f"{highest}分", f"{len(records)} 个得分中最高的", best
