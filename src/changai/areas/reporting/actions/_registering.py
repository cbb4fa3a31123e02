"""How a correction is written into the register, with who moved by it."""

from collections.abc import Mapping
from datetime import datetime

from changai.areas.facts.models import Fact
from changai.areas.reporting.actions._quoting import requote
from changai.areas.reporting.models import Correction, Report
from changai.areas.reporting.queries.corrections import facts_of_month, picture_of
from changai.areas.reporting.rules.corrections import Picture, who_moved
from changai.core.periods import Month
from changai.foundation.actors import Actor


def settle(correction: Correction, before: Picture, new_fact: Fact, actor: Actor, at: datetime) -> None:
    """Complete an approved correction: the figure in force, who moved, and the sheets that quote the old one."""
    month = Month.of(correction.month)
    after = picture_of(correction.field, month)
    correction.status = Correction.Status.APPROVED
    correction.new_fact, correction.new_value = new_fact, new_fact.value
    correction.settled_at, correction.settled_by_name = at, actor.name
    correction.moved = [row.as_json() for row in who_moved(before, after, correction.field.direction)]
    correction.save()
    requote(new_fact)


def register_resent(
    actor: Actor,
    report: Report,
    before: Mapping[int, tuple[Fact, Picture]],
    at: datetime,
) -> None:
    """Write down what an unlocked report changed when it was accepted again: one row a figure."""
    unlocking = report.unlockings.filter(is_granted=True).order_by("-settled_at", "-pk").first()
    month = Month.of(report.obligation.period.month)
    for field_id, fact in facts_of_month(report.obligation.unit_id, month).items():
        old, picture = before.get(field_id, (None, None))
        if old is None or picture is None or old.pk == fact.pk:
            continue
        correction = Correction(
            kind=Correction.Kind.RESENT,
            unit_id=report.obligation.unit_id,
            field=fact.field,
            month=month.first_on,
            old_fact=old,
            old_value=old.value,
            reason=unlocking.reason if unlocking else "",
            asked_at=unlocking.asked_at if unlocking else at,
            asked_by_id=unlocking.asked_by_id if unlocking else None,
            asked_by_name=unlocking.asked_by_name if unlocking else actor.name,
        )
        settle(correction, picture, fact, actor, at)


def pictures_before(report: Report) -> dict[int, tuple[Fact, Picture]]:
    """Return the unit's figures of the month with the picture around each, before a report is accepted again."""
    month = Month.of(report.obligation.period.month)
    known = facts_of_month(report.obligation.unit_id, month)
    return {field_id: (fact, picture_of(fact.field, month)) for field_id, fact in known.items()}
