"""The life of a claim, scheduled progress, and the state a task is shown in. Pure decisions."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from changai.core.errors import Invalid

OFFERED, CLAIMED, CONTESTED = "offered", "claimed", "contested"
WITHDRAWN, SPLIT, HANDED_OVER = "withdrawn", "split", "handed_over"
# What may be done to a claim in a status, and the status after it.
MOVES: dict[tuple[str, str], str] = {
    (OFFERED, "claim"): CLAIMED,
    (OFFERED, "contest"): CONTESTED,
    (OFFERED, "split"): SPLIT,
    (OFFERED, "hand_over"): HANDED_OVER,
    (OFFERED, "withdraw"): WITHDRAWN,
    (CLAIMED, "unclaim"): OFFERED,
    (CLAIMED, "split"): SPLIT,
    (CLAIMED, "hand_over"): HANDED_OVER,
    (CLAIMED, "plan"): CLAIMED,
    (CLAIMED, "complete"): CLAIMED,
    (CLAIMED, "reopen"): CLAIMED,
    (HANDED_OVER, "take_back"): CLAIMED,
    (CONTESTED, "recant"): OFFERED,
    (CONTESTED, "uphold"): WITHDRAWN,
    (CONTESTED, "refuse"): CLAIMED,
}
# Statuses in which a unit still has something to do with a claim; the others are closed.
LIVE = frozenset({OFFERED, CLAIMED, CONTESTED})
SHORTEST_REASON = 5
NEAR_DAYS = 30
_WHOLE = Decimal(100)
_STEP = Decimal("0.1")

# The states a task is shown in, the one that most needs the office first, each with its light
# (one of `foundation.ui.parts.LIGHTS`).
STATES: dict[str, str] = {
    "without_lead": "overdue",
    "contested": "returned",
    "unclaimed": "waiting",
    "overdue": "overdue",
    "near": "near",
    "on_track": "on_track",
    "done": "done",
    "closed": "none",
}


def next_status(status: str, move: str) -> str | None:
    """Return the status after the move, or None when the move is not open."""
    return MOVES.get((status, move))


def scheduled_percent(
    start_on: date, due_on: date, milestone_due_dates: Collection[date], as_of: date
) -> Decimal:
    """Return how far a task should be on a day, in percent from 0 to 100, one decimal.

    With milestones it is the share of those due by then; without, the share of the days from start to
    deadline, both counted. From the deadline on it is 100. It never falls as the days go by.
    """
    if as_of >= due_on:
        return _WHOLE
    if milestone_due_dates:
        due = sum(day <= as_of for day in milestone_due_dates)
        return _rounded(due, len(milestone_due_dates))
    if as_of < start_on:
        return Decimal(0)
    return _rounded((as_of - start_on).days + 1, (due_on - start_on).days + 1)


def _rounded(part: int, whole: int) -> Decimal:
    return (_WHOLE * part / whole).quantize(_STEP, ROUND_HALF_UP)


def state_of(status: str, due_on: date | None, completed_on: date | None, today: date) -> str:
    """Return the state a claim is shown in, a key of `STATES`."""
    if status == CONTESTED:
        return "contested"
    if status == OFFERED:
        return "unclaimed"
    if status != CLAIMED:
        return "closed"
    if completed_on is not None:
        return "done"
    if due_on is None or (due_on - today).days > NEAR_DAYS:
        return "on_track"
    return "overdue" if due_on < today else "near"


def measure_state(lead_states: Iterable[str]) -> str:
    """Return the state of a measure from those of its leads' claims: the one that most needs the office."""
    states = set(lead_states) - {"closed"}
    return next((state for state in STATES if state in states), "without_lead")


@dataclass(frozen=True)
class Share:
    """One part that a claim is split into."""

    unit_id: int
    text: str
    target_value: Decimal | None = None
    due_on: date | None = None


def check_shares(shares: Sequence[Share], *, target_value: Decimal | None, due_on: date | None) -> None:
    """Make sure that the parts of a split cover the whole.

    :raises Invalid: with one sentence for each fault
    """
    faults = [] if len(shares) > 1 else ["请至少分解为两部分。"]
    for number, share in enumerate(shares, start=1):
        if not share.text.strip():
            faults.append(f"第{number}部分没有填写任务内容。")
        if share.target_value is not None and share.target_value < 0:
            faults.append(f"第{number}部分的目标值不能为负数。")
        if due_on and share.due_on and share.due_on > due_on:
            faults.append(f"第{number}部分的完成时限晚于原任务时限（{due_on:%Y-%m-%d}）。")
    given = [share.target_value for share in shares if share.target_value is not None]
    if target_value is not None and given and sum(given) < target_value:
        faults.append(f"各部分目标值合计{sum(given):f}，少于原目标值{target_value:f}。")
    if faults:
        raise Invalid("任务分解有误，请更正后再提交。", faults=tuple(faults))


@dataclass(frozen=True)
class Step:
    """One milestone as it is to be; `key` is the id of the one that it changes, None for a new one."""

    text: str
    due_on: date
    key: int | None = None


def check_steps(steps: Sequence[Step], *, starts_on: date, due_on: date) -> None:
    """Make sure that milestones are worded and lie between the plan's start and the task's deadline.

    :raises Invalid: with one sentence for each fault
    """
    faults = []
    for number, step in enumerate(steps, start=1):
        if not step.text.strip():
            faults.append(f"第{number}个节点没有填写内容。")
        if not starts_on <= step.due_on <= due_on:
            faults.append(
                f"第{number}个节点的日期{step.due_on:%Y-%m-%d}不在任务期限之内"
                f"（{starts_on:%Y-%m-%d}至{due_on:%Y-%m-%d}）。"
            )
    if faults:
        raise Invalid("工作计划有误，请更正后再保存。", faults=tuple(faults))


def check_reason(reason: str, what: str) -> str:
    """Return the reason without outer blanks.

    :raises Invalid: when it is too short to be one
    """
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise Invalid(f"请填写{what}，不少于{SHORTEST_REASON}个字。")
    if len(reason) > 500:
        raise Invalid(f"{what}不超过500字，请精简。")
    return reason
