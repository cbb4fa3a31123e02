"""自查自评: a unit scores itself, indicator by indicator; the points are compared and never count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from changai.areas.assessments.actions._correcting import checked_reason
from changai.areas.assessments.actions._steps import locked, locked_for_unit, move_on
from changai.areas.assessments.actions.confirming import own_part
from changai.areas.assessments.models import Participant, SelfScore
from changai.areas.assessments.queries import full_marks
from changai.areas.assessments.rules import LONGEST_REASON
from changai.areas.evidence.queries import visible_to as evidence_visible_to
from changai.areas.schemes.rules import MOST_DECIMALS
from changai.core.errors import Invalid, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify
from changai.foundation.versions import require_version

_OVER = "自查自评已经结束，或数据还没有冻结，请刷新页面查看进展。"


@dataclass(frozen=True)
class OwnPoints:
    """What a unit gives itself for one indicator, why, and the one file that shows it."""

    code: str
    points: Decimal
    reason: str = ""
    evidence_id: int | None = None


@action("assessment.self_score")
def give_own_points(
    actor: Actor, round_id: int, *, given: Sequence[OwnPoints], version: int, at: datetime
) -> Participant:
    """Keep the points a unit gives itself; what it gave before for other indicators stays.

    :raises Invalid: with a sentence for every indicator whose points lie outside its full mark
    :raises RecordMoved: when the time for it is over, it was handed in, or a colleague saved meanwhile
    """
    part = _taken(actor, round_id, version=version)
    marks = full_marks(part.round)
    faults = tuple(fault for each in given if (fault := _fault(each, marks)))
    if faults:
        raise Invalid("有自评得分不符合要求，没有保存。", faults=faults)
    files = set(
        evidence_visible_to(actor)
        .filter(unit=part.unit_id, pk__in=[each.evidence_id for each in given if each.evidence_id])
        .values_list("pk", flat=True)
    )
    for each in given:
        SelfScore.objects.update_or_create(
            participant=part,
            code=each.code,
            defaults={
                "points_hundredths": int(each.points.scaleb(MOST_DECIMALS)),
                "reason": each.reason.strip(),
                "evidence_id": each.evidence_id if each.evidence_id in files else None,
                "given_by_name": actor.name,
                "given_at": at,
            },
        )
    part.version += 1
    part.save(update_fields=["version"])
    record(actor, "assessment.self_score", part, at=at, codes=[each.code for each in given])
    return part


def _fault(each: OwnPoints, marks: dict[str, tuple[str, Decimal]]) -> str:
    if each.code not in marks:
        return "有指标不在这张指标表中，请刷新页面。"
    name, full = marks[each.code]
    if not each.points.is_finite() or each.points.as_tuple().exponent not in {0, -1, -2}:
        return f"“{name}”的自评得分最多两位小数。"
    if not 0 <= each.points <= full:
        return f"“{name}”的自评得分应在 0 至 {full.normalize():f} 分之间，现为 {each.points}。"
    if len(each.reason) > LONGEST_REASON:
        return f"“{name}”的自评说明不能超过 {LONGEST_REASON} 个字。"
    return ""


@action("assessment.self_check")
def hand_in_self_check(actor: Actor, round_id: int, *, version: int, at: datetime) -> Participant:
    """Hand in the unit's self-check; it answers for what it says.

    :raises Invalid: while an indicator has no points of its own
    :raises RecordMoved: when the time for it is over, or it was handed in
    """
    part = _taken(actor, round_id, version=version)
    marks = full_marks(part.round)
    missing = len(set(marks) - set(SelfScore.objects.filter(participant=part).values_list("code", flat=True)))
    if missing:
        raise Invalid(f"还有 {missing} 项指标没有自评，请全部自评后再报送。")
    part.self_checked_at, part.self_checked_by_name = at, actor.name
    part.version += 1
    part.save(update_fields=["self_checked_at", "self_checked_by_name", "version"])
    record(actor, "assessment.self_check", part, at=at)
    return part


@action("assessment.reopen_check")
def reopen_self_check(
    actor: Actor, round_id: int, unit_id: int, *, reason: str, version: int, at: datetime
) -> Participant:
    """Give a self-check that was handed in back to its unit, which noticed an error in it; what it says stays.

    :raises Invalid: without a reason
    :raises RecordMoved: when it was not handed in, the time for it is over, or the unit's part changed meanwhile
    """
    round_ = locked(actor, round_id, "assessment.run")
    move_on(
        round_,
        "self_check",
        "自查自评已经结束，不能再退回。单位对数据或得分有异议的，请在事实确认时提出申诉。",
    )
    part = Participant.objects.select_for_update().filter(round=round_, unit_id=unit_id).first()
    if part is None:
        raise Invalid("该单位不是这次考核的对象，请刷新页面。")
    require_version(part, version)
    if part.self_checked_at is None:
        raise RecordMoved("该单位还没有报送自查自评，可以直接修改，不必退回。")
    part.reopened_reason, part.reopened_by_name, part.reopened_at = checked_reason(reason), actor.name, at
    part.self_checked_at, part.self_checked_by_name = None, ""
    part.version += 1
    part.save(
        update_fields=[
            "self_checked_at", "self_checked_by_name",
            "reopened_reason", "reopened_by_name", "reopened_at", "version",
        ]
    )  # fmt: skip
    notify(
        f"{round_.name}的自查自评已退回本单位修改（{part.reopened_reason}），请改好后重新报送。",
        at=at, unit_id=unit_id, link=f"/assessments/{round_.pk}/self-check/",
    )  # fmt: skip
    record(actor, "assessment.reopen_check", part, at=at, reason=part.reopened_reason)
    return part


def _taken(actor: Actor, round_id: int, *, version: int) -> Participant:
    round_ = locked_for_unit(actor, round_id)
    move_on(round_, "self_check", _OVER)
    part = own_part(actor, round_)
    require_version(part, version)
    if part.self_checked_at:
        raise RecordMoved(
            f"{part.self_checked_by_name}已报送自查自评，不能再改。确需修改的，请联系办公室退回后再改。"
        )
    part.round = round_
    return part
