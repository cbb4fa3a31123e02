"""Figures of many months written into a file: ordered by people, written by the job, fetched from the page."""

from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from changai.areas.facts import policies
from changai.areas.facts.models import HistoryExport
from changai.core.errors import Invalid, NotVisible, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record

Status = HistoryExport.Status


@action("history.export")
def order_export(actor: Actor, *, first_month: date, last_month: date, at: datetime) -> HistoryExport:
    """Order the figures in force of the months to be written into a file.

    :raises Invalid: when the months are the wrong way round
    """
    policies.require_enter(actor)
    if first_month > last_month:
        raise Invalid("起始月份不能晚于截止月份。")
    export = HistoryExport.objects.create(
        first_month=first_month, last_month=last_month, asked_at=at, asked_by_name=actor.name
    )
    record(actor, "history.export", export, at=at, first=str(first_month), last=str(last_month))
    return export


def note_progress(actor: Actor, export_id: int, *, rows: int, total: int, at: datetime) -> None:  # noqa: ARG001
    """Keep how far the writing of a file has come, for the page."""
    waiting = HistoryExport.objects.filter(pk=export_id, status=Status.WAITING)
    waiting.update(rows_written=rows, rows_total=total)


@action("history.exported")
def finish_export(
    actor: Actor, export_id: int, *, rows: int, content_digest: str, at: datetime
) -> HistoryExport:
    """Enter that the file lies ready, with its count of rows and digest."""
    export = HistoryExport.objects.select_for_update().filter(pk=export_id, status=Status.WAITING).first()
    if export is None:
        raise NotVisible
    export.status, export.finished_at = Status.DONE, at
    export.rows_total = export.rows_written = rows
    export.content_digest = content_digest
    export.save()
    record(actor, "history.exported", export, at=at, rows=rows, content=content_digest)
    return export


def export_place(export: HistoryExport) -> Path:
    """Return where the file of an order lies."""
    folder: Path = settings.DATA_FOLDER / "exports"
    return folder / f"history-{export.pk}.xlsx"


def read_export(export: HistoryExport) -> bytes:
    """Return the bytes of a file that lies ready.

    :raises RecordMoved: when it is not ready, or was cleared away
    """
    place = export_place(export)
    if export.status != Status.DONE or not place.exists():
        raise RecordMoved("文件还没有生成，或已超过 30 天被清理，请重新导出。")
    return place.read_bytes()


def sweep_exports(*, before: datetime) -> int:
    """Remove files written before a moment, and return how many."""
    folder: Path = settings.DATA_FOLDER / "exports"
    old = [file for file in folder.glob("history-*") if file.stat().st_mtime < before.timestamp()]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)
