"""The work on long files of figures: checked, taken over and written out behind the page."""

import os
from datetime import datetime, timedelta

from changai.areas.facts.actions.carrying_out import (
    export_place,
    finish_export,
    note_progress,
    sweep_exports,
)
from changai.areas.facts.actions.history import work_on
from changai.areas.facts.exports import write_history
from changai.areas.facts.models import HistoryExport
from changai.areas.facts.queries.history import (
    exported_figures,
    figures_to_export,
    open_exports,
    open_imports,
)
from changai.foundation.actors import MACHINE
from changai.foundation.jobs.registry import job


# A killed worker's lease ends soon, so that another goes on; two at once stop each other before they do harm.
@job("facts.history", every=timedelta(seconds=5), longest=timedelta(minutes=2))
def work_on_history(at: datetime) -> str:
    """Check and take over files of old figures, and write the ordered ones, each from where it was left."""
    told = [work_on(MACHINE, batch_id, at=at) for batch_id in open_imports()]
    told += [_write(export, at) for export in open_exports()]
    return "；".join(told) or "没有要做的"


def _write(export: HistoryExport, at: datetime) -> str:
    """Write one ordered file, from its beginning: what a killed worker left half-written is swept later."""
    ids = figures_to_export(export)
    place = export_place(export)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = place.with_suffix(f".{os.getpid()}.part")

    def tell(rows: int) -> None:
        note_progress(MACHINE, export.pk, rows=rows, total=len(ids), at=at)

    tell(0)
    rows, digest = write_history(unfinished, exported_figures(ids), at=at, tell=tell)
    unfinished.rename(place)
    finish_export(MACHINE, export.pk, rows=rows, content_digest=digest, at=at)
    return f"已生成 {rows} 行"


@job("facts.sweep_exports", every=timedelta(days=1))
def sweep_old_exports(at: datetime) -> str:
    """Remove written files older than 30 days; they can be ordered again."""
    return f"清理导出文件 {sweep_exports(before=at - timedelta(days=30))} 个"
