from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changai.areas.tasks.rules import (
    LIVE,
    MOVES,
    STATES,
    Share,
    Step,
    check_reason,
    check_shares,
    check_steps,
    measure_state,
    scheduled_percent,
    state_of,
)
from changai.core.errors import Invalid
from changai.foundation.ui.parts import LIGHTS

DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@given(start=DAYS, span=st.integers(0, 700), milestones=st.lists(DAYS, max_size=6), as_of=DAYS, later=DAYS)
def test_scheduled_progress_lies_between_0_and_100_and_never_falls(
    start: date, span: int, milestones: list[date], as_of: date, later: date
) -> None:
    due = start + timedelta(days=span)
    first, second = sorted([as_of, later])
    earlier_percent = scheduled_percent(start, due, milestones, first)
    later_percent = scheduled_percent(start, due, milestones, second)
    assert 0 <= earlier_percent <= later_percent <= 100
    assert scheduled_percent(start, due, milestones, due) == 100


def test_scheduled_progress_is_the_share_of_days() -> None:
    start, due = date(2026, 1, 1), date(2026, 12, 31)
    assert scheduled_percent(start, due, [], date(2025, 12, 31)) == 0
    assert scheduled_percent(start, due, [], date(2026, 6, 30)) == Decimal("49.6")  # 181 of 365 days
    assert scheduled_percent(start, start, [], start) == 100


def test_scheduled_progress_is_the_share_of_milestones() -> None:
    start, due = date(2026, 1, 1), date(2026, 12, 31)
    milestones = [date(2026, 3, 31), date(2026, 6, 30), date(2026, 12, 31)]
    assert scheduled_percent(start, due, milestones, date(2026, 3, 30)) == 0
    assert scheduled_percent(start, due, milestones, date(2026, 6, 30)) == Decimal("66.7")


def test_every_move_leads_from_a_known_status_to_a_known_one() -> None:
    known = LIVE | {"withdrawn", "split", "handed_over"}
    assert {status for status, _ in MOVES} | set(MOVES.values()) <= known
    assert ("withdrawn", "claim") not in MOVES
    assert not [move for status, move in MOVES if status == "withdrawn"]


def test_every_state_has_a_light() -> None:
    assert set(STATES.values()) <= set(LIGHTS)


@pytest.mark.parametrize(
    ("status", "due_on", "completed_on", "state"),
    [
        ("offered", None, None, "unclaimed"),
        ("contested", None, None, "contested"),
        ("claimed", date(2026, 12, 31), None, "on_track"),
        ("claimed", date(2026, 6, 30), None, "near"),
        ("claimed", date(2026, 5, 31), None, "overdue"),
        ("claimed", date(2026, 5, 31), date(2026, 5, 1), "done"),
        ("claimed", None, None, "on_track"),
        ("split", None, None, "closed"),
    ],
)
def test_the_state_of_a_claim(
    status: str, due_on: date | None, completed_on: date | None, state: str
) -> None:
    assert state_of(status, due_on, completed_on, date(2026, 6, 1)) == state


def test_a_measure_shows_what_most_needs_the_office() -> None:
    assert measure_state(["done", "unclaimed"]) == "unclaimed"
    assert measure_state(["done", "closed"]) == "done"
    assert measure_state([]) == "without_lead"


def test_a_split_covers_the_whole() -> None:
    due = date(2026, 10, 31)
    shares = [Share(1, "甲", Decimal(12), due), Share(2, "乙", Decimal(8))]
    check_shares(shares, target_value=Decimal(20), due_on=due)
    check_shares([Share(1, "甲"), Share(2, "乙")], target_value=Decimal(20), due_on=None)
    with pytest.raises(Invalid) as refusal:
        check_shares([Share(1, " ", Decimal(-1), date(2026, 11, 1))], target_value=Decimal(20), due_on=due)
    assert refusal.value.faults == (
        "请至少分解为两部分。",
        "第1部分没有填写任务内容。",
        "第1部分的目标值不能为负数。",
        "第1部分的完成时限晚于原任务时限（2026-10-31）。",
        "各部分目标值合计-1，少于原目标值20。",
    )


def test_milestones_lie_within_the_task() -> None:
    span = {"starts_on": date(2026, 1, 1), "due_on": date(2026, 10, 31)}
    check_steps([Step("印发方案", date(2026, 1, 1)), Step("总结", date(2026, 10, 31))], **span)
    with pytest.raises(Invalid) as refusal:
        check_steps([Step("", date(2026, 11, 1))], **span)
    assert refusal.value.faults == (
        "第1个节点没有填写内容。",
        "第1个节点的日期2026-11-01不在任务期限之内（2026-01-01至2026-10-31）。",
    )


def test_a_reason_says_something() -> None:
    assert check_reason("  职责不在我局 ", "异议理由") == "职责不在我局"
    with pytest.raises(Invalid, match="请填写异议理由，不少于5个字"):
        check_reason(" 不行  ", "异议理由")
    with pytest.raises(Invalid, match="不超过500字"):
        check_reason("长" * 501, "异议理由")
