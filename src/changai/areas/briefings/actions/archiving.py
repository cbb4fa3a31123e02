"""Order the package of a year's issued papers, and enter what the job made of it."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from changai.areas.briefings.models import ArchiveOrder
from changai.areas.briefings.policies import require
from changai.areas.briefings.queries import open_archive_orders, papers_of_year
from changai.areas.briefings.rules import PAPER_KINDS
from changai.core.errors import Invalid, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record

KEPT_DAYS = 30


@action("briefing.ask_archive")
def ask_archive(actor: Actor, *, year: int, series: str = "", at: datetime) -> ArchiveOrder:
    """Order the package of the papers issued in a year, of one series or of all; the job packs behind the page.

    :raises Invalid: when there is no such series, or nothing was issued
    :raises RecordMoved: while the same package is being made
    """
    require(actor, "archive.make")
    if series and series not in {kind.series for kind in PAPER_KINDS.values()}:
        raise Invalid("没有这样的编号序列，请重新选择。")
    papers = papers_of_year(actor, year, series).count()
    if not papers:
        raise Invalid("这一年没有印发过公文，没有可以归档的。")
    if open_archive_orders().filter(year=year, series=series).exists():
        raise RecordMoved("同样的归档包正在制作，请稍后下载。")
    order = ArchiveOrder.objects.create(
        year=year, series=series, asked_by_name=actor.name, asked_at=at, papers=papers
    )
    record(actor, "briefing.ask_archive", order, at=at, year=year, series=series, papers=papers)
    return order


def note_archive(actor: Actor, order_id: int, *, written: int, at: datetime) -> None:  # noqa: ARG001
    """Keep how many papers are packed, for the page."""
    ArchiveOrder.objects.filter(pk=order_id, done_at__isnull=True).update(written=written)


@action("briefing.write_archive")
def finish_archive(
    actor: Actor, order_id: int, *, digest: str, papers: int, refusal: str, at: datetime
) -> ArchiveOrder:
    """Enter that the package lies ready, with its digest, or why it could not be made.

    :raises RecordMoved: when another worker has entered it
    """
    order = ArchiveOrder.objects.select_for_update().get(pk=order_id)
    if order.done_at is not None:
        raise RecordMoved("归档包已经做好。")
    order.digest, order.refusal, order.done_at = digest, refusal, at
    order.written = order.papers = papers
    order.save()
    record(actor, "briefing.write_archive", order, at=at, digest=digest, papers=papers)
    return order


def archive_folder(order: ArchiveOrder) -> Path:
    """Return the folder a package is made in; the package itself stands beside it."""
    folder: Path = settings.DATA_FOLDER / "exports"
    return folder / f"archive-{order.pk}"


def ready_archive(order: ArchiveOrder) -> Path:
    """Return the file of the package: it may be larger than the memory.

    :raises RecordMoved: when it is not ready, or was cleared away
    """
    place = archive_folder(order).with_suffix(".zip")
    if order.done_at is None or not place.exists():
        raise RecordMoved(f"归档包还没有做好，或已超过 {KEPT_DAYS} 天被清理，请重新制作。")
    return place


def sweep_archives(*, at: datetime) -> int:
    """Remove packages older than a month and what orders left behind, and return how many things."""
    folder: Path = settings.DATA_FOLDER / "exports"
    making = {f"archive-{pk}" for pk in open_archive_orders().values_list("pk", flat=True)}
    old = (at - timedelta(days=KEPT_DAYS)).timestamp()
    removed = 0
    for place in sorted(folder.glob("archive-*")):
        if place.name.partition(".")[0] in making:
            continue
        if place.is_dir():
            shutil.rmtree(place, ignore_errors=True)
            removed += 1
        elif place.stat().st_mtime < old or place.suffix != ".zip":
            place.unlink(missing_ok=True)
            removed += 1
    return removed
