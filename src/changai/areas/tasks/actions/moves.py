"""What every action on a claim does alike: lock, check, move, save, tell."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from changai.areas.organisations import queries as organisations
from changai.areas.tasks import policies, queries
from changai.areas.tasks.models import Claim
from changai.areas.tasks.rules import LIVE, next_status
from changai.core.errors import Invalid
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.outbox import notify
from changai.foundation.versions import require_version

_COPIED = ("measure_id", "part", "text", "target_value", "target_unit", "due_on")


def locked(actor: Actor, claim_id: int, move: str, version: int | None = None) -> Claim:
    """Return the claim, locked, when the actor may do `move` to it and saw its present state.

    :raises NotVisible: when there is none for this actor
    :raises NotAllowed: when the matrix does not grant the move
    :raises RecordMoved: when the claim has changed since `version`, or is not open to the move
    """
    seen = queries.claim_for(actor, claim_id)
    rows = Claim.objects.select_for_update(of=("self",)).select_related("unit", "measure__plan")
    claim = rows.get(pk=seen.pk)
    if version is not None and policies.holds(actor, move, claim):
        require_version(claim, version)
    policies.require(actor, move, claim)
    return claim


def move_claim(actor: Actor, claim: Claim, move: str, *, at: datetime, **fields: Any) -> None:
    """Save the claim in the status after `move`, with the fields given, and write the audit line."""
    before, after = claim.status, next_status(claim.status, move)
    for name, value in fields.items():
        setattr(claim, name, value)
    claim.status = after or before
    claim.version += 1
    claim.save(update_fields=[*fields, "status", "version"])
    record(actor, f"claim.{move}", claim, at=at, before=before, after=claim.status, fields=sorted(fields))


def share_out(actor: Actor, claim: Claim, unit_id: int, *, at: datetime, **fields: Any) -> Claim:
    """Make and return a claim of a unit out of `claim`; it waits for an answer unless `fields` differ."""
    copied = {name: getattr(claim, name) for name in _COPIED}
    made = Claim.objects.create(**(copied | {"offered_at": at} | fields), unit_id=unit_id, origin=claim)
    record(actor, "claim.offer", made, at=at, origin=claim.pk, unit=unit_id)
    return made


def check_unit(measure_id: int, unit_id: int, *, at: datetime) -> None:
    """Make sure that a unit is open and has no live share of the measure.

    :raises Invalid: otherwise
    """
    unit = organisations.open_units(on=timezone.localdate(at)).filter(pk=unit_id).first()
    if unit is None:
        raise Invalid("所选单位不存在或已撤销，请重新选择。")
    held = Claim.objects.filter(measure_id=measure_id, unit_id=unit_id, status__in=LIVE).first()
    if held is not None:
        raise Invalid(f"“{unit.name}”已承担这项任务（{held.get_part_display()}），请另选单位。")


def tell_unit(claim: Claim, sentence: str, *, at: datetime) -> None:
    """Put a notice for the claim's unit into the outbox."""
    notify(sentence, at=at, unit_id=claim.unit_id, link=address_of(claim))


def tell_office(claim: Claim, sentence: str, *, at: datetime) -> None:
    """Put a notice for the office into the outbox."""
    for role in (Role.OFFICE_OFFICER, Role.OFFICE_HEAD):
        notify(sentence, at=at, role=role, link=address_of(claim))


def address_of(claim: Claim) -> str:
    """Return the path of the claim's page."""
    return reverse("tasks:task", args=[claim.pk])


def named(claim: Claim) -> str:
    """Return how a notice names the claim, such as 任务1-2-3“开展培训”."""
    words = claim.text.strip().splitlines()[0]
    return f"任务{claim.measure.code}“{words[:30]}{'…' if len(words) > 30 else ''}”"
