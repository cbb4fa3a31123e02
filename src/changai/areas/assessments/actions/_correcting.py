"""Steps that corrections share: work out what they come to before the transaction, keep them inside it."""

from collections.abc import Mapping
from datetime import datetime

from changai.areas.assessments.actions._keeping import keep_rows
from changai.areas.assessments.actions._steps import without_refused
from changai.areas.assessments.models import FactsVersion, Round
from changai.areas.assessments.queries import assessed_units
from changai.areas.assessments.queries.correcting import Corrected, correction_of
from changai.areas.assessments.rules import LONGEST_REASON, SHORTEST_REASON
from changai.core.errors import Invalid
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify


def checked_reason(reason: str, *, longest: int = LONGEST_REASON) -> str:
    """Return the reason without blanks around it.

    :raises Invalid: when it is too short to say anything, or too long
    """
    reason = reason.strip()
    if not SHORTEST_REASON <= len(reason) <= longest:
        raise Invalid(f"请写明理由（{SHORTEST_REASON} 至 {longest} 个字），相关单位会看到。")
    return reason


def corrected(
    round_: Round, unit_id: int, values: Mapping[str, str], *, by: str, at: datetime
) -> Corrected | None:
    """Return what correcting figures of a unit comes to, None when nothing would change.

    :raises Invalid: for a field the round does not read, or a value that is no figure
    """
    units = assessed_units(round_)
    unit = next((each for each in units if each.pk == unit_id), None)
    if unit is None:
        raise Invalid("该单位不是这次考核的对象，请刷新页面。")
    with without_refused(round_, units):
        return correction_of(round_, units, unit, values, by=by, at=at)


def keep_correction(
    actor: Actor, round_: Round, came_to: Corrected, *, cause: str, reason: str, at: datetime
) -> FactsVersion:
    """Write the corrected figures as a new version, and the result they make with who moved."""
    round_.facts_version += 1
    if came_to.rescored:
        keep_rows(round_, came_to.rescored, at=at)
    else:
        round_.frozen_facts = came_to.frozen
        round_.version += 1
    round_.save()
    kept = FactsVersion.objects.create(
        round=round_,
        number=round_.facts_version,
        cause=cause,
        reason=reason.strip(),
        corrections=came_to.corrections,
        moves=came_to.rescored.moves if came_to.rescored else [],
        result_digest=round_.result_digest,
        made_by_name=actor.name,
        made_at=at,
    )
    fields = sorted({row["after"]["field"] for row in came_to.corrections})
    record(actor, "assessment.correct", round_, at=at, cause=str(cause), number=kept.number, fields=fields)
    _tell_units(round_, kept, at=at)
    return kept


def _tell_units(round_: Round, kept: FactsVersion, *, at: datetime) -> None:
    if round_.status not in {Round.Status.CONFIRMING, Round.Status.DECIDING}:
        return
    moved = {move["unit"] for move in kept.moves}
    for unit in assessed_units(round_):
        if unit.code in moved:
            notify(
                f"{round_.name}更正了数据并已重新计分，本单位的得分、名次或等次有变动，请查看变动说明。",
                at=at,
                unit_id=unit.pk,
                link=f"/assessments/{round_.pk}/changes/",
            )
