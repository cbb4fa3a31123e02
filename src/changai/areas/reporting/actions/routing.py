"""What the office decides about review: the routes of forms and the reasons reviewers may pick."""

from collections.abc import Sequence
from datetime import datetime

from changai.areas.organisations import queries as organisations
from changai.areas.reporting import policies
from changai.areas.reporting.models import Form, ReturnReason, Route, RouteStep
from changai.areas.reporting.queries import form_by_id, level_names
from changai.areas.reporting.queries.reviewing import first_version, reason_by_id
from changai.areas.reporting.rules.routes import REVIEWING_LEVELS, PlannedStep, route_faults
from changai.core.errors import Invalid, RecordMoved
from changai.documents.characters import single_line
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.versions import require_version

LONGEST_REASON = 60


@action("form.route")
def set_route(
    actor: Actor, form_id: int, level: str, steps: Sequence[PlannedStep], *, version: int, at: datetime
) -> Route:
    """Set how reports of a form are reviewed, for one level of units or ("") for all others.

    It holds for what is signed from now on; reports under way keep their steps. `version` 0: there was no route.

    :raises Invalid: when a step says nobody, or a unit that has no reviewers
    :raises RecordMoved: when somebody else changed the route after `version` was read
    """
    policies.require_forms(actor)
    form = first_version(form_by_id(form_id))
    _check_route(level, steps, at)
    route = Route.objects.select_for_update().filter(form=form, level=level).first()
    if (route.version if route else 0) != version:
        raise RecordMoved("该审核路线刚被他人修改，请刷新页面核对后再改。")
    route = route or Route(form=form, level=level, version=0)
    route.version += 1
    route.save()
    route.steps.all().delete()
    RouteStep.objects.bulk_create(
        RouteStep(route=route, stage=step.stage, name=step.name, post=step.post, unit_id=step.unit_id)
        for step in sorted(steps, key=lambda step: step.stage)
    )
    record(
        actor, "form.route", form, at=at, level=level,
        steps=[f"{step.stage} {step.post} {step.unit_id or ''}".strip() for step in steps],
    )  # fmt: skip
    return route


def _check_route(level: str, steps: Sequence[PlannedStep], at: datetime) -> None:
    faults = list(route_faults(steps))
    if level and level not in level_names():
        faults.append("单位类别不在可选范围内，请刷新页面。")
    named = {step.unit_id for step in steps if step.unit_id is not None}
    known = organisations.open_units(*REVIEWING_LEVELS, on=at.date()).filter(pk__in=named)
    if known.count() != len(named):
        faults.append("指定办理的单位应是现有的成员单位或县区。")
    if faults:
        raise Invalid("审核路线有误，请更正。", faults=tuple(faults))


@action("form.drop_route")
def drop_route(actor: Actor, form_id: int, level: str, *, at: datetime) -> Form:
    """Take a route away: these units' reports are reviewed by the route for all others, or in one step again.

    :raises RecordMoved: when there is none any more
    """
    policies.require_forms(actor)
    form = first_version(form_by_id(form_id))
    if not form.routes.filter(level=level).delete()[0]:
        raise RecordMoved("该审核路线已被删除，请刷新页面。")
    record(actor, "form.drop_route", form, at=at, level=level)
    return form


@action("reason.add")
def add_reason(actor: Actor, words: str, *, at: datetime) -> ReturnReason:
    """Add a reason that reviewers may pick.

    :raises Invalid: when it says nothing, too much, or is there already
    """
    policies.require_forms(actor)
    words = _checked_words(words)
    last = ReturnReason.objects.order_by("-position").first()
    reason = ReturnReason.objects.create(words=words, position=(last.position if last else 0) + 10)
    record(actor, "reason.add", reason, at=at)
    return reason


@action("reason.edit")
def edit_reason(
    actor: Actor, reason_id: int, *, words: str, position: int, is_closed: bool, version: int, at: datetime
) -> ReturnReason:
    """Reword a reason that was never given, move it, or take it out of use.

    :raises Invalid: when a reason already given would say something else
    :raises RecordMoved: when somebody else changed it meanwhile
    """
    policies.require_forms(actor)
    reason = reason_by_id(reason_id)
    require_version(reason, version)
    if words.strip() != reason.words:
        if reason.uses.exists():
            raise Invalid("该原因已经用过，不能改写；请停用后另加一条。")
        reason.words = _checked_words(words)
    reason.position, reason.is_closed = position, is_closed
    reason.version += 1
    reason.save()
    record(actor, "reason.edit", reason, at=at, is_closed=is_closed)
    return reason


def _checked_words(words: str) -> str:
    words = single_line(words).strip()
    if not 2 <= len(words) <= LONGEST_REASON:
        raise Invalid(f"退回原因应为 2—{LONGEST_REASON} 个字。")
    if ReturnReason.objects.filter(words=words).exists():
        raise Invalid(f"“{words}”已经有了。")
    return words
