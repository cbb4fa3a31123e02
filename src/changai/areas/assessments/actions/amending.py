"""更正登记: propose to correct a published result, approve, refuse or take it back. What is published stays."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import F, Max

from changai.areas.assessments.actions._correcting import checked_reason
from changai.areas.assessments.actions._steps import locked, without_refused
from changai.areas.assessments.models import Amendment, Round, Score
from changai.areas.assessments.policies import require, require_other
from changai.areas.assessments.queries import (
    amended,
    amendment_for,
    assessed_units,
    fields_of_item,
    item_name,
    round_for,
)
from changai.areas.assessments.queries.correcting import Corrected
from changai.areas.assessments.rules import (
    LONGEST_BASIS,
    SHORTEST_REASON,
    next_amendment_status,
    way_to_correct,
)
from changai.areas.organisations.models import Unit
from changai.core.errors import Invalid, NotVisible, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify
from changai.foundation.versions import require_version

_UNCHANGED = "没有改动任何数据。请填写更正后的数值。"


def propose_amendment(
    actor: Actor,
    round_id: int,
    unit_id: int,
    code: str,
    *,
    values: Mapping[str, str],
    reason: str,
    basis: str,
    at: datetime,
    once: str = "",
) -> Amendment:
    """Enter in the register that figures of one indicator of one unit were wrong when the result was published.

    `values` are what was typed, by code of the field. Nothing changes before the head approves it.

    :raises Invalid: without a reason, a basis or any change, or for a value that is no figure
    :raises RecordMoved: before the result is published, or while such a proposal waits
    """
    round_ = round_for(actor, round_id)
    require(actor, "assessment.run")
    _require_published(round_)
    reason = checked_reason(reason)
    basis = basis.strip()
    if not SHORTEST_REASON <= len(basis) <= LONGEST_BASIS:
        raise Invalid(
            f"请写明更正依据，例如核查记录、文件或批示（{SHORTEST_REASON} 至 {LONGEST_BASIS} 个字）。"
        )
    if not set(values) <= set(fields_of_item(round_, code)):
        raise Invalid("只能更正这项指标采用的数据，请刷新页面。")
    came_to = _worked_out(round_, unit_id, values, by=actor.name, at=at)
    if came_to is None:
        raise Invalid(_UNCHANGED)
    return keep_proposal(  # type: ignore[call-arg]  # every action takes `once`
        actor, round_id, unit_id, code, values=dict(values), came_to=came_to, reason=reason, basis=basis, at=at,
        once=once,
    )  # fmt: skip


@action("amendment.propose")
def keep_proposal(
    actor: Actor, round_id: int, unit_id: int, code: str, *, values: dict[str, str], came_to: Corrected,
    reason: str, basis: str, at: datetime,
) -> Amendment:  # fmt: skip
    """Keep a proposal. Call `propose_amendment`."""
    round_ = locked(actor, round_id, "assessment.run")
    _require_published(round_)
    unit = Unit.objects.get(pk=unit_id)
    open_one = Amendment.objects.filter(
        round=round_, unit=unit, code=code, status=Amendment.Status.PROPOSED
    ).first()
    if open_one:
        raise RecordMoved(f"{open_one.proposed_by_name}已提出更正这项指标，请等待批准，或撤回后重新提出。")
    made = Amendment.objects.create(
        round=round_, unit=unit, code=code, name=item_name(round_, code), values=values, reason=reason, basis=basis,
        proposed_by_id=actor.person_id, proposed_by_name=actor.name, proposed_at=at, corrections=came_to.corrections,
    )  # fmt: skip
    notify(
        f"请审批{round_.name}的更正：{unit.name}“{made.name}”。",
        at=at, role=Role.OFFICE_HEAD, link=_register(round_.pk),
    )  # fmt: skip
    record(actor, "amendment.propose", made, at=at, unit=unit.code, code=code, fields=sorted(values))
    return made


def approve_amendment(
    actor: Actor, amendment_id: int, *, decision: str = "", version: int, at: datetime, once: str = ""
) -> Amendment:
    """Approve a correction: the result it makes is kept beside the published one, and units that moved are told.

    :raises NotAllowed: to who proposed it
    :raises Invalid: when the figures say so already
    :raises RecordMoved: when it was decided, or another correction of the same result was approved meanwhile
    """
    seen = amendment_for(actor, amendment_id)
    require(actor, "assessment.publish")
    require_other(actor, seen.proposed_by_id)
    require_version(seen, version)
    came_to = _worked_out(seen.round, seen.unit_id, seen.values, by=seen.proposed_by_name, at=at)
    if came_to is None:
        raise Invalid("按已批准的其他更正，数据已是所提数值，不必再更正，请撤回或不予更正。")
    return keep_approval(  # type: ignore[call-arg]  # every action takes `once`
        actor, amendment_id, came_to=came_to, decision=decision.strip()[:500], version=version, at=at, once=once
    )  # fmt: skip


@action("amendment.approve")
def keep_approval(
    actor: Actor, amendment_id: int, *, came_to: Corrected, decision: str, version: int, at: datetime
) -> Amendment:
    """Keep an approval with the result it makes. Call `approve_amendment`."""
    made = _decided(
        actor, amendment_id, "assessment.publish", "approve", words=decision, version=version, at=at
    )
    rescored = came_to.rescored
    assert rescored is not None  # noqa: S101 - a published result is a scored one
    of_round = Amendment.objects.filter(round=made.round_id)
    made.number = (of_round.aggregate(last=Max("number"))["last"] or 0) + 1
    made.corrections, made.moves = came_to.corrections, rescored.moves
    made.result, made.result_digest = rescored.result, rescored.digest
    made.sentences = {
        row["code"]: [row["sentence"], row["sentence_en"]] for row in rescored.leaves.get(made.unit.code, [])
    }
    made.save()
    # Who looks at another proposal of this result sees moves that no longer hold: let nobody decide on them.
    of_round.filter(status=Amendment.Status.PROPOSED).update(version=F("version") + 1)
    _tell_units(made, at=at)
    record(actor, "amendment.approve", made, at=at, number=made.number, result=made.result_digest)
    return made


@action("amendment.refuse")
def refuse_amendment(
    actor: Actor, amendment_id: int, *, decision: str, version: int, at: datetime
) -> Amendment:
    """Refuse a correction, with the reason.

    :raises Invalid: without a reason
    :raises RecordMoved: when it was decided meanwhile
    """
    words = checked_reason(decision)
    made = _decided(actor, amendment_id, "assessment.publish", "refuse", words=words, version=version, at=at)
    made.save()
    record(actor, "amendment.refuse", made, at=at)
    return made


@action("amendment.withdraw")
def withdraw_amendment(actor: Actor, amendment_id: int, *, version: int, at: datetime) -> Amendment:
    """Take a proposal back before it is decided.

    :raises RecordMoved: when it was decided meanwhile
    """
    made = _decided(actor, amendment_id, "assessment.run", "withdraw", words="", version=version, at=at)
    made.save()
    record(actor, "amendment.withdraw", made, at=at)
    return made


def _decided(
    actor: Actor, amendment_id: int, permission: str, move: str, *, words: str, version: int, at: datetime
) -> Amendment:
    """Return the proposal after the move, its round locked first: corrections of one result are made one by one."""
    seen = amendment_for(actor, amendment_id)
    round_ = locked(actor, seen.round_id, permission)
    made = Amendment.objects.select_for_update(of=("self",)).select_related("unit").get(pk=amendment_id)
    made.round = round_
    status = next_amendment_status(made.status, move)
    if status is None:
        raise RecordMoved(f"这件更正{made.get_status_display()}，不能再办理，请刷新后查看。")
    require_version(made, version)
    made.status, made.decision = status, words
    made.decided_by_name, made.decided_at = actor.name, at
    made.version += 1
    return made


def _worked_out(
    round_: Round, unit_id: int, values: Mapping[str, str], *, by: str, at: datetime
) -> Corrected | None:
    with without_refused(round_, assessed_units(round_)):
        return amended(round_, unit_id, values, by=by, at=at)


def _require_published(round_: Round) -> None:
    if round_.status == Round.Status.DROPPED:
        raise NotVisible
    if round_.status != Round.Status.PUBLISHED:
        raise RecordMoved(f"结果还没有公布，不必登记更正。{way_to_correct(round_.status, round_.course)}")


def _tell_units(made: Amendment, *, at: datetime) -> None:
    moved = {move["unit"] for move in made.moves} | {made.unit.code}
    for score in Score.objects.filter(round=made.round_id, unit__code__in=moved).select_related("unit"):
        notify(
            f"{made.round.name}公布后有更正，涉及本单位，请查看更正前后的得分、名次和等次。",
            at=at,
            unit_id=score.unit_id,
            link=f"/assessments/scores/{score.pk}/",
        )


def _register(round_id: int) -> str:
    return f"/assessments/{round_id}/amendments/"
