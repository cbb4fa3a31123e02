"""Reads of claims: what an actor reaches, what a unit reports on, how well a plan is covered."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from changai.areas.organisations import queries as organisations
from changai.areas.plans import queries as plans
from changai.areas.tasks.models import Claim, Milestone
from changai.areas.tasks.rules import (
    CLAIMED,
    CONTESTED,
    HANDED_OVER,
    LIVE,
    OFFERED,
    SPLIT,
    WITHDRAWN,
    measure_state,
    scheduled_percent,
    state_of,
)
from changai.core.errors import NotVisible
from changai.core.periods import Month
from changai.foundation.actors import MACHINE, Actor, Role

if TYPE_CHECKING:
    from changai.areas.organisations.models import Unit
    from changai.areas.plans.models import Clause, Measure, Plan

STATE_LABELS: dict[str, Promise] = {
    "without_lead": _("无牵头单位"),
    "contested": _("有异议"),
    "unclaimed": _("待认领"),
    "overdue": _("已逾期"),
    "near": _("临近到期"),
    "on_track": _("推进中"),
    "done": _("已完成"),
    "closed": _("已转出"),
}
LEAD, SUPPORT = Claim.Part.LEAD, Claim.Part.SUPPORT


def visible_to(actor: Actor) -> QuerySet[Claim]:
    """Return the claims of the units the actor reaches, in the plan's order."""
    claims = Claim.objects.select_related("unit", "measure__plan")
    if actor.role is Role.MACHINE:
        return claims
    return claims.filter(unit__in=organisations.visible_to(actor, "claim.view"))


def claim_for(actor: Actor, claim_id: int) -> Claim:
    """Return one claim with its unit, measure and plan.

    :raises NotVisible: when there is none for this actor
    """
    found = visible_to(actor).filter(pk=claim_id).first()
    if found is None:
        raise NotVisible
    return found


def milestone_for(actor: Actor, milestone_id: int) -> Milestone:
    """Return one milestone with its claim.

    :raises NotVisible: when there is none for this actor
    """
    milestones = Milestone.objects.select_related("claim__unit", "claim__measure__plan")
    found = milestones.filter(pk=milestone_id, claim__in=visible_to(actor)).first()
    if found is None:
        raise NotVisible
    return found


def reportable_claims(unit_id: int, month: Month) -> QuerySet[Claim]:
    """Return what a unit reports on for a month: its claimed tasks of begun plans, not complete before."""
    return reportable_claims_of([unit_id], month)


def reportable_claims_of(unit_ids: Iterable[int], month: Month) -> QuerySet[Claim]:
    """Return what many units report on for a month, in the plan's order."""
    return (
        Claim.objects.filter(
            unit_id__in=list(unit_ids), status=CLAIMED, measure__plan__starts_on__lte=month.last_on
        )
        .filter(Q(completed_on__isnull=True) | Q(completed_on__gte=month.first_on))
        .select_related("unit", "measure__plan")
        .prefetch_related("milestones")
    )


def claims_begun(unit_ids: Iterable[int], month: Month) -> QuerySet[Claim]:
    """Return the claimed tasks of many units whose plans had begun by a month's end, complete ones too."""
    begun = Claim.objects.filter(
        unit_id__in=list(unit_ids), status=CLAIMED, measure__plan__starts_on__lte=month.last_on
    )
    return begun.select_related("measure__plan").order_by("due_on", "pk")


def deadline_of(claim: Claim) -> date:
    """Return the day a claim is due; the plan's end when it has none of its own."""
    return claim.due_on or claim.measure.plan.ends_on


def scheduled_for(claim: Claim, as_of: date) -> Decimal:
    """Return how far a claim should be on a day, in percent (序时进度)."""
    dates = [milestone.due_on for milestone in claim.milestones.all()]
    return scheduled_percent(claim.measure.plan.starts_on, deadline_of(claim), dates, as_of)


def scheduled_of(claims: Iterable[Claim], as_of: date) -> dict[int, Decimal]:
    """Return how far each of many claims should be on a day, in percent: claim -> 序时进度. One question."""
    listed = list(claims)
    dates: dict[int, list[date]] = defaultdict(list)
    rows = Milestone.objects.filter(claim__unit__in={claim.unit_id for claim in listed})
    for claim_id, due_on in rows.values_list("claim_id", "due_on"):
        dates[claim_id].append(due_on)
    return {
        claim.pk: scheduled_percent(
            claim.measure.plan.starts_on, deadline_of(claim), dates.get(claim.pk, ()), as_of
        )
        for claim in listed
    }


def state_on(claim: Claim, today: date) -> str:
    """Return the state a claim is shown in on a day, a key of `rules.STATES`."""
    return state_of(claim.status, deadline_of(claim), claim.completed_on, today)


