"""What the office orders of a result: drawing how far places depend on the weights, the letters to the units."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from changai.areas.assessments.actions._steps import locked
from changai.areas.assessments.models import LetterBatch, Round, Sensitivity
from changai.areas.assessments.queries import open_letters
from changai.core.errors import NotVisible, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record

LETTERS_KEPT_DAYS = 30
HALF_WRITTEN_DAYS = 1


@action("assessment.ask_bands")
def ask_bands(actor: Actor, round_id: int, *, at: datetime) -> Sensitivity:
    """Order the drawing for the result as it stands; the job draws it behind the page.

    :raises RecordMoved: without a result, or when it was ordered for this result before
    """
    round_ = locked(actor, round_id, "use.edit")
    if not round_.result_digest or round_.is_outdated:
        raise RecordMoved("请先计分，再测算名次对权重的敏感程度。")
    ordered, is_new = Sensitivity.objects.get_or_create(
        round=round_,
        result_digest=round_.result_digest,
        defaults={"asked_by_name": actor.name, "asked_at": at},
    )
    if not is_new:
        raise RecordMoved("这次结果已经安排测算，稍后刷新页面即可查看。")
    record(actor, "assessment.ask_bands", round_, at=at, result=round_.result_digest)
    return ordered


@action("assessment.draw_bands")
def keep_bands(
    actor: Actor, sensitivity_id: int, *, report: dict[str, object], refusal: str, at: datetime
) -> Sensitivity:
    """Keep what the draws came to, or why nothing could be drawn.

    :raises NotVisible: when it was kept before
    """
    ordered = Sensitivity.objects.select_for_update().filter(pk=sensitivity_id, done_at__isnull=True).first()
    if ordered is None:
        raise NotVisible
    ordered.report, ordered.refusal, ordered.done_at = report, refusal, at
    ordered.save(update_fields=["report", "refusal", "done_at"])
    record(actor, "assessment.draw_bands", ordered, at=at, result=ordered.result_digest)
    return ordered


@action("assessment.ask_letters")
def ask_letters(actor: Actor, round_id: int, *, at: datetime) -> LetterBatch:
    """Order the feedback letters of all units; the job writes them behind the page.

    :raises RecordMoved: before the result is published, or while letters are being written
    """
    round_ = locked(actor, round_id, "use.edit")
    if round_.status != Round.Status.PUBLISHED:
        raise RecordMoved("结果公布后才能生成反馈函，请先公布结果。")
    if LetterBatch.objects.filter(round=round_, done_at__isnull=True).exists():
        raise RecordMoved("反馈函正在生成，请稍后刷新页面。")
    batch = LetterBatch.objects.create(
        round=round_,
        result_digest=round_.result_digest,
        asked_by_name=actor.name,
        asked_at=at,
        letters=round_.scores.count(),
    )
    record(actor, "assessment.ask_letters", round_, at=at, letters=batch.letters)
    return batch


def note_letters(actor: Actor, batch_id: int, *, written: int, at: datetime) -> None:  # noqa: ARG001
    """Keep how many letters lie ready, for the page."""
    LetterBatch.objects.filter(pk=batch_id, done_at__isnull=True).update(written=written)


@action("assessment.write_letters")
def finish_letters(actor: Actor, batch_id: int, *, written: int, refusal: str, at: datetime) -> LetterBatch:
    """Enter that all letters lie ready in one file, or why they could not be written.

    :raises NotVisible: when that was entered before
    """
    batch = LetterBatch.objects.select_for_update().filter(pk=batch_id, done_at__isnull=True).first()
    if batch is None:
        raise NotVisible
    batch.written, batch.refusal, batch.done_at = written, refusal, at
    batch.save(update_fields=["written", "refusal", "done_at"])
    record(actor, "assessment.write_letters", batch, at=at, written=written)
    return batch


def letters_folder(batch: LetterBatch) -> Path:
    """Return the folder the letters of an order are written into; the file of all stands beside it."""
    folder: Path = settings.DATA_FOLDER / "exports"
    return folder / f"letters-{batch.pk}"


def read_letters(batch: LetterBatch) -> bytes:
    """Return the bytes of the file of all letters.

    :raises RecordMoved: when it is not ready, or was cleared away
    """
    place = letters_folder(batch).with_suffix(".zip")
    if batch.done_at is None or not place.exists():
        raise RecordMoved(f"反馈函还没有生成，或已超过 {LETTERS_KEPT_DAYS} 天被清理，请重新生成。")
    return place.read_bytes()


def sweep_letters(*, at: datetime) -> int:
    """Remove what no order of letters needs any more, and return how many things.

    Of finished orders the single letters, which the file of all holds; that file when it is a month old; of broken
    ones what lies half-written for a day. Orders that are being written are left alone.
    """
    folder: Path = settings.DATA_FOLDER / "exports"
    writing = {f"letters-{pk}" for pk in open_letters().values_list("pk", flat=True)}
    old = (at - timedelta(days=LETTERS_KEPT_DAYS)).timestamp()
    broken = (at - timedelta(days=HALF_WRITTEN_DAYS)).timestamp()
    removed = 0
    for place in folder.glob("letters-*"):
        if place.name in writing or place.stem.partition(".")[0] in writing:
            continue
        if place.is_dir():
            shutil.rmtree(place, ignore_errors=True)
        elif place.stat().st_mtime < (old if place.suffix == ".zip" else broken):
            place.unlink(missing_ok=True)
        else:
            continue
        removed += 1
    return removed
