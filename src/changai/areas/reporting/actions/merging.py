"""The workbooks of the units below: brought together, asked about, taken over as sums, files left out."""

from collections.abc import Sequence
from datetime import datetime

from changai.areas.evidence import storage
from changai.areas.reporting.actions.filling import CellEdit
from changai.areas.reporting.actions.importing import IMPORT, enter_import, import_workbook, open_batch
from changai.areas.reporting.models import Report, WorkbookImport
from changai.areas.reporting.queries.merging import (
    Gathering,
    Given,
    Merged,
    content_of_file,
    earlier_files,
    gathering_of,
    read_ahead,
    read_merge,
    read_township,
)
from changai.areas.reporting.queries.workbooks import import_for
from changai.areas.reporting.rules.merging import MergedRow, merge_fingerprint
from changai.areas.reporting.rules.workbook_reading import State
from changai.core.errors import Invalid, NotVisible, RecordMoved, Unreadable
from changai.foundation import quarantine
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.receipts import refuse_repeated


def bring_townships(
    actor: Actor, report: Report, *, given: Sequence[Given], at: datetime, once: str = ""
) -> WorkbookImport:
    """Keep the workbooks of the units below aside for one preview and return the upload; the draft is not touched.

    A file that does not count stays in the upload with the reason; units that came with an earlier merge and not
    now keep their files of then.

    :raises Unreadable: when no file counts
    :raises RecordMoved: when somebody else's upload waits for its confirmation
    """
    gathering = gathering_of(report)
    if not gathering.units:
        raise Unreadable("本单位没有下级单位，不能汇总。")
    read_ahead(given)
    files: dict[str, dict[str, str]] = {}
    faults = []
    for name, content in given:
        township, fault = _township_of(actor, gathering, name, content, at)
        file = {"name": name[:200], "digest": quarantine.keep(content), "township": township}
        files.setdefault(file["digest"], file)  # the same bytes chosen twice are one file
        if fault:
            faults.append(f"{name}：{fault}")
    if len(faults) == len(given):
        raise Unreadable("；".join(faults))
    townships = [file["township"] for file in files.values() if file["township"]]
    listed = [*files.values(), *earlier_files(report, townships)]
    return enter_import(actor, report.pk, files=listed, is_merge=True, at=at, once=once)  # type: ignore[call-arg]


def _township_of(
    actor: Actor, gathering: Gathering, name: str, content: bytes, at: datetime
) -> tuple[str, str]:
    try:
        with quarantine.refusals_kept(actor, name=name, content=content, at=at):
            return read_township(gathering, content, name=name)[0], ""
    except Unreadable as refusal:
        return "", refusal.sentence


@action("report.leave_out")
def leave_out_file(actor: Actor, import_id: int, *, digest: str, at: datetime) -> WorkbookImport:
    """Take one file out of an upload that waits for its confirmation.

    :raises Invalid: when it is the last one; the upload is then to be put aside
    """
    batch = open_batch(actor, import_id)
    rest = [file for file in batch.files if file["digest"] != digest]
    if len(rest) == len(batch.files):
        raise NotVisible
    if not rest:
        raise Invalid("只剩这一份了，请放弃这次上传。")
    batch.files = rest
    batch.save(update_fields=["files"])
    record(actor, "report.leave_out", batch.report, at=at, batch=batch.pk, digest=digest)
    return batch


def take_over_townships(
    actor: Actor,
    import_id: int,
    *,
    ticked: Sequence[str],
    seen: str,
    partial: bool = False,
    at: datetime,
    once: str = "",
) -> WorkbookImport:
    """Write the sums into the draft, the doubtful ones as far as ticked; what each unit gave stays with the upload.

    :param seen: the fingerprint of what was previewed
    :param partial: whether a person confirmed to go on without the units that are missing
    :raises Invalid: when units are missing and nobody did
    :raises RecordMoved: when the workbooks or the sheet say something else by now
    """
    batch = import_for(actor, import_id)
    if not batch.is_merge:
        raise NotVisible
    press = (import_id, tuple(ticked), seen, partial)
    refuse_repeated(actor, IMPORT, once, arguments=press)
    merged = read_merge(batch)
    if merge_fingerprint(merged.rows) != seen:
        refuse_repeated(actor, IMPORT, once, arguments=press)
        raise RecordMoved("预览之后网上的内容有改动，请重新核对下面的合计。")
    waiting = [file.name for file in merged.files if file.unplaced and not file.fault]
    if waiting:
        raise Invalid(f"{'、'.join(waiting)}有几列没认出来，请先指明或去掉这份表。")
    if merged.missing and not partial:
        raise Invalid(f"还缺{'、'.join(merged.missing)}的表，请先勾选确认按已收到的合计。")
    chosen = [*merged.having(State.CHANGE)]
    chosen += [row for row in merged.having(State.WARNING) if row.ref in set(ticked)]
    _keep_files(batch, merged)
    return import_workbook(
        actor,
        import_id,
        edits=tuple(CellEdit(row.ref, row.new, row.old) for row in chosen),
        left=[row.ref for row in merged.having(State.FAULT)],
        submitting=False,
        parts={row.ref: _parts(row) for row in (*chosen, *merged.listed)},
        pressed=(once, press),
        at=at,
    )


def _keep_files(batch: WorkbookImport, merged: Merged) -> None:
    """Let the files that count stay with the evidence, longer than the 30 days of the quarantine."""
    counted = {file.number for file in merged.files if not (file.fault or file.unplaced)}
    for number, file in enumerate(batch.files, start=1):
        if number in counted:
            storage.keep(content_of_file(file))


def _parts(row: MergedRow) -> list[dict[str, str]]:
    return [
        {
            "township": part.township,
            "file": str(part.number),
            "at": f"{part.page} {part.address}",
            "text": part.text,
        }
        for part in row.parts
        if part.text
    ]
