"""What happens to the units' shares of a plan: offered, answered, settled, planned, completed."""

from changai.areas.tasks.actions.answers import (
    claim_task,
    claim_tasks,
    contest_task,
    hand_over_task,
    recant_contest,
    split_task,
    take_back_task,
    unclaim_task,
)
from changai.areas.tasks.actions.offers import hand_down_plan, offer_measure, withdraw_task
from changai.areas.tasks.actions.progress import (
    complete_claim,
    complete_milestone,
    plan_milestones,
    reopen_claim,
    reopen_milestone,
)
from changai.areas.tasks.actions.settlements import settle_contest

__all__ = [
    "claim_task",
    "claim_tasks",
    "complete_claim",
    "complete_milestone",
    "contest_task",
    "hand_down_plan",
    "hand_over_task",
    "offer_measure",
    "plan_milestones",
    "recant_contest",
    "reopen_claim",
    "reopen_milestone",
    "settle_contest",
    "split_task",
    "take_back_task",
    "unclaim_task",
    "withdraw_task",
]
