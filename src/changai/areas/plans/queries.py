"""Reads of plans: the text, the tree, the measures with their units, what is open before a plan is issued."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, Prefetch, Q, QuerySet

from changai.areas.plans.models import Assignment, Clause, Measure, Plan
from changai.areas.plans.policies import sees_drafts
from changai.areas.plans.rules import Draft, Piece
from changai.core.errors import NotVisible
from changai.foundation.actors import Actor, Role
from changai.foundation.matrix import allows

if TYPE_CHECKING:
    from changai.areas.organisations.models import Unit

LEAD, SUPPORT = Assignment.Part.LEAD, Assignment.Part.SUPPORT


def visible_to(actor: Actor) -> QuerySet[Plan]:
    """Return the plans the actor may see, newest year first."""
    if not (allows(actor, "plan.view") or actor.role is Role.MACHINE):
        return Plan.objects.none()
    plans = Plan.objects.all()
    return plans if sees_drafts(actor) else plans.filter(status=Plan.Status.ISSUED)


def plan_for(actor: Actor, plan_id: int) -> Plan:
    """Return one plan.

    :raises NotVisible: when there is none for this actor
    """
    found = visible_to(actor).filter(pk=plan_id).first()
    if found is None:
        raise NotVisible
    return found


def listed(actor: Actor) -> QuerySet[Plan]:
    """Return the visible plans with `measure_count`: their measures that were not dropped."""
    return visible_to(actor).annotate(
        measure_count=Count("measures", filter=Q(measures__is_dropped=False), distinct=True)
    )


def clause_for(actor: Actor, clause_id: int) -> Clause:
    """Return one clause with its plan.

    :raises NotVisible: when there is none for this actor
    """
    found = Clause.objects.select_related("plan").filter(pk=clause_id, plan__in=visible_to(actor)).first()
    if found is None:
        raise NotVisible
    return found


def measure_for(actor: Actor, measure_id: int) -> Measure:
    """Return one measure with its clause and plan.

    :raises NotVisible: when there is none for this actor
    """
    found = (
        Measure.objects.select_related("plan", "clause")
        .filter(pk=measure_id, plan__in=visible_to(actor))
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def draft_of(plan: Plan) -> Draft:
    """Return the plan's text as the pure draft that the operations work on."""
    pieces = plan.clauses.order_by("position").values_list("pk", "level", "label", "heading", "text")
    return Draft(plan.title, plan.preamble, tuple(Piece(*row) for row in pieces), plan.closing)


def plan_text(plan: Plan) -> str:
    """Return the plan's text, character by character what was uploaded."""
    return draft_of(plan).text()


def measures_of(plan: Plan) -> QuerySet[Measure]:
    """Return the plan's measures that were not dropped, in reading order, ready to be listed."""
    assignments = Prefetch("assignments", Assignment.objects.select_related("unit"))
    kept = plan.measures.filter(is_dropped=False).order_by("position", "pk")
    return kept.select_related("clause").prefetch_related(assignments, "higher_clauses__plan")


def units_meant(measure: Measure, part: str) -> "list[Unit]":
    """Return the units assigned to a measure as lead or in support, in the tree's order."""
    return [assigned.unit for assigned in measure.assignments.all() if assigned.part == part]


@dataclass
class Branch:
    """One clause with its measures and the clauses below it."""

    clause: Clause
    measures: list[Measure] = field(default_factory=list)
    children: list["Branch"] = field(default_factory=list)

    @property
    def kept_count(self) -> int:
        """How many measures of this clause itself were not dropped."""
        return sum(not measure.is_dropped for measure in self.measures)


def tree_of(plan: Plan) -> list[Branch]:
    """Return the plan's clauses as a tree, each with its measures in order, ready to be listed."""
    return _grown(plan, measures_of(plan))


def desk_tree(plan: Plan) -> list[Branch]:
    """Return the tree as it is corrected: dropped measures are in it, units are not at hand."""
    return _grown(plan, plan.measures.order_by("position", "pk"))


def _grown(plan: Plan, measures: Iterable[Measure]) -> list[Branch]:
    housed: dict[int, list[Measure]] = defaultdict(list)
    for measure in measures:
        housed[measure.clause_id].append(measure)
    roots: list[Branch] = []
    path: list[Branch] = []
    for clause in plan.clauses.order_by("position"):
        del path[clause.level :]
        branch = Branch(clause, housed[clause.pk])
        (path[-1].children if path else roots).append(branch)
        path.append(branch)
    return roots


def flattened(branches: Iterable[Branch]) -> list[Branch]:
    """Return the branches and all below them in reading order."""
    rows = []
    for branch in branches:
        rows += [branch, *flattened(branch.children)]
    return rows


def parts_of(plan: Plan) -> dict[int, Clause]:
    """Return, for the id of every measure of the plan, the top-level clause it stands in."""
    part_of_clause: dict[int, Clause] = {}
    part: Clause | None = None
    for clause in plan.clauses.order_by("position"):
        part = clause if part is None or clause.level == 0 else part
        part_of_clause[clause.pk] = part
    homes = plan.measures.filter(is_dropped=False).values_list("pk", "clause_id")
    return {measure: part_of_clause[clause] for measure, clause in homes}


@dataclass(frozen=True)
class Checklist:
    """What stands open before a plan is issued; each list has the measures concerned."""

    measures: Sequence[Measure]
    without_lead: list[Measure]
    with_two_leads: list[Measure]
    without_deadline: list[Measure]
    without_mark: list[Measure]


def checklist(plan: Plan) -> Checklist:
    """Return what stands open before the plan is issued."""
    measures = list(measures_of(plan))
    leads = {measure.pk: len(units_meant(measure, LEAD)) for measure in measures}
    return Checklist(
        measures=measures,
        without_lead=[measure for measure in measures if not leads[measure.pk]],
        with_two_leads=[measure for measure in measures if leads[measure.pk] > 1],
        without_deadline=[measure for measure in measures if measure.due_on is None],
        without_mark=[
            measure for measure in measures if not measure.completion_mark and measure.target_value is None
        ],
    )


def higher_clauses(actor: Actor, plan: Plan, words: str) -> QuerySet[Clause]:
    """Return clauses of other issued plans that contain all of the words, for linking."""
    found = Clause.objects.filter(plan__in=visible_to(actor), plan__status=Plan.Status.ISSUED)
    for word in words.split():
        found = found.filter(
            Q(heading__icontains=word) | Q(text__icontains=word) | Q(plan__name__icontains=word)
        )
    return found.exclude(plan=plan).select_related("plan").order_by("-plan__year", "plan", "position", "pk")
