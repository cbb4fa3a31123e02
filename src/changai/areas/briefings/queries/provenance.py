"""The way from a printed figure to the records: figure -> score -> indicator -> fact -> report -> sent.

Everything under a set of records is read in one go for each kind of row, never row by row.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from changai.areas.assessments.models import LeafScore, ReviewedPoints, Score
from changai.areas.assessments.queries import scores_visible_to
from changai.areas.assessments.queries import visible_to as rounds_visible_to
from changai.areas.briefings.models import FrozenFigure
from changai.areas.facts import queries as facts
from changai.areas.facts.models import Fact
from changai.areas.reporting import queries as reporting
from changai.areas.reporting.models import FigureLine, Obligation, Report, Submission, TaskLine
from changai.areas.schemes.models import Answer, Comment
from changai.areas.schemes.queries import consulting
from changai.areas.tasks import queries as tasks
from changai.areas.tasks.models import Claim
from changai.core.errors import NotVisible
from changai.core.periods import Month
from changai.foundation.actors import Actor

Row = Mapping[str, Any]
Node = dict[str, Any]


def figure_paths(figure: FrozenFigure) -> Node:
    """Return a frozen figure with every record under it, down to what was sent and who accepted it."""
    below = _Below(figure.records)
    return {
        "key": figure.key,
        "name": figure.name,
        "printed": figure.printed,
        "definition": figure.definition,
        "formula": figure.formula,
        "as_of": figure.as_of.isoformat(),
        "records": [{**row, "from": below.under(row)} for row in figure.records],
    }


def record_path(actor: Actor, figure: FrozenFigure, place: int) -> Node:
    """Return the record at a place (from 1) of a frozen figure, with everything under it.

    :raises NotVisible: when there is none at the place, or none for this actor
    """
    if not 1 <= place <= len(figure.records):
        raise NotVisible
    row = figure.records[place - 1]
    if (row["type"], row["id"]) not in openable(actor, [row]):
        raise NotVisible("您可以看到这个数据，但无权查看这条明细。")
    return {**row, "from": _Below([row]).under(row)}


def openable(actor: Actor, rows: Iterable[Row]) -> set[tuple[str, int]]:
    """Return (type, id) of the records that the actor may open."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        wanted[row["type"]].add(row["id"])
    return {
        (kind, found)
        for kind, ids in wanted.items()
        for found in _visible(actor, kind, ids).filter(pk__in=ids).order_by().values_list("pk", flat=True)
    }


def _visible(actor: Actor, kind: str, ids: set[int]) -> QuerySet[Any]:
    match kind:
        case "facts.fact":
            return facts.visible_to(actor)
        case "reporting.report":
            return reporting.visible_to(actor)
        case "tasks.claim":
            return tasks.visible_to(actor)
        case "assessments.score":
            return _scores_visible_to(actor, ids)
        case "assessments.leaf":
            scores = set(LeafScore.objects.filter(pk__in=ids).values_list("score_id", flat=True))
            return LeafScore.objects.filter(score__in=_scores_visible_to(actor, scores))
        case "schemes.answer":
            return consulting.answers_visible_to(actor)
        case "schemes.comment":
            return consulting.comments_visible_to(actor)
    raise ValueError(f"no record is of the type {kind!r}")


def _scores_visible_to(actor: Actor, ids: set[int]) -> QuerySet[Score]:
    reached = Score.objects.none()
    for round_ in rounds_visible_to(actor).filter(scores__in=ids).distinct():
        reached |= scores_visible_to(actor, round_)
    return reached


