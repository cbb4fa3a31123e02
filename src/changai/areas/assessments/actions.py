"""Open a round, judge, score, publish."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from changai.areas.assessments.models import LeafScore, ReviewedPoints, Round, Score
from changai.areas.assessments.policies import require, require_judge_of
from changai.areas.assessments.queries import (
    assessed_units,
    by_unit,
    card_of,
    frozen_now,
    going_on,
    judgement_of,
    judgements,
    kept_leaves,
    kept_score,
    round_for,
)
from changai.areas.assessments.rules import LONGEST_NAME, LONGEST_REASON, SHORTEST_REASON, next_status
from changai.areas.organisations.models import Unit
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.queries import scheme_of, version_for
from changai.areas.schemes.rules import JudgedItem
from changai.core import scoring
from changai.core.errors import Invalid, RecordMoved
from changai.core.periods import Month
from changai.core.scoring.decimals import show
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify


@action("assessment.open")
def open_round(
    actor: Actor, scheme_id: int, *, category: str, name: str, first: Month, last: Month, at: datetime
) -> Round:
    """Open a round of an issued scheme's table over the months `first` to `last`.

    :raises Invalid: when the scheme is not issued or lacks the table, or nobody is to be assessed
    :raises RecordMoved: when a round by this table over these months is under way
    """
    require(actor, "assessment.run")
    version = version_for(actor, scheme_id)
    if version.status != SchemeVersion.Status.ISSUED:
        raise Invalid("只有已印发的指标体系才能用于考核，请先印发。")
    if category not in scheme_of(version).tables:
        raise Invalid(f"指标体系“{version.name}”中没有“{category}”这张指标表。")
    if last < first:
        raise Invalid("截止月份早于起始月份，请重新选择。")
    name = name.strip() or f"{last.label}{category}考核"
    if len(name) > LONGEST_NAME:
        raise Invalid(f"名称不能超过 {LONGEST_NAME} 个字。")
    round_ = Round(
        scheme=version,
        category=category,
        name=name,
        first_month=first.first_on,
        last_month=last.first_on,
        opened_at=at,
    )
    if not assessed_units(round_):
        raise Invalid(f"没有找到“{category}”类的考核对象，请先在组织机构中设置同名分组。")
    if going_on(round_).exists():
        raise RecordMoved("这张指标表在同一时段已有进行中的考核，请直接使用，不必重复开启。")
    round_.save()
    record(actor, "assessment.open", round_, at=at, scheme=version.digest, category=category)
    return round_


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
    round_ = _locked(actor, round_id, "assessment.review")
    _move(round_, "judge", "考核结果已公布，不能再修改核定得分。")
    found = judgement_of(round_, unit_id, field_code)
    if found is None:
        raise Invalid("该单位没有这项人工核定指标，请刷新页面。")
    require_judge_of(actor, found.unit)
    _check_judgement(found.leaf, value, reason)
    _check_earlier(found.given, version)
    row = found.given or ReviewedPoints(round=round_, unit=found.unit, field_code=field_code, version=0)
    row.value, row.reason = value, reason.strip()
    row.reviewed_by_name, row.reviewed_at = actor.name, at
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


def _check_judgement(item: JudgedItem, value: Decimal, reason: str) -> None:
    if not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        raise Invalid(f"请写明核定理由（{SHORTEST_REASON} 至 {LONGEST_REASON} 个字），被考核单位会看到。")
    if not value.is_finite() or value.as_tuple().exponent not in {0, -1, -2}:
        raise Invalid("核定得分最多两位小数。")
    if not item.lowest <= value <= item.highest:
        raise Invalid(
            f"“{item.name}”的核定得分应在 {show(item.lowest)} 至 {show(item.highest)} 分之间，现为 {value}。"
        )


@action("assessment.score")
def score_round(actor: Actor, round_id: int, *, version: int, at: datetime) -> Round:
    """Freeze the facts of the round's months, score them and keep points, ranks and sentences.

    Scoring again before publication starts from fresh facts.

    :raises RecordMoved: when the round was published or changed meanwhile
    :raises Invalid: when there is nobody to assess, or an accepted figure cannot be what its rule takes it for
    """
    round_ = _locked(actor, round_id, "assessment.run")
    _check_version(round_, version)
    _move(round_, "score", "考核结果已公布，不能重新计分。")
    units = assessed_units(round_)
    if not units:
        raise Invalid(f"没有找到“{round_.category}”类的考核对象，请先在组织机构中设置同名分组。")
    frozen = frozen_now(round_, units)
    try:
        card = card_of(round_, frozen)
    except scoring.FactsRefused as refused:
        raise Invalid(
            "有数据不符合评分规则的要求，没有计分。请先核实更正。",
            faults=tuple(
                _fault(finding, units, scheme_of(round_.scheme).labels) for finding in refused.findings
            ),
        ) from refused
    round_.frozen_facts = frozen
    round_.result, round_.result_digest = card.result(), card.digest
    round_.scored_at = at
    round_.version += 1
    round_.save()
    _keep_scores(round_, card, units)
    record(actor, "assessment.score", round_, at=at, result=card.digest)
    return round_


def _fault(finding: scoring.Finding, units: Sequence[Unit], labels: dict[str, str]) -> str:
    names = {unit.code: unit.name for unit in units}
    coded = f"{finding.unit}的“{finding.field}”"
    named = f"{names.get(finding.unit, finding.unit)}的“{labels.get(finding.field, finding.field)}”"
    return finding.message().replace(coded, named, 1)


@action("assessment.publish")
def publish_round(actor: Actor, round_id: int, *, version: int, at: datetime) -> Round:
    """Publish a result: units see it from now on and it can no longer change.

    :raises Invalid: when a judged item is still open, or other units are to be assessed than were scored
    :raises RecordMoved: when the round changed meanwhile, or its result is out of date or published
    """
    round_ = _locked(actor, round_id, "assessment.publish")
    _check_version(round_, version)
    _check_complete(round_)
    _move(round_, "publish", "考核结果已经公布过了。" if round_.published_at else "请先计分，再公布结果。")
    round_.published_at, round_.published_by_name = at, actor.name
    round_.version += 1
    round_.save(update_fields=["status", "published_at", "published_by_name", "version"])
    for score in round_.scores.all():
        notify(
            f"{round_.name}结果已公布，请查看本单位得分及说明。",
            at=at,
            unit_id=score.unit_id,
            link=f"/assessments/scores/{score.pk}/",
        )
    record(actor, "assessment.publish", round_, at=at, result=round_.result_digest)
    return round_


@action("assessment.drop")
def drop_round(actor: Actor, round_id: int, *, version: int, reason: str, at: datetime) -> Round:
    """Take back a round that was opened by mistake; nobody sees it any more, the audit log keeps it.

    :raises Invalid: without a reason
    :raises RecordMoved: when it changed meanwhile, or its result is published
    """
    round_ = _locked(actor, round_id, "assessment.run")
    if not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        raise Invalid(f"请写明作废原因（{SHORTEST_REASON} 至 {LONGEST_REASON} 个字）。")
    _check_version(round_, version)
    _move(round_, "drop", "考核结果已公布，不能作废。")
    round_.version += 1
    round_.save(update_fields=["status", "version"])
    record(actor, "assessment.drop", round_, at=at, reason=reason.strip())
    return round_


def _check_complete(round_: Round) -> None:
    waiting = sum(item.given is None for item in judgements(round_))
    if waiting:
        raise Invalid(f"还有 {waiting} 项人工核定没有完成，请全部核定并重新计分后再公布。")
    scored = set(round_.scores.values_list("unit_id", flat=True))
    if round_.scored_at and scored != {unit.pk for unit in assessed_units(round_)}:
        raise Invalid("计分后考核对象有增减，请重新计分后再公布。")


def _locked(actor: Actor, round_id: int, permission: str) -> Round:
    round_for(actor, round_id)
    require(actor, permission)
    return Round.objects.select_for_update(of=("self",)).select_related("scheme").get(pk=round_id)


def _check_version(round_: Round, version: int) -> None:
    if round_.version != version:
        raise RecordMoved(f"“{round_.name}”刚刚被他人更新，请刷新后再操作。")


def _move(round_: Round, move: str, otherwise: str) -> None:
    status = next_status(round_.status, move)
    if status is None:
        raise RecordMoved(otherwise)
    round_.status = status


def _keep_scores(round_: Round, card: scoring.Scorecard, units: Sequence[Unit]) -> None:
    round_.scores.all().delete()
    scores = Score.objects.bulk_create(
        Score(round=round_, unit=unit, **kept_score(card, unit.code)) for unit in units
    )
    frozen = by_unit(round_.frozen_facts)
    LeafScore.objects.bulk_create(
        LeafScore(score=score, **columns)
        for score in scores
        for columns in kept_leaves(card, score.unit.code, frozen.get(score.unit.code, []))
    )
