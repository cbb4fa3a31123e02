"""Freeze the facts of a round, score them, and keep what scoring came to."""

from datetime import datetime

from changai.areas.assessments.actions._keeping import keep_rows
from changai.areas.assessments.actions._steps import check_version, locked, move_on, without_refused
from changai.areas.assessments.models import Round
from changai.areas.assessments.policies import require
from changai.areas.assessments.queries import Rescored, assessed_units, inputs_now, rescored, round_for
from changai.areas.assessments.rules import way_to_correct
from changai.core.errors import Invalid
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record


def score_round(actor: Actor, round_id: int, *, version: int, at: datetime, once: str = "") -> Round:
    """Score a round and keep points, ranks and sentences.

    A round of the short course takes the facts of its months as they stand now; scoring again takes fresh ones. One
    of the full course takes those it froze. Everything is worked out before the transaction opens: two hundred units
    must not hold the one write lock while their sentences are made.

    :raises RecordMoved: when the round was published or changed meanwhile
    :raises Invalid: when there is nobody to assess, or an accepted figure cannot be what its rule takes it for
    """
    round_ = round_for(actor, round_id)
    require(actor, "assessment.run")
    check_version(round_, version)
    return keep_result(actor, round_id, came_to=prepared(round_), at=at, once=once)  # type: ignore[call-arg]


def prepared(round_: Round) -> Rescored:
    """Return what scoring the round comes to; nothing is written.

    :raises Invalid: when there is nobody to assess, or an accepted figure cannot be what its rule takes it for
    """
    units = assessed_units(round_)
    if not units:
        raise Invalid(f"没有找到“{round_.category}”类的考核对象，请先在组织机构中设置同名分组。")
    with without_refused(round_, units):
        return rescored(round_, inputs_now(round_, units), units, round_.exemptions)


@action("assessment.score")
def keep_result(actor: Actor, round_id: int, *, came_to: Rescored, at: datetime) -> Round:
    """Keep what scoring came to. Call `score_round`.

    :raises RecordMoved: when the round was published or changed since the scoring began
    """
    round_ = locked(actor, round_id, "assessment.run")
    check_version(round_, came_to.version)
    move_on(round_, "score", _why_not_scored(round_))
    keep_rows(round_, came_to, at=at)
    round_.save()
    record(actor, "assessment.score", round_, at=at, result=came_to.digest)
    return round_


def _why_not_scored(round_: Round) -> str:
    if round_.status == Round.Status.OPEN:
        return "请先冻结数据，再计分。"
    told = "考核结果已公布" if round_.published_at else "已请各单位确认事实"
    return f"{told}，不能重新计分。数据有误的，{way_to_correct(round_.status, round_.course)}"
