"""Correcting the measures found in the clauses: take out, put back, word, join, cut, add."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from changai.areas.plans import queries, rules
from changai.areas.plans.actions.corrections import Step, open_draft
from changai.areas.plans.models import Clause, Measure, Plan
from changai.core.errors import Invalid
from changai.documents.intake.quantities import dates_in, quantities_in
from changai.foundation.actions import action
from changai.foundation.actors import Actor


@action("plan.drop_measures")
def drop_measures(
    actor: Actor, plan_id: int, *, measure_ids: Sequence[int], version: int, at: datetime
) -> int:
    """Take measures out of the breakdown (they can be put back); return how many there were.

    :raises Invalid: when none of them is in the breakdown
    :raises RecordMoved: when the plan has changed since `version` or is issued
    """
    return _mark(actor, plan_id, measure_ids, version, at, act="plan.drop_measures")


@action("plan.restore_measures")
def restore_measures(
    actor: Actor, plan_id: int, *, measure_ids: Sequence[int], version: int, at: datetime
) -> int:
    """Put dropped measures back into the breakdown; return how many there were.

    :raises Invalid: when none of them was dropped
    :raises RecordMoved: when the plan has changed since `version` or is issued
    """
    return _mark(actor, plan_id, measure_ids, version, at, act="plan.restore_measures")


@action("plan.edit_measure")
def edit_measure(actor: Actor, measure_id: int, *, text: str, version: int, at: datetime) -> None:
    """Word a measure anew; the plan's own text stays.

    :raises Invalid: when the wording is empty
    :raises RecordMoved: when the plan has changed since `version` or is issued
    """
    measure, step = _begin(actor, measure_id, version, "plan.edit_measure", at)
    step.remember(measure)
    _word(measure, _worded(text), step.plan)
    step.finish(f"修改任务“{measure}”", measure=measure_id)


@action("plan.split_measure")
def split_measure(actor: Actor, measure_id: int, *, offset: int, version: int, at: datetime) -> int:
    """Cut a measure's wording at `offset` into two measures; return the id of the second.

    :raises Invalid: when one of the halves would be empty
    :raises RecordMoved: when the plan has changed since `version` or is issued
    """
    measure, step = _begin(actor, measure_id, version, "plan.split_measure", at)
    first, second = measure.text[: max(offset, 0)].strip(), measure.text[max(offset, 0) :].strip()
    if not first or not second:
        raise Invalid("所选位置没有可拆出的文字，请另选拆分位置。")
    step.remember(measure)
    made = _made(measure.clause, second, step.room_after(measure.position), step.plan)
    step.made(made)
    _word(measure, first, step.plan)
    step.finish(f"拆分任务“{measure}”", measure=measure_id, made=made.pk)
    return made.pk


@action("plan.merge_measure")
def merge_measure(actor: Actor, measure_id: int, *, version: int, at: datetime) -> None:
    """Join a measure with the one before it in the same clause, which keeps its units.

    :raises Invalid: when it is the first of its clause
    :raises RecordMoved: when the plan has changed since `version` or is issued
    """
    measure, step = _begin(actor, measure_id, version, "plan.merge_measure", at)
    earlier = Measure.objects.filter(clause=measure.clause, is_dropped=False)
    above = earlier.filter(position__lt=measure.position).order_by("position", "pk").last()
    if above is None:
        raise Invalid("该条目中它之前没有任务，无法合并。")
    step.remember(above, measure)
    if not above.assignments.exists():
        step.reassign(above)
        measure.assignments.update(measure=above)
    measure.delete()
    _word(above, above.text + measure.text, step.plan)
    step.finish(f"合并任务“{above}”", measure=measure_id, into=above.pk)


@action("plan.add_measure")
def add_measure(actor: Actor, clause_id: int, *, text: str, version: int, at: datetime) -> int:
    """Make a measure of words that stand in a clause; return its id.

    :raises Invalid: when the clause does not say them, or they are in the breakdown already
    :raises RecordMoved: when the plan has changed since `version` or is issued
    """
    clause = queries.clause_for(actor, clause_id)
    plan = open_draft(actor, clause.plan_id, version)
    words = _worded(text)
    place = _saying(clause).find(words)
    if place < 0:
        raise Invalid("该条原文中没有这段文字，请在原文中选择。")
    if clause.measures.filter(text=words, is_dropped=False).exists():
        raise Invalid("这段文字已列为任务。")
    step = Step(actor, plan, "plan.add_measure", at=at)
    made = _made(clause, words, step.room_after(_position_for(clause, place, plan)), plan)
    step.made(made)
    step.finish(f"增列任务“{made}”", clause=clause_id, made=made.pk)
    return made.pk


def details_of(text: str, plan: Plan) -> dict[str, Any]:
    """Return the figures and dates a wording names, and the target and deadline they suggest, by field."""
    quantities = [
        asdict(found) | {"low": str(found.low), "high": found.high and str(found.high)}
        for found in quantities_in(text)
    ]
    dates = [asdict(found) for found in dates_in(text, year=plan.year)]
    value, unit = rules.proposed_target(quantities)
    due_on = rules.proposed_deadline(dates, starts_on=plan.starts_on, ends_on=plan.ends_on)
    return {
        "quantities": quantities,
        "dates": dates,
        "target_value": value,
        "target_unit": unit,
        "due_on": due_on,
    }


def _begin(actor: Actor, measure_id: int, version: int, act: str, at: datetime) -> tuple[Measure, Step]:
    measure = queries.measure_for(actor, measure_id)
    plan = open_draft(actor, measure.plan_id, version)
    return measure, Step(actor, plan, act, at=at)


def _mark(
    actor: Actor, plan_id: int, measure_ids: Sequence[int], version: int, at: datetime, *, act: str
) -> int:
    is_drop = act == "plan.drop_measures"
    plan = open_draft(actor, plan_id, version)
    chosen = list(plan.measures.filter(pk__in=measure_ids, is_dropped=not is_drop))
    if not chosen:
        raise Invalid("请先选择任务。")
    step = Step(actor, plan, act, at=at)
    step.remember(*chosen)
    plan.measures.filter(pk__in=[measure.pk for measure in chosen]).update(is_dropped=is_drop)
    said = f"“{chosen[0]}”" if len(chosen) == 1 else f"{len(chosen)}项任务"
    step.finish(f"{'删去' if is_drop else '恢复'}{said}", measures=[measure.pk for measure in chosen])
    return len(chosen)


def _worded(text: str) -> str:
    words = text.strip()
    if not words:
        raise Invalid("任务内容不能为空。")
    return words


def _word(measure: Measure, text: str, plan: Plan) -> None:
    measure.text = text
    found = details_of(text, plan)
    measure.quantities, measure.dates = found["quantities"], found["dates"]
    measure.save(update_fields=["text", "quantities", "dates"])


def _made(clause: Clause, text: str, position: int, plan: Plan) -> Measure:
    return Measure.objects.create(
        plan=plan, clause=clause, position=position, text=text, **details_of(text, plan)
    )


def _saying(clause: Clause) -> str:
    return clause.label + clause.heading + clause.text


def _position_for(clause: Clause, place: int, plan: Plan) -> int:
    """Return the position of the measure that words at `place` of a clause come after."""
    saying = _saying(clause)
    own = [m.position for m in clause.measures.all() if 0 <= saying.find(m.text) < place]
    if own:
        return max(own)
    earlier = plan.measures.filter(clause__position__lt=clause.position).order_by("position").last()
    return earlier.position if earlier else 0
