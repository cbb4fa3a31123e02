"""Give judged items their points."""

from datetime import datetime
from decimal import Decimal

from changai.areas.assessments.actions._judged import check_judgement
from changai.areas.assessments.actions._steps import locked, move_on
from changai.areas.assessments.models import ReviewedPoints
from changai.areas.assessments.policies import require_judge_of
from changai.areas.assessments.queries import judgement_of
from changai.core.errors import Invalid, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record


@action("assessment.judge")
def give_points(
    actor: Actor,
    round_id: int,
    unit_id: int,
    field_code: str,
    *,
    value: Decimal,
    reason: str,
    version: int,
    at: datetime,
) -> ReviewedPoints:
    """Give a judged item its points, with the reason. `version` is the earlier judgement's, 0 for the first.

    A result scored before is out of date from now on: the round is open again.

    :raises Invalid: without a reason, or outside the allowed points
    :raises RecordMoved: when somebody else judged it meanwhile, or the result is published
    """
    round_ = locked(actor, round_id, "assessment.review")
    move_on(round_, "judge", "考核结果已公布，不能再修改核定得分。")
    if round_.panelists.exists():
        raise RecordMoved("这次考核由多名评审人员分别评分，请在评审页面评分。")
    found = judgement_of(round_, unit_id, field_code)
    if found is None:
        raise Invalid("该单位没有这项人工核定指标，请刷新页面。")
    require_judge_of(actor, found.unit)
    check_judgement(found.leaf, value, reason)
    _check_earlier(found.given, version)
    row = found.given or ReviewedPoints(round=round_, unit=found.unit, field_code=field_code, version=0)
    row.value, row.reason = value, reason.strip()
    row.reviewed_by_id, row.reviewed_by_name, row.reviewed_at = actor.person_id, actor.name, at
    row.version += 1
    row.save()
    round_.version += 1
    round_.save(update_fields=["status", "version"])
    record(
        actor,
        "assessment.judge",
        row,
        at=at,
        round=round_.pk,
        unit=unit_id,
        field=field_code,
        value=f"{value:f}",
    )
    return row


def _check_earlier(given: ReviewedPoints | None, version: int) -> None:
    if given is None and version:
        raise RecordMoved("该项核定已被撤销，您的修改没有保存。请刷新后再核定。")
    if given is not None and given.version != version:
        raise RecordMoved(
            f"{given.reviewed_by_name} 已核定为 {given.value.normalize():f} 分（{given.reason}），您的修改没有保存。"
            "请核对后再决定是否修改。"
        )
