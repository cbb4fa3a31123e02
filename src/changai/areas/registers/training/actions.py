"""Entering and cancelling classes. A wrong entry is cancelled with its reason and entered again, never changed."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from changai.areas.organisations import policies as organisations
from changai.areas.registers.training import queries
from changai.areas.registers.training.models import TrainingClass
from changai.areas.registers.training.rules import ClassEntry, faults_of
from changai.core.errors import Invalid, NotAllowed, RecordMoved
from changai.documents.characters import single_line
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record


@action("training.add")
def add_class(actor: Actor, entry: ClassEntry, *, at: datetime) -> TrainingClass:
    """Enter one class that the actor's unit has held and return its row.

    :raises NotAllowed: when the actor keeps no register
    :raises Invalid: when the entry cannot be right, or is there already
    """
    row = _enter(actor, entry, at)
    record(actor, "training.add", row, at=at)
    return row


@action("training.import")
def import_classes(
    actor: Actor, entries: Sequence[ClassEntry], *, digest: str, at: datetime
) -> list[TrainingClass]:
    """Enter all classes of a workbook with this digest, or none, and return their rows.

    :raises NotAllowed: when the actor keeps no register
    :raises Invalid: when there is none, or one of them cannot be right or is there already
    """
    if not entries:
        raise Invalid("文件中没有可导入的班次。")
    rows = [_enter(actor, entry, at) for entry in entries]
    record(actor, "training.import", "training.trainingclass", at=at, digest=digest, rows=len(rows))
    return rows


@action("training.cancel")
def cancel_class(actor: Actor, class_id: int, *, version: int, reason: str, at: datetime) -> TrainingClass:
    """Cancel one class, with the reason; it stays in the register and counts no more.

    :raises NotVisible: when there is none for this actor
    :raises NotAllowed: when it is another unit's
    :raises Invalid: without a reason
    :raises RecordMoved: when it was cancelled meanwhile
    """
    row = queries.class_for(actor, class_id)
    organisations.require(actor, "register.edit", row.unit.path)
    reason = single_line(reason)
    if not reason:
        raise Invalid("请写明作废原因。")
    changed = TrainingClass.objects.filter(pk=row.pk, version=version, cancelled_at__isnull=True).update(
        cancelled_at=at, cancelled_reason=reason[:200], version=version + 1
    )
    if not changed:
        raise RecordMoved("该班次刚刚已被作废，本次操作没有重复进行。")
    row.refresh_from_db()
    record(actor, "training.cancel", row, at=at)
    return row


def _enter(actor: Actor, entry: ClassEntry, at: datetime) -> TrainingClass:
    organisations.require(actor, "register.edit", actor.unit_path)
    if actor.unit_id is None:
        raise NotAllowed
    faults = faults_of(entry, today=timezone.localdate(at))
    if faults:
        raise Invalid("该班次没有登记。", faults=tuple(faults.values()))
    row = TrainingClass(unit_id=actor.unit_id, entered_by_name=actor.name, entered_at=at, **asdict(entry))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as fault:
        raise Invalid(
            f"“{entry.title}”（{entry.held_on:%Y-%m-%d} 结业）已在名册中，请勿重复登记。"
        ) from fault
    return row
