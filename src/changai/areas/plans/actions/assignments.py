"""Who is to do a measure, how much of it, by when, and which clause above it comes from."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from changai.areas.organisations import queries as organisations
from changai.areas.plans import policies, queries
from changai.areas.plans.models import Assignment, Measure, Plan
from changai.core.errors import Invalid
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.versions import require_version


@action("plan.assign")
def assign_measure(  # noqa: PLR0913 - the fields of the form, keyword-only
    actor: Actor,
    measure_id: int,
    *,
    lead_ids: Sequence[int],
    support_ids: Sequence[int],
    target_value: Decimal | None,
    target_unit: str,
    completion_mark: str,
    due_on: date | None,
    version: int,
    at: datetime,
) -> None:
    """Set the units, target, completion mark and deadline of a measure.

    :raises Invalid: when a unit is closed or named twice, the target negative, the deadline outside the plan
    :raises RecordMoved: when the measure has changed since `version`, or the plan is issued
    """
    measure = _open(actor, measure_id)
    require_version(measure, version)
    _check_target(target_value, target_unit)
    _check_deadline(measure.plan, due_on)
    _check_units(lead_ids, support_ids, at)
    measure.target_value, measure.target_unit = target_value, target_unit.strip()
    measure.completion_mark, measure.due_on = completion_mark.strip(), due_on
    _save(measure, "target_value", "target_unit", "completion_mark", "due_on")
    _place(measure, lead_ids, support_ids)
    record(actor, "plan.assign", measure, at=at, leads=list(lead_ids), supports=list(support_ids))


@action("plan.assign_many")
def assign_measures(
    actor: Actor,
    plan_id: int,
    *,
    measure_ids: Sequence[int],
    lead_ids: Sequence[int] = (),
    support_ids: Sequence[int] = (),
    completion_mark: str = "",
    due_on: date | None = None,
    at: datetime,
) -> int:
    """Set the same units, completion mark or deadline for several measures; what is left empty stays.

    Return how many measures were changed.

    :raises Invalid: when nothing was chosen, or as `assign_measure`
    :raises RecordMoved: when the plan is issued
    """
    plan = Plan.objects.select_for_update().get(pk=queries.plan_for(actor, plan_id).pk)
    policies.require(actor, "edit", plan.status)
    measures = list(queries.measures_of(plan).filter(pk__in=measure_ids))
    if not measures:
        raise Invalid("请先勾选任务。")
    if not (lead_ids or support_ids or completion_mark.strip() or due_on):
        raise Invalid("请至少填写一项：牵头单位、配合单位、完成标志或完成时限。")
    _check_deadline(plan, due_on)
    _check_units(lead_ids, support_ids, at)
    for measure in measures:
        measure.completion_mark = completion_mark.strip() or measure.completion_mark
        measure.due_on = due_on or measure.due_on
        _save(measure, "completion_mark", "due_on")
        _place_given(measure, lead_ids, support_ids)
        record(actor, "plan.assign", measure, at=at, leads=list(lead_ids), supports=list(support_ids))
    return len(measures)


@action("plan.link")
def link_clauses(
    actor: Actor, measure_id: int, *, clause_ids: Sequence[int], version: int, at: datetime
) -> None:
    """Set which clauses of other issued plans a measure carries out.

    :raises Invalid: when a clause is not of another issued plan
    :raises RecordMoved: when the measure has changed since `version`, or the plan is issued
    """
    measure = _open(actor, measure_id)
    require_version(measure, version)
    chosen = queries.higher_clauses(actor, measure.plan, "").filter(pk__in=clause_ids)
    if len(chosen) != len(set(clause_ids)):
        raise Invalid("只能关联其他已下达方案中的条目，请重新选择。")
    measure.higher_clauses.set(chosen)
    _save(measure)
    record(actor, "plan.link", measure, at=at, clauses=sorted(set(clause_ids)))


def _open(actor: Actor, measure_id: int) -> Measure:
    seen = queries.measure_for(actor, measure_id)
    measure = Measure.objects.select_for_update(of=("self",)).select_related("plan").get(pk=seen.pk)
    policies.require(actor, "edit", measure.plan.status)
    if measure.is_dropped:
        raise Invalid("该任务已删去，请先恢复。")
    return measure


def _save(measure: Measure, *fields: str) -> None:
    measure.version += 1
    measure.save(update_fields=[*fields, "version"])


def _check_target(value: Decimal | None, unit: str) -> None:
    if value is not None and value < 0:
        raise Invalid("目标值不能为负数。")
    if value is not None and not unit.strip():
        raise Invalid("请填写目标值的单位，如“人”“场”“%”。")


def _check_deadline(plan: Plan, due_on: date | None) -> None:
    if due_on is not None and not plan.starts_on <= due_on <= plan.ends_on:
        raise Invalid(f"完成时限应在方案期限之内（{plan.starts_on:%Y-%m-%d}至{plan.ends_on:%Y-%m-%d}）。")


def _check_units(lead_ids: Iterable[int], support_ids: Iterable[int], at: datetime) -> None:
    leads, supports = set(lead_ids), set(support_ids)
    if leads & supports:
        raise Invalid("同一单位不能既牵头又配合，请核对。")
    found = organisations.open_units(on=timezone.localdate(at)).filter(pk__in=leads | supports).count()
    if found != len(leads | supports):
        raise Invalid("所选单位中有已撤销的单位，请刷新页面后重新选择。")


def _place(measure: Measure, lead_ids: Iterable[int], support_ids: Iterable[int]) -> None:
    measure.assignments.all().delete()
    rows = [(unit, queries.LEAD) for unit in dict.fromkeys(lead_ids)]
    rows += [(unit, queries.SUPPORT) for unit in dict.fromkeys(support_ids)]
    Assignment.objects.bulk_create(
        Assignment(measure=measure, unit_id=unit, part=part) for unit, part in rows
    )


def _place_given(measure: Measure, lead_ids: Sequence[int], support_ids: Sequence[int]) -> None:
    """Replace the leads and the supporting units where some are given; a lead supports no more."""
    assigned = list(measure.assignments.values_list("unit_id", "part"))
    leads = lead_ids or [unit for unit, part in assigned if part == queries.LEAD]
    supports = support_ids or [unit for unit, part in assigned if part == queries.SUPPORT]
    _place(measure, leads, [unit for unit in supports if unit not in leads])
