"""When who is reminded: pure decisions."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changai.areas.reporting.actions._messages import _group_text
from changai.areas.reporting.rules.reminding import (
    DEFAULT_PLAN,
    Digest,
    Owed,
    Stage,
    coming_reminders,
    due_reminders,
    next_sending,
    read_plan,
    require_sound,
    stage_day,
    standing_words,
)
from changai.core.errors import Invalid
from changai.core.workdays import Holiday, WorkCalendar, YearPlan

CALENDAR = WorkCalendar.of(
    [
        YearPlan(
            2026,
            "x",
            "",
            None,
            (Holiday("国庆节", date(2026, 10, 1), date(2026, 10, 7)),),
            (date(2026, 10, 10),),
        )
    ]
)
DUE = date(2026, 11, 5)  # a Thursday
days = st.dates(date(2026, 9, 1), date(2026, 12, 20))


def owed(
    due_on: date = DUE, *, number: int = 1, opened_on: date = date(2026, 8, 1), name: str = "甲县"
) -> Owed:
    return Owed(number, "report", number, f"1.{number}.", name, "10月月报", due_on, opened_on, f"/{number}/")


def said_on(item: Owed, every_day: list[date]) -> list[tuple[date, int]]:
    """Return what is said when the worker runs on these days."""
    done: set = set()
    found = []
    for today in every_day:
        for due in due_reminders([item], DEFAULT_PLAN, done, today=today, calendar=CALENDAR):
            found.append((today, due.stage.days))
            done |= {(*item.key, stage.days) for stage in (*due.missed, due.stage)}
    return found


def all_days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def test_a_report_is_spoken_of_on_five_days():
    assert said_on(owed(), all_days(date(2026, 10, 1), date(2026, 12, 1))) == [
        (date(2026, 10, 27), -7), (date(2026, 11, 2), -3), (DUE, 0), (date(2026, 11, 6), 1), (date(2026, 11, 12), 5),
    ]  # fmt: skip


def test_a_due_day_in_the_holidays_is_announced_before_them():
    assert stage_day(CALENDAR, date(2026, 10, 5), 0) == date(2026, 9, 30)
    assert stage_day(CALENDAR, date(2026, 10, 5), 1) == date(2026, 10, 8)
    assert standing_words(date(2026, 10, 5), date(2026, 9, 30), CALENDAR) == "今天是到期前最后一个工作日"


@given(days, st.lists(days, unique=True, max_size=12))
def test_however_late_the_worker_runs_each_stage_is_said_once_at_most_and_only_the_latest(due_on, runs):
    found = said_on(owed(due_on), sorted(runs))
    assert len({number for _day, number in found}) == len(found)
    for today, number in found:
        reached = [
            stage.days for stage in DEFAULT_PLAN.stages if stage_day(CALENDAR, due_on, stage.days) <= today
        ]
        assert number == reached[-1]
    by_day = [today for today, _number in found]
    assert len(set(by_day)) == len(by_day)


def test_a_worker_back_after_weeks_says_one_thing():
    assert said_on(owed(), [date(2026, 12, 1), date(2026, 12, 2)]) == [(date(2026, 12, 1), 5)]


def test_stages_before_the_opening_are_not_said():
    opened = owed(opened_on=date(2026, 11, 2))
    assert said_on(opened, all_days(date(2026, 11, 2), date(2026, 11, 5))) == [(DUE, 0)]


@given(days, days)
def test_what_is_announced_is_what_will_be_said(due_on, today):
    item = owed(due_on)
    until = date(2027, 1, 30)
    coming = coming_reminders([item], DEFAULT_PLAN, after=today, until=until, calendar=CALENDAR)
    already = [s.days for s in DEFAULT_PLAN.stages if stage_day(CALENDAR, due_on, s.days) <= today]
    done = {(*item.key, number) for number in already}
    later = []
    for day in all_days(today + timedelta(days=1), until):
        for due in due_reminders([item], DEFAULT_PLAN, done, today=day, calendar=CALENDAR):
            later.append((day, due.stage.days))
            done.add((*item.key, due.stage.days))
    assert [(day, each.stage.days) for day, found in coming.items() for each in found] == later


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ((2026, 11, 5, 10, 0), (2026, 11, 5, 10, 0)),
        ((2026, 11, 5, 7, 0), (2026, 11, 5, 9, 0)),
        ((2026, 11, 6, 18, 0), (2026, 11, 9, 9, 0)),  # a Friday evening
        ((2026, 10, 3, 10, 0), (2026, 10, 8, 9, 0)),
    ],
)
def test_messages_wait_for_the_next_working_hours(local, expected):
    at = datetime(*local, tzinfo=UTC) - timedelta(hours=8)
    assert next_sending(DEFAULT_PLAN, at, CALENDAR) == datetime(*expected, tzinfo=UTC) - timedelta(hours=8)


def test_a_digest_says_all_in_one_message():
    first, second = owed(number=1), owed(date(2026, 11, 10), number=2)
    assert Digest((first,), ()).sentence(date(2026, 11, 2), CALENDAR) == (
        "10月月报应于11月5日前报送，还有 3 个工作日，请抓紧办理。"
    )
    assert Digest((first, second), ()).sentence(DUE, CALENDAR) == (
        "本单位有 2 份报表待报，其中10月月报应于11月5日前报送，今天到期，请抓紧办理。"
    )
    many = tuple(owed(number=number, name=f"第{number}单位") for number in range(60))
    below = Digest((first,), many).sentence(date(2026, 11, 12), CALENDAR)
    assert below.startswith("10月月报应于11月5日前报送，已逾期 5 个工作日，请抓紧办理。第0单位、")
    assert below.endswith("等 60 个单位逾期未报，请督促。")
    assert len(Digest((first,), many).lines(DUE, CALENDAR)) == 61


def test_the_unit_above_is_told_what_is_true_on_the_day():
    early, late = owed(date(2026, 11, 10), name="甲县"), owed(number=2, name="乙县")
    back = replace(owed(number=3, name="丙县"), kind="return")
    today = date(2026, 11, 6)
    assert Digest((), (early,)).sentence(today, CALENDAR) == "甲县尚未报送，请督促。"
    told = Digest((), (late, back, early)).sentence(today, CALENDAR)
    assert told == "乙县逾期未报；丙县逾期未补正；甲县尚未报送，请督促。"
    by_unit = [replace(item, obligation_id=at) for at, item in enumerate((early, late, back))]
    group = _group_text([(None, Digest((), tuple(by_unit)))])
    assert group == "月报提醒：2 个单位尚未报送（2 份）：甲县、乙县；1 个单位尚未补正（1 份）：丙县。"


def test_the_plan_is_written_and_read_alike():
    assert read_plan(DEFAULT_PLAN.as_json()) == DEFAULT_PLAN == require_sound(DEFAULT_PLAN)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"stages": (Stage(1), Stage(1))}, "同一天设了两次提醒，请保留一次。"),
        ({"stages": (Stage(31),)}, "提醒日应在应报日前后 30 个工作日以内。"),
        ({"stages": tuple(Stage(n) for n in range(13))}, "提醒最多设 12 次。"),
        ({"send_until": time(8)}, "发送时段的开始应早于结束。"),
        ({"colours": (("blue", 5), ("yellow", 5))}, "督办提醒的天数应从蓝色到红色逐级增加，且不少于 1。"),
    ],
)
def test_rules_that_make_no_sense_are_refused(changed, sentence):
    with pytest.raises(Invalid) as refused:
        require_sound(replace(DEFAULT_PLAN, **changed))
    assert refused.value.faults == (sentence,)


def test_the_colour_follows_the_days():
    colours = [DEFAULT_PLAN.colour_after(late) for late in (0, 1, 4, 5, 10, 99)]
    assert colours == ["", "blue", "blue", "yellow", "orange", "red"]
