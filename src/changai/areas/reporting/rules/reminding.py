"""When who is reminded of what is owed: stages in working days before and after the due day, sending hours, colours."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from changai.areas.reporting.rules.standings import CITY_TIME, day_of
from changai.core.errors import Invalid
from changai.core.workdays import WorkCalendar

FURTHEST_DAYS = 30
MOST_STAGES = 12
COLOURS: dict[str, str] = {"blue": "蓝色", "yellow": "黄色", "orange": "橙色", "red": "红色"}
_LONGEST_SENTENCE = 280


@dataclass(frozen=True)
class Stage:
    """A reminder `days` working days after the due day (before it when negative).

    The liaison officer is always told, the unit's head and the unit above when the stage says so.
    """

    days: int
    tells_head: bool = False
    tells_superior: bool = False

    @property
    def label(self) -> str:
        if not self.days:
            return "到期当天"
        return f"到期{'后' if self.days > 0 else '前'} {abs(self.days)} 个工作日"


@dataclass(frozen=True)
class ReminderPlan:
    """The office's rules. Nothing is sent outside the hours from `send_from` until `send_until`, or on days off.

    `colours` says from how many working days after the due day a coloured notice is proposed to the office.
    """

    stages: tuple[Stage, ...]
    send_from: time
    send_until: time
    colours: tuple[tuple[str, int], ...]

    def as_json(self) -> dict[str, Any]:
        """Return the plan as JSON values; `read_plan` reads them back."""
        return {
            "stages": [[stage.days, stage.tells_head, stage.tells_superior] for stage in self.stages],
            "send_from": self.send_from.isoformat("minutes"),
            "send_until": self.send_until.isoformat("minutes"),
            "colours": dict(self.colours),
        }

    def colour_after(self, days: int) -> str:
        """Return the colour proposed so many working days after the due day, or nothing."""
        reached = [colour for colour, from_days in self.colours if days >= from_days]
        return reached[-1] if reached else ""

    def allows_sending(self, at: datetime, calendar: WorkCalendar) -> bool:
        """Return whether messages may go out at a moment: on a working day within the hours."""
        local = at.astimezone(CITY_TIME)
        return calendar.is_workday(local.date()) and self.send_from <= local.time() < self.send_until


DEFAULT_PLAN = ReminderPlan(
    stages=(
        Stage(-7),
        Stage(-3),
        Stage(0, tells_head=True),
        Stage(1, tells_head=True),
        Stage(5, tells_head=True, tells_superior=True),
    ),
    send_from=time(9, 0),
    send_until=time(18, 0),
    colours=(("blue", 1), ("yellow", 5), ("orange", 10), ("red", 15)),
)


def read_plan(written: Mapping[str, Any]) -> ReminderPlan:
    """Return the plan in JSON values that `as_json` wrote."""
    return ReminderPlan(
        tuple(Stage(days, head, superior) for days, head, superior in written["stages"]),
        time.fromisoformat(written["send_from"]),
        time.fromisoformat(written["send_until"]),
        tuple((colour, written["colours"][colour]) for colour in COLOURS if colour in written["colours"]),
    )


def require_sound(plan: ReminderPlan) -> ReminderPlan:
    """Return the plan with its stages in order, when it can be kept.

    :raises Invalid: with one sentence for every fault
    """
    days = [stage.days for stage in plan.stages]
    faults = []
    if len(set(days)) != len(days):
        faults.append("同一天设了两次提醒，请保留一次。")
    if len(days) > MOST_STAGES:
        faults.append(f"提醒最多设 {MOST_STAGES} 次。")
    if any(abs(each) > FURTHEST_DAYS for each in days):
        faults.append(f"提醒日应在应报日前后 {FURTHEST_DAYS} 个工作日以内。")
    if plan.send_from >= plan.send_until:
        faults.append("发送时段的开始应早于结束。")
    levels = [from_days for _colour, from_days in plan.colours]
    if levels != sorted(set(levels)) or any(level < 1 for level in levels):
        faults.append("督办提醒的天数应从蓝色到红色逐级增加，且不少于 1。")
    if faults:
        raise Invalid("提醒设置有误，没有保存。", faults=tuple(faults))
    return replace(plan, stages=tuple(sorted(plan.stages, key=lambda stage: stage.days)))


@dataclass(frozen=True)
class Owed:
    """One report a unit owes and has not delivered: the first sending (`report`) or the mended one (`return`).

    A locked one can be sent no more; nobody is reminded of it.
    """

    obligation_id: int
    kind: str
    unit_id: int
    unit_path: str
    unit_name: str
    name: str
    due_on: date
    opened_on: date
    address: str
    is_locked: bool = False

    @property
    def key(self) -> tuple[int, str, date]:
        return self.obligation_id, self.kind, self.due_on

    def words_on(self, today: date) -> str:
        """Return what is to be said of it to others: whether its day is over, and whether it came before."""
        if self.due_on < today:
            return "逾期未报" if self.kind == "report" else "逾期未补正"
        return "尚未报送" if self.kind == "report" else "尚未补正"


@dataclass(frozen=True)
class DueReminder:
    """What has to be said today about one owed report, and the earlier stages that were missed and are let go."""

    owed: Owed
    stage: Stage
    missed: tuple[Stage, ...] = ()


def stage_day(calendar: WorkCalendar, due_on: date, days: int) -> date:
    """Return the working day of a stage.

    A due day off is announced on the working day before it: after it would be too late.
    """
    return calendar.plus(calendar.on_or_before(due_on), days) if days <= 0 else calendar.plus(due_on, days)


def due_reminders(
    owed: Iterable[Owed],
    plan: ReminderPlan,
    done: Collection[tuple[int, str, date, int]],
    *,
    today: date,
    calendar: WorkCalendar,
) -> Iterator[DueReminder]:
    """Yield what has to be said today: of the stages reached and not yet `done`, the latest of each report.

    So a worker that was away says once how things stand, and does not send what it missed. Stages that fell on or
    before the opening of the month were never to be sent.
    """
    for item in (each for each in owed if not each.is_locked):
        reached = [
            stage
            for stage in plan.stages
            if item.opened_on < stage_day(calendar, item.due_on, stage.days) <= today
        ]
        waiting = [stage for stage in reached if (*item.key, stage.days) not in done]
        if waiting and waiting[-1] is reached[-1]:
            yield DueReminder(item, waiting[-1], tuple(waiting[:-1]))


def coming_reminders(
    owed: Sequence[Owed], plan: ReminderPlan, *, after: date, until: date, calendar: WorkCalendar
) -> dict[date, list[DueReminder]]:
    """Return what will be said on the days to come if nothing arrives until then, by day."""
    found: dict[date, list[DueReminder]] = {}
    for item in (each for each in owed if not each.is_locked):
        for stage in plan.stages:
            day = stage_day(calendar, item.due_on, stage.days)
            if max(after, item.opened_on) < day <= until:
                found.setdefault(day, []).append(DueReminder(item, stage))
    return dict(sorted(found.items()))


def standing_words(due_on: date, today: date, calendar: WorkCalendar) -> str:
    """Return how far the due day is, in working days."""
    if due_on == today:
        return "今天到期"
    if due_on > today:
        left = calendar.count(today, due_on)
        return f"还有 {left} 个工作日" if left else "今天是到期前最后一个工作日"
    late = calendar.count(due_on, today)
    return f"已逾期 {late} 个工作日" if late else "已到期"


@dataclass(frozen=True)
class Digest:
    """All that one person is told on one day: the own unit's reports, and those of units below."""

    own: tuple[Owed, ...]
    below: tuple[Owed, ...]

    def sentence(self, today: date, calendar: WorkCalendar) -> str:
        """Return the digest in one or two sentences, short enough for a notice."""
        return "".join([*self._own_sentence(today, calendar), *self._below_sentence(today)])[
            :_LONGEST_SENTENCE
        ]

    def _own_sentence(self, today: date, calendar: WorkCalendar) -> Iterator[str]:
        if not self.own:
            return
        first = self.own[0]
        told = f"{first.name}应于{_day(first.due_on)}前报送，{standing_words(first.due_on, today, calendar)}"
        if len(self.own) == 1:
            yield f"{told}，请抓紧办理。"
        else:
            yield f"本单位有 {len(self.own)} 份报表待报，其中{told}，请抓紧办理。"

    def _below_sentence(self, today: date) -> Iterator[str]:
        stands: dict[str, dict[str, None]] = {}
        for item in self.below:
            stands.setdefault(item.words_on(today), {})[item.unit_name] = None
        if stands:
            yield "；".join(f"{_named(list(units))}{words}" for words, units in stands.items()) + "，请督促。"

    def lines(self, today: date, calendar: WorkCalendar) -> list[str]:
        """Return one line for every report, for a mail."""
        return [
            f"{item.unit_name}：{item.name}，应报日期 {_day(item.due_on)}，"
            f"{standing_words(item.due_on, today, calendar)}"
            for item in (*self.own, *self.below)
        ]


def next_sending(plan: ReminderPlan, at: datetime, calendar: WorkCalendar) -> datetime:
    """Return the first moment from `at` on at which messages may go out."""
    if plan.allows_sending(at, calendar):
        return at
    local = at.astimezone(CITY_TIME)
    day = day_of(at) if local.time() < plan.send_from else day_of(at) + timedelta(days=1)
    return datetime.combine(calendar.on_or_after(day), plan.send_from, CITY_TIME)


def _named(units: Sequence[str]) -> str:
    more = f"等 {len(units)} 个单位" if len(units) > 6 else ""
    return "、".join(units[:6]) + more


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
