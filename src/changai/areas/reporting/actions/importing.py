"""Workbooks filled away from the system: brought, asked about, taken over into the draft, or put aside."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from changai.areas.evidence import storage
from changai.areas.reporting.actions._changing import Change, keep_changes
from changai.areas.reporting.actions._locking import keep, take
from changai.areas.reporting.actions._restoring import put_back
from changai.areas.reporting.actions.filling import CellEdit, confirm_prefilled, save_cells
from changai.areas.reporting.actions.sending import submit_report
from changai.areas.reporting.models import CellChange, Report, WorkbookImport
from changai.areas.reporting.queries.workbooks import (
    import_for,
    read_file,
    read_import,
    taken_before,
    undoable_import,
)
from changai.areas.reporting.rules.moves import FILL
from changai.areas.reporting.rules.workbook_reading import Found, State, fingerprint
from changai.core.errors import Invalid, NotVisible, RecordMoved, Unreadable
from changai.foundation import quarantine
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.receipts import keep_receipt, refuse_repeated
from changai.foundation.ui.figures import written_moment

Given = tuple[str, bytes]
IMPORT = "report.import"


def bring_workbook(
    actor: Actor, report: Report, *, name: str, content: bytes, at: datetime, once: str = ""
) -> WorkbookImport:
    """Keep an uploaded workbook aside for the preview and return the upload; the draft is not touched.

    :raises Unreadable: when it is no workbook of this report, or was taken over already
    :raises RecordMoved: when somebody else's upload waits for its confirmation
    """
    with quarantine.refusals_kept(actor, name=name, content=content, at=at):
        refuse_known(report, [content])
        read_file(report, content, name=name, answers={})
    files = [{"name": name[:200], "digest": quarantine.keep(content)}]
    return enter_import(actor, report.pk, files=files, at=at, once=once)  # type: ignore[call-arg]


def refuse_known(report: Report, contents: Sequence[bytes]) -> None:
    """Refuse files that were taken over for this report already.

    :raises Unreadable: naming when, and by which upload
    """
    digests = [quarantine.digest_of(content) for content in contents]
    if known := taken_before(report, digests):
        moment = written_moment(known.settled_at) if known.settled_at else ""
        raise Unreadable(f"该文件已于 {moment} 导入，批次 {known.pk}；如有修改，请保存后再上传。")


@action("report.bring")
def enter_import(
    actor: Actor, report_id: int, *, files: Sequence[Mapping[str, str]], is_merge: bool = False, at: datetime
) -> WorkbookImport:
    """Enter an upload that lies in quarantine; the own one that waited before is put aside by it.

    :raises RecordMoved: when somebody else's upload waits for its confirmation
    """
    report = take(actor, report_id, FILL)
    waiting = report.imports.select_for_update().filter(state=WorkbookImport.State.OPEN).first()
    if waiting is not None:
        if waiting.brought_by != actor.person_id:
            raise RecordMoved(
                f"{waiting.brought_by_name}已于 {written_moment(waiting.brought_at)} 上传了本期工作簿，"
                f"尚未确认（批次 {waiting.pk}）。请先确认或放弃那一份，再上传。"
            )
        _settle(waiting, WorkbookImport.State.DISCARDED, actor, at)
    batch = WorkbookImport.objects.create(
        report=report,
        files=[dict(file) for file in files],
        is_merge=is_merge,
        brought_at=at,
        brought_by=actor.person_id,
        brought_by_name=actor.name,
    )
    digests = [file["digest"] for file in files]
    record(actor, "report.bring", report, at=at, batch=batch.pk, digests=digests)
    return batch


@action("report.place_columns")
def place_columns(
    actor: Actor, import_id: int, *, answers: Mapping[str, Mapping[str, str]], at: datetime
) -> WorkbookImport:
    """Keep what a person answered about columns with unknown headings."""
    batch = open_batch(actor, import_id)
    batch.answers = {page: {**batch.answers.get(page, {}), **told} for page, told in answers.items()}
    batch.save(update_fields=["answers"])
    record(actor, "report.place_columns", batch.report, at=at, batch=batch.pk)
    return batch


def take_over_workbook(
    actor: Actor,
    import_id: int,
    *,
    ticked: Sequence[str],
    seen: str,
    owned: bool = True,
    submitting: bool = False,
    at: datetime,
    once: str = "",
) -> WorkbookImport:
    """Take the good cells of a workbook into the draft, the doubtful ones as far as ticked; submit when asked.

    The file is read before the transaction opens: a slow disk must not hold the one write lock.

    :param seen: the fingerprint of what was previewed
    :param owned: whether a person confirmed whose workbook it is, for one that carries no stamp
    :raises Invalid: when nobody did
    :raises RecordMoved: when the workbook or the sheet says something else by now
    """
    batch = import_for(actor, import_id)
    press = (import_id, tuple(ticked), seen, owned, submitting)
    refuse_repeated(actor, IMPORT, once, arguments=press)
    reading, stamp = read_import(batch)
    if stamp is None and not owned:
        raise Invalid("表内没有系统标识，请先勾选确认这是本单位本期的表。")
    if fingerprint(reading) != seen:
        refuse_repeated(actor, IMPORT, once, arguments=press)  # the other half of a double click was quicker
        raise RecordMoved("预览之后网上的内容有改动，请重新核对下面的差异。")
    chosen = [*reading.having(State.CHANGE)]
    chosen += [cell for cell in reading.having(State.WARNING) if cell.ref in set(ticked)]
    # A taken file is provenance: it stays, with the evidence, longer than the 30 days of the quarantine.
    storage.keep(quarantine.kept(batch.files[0]["digest"]))
    left = [cell.ref for cell in reading.cells if cell.state is State.FAULT]
    return import_workbook(
        actor, import_id, edits=_edits(chosen), left=left, submitting=submitting, pressed=(once, press), at=at
    )


def _edits(chosen: Sequence[Found]) -> tuple[CellEdit, ...]:
    return tuple(CellEdit(cell.ref, cell.new, cell.old) for cell in chosen)


@action(IMPORT)
def import_workbook(
    actor: Actor,
    import_id: int,
    *,
    edits: Sequence[CellEdit],
    left: Sequence[str],
    submitting: bool,
    pressed: tuple[str, Any] = ("", ()),
    parts: Mapping[str, Sequence[Mapping[str, str]]] | None = None,
    at: datetime,
) -> WorkbookImport:
    """Carry out a previewed upload, and hand the sheet on for signing when asked and nothing is missing.

    What keeps the sheet from being submitted is told in the outcome; the cells are taken over all the same.

    :param pressed: the key of the press and what was pressed, when that is another than these arguments
    :param parts: what each unit below gave for a cell that is their sum, kept in the outcome
    :raises Invalid: when there is nothing to take over
    """
    key, press = pressed
    if key:
        keep_receipt(actor, IMPORT, key, arguments=press, at=at)
    batch = open_batch(actor, import_id)
    if not edits and not submitting:
        raise Invalid("没有可导入的内容：请改正表格后重新上传，或放弃。")
    outcome: dict[str, Any] = {"taken": [], "refused": list(left), "submitted": False, "faults": []}
    plain = [edit for edit in edits if not edit.ref.endswith(":confirm")]
    if plain:
        origin = CellChange.Origin.WORKBOOK
        saved = save_cells(actor, batch.report_id, cells=plain, origin=origin, batch_id=batch.pk, at=at)
        outcome["taken"] = [cell.ref for cell in saved.saved]
        outcome["refused"] += [cell.ref for cell in saved.refused]
        outcome["faults"] += [cell.sentence for cell in saved.refused]
    confirmed = [
        int(edit.ref.split(":")[1]) for edit in edits if edit.ref.endswith(":confirm") and edit.value
    ]
    if confirmed:
        confirm_prefilled(actor, batch.report_id, field_ids=confirmed, at=at)
        outcome["taken"] += [f"figure:{field}:confirm" for field in confirmed]
    if submitting:
        _submit(actor, batch.report_id, outcome, at)
    if parts is not None:
        outcome["parts"] = {ref: [dict(part) for part in given] for ref, given in parts.items()}
    batch.outcome = outcome
    _settle(batch, WorkbookImport.State.TAKEN, actor, at)
    record(
        actor, "report.import", batch.report, at=at,
        batch=batch.pk, cells=outcome["taken"], refused=outcome["refused"], submitted=outcome["submitted"],
    )  # fmt: skip
    return batch


def _submit(actor: Actor, report_id: int, outcome: dict[str, Any], at: datetime) -> None:
    """Submit within a step of its own: a sheet that is not whole stays a draft with what was imported."""
    version = Report.objects.values_list("version", flat=True).get(pk=report_id)
    try:
        with transaction.atomic():
            submit_report(actor, report_id, version=version, at=at)
        outcome["submitted"] = True
    except Invalid as refusal:
        outcome["faults"] += list(refusal.faults) or [refusal.sentence]


@action("report.discard_import")
def discard_import(actor: Actor, import_id: int, *, at: datetime) -> WorkbookImport:
    """Put an upload aside; the draft is not touched."""
    batch = open_batch(actor, import_id)
    _settle(batch, WorkbookImport.State.DISCARDED, actor, at)
    record(actor, "report.discard_import", batch.report, at=at, batch=batch.pk)
    return batch


@action("report.undo_import")
def undo_import(actor: Actor, import_id: int, *, at: datetime) -> WorkbookImport:
    """Give the cells an upload filled their former content; what was changed since stays.

    :raises RecordMoved: when nothing of it is left to undo, or the sheet was sent since
    """
    batch = _batch_in(actor, import_id, WorkbookImport.State.TAKEN)
    filled = undoable_import(batch)
    if not filled:
        raise RecordMoved("这次写入的内容已经报出或都已改过，没有可以撤销的。")
    put_back(batch.report, filled)
    changes = [Change(change.cell, change.value, change.before) for change in filled]
    keep_changes(actor, batch.report, changes, origin=CellChange.Origin.UNDO, at=at)
    keep(batch.report)
    batch.outcome = {**batch.outcome, "undone": [change.cell for change in filled]}
    _settle(batch, WorkbookImport.State.UNDONE, actor, at)
    record(actor, "report.undo_import", batch.report, at=at, batch=batch.pk, cells=batch.outcome["undone"])
    return batch


def open_batch(actor: Actor, import_id: int) -> WorkbookImport:
    """Return the upload, it and its report locked, while it waits for its confirmation."""
    return _batch_in(actor, import_id, WorkbookImport.State.OPEN)


def _batch_in(actor: Actor, import_id: int, state: WorkbookImport.State) -> WorkbookImport:
    batch = WorkbookImport.objects.select_for_update().filter(pk=import_id).first()
    if batch is None:
        raise NotVisible
    batch.report = take(actor, batch.report_id, FILL)
    if batch.state != state:
        raise RecordMoved(f"这份工作簿{batch.get_state_display()}，如需再次导入请重新上传。")
    return batch


def _settle(batch: WorkbookImport, state: WorkbookImport.State, actor: Actor, at: datetime) -> None:
    batch.state, batch.settled_at, batch.settled_by_name = state, at, actor.name
    batch.save(update_fields=["state", "settled_at", "settled_by_name", "outcome"])
