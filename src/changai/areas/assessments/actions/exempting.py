"""不适用: a unit asks not to be assessed by an indicator; the office decides before the facts are frozen."""

from datetime import datetime

from changai.areas.assessments.actions._correcting import checked_reason
from changai.areas.assessments.actions._steps import locked, locked_for_unit, move_on
from changai.areas.assessments.actions.confirming import own_part
from changai.areas.assessments.models import Exemption
from changai.areas.assessments.policies import require_judge_of
from changai.areas.assessments.queries import full_marks
from changai.core.errors import Invalid, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify
from changai.foundation.versions import require_version

_TOO_LATE = "数据已经冻结，不再受理不适用申请。不适用须在计分之前批准。"


@action("assessment.ask_exemption")
def ask_exemption(actor: Actor, round_id: int, code: str, *, reason: str, at: datetime) -> Exemption:
    """Ask that the own unit is not assessed by an indicator, with the reason.

    :raises RecordMoved: once the facts are frozen, or when the unit has asked before
    :raises Invalid: without a reason, or for something that is no indicator
    """
    round_ = locked_for_unit(actor, round_id)
    move_on(round_, "exempt", _TOO_LATE)
    part = own_part(actor, round_)
    name, _full = full_marks(round_).get(code, ("", 0))
    if not name:
        raise Invalid("请选择申请不适用的指标。")
    if Exemption.objects.filter(round=round_, unit=part.unit_id, code=code).exists():
        raise RecordMoved("本单位已就这项指标提出过不适用申请，请查看办理结果。")
    row = Exemption.objects.create(
        round=round_, unit_id=part.unit_id, code=code, name=name, reason=checked_reason(reason),
        asked_by_name=actor.name, asked_at=at,
    )  # fmt: skip
    record(actor, "assessment.ask_exemption", row, at=at, code=code)
    for role in (Role.OFFICE_OFFICER, Role.OFFICE_HEAD):
        notify(
            f"{part.unit.name}申请“{name}”不适用，请在冻结数据前审批。",
            at=at,
            role=role,
            link=_link(round_.pk),
        )
    return row


@action("assessment.settle_exemption")
def settle_exemption(
    actor: Actor, exemption_id: int, *, is_granted: bool, decision: str, version: int, at: datetime
) -> Exemption:
    """Grant or refuse a request, with the reason; nobody decides for the own unit.

    :raises RecordMoved: once the facts are frozen, or when somebody else decided meanwhile
    :raises Invalid: without a reason
    """
    round_id = Exemption.objects.filter(pk=exemption_id).values_list("round_id", flat=True).first()
    round_ = locked(actor, round_id or 0, "assessment.run")
    row = Exemption.objects.select_for_update(of=("self",)).select_related("unit").get(pk=exemption_id)
    require_judge_of(actor, row.unit)
    require_version(row, version)
    move_on(round_, "exempt", _TOO_LATE)
    row.status = Exemption.Status.GRANTED if is_granted else Exemption.Status.REFUSED
    row.decision, row.decided_by_name, row.decided_at = checked_reason(decision), actor.name, at
    row.version += 1
    row.save(update_fields=["status", "decision", "decided_by_name", "decided_at", "version"])
    record(actor, "assessment.settle_exemption", row, at=at, status=row.status)
    told = "已同意" if is_granted else "未同意"
    notify(
        f"本单位“{row.name}”不适用的申请{told}：{row.decision}",
        at=at,
        unit_id=row.unit_id,
        link=_link(round_.pk),
    )
    return row


def _link(round_id: int) -> str:
    return f"/assessments/{round_id}/exemptions/"
