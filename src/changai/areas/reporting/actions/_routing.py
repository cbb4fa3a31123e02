"""Which steps a signed report takes, and how one of them signs."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from changai.areas.organisations import queries as organisations
from changai.areas.reporting import policies
from changai.areas.reporting.actions._locking import title_of
from changai.areas.reporting.models import Report, ReviewStep, Route, Submission
from changai.areas.reporting.rules.routes import DEFAULT, REVIEWING_LEVELS, Above, PlannedStep, steps_for
from changai.foundation.actors import Actor, Role
from changai.foundation.notices.outbox import notify


def lay_out_steps(submission: Submission) -> list[ReviewStep]:
    """Make the steps that a sending takes by the route of its form and its unit's level; return them."""
    unit = submission.report.obligation.unit
    planned = planned_steps(submission.report)
    above = [
        Above(one.pk, one.level in REVIEWING_LEVELS, one.is_open) for one in organisations.line_above(unit)
    ]
    named = [step.unit_id for step in planned if step.unit_id is not None]
    steps = steps_for(planned, unit.pk, above, organisations.closed_among(named))
    return ReviewStep.objects.bulk_create(
        ReviewStep(
            submission=submission,
            stage=step.stage,
            position=position,
            name=step.name,
            post=step.post,
            unit_id=step.unit_id,
        )
        for position, step in enumerate(steps, start=1)
    )


def planned_steps(report: Report) -> Sequence[PlannedStep]:
    """Return the route of the report's form for its unit's level, that for all others, or the default."""
    obligation = report.obligation
    form = obligation.period.form
    routes = Route.objects.filter(form=form.series_id or form.pk, level__in=["", obligation.unit.level])
    route = routes.order_by("-level").prefetch_related("steps").first()
    if route is None:
        return DEFAULT
    return [PlannedStep(step.stage, step.name, step.post, step.unit_id) for step in route.steps.all()]


def decide(actor: Actor, report: Report, decision: str, at: datetime) -> tuple[ReviewStep, bool]:
    """Write down what the actor's step decided; return it, and whether every step has signed now.

    The caller has asked the policy, so there is such a step.
    """
    steps = policies.review_steps(report)
    step = policies.open_step(actor, report, steps)
    if step is None:
        raise RuntimeError(f"report {report.pk} has no step for {actor.name}")
    is_last = policies.is_last_step(step, steps)
    step.decision, step.decided_at = decision, at
    step.decided_by_id, step.decided_by_name = actor.person_id, actor.name
    step.save(update_fields=["decision", "decided_at", "decided_by_id", "decided_by_name"])
    return step, is_last


def tell_reviewers(report: Report, steps: Sequence[ReviewStep], at: datetime) -> None:
    """Tell the reviewers of named units that their step has come; the office and the default find it in the queue."""
    link = reverse("reporting:review", args=[report.pk])
    name = report.obligation.unit.short_name
    for step in policies.open_steps(steps):
        if step.unit_id is not None:
            sentence = f"{name}{title_of(report)}待办理“{step.name}”。"
            notify(sentence, at=at, role=Role.COUNTY_REVIEWER, unit_id=step.unit_id, link=link)
