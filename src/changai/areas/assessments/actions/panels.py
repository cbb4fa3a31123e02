"""A panel of reviewers who judge blind to each other: naming them, taking their points."""

from datetime import datetime
from decimal import Decimal

from changai.areas.assessments.actions._judged import check_judgement
from changai.areas.assessments.actions._steps import locked, locked_for_all, move_on
from changai.areas.assessments.models import Panelist, PanelPoints, Round
from changai.areas.assessments.policies import require, require_judge_of
from changai.areas.assessments.queries import candidates, judgement_of, panelist_of
from changai.areas.assessments.rules import MOST_PANEL
from changai.core.errors import Invalid, NotAllowed, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify


@action("assessment.name_panelist")
def name_panelist(actor: Actor, round_id: int, *, person_id: int, at: datetime) -> Panelist:
    """Name a reviewer for the judged items of a round; from then on they are judged by the panel alone.

    :raises Invalid: for somebody without the post for it, or beyond the largest panel
    :raises RecordMoved: when somebody judged alone before, or judging is over
    """
    round_ = locked(actor, round_id, "assessment.run")
    move_on(round_, "judge", "核定已经结束，不能再增加评审人员。")
    if round_.reviewed.exists():
        raise RecordMoved("已有单人核定的得分，不能再改为多人评审。")
    person = next((each for each in candidates(round_) if each.pk == person_id), None)
    if person is None:
        raise Invalid("请选择尚未指定、有评审权限的人员。")
    if round_.panelists.count() >= MOST_PANEL:
        raise Invalid(f"评审人员最多 {MOST_PANEL} 名。")
    row = Panelist.objects.create(round=round_, person=person, name=person.name, named_at=at)
    _save(round_)
    record(actor, "assessment.name_panelist", row, at=at, person=person.pk)
    notify(
        f"请对{round_.name}的人工核定指标独立评分，写明理由。",
        at=at, unit_id=person.unit_id, role=person.post, link=f"/assessments/{round_.pk}/panel/",
    )  # fmt: skip
    return row


@action("assessment.dismiss_panelist")
def dismiss_panelist(actor: Actor, panelist_id: int, *, at: datetime) -> None:
    """Take a reviewer who has not finished off the panel, so that nobody waits for somebody who cannot come.

    :raises RecordMoved: when judging is over
    """
    round_id = Panelist.objects.filter(pk=panelist_id).values_list("round_id", flat=True).first()
    round_ = locked(actor, round_id or 0, "assessment.run")
    move_on(round_, "judge", "核定已经结束，不能再调整评审人员。")
    row = Panelist.objects.select_for_update().get(pk=panelist_id)
    record(
        actor, "assessment.dismiss_panelist", round_, at=at, person=row.person_id, given=row.points.count()
    )
    row.delete()
    _save(round_)


@action("assessment.panel_judge")
def give_panel_points(
    actor: Actor,
    round_id: int,
    unit_id: int,
    field_code: str,
    *,
    value: Decimal,
    reason: str,
    version: int,
    at: datetime,
) -> PanelPoints:
    """Give one unit its points for one judged item, as one of the panel. `version` is the own earlier one's.

    :raises NotAllowed: to who is not of the panel, and for the own unit
    :raises Invalid: without a reason, or outside the allowed points
    :raises RecordMoved: when judging is over, or the own points changed in another window, or were scored: who
        reads what all came to does not move the mean
    """
    round_ = locked_for_all(round_id)
    panelist = panelist_of(actor, round_)
    if panelist is None:
        raise NotAllowed("您不是这次考核的评审人员。")
    require(actor, "panel.judge")
    move_on(round_, "judge", "评审已经结束，不能再修改评分。")
    found = judgement_of(round_, unit_id, field_code)
    if found is None:
        raise Invalid("该单位没有这项人工核定指标，请刷新页面。")
    require_judge_of(actor, found.unit, "panel.judge")
    check_judgement(found.leaf, value, reason)
    row = PanelPoints.objects.filter(panelist=panelist, unit=unit_id, field_code=field_code).first()
    if (row.version if row else 0) != version:
        raise RecordMoved("您在另一个窗口中改过这项评分，请刷新后再改。")
    if row and round_.scored_at:
        raise RecordMoved("已经计分，各人的评分已封存，不能再改。确有错误的，在事实确认期内通过申诉更正。")
    row = row or PanelPoints(panelist=panelist, unit=found.unit, field_code=field_code, version=0)
    row.value, row.reason, row.given_at = value, reason.strip(), at
    row.version += 1
    row.save()
    _save(round_)
    record(actor, "assessment.panel_judge", row, at=at, round=round_.pk, unit=unit_id, field=field_code)
    return row


def _save(round_: Round) -> None:
    round_.version += 1
    round_.save(update_fields=["status", "version"])
