"""The clock of rounds: deadlines that end by themselves, and the long work on results behind the page."""

from datetime import datetime, timedelta

from django.utils import timezone

from changai.areas.assessments.actions import (
    close_confirmation,
    keep_bands,
    press_clock,
)
from changai.areas.assessments.models import Sensitivity
from changai.areas.assessments.queries import card_kept, open_sensitivities, rounds_to_close
from changai.core.scoring.robust import robustness
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


# A killed worker's lease ends soon, so that another takes over.
@job("assessments.results", every=timedelta(seconds=5), longest=timedelta(minutes=2))
def work_on_results(at: datetime) -> str:
    """Draw what was ordered of results."""
    told = [_draw(ordered, at) for ordered in open_sensitivities()]
    return "；".join(told) or "没有要做的"


def _draw(ordered: Sensitivity, at: datetime) -> str:
    card = card_kept(ordered.round) if ordered.round.result_digest == ordered.result_digest else None
    report, refusal = {}, ""
    if card is None:
        refusal = "结果已重新计算，请对新的结果重新测算。"
    elif not card.ranked.any():
        refusal = "没有参加排名的单位，无法测算。"
    else:
        report = robustness(card).result()
    keep_bands(MACHINE, ordered.pk, report=report, refusal=refusal, at=at)
    return f"已测算{ordered.round.name}的权重敏感性"