class _Below:
    """What lies under a set of records."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.ids: dict[str, set[int]] = defaultdict(set)
        for row in rows:
            self.ids[row["type"]].add(row["id"])

    def under(self, row: Row) -> list[Node]:
        """Return the nodes directly under a record, each with its own under `from`."""
        match row["type"]:
            case "assessments.score":
                return [self._leaf(leaf) for leaf in self._leaves[row["id"]]]
            case "assessments.leaf":
                return list(self._leaf(self._single_leaves[row["id"]])["from"])
            case "facts.fact":
                return [self._origin(self._facts[row["id"]])]
            case "reporting.report":
                return self._sent(row["id"])
            case "tasks.claim":
                return self._claim(self._claims[row["id"]])
            case "schemes.comment":
                return [_decision(self._comments[row["id"]])]
            case "schemes.answer":
                return [_answer(self._answers[row["id"]])]
        return []

    # -- what is read, each kind once

    @cached_property
    def _leaves(self) -> Mapping[int, list[LeafScore]]:
        return _grouped(LeafScore.objects.filter(score__in=self.ids["assessments.score"]), "score_id")

    @cached_property
    def _single_leaves(self) -> Mapping[int, LeafScore]:
        return LeafScore.objects.in_bulk(self.ids["assessments.leaf"])

    @cached_property
    def _inputs(self) -> list[Row]:
        leaves = [leaf for leaves in self._leaves.values() for leaf in leaves]
        return [row for leaf in (*leaves, *self._single_leaves.values()) for row in leaf.inputs]

    @cached_property
    def _facts(self) -> Mapping[int, Fact]:
        wanted = self.ids["facts.fact"] | {number for row in self._inputs for number in row["facts"]}
        return Fact.objects.select_related("field", "unit").in_bulk(wanted)

    @cached_property
    def _judgements(self) -> Mapping[int, ReviewedPoints]:
        return ReviewedPoints.objects.in_bulk({row["reviewed"] for row in self._inputs if row["reviewed"]})

    @cached_property
    def _obligations(self) -> Mapping[int, Obligation]:
        return Obligation.objects.select_related("report").in_bulk(self._origins("reporting.record"))

    @cached_property
    def _lines(self) -> Mapping[tuple[int, int], FigureLine]:
        lines = FigureLine.objects.filter(report__in=self._origins("reporting.report"))
        return {(line.report_id, line.field_id): line for line in lines.prefetch_related("evidence")}

    @cached_property
    def _claims(self) -> Mapping[int, Claim]:
        return Claim.objects.select_related("measure__plan").in_bulk(self.ids["tasks.claim"])

    @cached_property
    def _comments(self) -> Mapping[int, Comment]:
        rows = Comment.objects.select_related("answer__consultation__scheme", "merged_into")
        return rows.in_bulk(self.ids["schemes.comment"])

    @cached_property
    def _answers(self) -> Mapping[int, Answer]:
        return Answer.objects.select_related("consultation__scheme").in_bulk(self.ids["schemes.answer"])

    @cached_property
    def _completions(self) -> Mapping[int, list[TaskLine]]:
        """Accepted lines that brought a claim to its end, by claim, the first month first."""
        lines = TaskLine.objects.filter(
            claim__in=self.ids["tasks.claim"],
            claim__completed_on__isnull=False,
            percent=100,
            report__status=Report.Status.ACCEPTED,
        )
        ordered = lines.select_related("report__obligation__period").order_by(
            "report__obligation__period__month", "pk"
        )
        return _grouped(ordered, "claim_id")

    @cached_property
    def _submissions(self) -> Mapping[int, list[Submission]]:
        reports = self.ids["reporting.report"] | self._origins("reporting.report")
        reports |= {obligation.report.pk for obligation in self._obligations.values()}
        reports |= {line.report_id for lines in self._completions.values() for line in lines[:1]}
        return _grouped(Submission.objects.filter(report__in=reports).defer("content"), "report_id")

    def _origins(self, kind: str) -> set[int]:
        return {int(fact.origin_id) for fact in self._facts.values() if fact.origin_type == kind}

    # -- nodes

    def _leaf(self, leaf: LeafScore) -> Node:
        used = [number for row in leaf.inputs for number in row["facts"]]
        judged = [row["reviewed"] for row in leaf.inputs if row["reviewed"]]
        return {
            "type": "assessments.leaf",
            "id": leaf.pk,
            "label": f"{leaf.code} {leaf.name}",
            "value": f"{leaf.points_hundredths / 100:.2f}",
            "sentence": leaf.sentence,
            "from": [self._fact(self._facts[number]) for number in dict.fromkeys(used)]
            + [_judgement(self._judgements[number]) for number in judged],
        }

    def _fact(self, fact: Fact) -> Node:
        unit = fact.field.unit_of_measure
        return {
            "type": "facts.fact",
            "id": fact.pk,
            "label": f"{fact.field.name} {Month.of(fact.month).label}",
            "value": "" if fact.value is None else f"{fact.value.normalize():f}{unit}",
            "status": fact.status,
            "sentence": "" if fact.value is not None else str(fact.get_status_display()),
            "address": reverse("facts:fact", args=[fact.pk]),
            "from": [self._origin(fact)],
        }

    def _origin(self, fact: Fact) -> Node:
        node: Node = {
            "type": fact.origin_type,
            "id": fact.origin_id,
            "label": fact.origin_label,
            "accepted_by": fact.accepted_by_name,
            "accepted_at": fact.accepted_at.isoformat(),
            "from": [],
        }
        if fact.origin_type == "reporting.report":
            node |= self._report_origin(fact, int(fact.origin_id))
        if fact.origin_type == "reporting.record":
            obligation = self._obligations[int(fact.origin_id)]
            node["address"] = reverse("reporting:record", args=[obligation.pk])
            node["from"] = self._sent(obligation.report.pk)
        return node

    def _report_origin(self, fact: Fact, report_id: int) -> Node:
        line = self._lines.get((report_id, fact.field_id))
        node: Node = {"address": reverse("reporting:report", args=[report_id]), "from": self._sent(report_id)}
        if line is not None:
            node["sentence"] = line.prefilled_from
            node["from"] = [*map(_evidence, line.evidence.all()), *node["from"]]
        return node

    def _sent(self, report_id: int) -> list[Node]:
        return [
            {
                "type": "reporting.submission",
                "id": sent.pk,
                "label": f"第 {sent.number} 次报送",
                "digest": sent.digest,
                "sent_by": sent.sent_by_name,
                "sent_at": sent.sent_at.isoformat(),
                "outcome": sent.outcome,
                "outcome_by": sent.outcome_by_name,
                "outcome_at": sent.outcome_at.isoformat() if sent.outcome_at else "",
                "address": reverse("reporting:receipt", args=[report_id, sent.number]),
            }
            for sent in self._submissions[report_id]
        ]

    def _claim(self, claim: Claim) -> list[Node]:
        measure = claim.measure
        nodes: list[Node] = [
            {
                "type": "plans.measure",
                "id": measure.pk,
                "label": f"{measure.code} {measure.text}",
                "plan": measure.plan.name,
                "digest": measure.plan.source_digest,
                "address": reverse("plans:plan", args=[measure.plan_id]),
            }
        ]
        if claim.answered_at:
            node = {
                "type": "tasks.answer",
                "id": claim.pk,
                "label": claim.get_status_display(),
                "accepted_by": claim.answered_by_name,
                "accepted_at": claim.answered_at.isoformat(),
                "address": reverse("tasks:task", args=[claim.pk]),
            }
            nodes.append(node)
        for line in self._completions[claim.pk][:1]:
            month = Month.of(line.report.obligation.period.month).label
            node = {
                "type": "reporting.report",
                "id": line.report_id,
                "label": f"{month}月报报告完成",
                "sentence": line.progress,
                "accepted_by": line.report.reviewed_by_name,
                "accepted_at": _moment(line.report.reviewed_at),
                "address": reverse("reporting:report", args=[line.report_id]),
                "from": self._sent(line.report_id),
            }
            nodes.append(node)
        return nodes


def _grouped(rows: Iterable[Any], name: str) -> Mapping[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, name)].append(row)
    return groups


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _judgement(row: ReviewedPoints) -> Node:
    return {
        "type": "assessments.reviewedpoints",
        "id": row.pk,
        "label": "人工核定",
        "sentence": row.reason,
        "value": f"{row.value.normalize():f}",
        "accepted_by": row.reviewed_by_name,
        "accepted_at": row.reviewed_at.isoformat(),
    }


def _decision(comment: Comment) -> Node:
    """Return what became of a comment; a merged one was decided with the one it was merged into."""
    lead = comment.merged_into or comment
    return {
        "type": "schemes.decision",
        "id": lead.pk,
        "label": str(lead.get_decision_display()) or "待处理",
        "sentence": lead.reason,
        "digest": comment.answer.consultation.digest,
        "accepted_by": lead.decided_by_name,
        "accepted_at": _moment(lead.decided_at),
    }


def _answer(row: Answer) -> Node:
    return {
        "type": "schemes.sent",
        "id": row.pk,
        "label": str(row.get_status_display()),
        "digest": row.consultation.digest,
        "accepted_by": row.signed_by_name or row.written_by_name,
        "accepted_at": _moment(row.sent_at),
    }


def _evidence(file: Any) -> Node:
    return {
        "type": "evidence.file",
        "id": file.pk,
        "label": file.name,
        "digest": file.digest,
        "address": reverse("evidence:file", args=[file.pk]),
    }
