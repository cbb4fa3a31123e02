"""Open a round, judge, score, publish."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from changai.areas.assessments.models import LeafScore, ReviewedPoints, Round, Score
from changai.areas.assessments.policies import require, require_judge_of
from changai.areas.assessments.queries import assessed_units, facts_of, judgements, round_for
from changai.areas.assessments.rules import next_status
from changai.areas.facts.queries import gathered
from changai.areas.organisations.models import Unit
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.queries import scheme_of, version_for
from changai.areas.schemes.rules import reviewed_fields
from changai.core import scoring
from changai.core.errors import Invalid, RecordMoved
from changai.core.periods import Month
from changai.core.scoring.statuses import Status
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
    """
    require(actor, "assessment.run")
    version = version_for(actor, scheme_id)
    if version.status != SchemeVersion.Status.ISSUED:
        raise Invalid("只有已印发的指标体系才能用于考核，请先印发。")
    if category not in scheme_of(version).tables:
        raise Invalid(f"指标体系“{version.name}”中没有“{category}”这张指标表。")
    if last < first:
        raise Invalid("截止月份早于起始月份，请重新选择。")
    round_ = Round(
        scheme=version,
        category=category,
        name=name.strip() or f"{last.label}{category}考核",
        first_month=first.first_on,
        last_month=last.first_on,
        opened_at=at,
    )
    if not assessed_units(round_):
        raise Invalid(f"没有找到“{category}”类的考核对象，请先在组织机构中设置同名分组。")
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

    :raises Invalid: without a reason, or outside the allowed points
    :raises RecordMoved: when somebody else judged it meanwhile, or the result is published
    """
    round_ = _moved(_locked(actor, round_id), "judge", "考核结果已公布，不能再修改核定得分。")
    found = {(item.unit.pk, item.field): item for item in judgements(round_)}.get((unit_id, field_code))
    if found is None:
        raise Invalid("该单位没有这项人工核定指标，请刷新页面。")
    require_judge_of(actor, found.unit)
    _check_judgement(found.leaf, value, reason)
    if (found.given.version if found.given else 0) != version:
        given = found.given
        told = (
            f"{given.reviewed_by_name} 已核定为 {given.value.normalize():f} 分"
            if given
            else "该项核定已被撤销"
        )
        raise RecordMoved(f"{told}，您的修改没有保存。请刷新后再核定。")
    row = found.given or ReviewedPoints(round=round_, unit=found.unit, field_code=field_code, version=0)
    row.value, row.reason = value, reason.strip()
    row.reviewed_by_name, row.reviewed_at = actor.name, at
    row.version += 1
    row.save()
    round_.version += 1
    round_.save(update_fields=["status", "version"])
    record(actor, "assessment.judge", row, at=at, round=round_.pk, unit=unit_id, field=field_code)
    return row


def _check_judgement(leaf: scoring.Node, value: Decimal, reason: str) -> None:
    if len(reason.strip()) < 4:
        raise Invalid("请写明核定理由（不少于 4 个字），被考核单位会看到。")
    span = leaf.rule.span(leaf.points) if leaf.rule else None
    if value.as_tuple().exponent not in {0, -1, -2}:
        raise Invalid("核定得分最多两位小数。")
    if span is None or not (span.lowest or 0) <= value <= (
        leaf.points if span.highest is None else span.highest
    ):
        raise Invalid(
            f"“{leaf.name}”的核定得分应在允许范围内（满分 {float(leaf.points):g} 分），现为 {value}。"
        )


@action("assessment.score")
def score_round(actor: Actor, round_id: int, *, version: int, at: datetime) -> Round:
    """Freeze the facts of the round's months, score them and keep points, ranks and sentences.

    Scoring again before publication starts from fresh facts.

    :raises RecordMoved: when the round was published or changed meanwhile
    """
    require(actor, "assessment.run")
    round_ = _locked(actor, round_id)
    _check_version(round_, version)
    _moved(round_, "score", "考核结果已公布，不能重新计分。")
    scheme = scheme_of(round_.scheme)
    units = assessed_units(round_)
    frozen = _freeze(round_, scheme.tables[round_.category], units)
    card = scoring.score(scheme, round_.category, facts_of(frozen, [unit.code for unit in units]))
    round_.frozen_facts = frozen
    round_.result, round_.result_digest = card.result(), card.digest
    round_.scored_at = at
    round_.version += 1
    round_.save()
    _keep_scores(round_, card, units, frozen)
    record(actor, "assessment.score", round_, at=at, result=card.digest)
    return round_


@action("assessment.publish")
def publish_round(actor: Actor, round_id: int, *, version: int, at: datetime) -> Round:
    """Publish a result: units see it from now on and it can no longer change.

    :raises Invalid: when a judged item is still open
    """
    require(actor, "assessment.publish")
    round_ = _locked(actor, round_id)
    _check_version(round_, version)
    waiting = sum(item.given is None for item in judgements(round_))
    if waiting:
        raise Invalid(f"还有 {waiting} 项人工核定没有完成，请全部核定并重新计分后再公布。")
    _moved(round_, "publish", "请先计分，再公布结果。")
    round_.published_at, round_.published_by_name = at, actor.name
    round_.version += 1
    round_.save()
    for score in round_.scores.select_related("unit"):
        notify(
            f"{round_.name}结果已公布，请查看本单位得分及说明。",
            at=at,
            unit_id=score.unit_id,
            link=f"/assessments/scores/{score.pk}/",
        )
    record(actor, "assessment.publish", round_, at=at, result=round_.result_digest)
    return round_


def _locked(actor: Actor, round_id: int) -> Round:
    round_for(actor, round_id)
    return Round.objects.select_for_update().get(pk=round_id)


def _check_version(round_: Round, version: int) -> None:
    if round_.version != version:
        raise RecordMoved(f"“{round_.name}”刚刚被他人更新，请刷新后再操作。")


def _moved(round_: Round, move: str, otherwise: str) -> Round:
    status = next_status(round_.status, move)
    if status is None:
        raise RecordMoved(otherwise)
    round_.status = status
    return round_


def _freeze(round_: Round, table: scoring.Table, units: list[Unit]) -> list[dict[str, Any]]:
    judged = set(reviewed_fields(table))
    codes = [code for code in table.fields() if code not in judged]
    figures = gathered(
        [unit.pk for unit in units], codes, Month.of(round_.first_month), Month.of(round_.last_month)
    )
    given = {(row.unit_id, row.field_code): row for row in round_.reviewed.all()}
    rows: list[dict[str, Any]] = []
    for unit in units:
        rows += [_frozen_fact(unit, code, figures.get((unit.pk, code))) for code in codes]
        rows += [_frozen_judgement(unit, code, given.get((unit.pk, code))) for code in sorted(judged)]
    return rows


def _frozen_fact(unit: Unit, code: str, figure: Any) -> dict[str, Any]:
    return {
        "unit": unit.code,
        "field": code,
        "value": None if figure is None or figure.value is None else f"{figure.value.normalize():f}",
        "status": str(figure.status) if figure else str(Status.NOT_REPORTED),
        "note": "",
        "facts": list(figure.fact_ids) if figure else [],
        "reviewed": None,
    }


def _frozen_judgement(unit: Unit, code: str, given: ReviewedPoints | None) -> dict[str, Any]:
    return {
        "unit": unit.code,
        "field": code,
        "value": f"{given.value.normalize():f}" if given else None,
        "status": str(Status.REPORTED if given else Status.PENDING),
        "note": given.reason if given else "",
        "facts": [],
        "reviewed": given.pk if given else None,
    }


def _keep_scores(
    round_: Round, card: scoring.Scorecard, units: list[Unit], frozen: list[dict[str, Any]]
) -> None:
    round_.scores.all().delete()
    by_place = {(row["unit"], row["field"]): row for row in frozen}
    leaves: list[LeafScore] = []
    for unit in units:
        row = card.of(unit.code)
        score = Score.objects.create(
            round=round_,
            unit=unit,
            total_hundredths=row.total,
            regular_hundredths=row.regular,
            bonus_hundredths=row.bonus,
            penalty_hundredths=row.penalty,
            rank=row.rank,
            grade=row.grade or "",
            grade_reason=row.grade_reason or "",
        )
        leaves += [
            _leaf(score, place, leaf, unit, by_place)
            for place, leaf in enumerate((*card.leaves(unit.code), *card.adjustments(unit.code)), start=1)
        ]
    LeafScore.objects.bulk_create(leaves)


def _leaf(
    score: Score, place: int, leaf: Any, unit: Unit, frozen: dict[tuple[str, str], dict[str, Any]]
) -> LeafScore:
    return LeafScore(
        score=score,
        code=leaf.code,
        name=leaf.name,
        position=place,
        points_hundredths=leaf.points,
        full_hundredths=leaf.full,
        status=str(leaf.status),
        sentence=leaf.sentence("zh"),
        sentence_en=leaf.sentence("en"),
        inputs=[frozen[unit.code, fact.field] for fact in leaf.facts if (unit.code, fact.field) in frozen],
    )