def with_progress(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Return the claims with `milestone_count` and `done_count`, milestones at hand."""
    return claims.prefetch_related("milestones").annotate(
        milestone_count=Count("milestones", distinct=True),
        done_count=Count("milestones", filter=Q(milestones__done_on__isnull=False), distinct=True),
    )


def counts_of(claims: QuerySet[Claim]) -> dict[str, int]:
    """Return how many claims stand in each tab of a list: offered, claimed, contested, passed, done, all."""
    done = Q(status=CLAIMED, completed_on__isnull=False)
    return claims.order_by().aggregate(
        offered=Count("pk", filter=Q(status=OFFERED)),
        claimed=Count("pk", filter=Q(status=CLAIMED, completed_on__isnull=True)),
        contested=Count("pk", filter=Q(status=CONTESTED)),
        passed=Count("pk", filter=Q(status__in=[SPLIT, HANDED_OVER, WITHDRAWN])),
        done=Count("pk", filter=done),
        all=Count("pk"),
    )


def in_tab(claims: QuerySet[Claim], tab: str) -> QuerySet[Claim]:
    """Return the claims of one tab of `counts_of`; all for a tab that is not known."""
    if tab == "offered":
        return claims.filter(status=OFFERED)
    if tab == "claimed":
        return claims.filter(status=CLAIMED, completed_on__isnull=True)
    if tab == "contested":
        return claims.filter(status=CONTESTED)
    if tab == "passed":
        return claims.filter(status__in=[SPLIT, HANDED_OVER, WITHDRAWN])
    if tab == "done":
        return claims.filter(status=CLAIMED, completed_on__isnull=False)
    return claims


def units_open_to(claim: Claim, on: date) -> "QuerySet[Unit]":
    """Return the units a claim may be handed over to: open, and not its own."""
    return organisations.open_units(on=on).exclude(pk=claim.unit_id)


def units_sharing(claim: Claim, on: date) -> "QuerySet[Unit]":
    """Return the units a claim may be split among: its own and those below it."""
    return organisations.open_units(on=on).filter(path__startswith=claim.unit.path)


@dataclass(frozen=True)
class CoverageRow:
    """One measure with its live claims; `faults` are keys of `Coverage.counts`."""

    measure: "Measure"
    part: "Clause"
    leads: tuple[Claim, ...]
    supports: tuple[Claim, ...]
    passed: tuple[Claim, ...]
    faults: frozenset[str]
    state: str

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All live claims, leads first."""
        return self.leads + self.supports


@dataclass(frozen=True)
class Coverage:
    """How well the measures of a plan are covered. `counts` has for each fault how many measures have it."""

    plan: "Plan"
    rows: Sequence[CoverageRow]
    counts: Mapping[str, int] = field(default_factory=dict)

    def having(self, fault: str) -> list[CoverageRow]:
        """Return the rows with a fault; all rows for a fault that is not known."""
        return [row for row in self.rows if fault in row.faults] if fault in FAULTS else list(self.rows)


FAULTS = ("without_lead", "two_leads", "unclaimed", "contested", "handed_over")


def coverage(plan_id: int, *, today: date | None = None) -> Coverage:
    """Return how well the measures of a plan are covered, states on `today` (by default the plan's end).

    A measure may be without a lead, have two (a lead that was split counts once), have unclaimed or contested
    shares, or shares that were handed over. The caller has checked that the actor may see the plan's claims.

    :raises NotVisible: when there is no such plan
    """
    plan = plans.plan_for(MACHINE, plan_id)
    parts = plans.parts_of(plan)
    claimed = _claims_by_measure(plan_id)
    day = today or plan.ends_on
    rows = [_coverage_row(m, parts[m.pk], claimed.get(m.pk, []), day) for m in plans.measures_of(plan)]
    found = Counter(fault for row in rows for fault in row.faults)
    return Coverage(plan=plan, rows=rows, counts={fault: found[fault] for fault in FAULTS})


def _claims_by_measure(plan_id: int) -> dict[int, list[Claim]]:
    claims = Claim.objects.filter(measure__plan_id=plan_id).select_related("unit", "measure__plan")
    milestones = Prefetch("milestones", Milestone.objects.order_by("due_on", "position", "pk"))
    claimed: dict[int, list[Claim]] = defaultdict(list)
    for claim in claims.prefetch_related(milestones).order_by("part", "unit__position", "pk"):
        claimed[claim.measure_id].append(claim)
    return claimed


def _coverage_row(measure: "Measure", part: "Clause", claims: list[Claim], today: date) -> CoverageRow:
    live = [claim for claim in claims if claim.status in LIVE]
    leads = tuple(claim for claim in live if claim.part == LEAD)
    passed = tuple(claim for claim in claims if claim.status == HANDED_OVER)
    return CoverageRow(
        measure=measure,
        part=part,
        leads=leads,
        supports=tuple(claim for claim in live if claim.part == SUPPORT),
        passed=passed,
        faults=frozenset(_faults(claims, live, leads, passed)),
        state=measure_state(state_on(claim, today) for claim in leads),
    )


def _faults(
    claims: list[Claim], live: list[Claim], leads: tuple[Claim, ...], passed: tuple[Claim, ...]
) -> Iterable[str]:
    origins = {claim.pk: claim.origin_id for claim in claims}
    roots = {_root(claim.pk, origins) for claim in leads}
    if not leads:
        yield "without_lead"
    if len(roots) > 1:
        yield "two_leads"
    if any(claim.status == OFFERED for claim in live):
        yield "unclaimed"
    if any(claim.status == CONTESTED for claim in live):
        yield "contested"
    if passed:
        yield "handed_over"


def _root(key: int, origins: Mapping[int, int | None]) -> int:
    while (above := origins[key]) is not None:
        key = above
    return key
