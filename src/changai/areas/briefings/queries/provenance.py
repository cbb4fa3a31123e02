"""The way from a printed figure to the records: figure -> score -> indicator -> fact -> report -> sent."""

from collections.abc import Mapping
from typing import Any

from changai.areas.assessments.models import LeafScore, ReviewedPoints
from changai.areas.briefings.models import FrozenFigure
from changai.areas.facts.models import Fact
from changai.areas.reporting.models import Submission
from changai.areas.tasks.models import Claim


def figure_paths(figure: FrozenFigure) -> dict[str, Any]:
    """Return a frozen figure with every record under it, down to what was sent and who accepted it."""
    return {
        "key": figure.key,
        "name": figure.name,
        "printed": figure.printed,
        "definition": figure.definition,
        "formula": figure.formula,
        "as_of": figure.as_of.isoformat(),
        "records": [{**row, "from": _below(row)} for row in figure.records],
    }


def _below(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    if row["type"] == "assessments.score":
        return [_leaf(leaf) for leaf in LeafScore.objects.filter(score_id=row["id"])]
    if row["type"] == "facts.fact":
        return [_origin(fact) for fact in Fact.objects.filter(pk=row["id"])]
    if row["type"] == "reporting.report":
        return _submissions(row["id"])
    if row["type"] == "tasks.claim":
        return [
            _measure(claim) for claim in Claim.objects.filter(pk=row["id"]).select_related("measure__plan")
        ]
    return []


def _leaf(leaf: LeafScore) -> dict[str, Any]:
    fact_ids = [number for row in leaf.inputs for number in row["facts"]]
    judged = [row["reviewed"] for row in leaf.inputs if row["reviewed"]]
    return {
        "type": "assessments.leaf",
        "id": leaf.pk,
        "label": f"{leaf.code} {leaf.name}",
        "value": f"{leaf.points_hundredths / 100:.2f}",
        "sentence": leaf.sentence,
        "from": [_fact(fact) for fact in Fact.objects.filter(pk__in=fact_ids)]
        + [_judgement(row) for row in ReviewedPoints.objects.filter(pk__in=judged)],
    }


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "type": "facts.fact",
        "id": fact.pk,
        "label": f"{fact.field_id} {fact.month:%Y-%m}",
        "value": None if fact.value is None else f"{fact.value.normalize():f}",
        "status": fact.status,
        "from": [_origin(fact)],
    }


def _origin(fact: Fact) -> dict[str, Any]:
    return {
        "type": fact.origin_type,
        "id": fact.origin_id,
        "label": fact.origin_label,
        "accepted_by": fact.accepted_by_name,
        "accepted_at": fact.accepted_at.isoformat(),
        "from": _submissions(int(fact.origin_id)) if fact.origin_type == "reporting.report" else [],
    }


def _judgement(row: ReviewedPoints) -> dict[str, Any]:
    return {
        "type": "assessments.reviewedpoints",
        "id": row.pk,
        "label": row.reason,
        "value": f"{row.value.normalize():f}",
        "accepted_by": row.reviewed_by_name,
        "accepted_at": row.reviewed_at.isoformat(),
    }


def _submissions(report_id: int) -> list[dict[str, Any]]:
    return [
        {
            "type": "reporting.submission",
            "id": sent.pk,
            "label": f"第 {sent.number} 次报送",
            "digest": sent.digest,
            "sent_by": sent.sent_by_name,
            "sent_at": sent.sent_at.isoformat(),
            "outcome": sent.outcome,
        }
        for sent in Submission.objects.filter(report_id=report_id)
    ]


def _measure(claim: Claim) -> dict[str, Any]:
    return {
        "type": "plans.measure",
        "id": claim.measure_id,
        "label": f"{claim.measure.code} {claim.measure.text}",
        "plan": claim.measure.plan.name,
        "digest": claim.measure.plan.source_digest,
    }
