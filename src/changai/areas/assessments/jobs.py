"""The clock of rounds: the days for confirming facts end by themselves, overdue objections move on."""

from datetime import datetime, timedelta

from django.utils import timezone

from changai.areas.assessments.actions import close_confirmation, press_clock
from changai.areas.assessments.queries import rounds_to_close
from changai.foundation.actors import MACHINE
from changai.foundation.jobs.registry import job


@job("assessments.deadlines", every=timedelta(hours=1))
def pass_deadlines(at: datetime) -> str:
    """End what is over, so that nothing waits for somebody who does not come."""
    over = list(rounds_to_close(timezone.localdate(at)).values_list("pk", flat=True))
    for round_id in over:
        close_confirmation(MACHINE, round_id, at=at)
    moved = press_clock(MACHINE, at=at)
    return f"已结束 {len(over)} 次考核的事实确认，{moved} 件逾期申诉转入下一步"
