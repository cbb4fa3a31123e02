"""Open a round, or take back one opened by mistake."""

from collections.abc import Mapping
from datetime import datetime

from changai.areas.assessments.actions._steps import check_version, locked, move_on
from changai.areas.assessments.models import LeafOwner, Participant, Round
from changai.areas.assessments.policies import require, require_dropper
from changai.areas.assessments.queries import assessed_units, going_on, owners_by_scheme
from changai.areas.assessments.rules import (
    LEAST_DAYS,
    LONGEST_NAME,
    LONGEST_REASON,
    MOST_DAYS,
    SHORT,
    SHORTEST_REASON,
    SHOWN,
    Span,
)
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.queries import force_hindrance, scheme_of, version_for
from changai.core.errors import Invalid, RecordMoved
from changai.core.periods import Month
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify


@action("assessment.open")
def open_round(
    actor: Actor,
    scheme_id: int,
    *,
    category: str,
    name: str,
    first: Month,
    last: Month,
    course: str = SHORT,
    days: Mapping[str, int] | None = None,
    at: datetime,
) -> Round:
    """Open a round of an issued scheme's table over the months `first` to `last`.

    :param course: the short one scores and publishes; the full one asks the units and gives public notice
    :param days: working days of the clocks `confirm`, `reply`, `review`, `notice`; the usual number without

    :raises Invalid: when the scheme is not issued, not in force in the last month or lacks the table, or nobody is to
        be assessed
    :raises RecordMoved: when a round by this table over these months is under way
    """
    require(actor, "assessment.run")
    version = _in_force(actor, scheme_id, category, last)
    if last < first:
        raise Invalid("截止月份早于起始月份，请重新选择。")
    name = name.strip() or f"{Span(first, last).label}{category}考核"
    if len(name) > LONGEST_NAME:
        raise Invalid(f"名称不能超过 {LONGEST_NAME} 个字。")
    round_ = Round(
        scheme=version,
        category=category,
        name=name,
        first_month=first.first_on,
        last_month=last.first_on,
        course=course,
        opened_at=at,
        **_clocks(days or {}),
    )
    units = assessed_units(round_)
    if not units:
        raise Invalid(f"没有找到“{category}”类的考核对象，请先在组织机构中设置同名分组。")
    if going_on(round_).exists():
        raise RecordMoved("这张指标表在同一时段已有进行中的考核，请直接使用，不必重复开启。")
    round_.save()
    if round_.is_full:
        Participant.objects.bulk_create(Participant(round=round_, unit=unit) for unit in units)
        LeafOwner.objects.bulk_create(owners_by_scheme(round_))
    record(actor, "assessment.open", round_, at=at, scheme=version.digest, category=category, course=course)
    return round_


def _in_force(actor: Actor, scheme_id: int, category: str, last: Month) -> SchemeVersion:
    version = version_for(actor, scheme_id)
    if version.is_draft:
        raise Invalid("只有已印发的指标体系才能用于考核，请先印发。")
    if category not in scheme_of(version).tables:
        raise Invalid(f"指标体系“{version.name}”中没有“{category}”这张指标表。")
    if why := force_hindrance(version, last):
        raise Invalid(why)
    return version


def _clocks(days: Mapping[str, int]) -> dict[str, int]:
    if not all(LEAST_DAYS <= number <= MOST_DAYS for number in days.values()):
        raise Invalid(f"各项期限应为 {LEAST_DAYS} 至 {MOST_DAYS} 个工作日。")
    return {f"{name}_days": days[name] for name in ("confirm", "reply", "review", "notice") if name in days}


def _tell_dropped(round_: Round, reason: str, *, at: datetime) -> None:
    for unit in assessed_units(round_):
        notify(
            f"{round_.name}已作废，此前请本单位确认和公示的结果不再有效。原因：{reason[:180]}",
            at=at,
            unit_id=unit.pk,
            link="/assessments/",
        )


@action("assessment.drop")
def drop_round(actor: Actor, round_id: int, *, version: int, reason: str, at: datetime) -> Round:
    """Take back a round that was opened by mistake; nobody sees it any more, the audit log keeps it.

    Units that were asked to confirm are told. Talks on its result are not gone on with.

    :raises Invalid: without a reason
    :raises NotAllowed: to all but the head once the units were asked
    :raises RecordMoved: when it changed meanwhile, or its result is published
    """
    round_ = locked(actor, round_id, "assessment.run")
    if not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        raise Invalid(f"请写明作废原因（{SHORTEST_REASON} 至 {LONGEST_REASON} 个字）。")
    check_version(round_, version)
    was_shown = round_.status in SHOWN
    if was_shown:
        require_dropper(actor)
    move_on(round_, "drop", "考核结果已公布，不能作废。")
    round_.version += 1
    round_.save(update_fields=["status", "version"])
    record(actor, "assessment.drop", round_, at=at, reason=reason.strip())
    if was_shown:
        _tell_dropped(round_, reason.strip(), at=at)
    return round_
