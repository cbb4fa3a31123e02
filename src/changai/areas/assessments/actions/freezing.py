"""Freeze a round's facts, and correct them: always as a new version, never silently."""

from collections.abc import Mapping
from datetime import datetime

from changai.areas.assessments.actions._correcting import checked_reason, corrected, keep_correction
from changai.areas.assessments.actions._keeping import settle
from changai.areas.assessments.actions._steps import check_version, locked, move_on
from changai.areas.assessments.models import Exemption, FactsVersion, LeafOwner, Round
from changai.areas.assessments.policies import require, require_overruler
from changai.areas.assessments.queries import (
    assessed_units,
    changes_panel_points,
    doubts_about,
    figures_now,
    granted,
    round_for,
)
from changai.areas.assessments.queries.correcting import Corrected
from changai.areas.assessments.queries.registered import touched
from changai.areas.assessments.rules import LONGEST_REASON, way_to_correct
from changai.areas.organisations.models import Unit
from changai.areas.reporting.queries import corrections as register
from changai.areas.reporting.queries import months_being_counted
from changai.core.errors import Invalid, RecordMoved
from changai.core.periods import Month
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify


@action("assessment.freeze")
def freeze_round(actor: Actor, round_id: int, *, version: int, at: datetime) -> Round:
    """Freeze the facts of the round's months with where each comes from; units check themselves against them.

    :raises Invalid: while a request not to be assessed by an indicator waits for its decision, or one of the months
        is still being counted
    :raises RecordMoved: when the round changed meanwhile or is past it
    """
    round_ = locked(actor, round_id, "assessment.run")
    check_version(round_, version)
    move_on(round_, "freeze", "这次考核的数据已经冻结，不必重复冻结。")
    _check_exemptions(round_)
    _check_counting(round_)
    units = assessed_units(round_)
    rows = figures_now(round_, units)
    round_.exemptions = granted(round_)
    round_.frozen_facts = [row for fields in rows.values() for row in fields.values()]
    round_.frozen_at, round_.facts_version = at, 1
    round_.version += 1
    round_.save(
        update_fields=["status", "frozen_facts", "exemptions", "frozen_at", "facts_version", "version"]
    )
    FactsVersion.objects.create(
        round=round_, number=1, cause=FactsVersion.Cause.FREEZE, made_by_name=actor.name, made_at=at
    )
    _tell(round_, units, at=at)
    record(actor, "assessment.freeze", round_, at=at, figures=len(round_.frozen_facts))
    return round_


def _check_exemptions(round_: Round) -> None:
    waiting = Exemption.objects.filter(round=round_).filter(status=Exemption.Status.ASKED).count()
    if waiting:
        raise Invalid(f"还有 {waiting} 件不适用申请没有审批，请先审批再冻结数据。")


def _check_counting(round_: Round) -> None:
    counting = [period.month for period, _units, _counted in months_being_counted()]
    within = [month for month in counting if round_.first_month <= month <= round_.last_month]
    if within:
        raise Invalid(f"{Month.of(within[0]).label}的报送记录正在计入数据，请等几分钟，计入完毕后再冻结。")


def _tell(round_: Round, units: list[Unit], *, at: datetime) -> None:
    """Tell those who fill in and sign for the units; others of a unit may not open these pages."""
    link = f"/assessments/{round_.pk}/"
    checking = f"{round_.name}的数据已冻结，请对照开展自查自评。"
    reviewing = f"请审核{round_.name}中本单位归口的数据。"
    owned = LeafOwner.objects.filter(round=round_, unit__isnull=False).order_by("unit")
    owners = list(owned.values_list("unit_id", flat=True).distinct())
    for role in (Role.UNIT_LIAISON, Role.UNIT_HEAD):
        for unit in units:
            notify(checking, at=at, role=role, unit_id=unit.pk, link=f"{link}self-check/")
        for unit_id in owners:
            notify(reviewing, at=at, role=role, unit_id=unit_id, link=f"{link}review/")


def correct_figures(
    actor: Actor,
    round_id: int,
    unit_id: int,
    *,
    values: Mapping[str, str],
    reason: str,
    version: int,
    at: datetime,
    once: str = "",
) -> Round:
    """Correct frozen figures of one unit and score again at once when the round was scored.

    The office does it after a doubt of a data owner, a verification on site, or an error of its own; an objection
    brings its corrections with its reply. `values` are what was typed, by code of the field.

    :raises Invalid: without a reason or any change, or for a value that is no figure
    :raises NotAllowed: to all but the head, for points a panel gave
    :raises RecordMoved: when the round changed meanwhile, or its result is published
    """
    round_ = round_for(actor, round_id)
    require(actor, "assessment.run")
    check_version(round_, version)
    checked_reason(reason)
    _check_open(round_)
    came_to = corrected(round_, unit_id, values, by=actor.name, at=at)
    if came_to is None:
        raise Invalid("没有改动任何数据。请填写更正后的数值。")
    if changes_panel_points(round_, came_to):
        require_overruler(actor)
    return keep_corrections(actor, round_id, came_to=came_to, reason=reason, at=at, once=once)  # type: ignore[call-arg]


def take_correction(
    actor: Actor, round_id: int, correction_id: int, *, version: int, at: datetime, once: str = ""
) -> Round:
    """Take what the register of corrections says today into a round's frozen figures, and score again at once.

    :raises RecordMoved: when the round says the same already, changed meanwhile, or its result is published
    """
    round_ = round_for(actor, round_id)
    require(actor, "assessment.run")
    check_version(round_, version)
    _check_open(round_)
    correction = register.correction_for(actor, correction_id)
    found = touched(round_, correction, by=actor.name, at=at)
    if found is None or found.came_to is None:
        raise RecordMoved("这次考核的数据已与更正后的一致，或没有用到这个数，不必再办。")
    reason = f"数据更正登记第{correction.pk}号：{correction.reason}"[:LONGEST_REASON]
    return keep_corrections(actor, round_id, came_to=found.came_to, reason=reason, at=at, once=once)  # type: ignore[call-arg]


@action("assessment.correct")
def keep_corrections(actor: Actor, round_id: int, *, came_to: Corrected, reason: str, at: datetime) -> Round:
    """Keep corrected figures and the result they make. Call `correct_figures`.

    :raises RecordMoved: when the round changed since, or is past it
    """
    round_ = locked(actor, round_id, "assessment.run")
    check_version(round_, came_to.version)
    _check_open(round_)
    keep_correction(actor, round_, came_to, cause=FactsVersion.Cause.OFFICE, reason=reason, at=at)
    for doubt in doubts_about(round_, came_to.corrections):
        settle(doubt, f"已更正：{reason.strip()}"[:LONGEST_REASON], by=actor.name, at=at)
    return round_


def _check_open(round_: Round) -> None:
    told = (
        "考核结果已公布，冻结数据不能再改。确有差错的，"
        if round_.published_at
        else "这次考核现在不能更正冻结数据："
    )
    move_on(round_, "correct", told + way_to_correct(round_.status, round_.course))
