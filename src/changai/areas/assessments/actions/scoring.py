"""Freeze the facts of a round and score them."""

from collections.abc import Sequence
from datetime import datetime

from changai.areas.assessments.actions._steps import check_version, locked, move_on
from changai.areas.assessments.models import LeafScore, Round, Score
from changai.areas.assessments.queries import (
    assessed_units,
    by_unit,
    card_of,
    frozen_now,
    kept_leaves,
    kept_score,
)
from changai.areas.organisations.models import Unit
from changai.areas.schemes.queries import scheme_of
from changai.core import scoring
from changai.core.errors import Invalid
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record


@action("assessment.score")
def score_round(actor: Actor, round_id: int, *, version: int, at: datetime) -> Round:
    """Freeze the facts of the round's months, score them and keep points, ranks and sentences.

    Scoring again before publication starts from fresh facts.

    :raises RecordMoved: when the round was published or changed meanwhile
    :raises Invalid: when there is nobody to assess, or an accepted figure cannot be what its rule takes it for
    """
    round_ = locked(actor, round_id, "assessment.run")
    check_version(round_, version)
    move_on(round_, "score", "考核结果已公布，不能重新计分。")
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
