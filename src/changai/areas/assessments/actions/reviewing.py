"""归口审核: the owner of the figures confirms or doubts each indicator of each unit; the office settles doubts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from changai.areas.assessments.actions._correcting import checked_reason
from changai.areas.assessments.actions._keeping import settle
from changai.areas.assessments.actions._steps import locked, locked_for_all, move_on
from changai.areas.assessments.models import LeafOwner, LeafReview, Round
from changai.areas.assessments.policies import is_own, require, require_leaf_owner
from changai.areas.assessments.queries import assessed_units, item_name
from changai.areas.organisations.queries import unit_by_id
from changai.core.errors import Invalid, NotAllowed, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify
from changai.foundation.versions import require_version

_OVER = "审核已经结束，或数据还没有冻结，请刷新页面查看进展。"


@dataclass(frozen=True)
class Verdict:
    """What the owner says of one unit; `version` is that of the earlier verdict, 0 for the first."""

    unit_id: int
    is_confirmed: bool
    reason: str = ""
    version: int = 0


@dataclass(frozen=True)
class SiteFinding:
    """What a verification on site says of one indicator of one unit, and the record it comes from.

    `origin_type` and `origin_id` name the record, such as `inspections.finding` 12.
    """

    unit_id: int
    code: str
    agrees: bool
    remark: str
    origin_type: str
    origin_id: str
    origin_label: str


@action("assessment.review")
def review_figures(
    actor: Actor, round_id: int, code: str, *, verdicts: Sequence[Verdict], at: datetime
) -> list[LeafReview]:
    """Confirm or doubt the figures of one indicator for several units; never for the own one.

    :raises NotAllowed: to anybody but the owner, and for the owner's own unit
    :raises Invalid: for a doubt without a reason
    :raises RecordMoved: when a colleague judged meanwhile, or the review is over
    """
    round_ = locked_for_all(round_id)
    owner = LeafOwner.objects.filter(round=round_, code=code).select_related("unit").first()
    require_leaf_owner(actor, owner)
    move_on(round_, "review", _OVER)
    units = {unit.pk: unit for unit in assessed_units(round_)}
    kept = []
    for verdict in verdicts:
        unit = units.get(verdict.unit_id)
        if unit is None:
            raise Invalid("有单位不是这次考核的对象，请刷新页面。")
        if is_own(actor, unit):
            raise NotAllowed("不能审核本单位的数据，请由办公室审核。")
        kept.append(_kept(actor, round_, code, verdict, at=at))
    record(actor, "assessment.review", round_, at=at, code=code, units=[row.unit_id for row in kept])
    return kept


def _kept(actor: Actor, round_: Round, code: str, verdict: Verdict, *, at: datetime) -> LeafReview:
    reason = verdict.reason.strip() if verdict.is_confirmed else checked_reason(verdict.reason)
    row = LeafReview.objects.filter(round=round_, unit=verdict.unit_id, code=code, origin_type="").first()
    if (row.version if row else 0) != verdict.version:
        told = f"{row.reviewed_by_name}已审核为“{row.get_verdict_display()}”" if row else "原审核已撤销"
        raise RecordMoved(f"{told}，您的审核没有保存，请刷新后再审核。")
    row = row or LeafReview(round=round_, unit_id=verdict.unit_id, code=code, version=0)
    row.verdict = LeafReview.Verdict.CONFIRMED if verdict.is_confirmed else LeafReview.Verdict.DOUBTED
    row.reason, row.reviewed_by_id, row.reviewed_by_name = reason, actor.person_id, actor.name
    row.reviewed_at, row.settled_at, row.settlement = at, None, ""
    row.version += 1
    row.save()
    return row


@action("assessment.verify")
def take_verification(actor: Actor, round_id: int, finding: SiteFinding, *, at: datetime) -> LeafReview:
    """Take the result of a verification on site for one indicator of one unit, with the record it comes from.

    The area that verifies calls this in its own transaction. What differs is a doubt that the office settles; points
    never change by it. The same record again replaces what it said before.

    :raises RecordMoved: when the round is past its review
    :raises Invalid: for an indicator the table does not have, or a unit that is not assessed
    """
    round_ = locked_for_all(round_id)
    require(actor, "assessment.verify")
    move_on(round_, "review", _OVER)
    if not item_name(round_, finding.code):
        raise Invalid("核验的指标不在这张指标表中。")
    unit = next((each for each in assessed_units(round_) if each.pk == finding.unit_id), None)
    if unit is None:
        raise Invalid("核验的单位不是这次考核的对象，结果不能转入。")
    verdict = LeafReview.Verdict.CONFIRMED if finding.agrees else LeafReview.Verdict.DOUBTED
    row, _new = LeafReview.objects.update_or_create(
        round=round_, unit=unit, code=finding.code,
        origin_type=finding.origin_type, origin_id=finding.origin_id,
        defaults={
            "verdict": verdict, "reason": finding.remark.strip(), "origin_label": finding.origin_label,
            "reviewed_by_id": actor.person_id, "reviewed_by_name": actor.name, "reviewed_at": at,
            "settled_at": None, "settlement": "",
        },
    )  # fmt: skip
    record(actor, "assessment.verify", row, at=at, agrees=finding.agrees, origin=finding.origin_type)
    return row


@action("assessment.settle_doubt")
def settle_doubt(actor: Actor, review_id: int, *, settlement: str, version: int, at: datetime) -> LeafReview:
    """Settle a doubt in words: the figure stands. A figure that is wrong is corrected instead.

    :raises Invalid: without words
    :raises RecordMoved: when it is settled or the verdict changed meanwhile
    """
    round_id = LeafReview.objects.filter(pk=review_id).values_list("round_id", flat=True).first()
    round_ = locked(actor, round_id or 0, "assessment.run")
    move_on(round_, "review", _OVER)
    row = LeafReview.objects.select_for_update().get(pk=review_id)
    require_version(row, version)
    if not row.is_open_doubt:
        raise RecordMoved("这项疑问已经办结。")
    settle(row, checked_reason(settlement), by=actor.name, at=at)
    record(actor, "assessment.settle_doubt", row, at=at)
    return row


@action("assessment.assign_owner")
def assign_owner(actor: Actor, round_id: int, code: str, *, unit_id: int | None, at: datetime) -> LeafOwner:
    """Let another unit, or with None the office, confirm the figures of an indicator.

    :raises RecordMoved: when the review is over
    """
    round_ = locked(actor, round_id, "assessment.run")
    owner = LeafOwner.objects.select_for_update().filter(round=round_, code=code).first()
    if owner is None or round_.status not in {Round.Status.OPEN, Round.Status.CHECKING, Round.Status.SCORED}:
        raise RecordMoved(_OVER)
    unit = unit_by_id(unit_id) if unit_id else None
    owner.unit, owner.named = unit, unit.short_name if unit else ""
    owner.save(update_fields=["unit", "named"])
    record(actor, "assessment.assign_owner", owner, at=at, code=code, unit=unit_id)
    if unit and round_.frozen_at:
        notify(
            f"请审核{round_.name}“{owner.name}”的数据。",
            at=at,
            unit_id=unit.pk,
            link=f"/assessments/{round_.pk}/review/",
        )
    return owner
