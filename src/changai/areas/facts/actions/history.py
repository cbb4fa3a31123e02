"""Old figures brought in: checked in chunks by the job, taken over in one step when people have said so.

Every chunk is one transaction that also moves how far the work has come, on condition that nobody else moved it: a
worker that is killed is followed by one that goes on there, and one that was away too long stops.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import Count, Exists, Min, OuterRef, QuerySet, Subquery
from django.utils import timezone

from changai.areas.evidence import storage
from changai.areas.facts import policies
from changai.areas.facts.models import Fact, HistoryImport, HistoryRow
from changai.areas.facts.queries.history import facts_in_force, known_names
from changai.areas.facts.rules.figures import REPORTED
from changai.areas.facts.rules.history import (
    Known,
    LongTable,
    OldFigure,
    added_digest,
    read_row,
)
from changai.core.errors import ActionRefused, Invalid, NotVisible, RecordMoved, Unreadable
from changai.documents.intake.rows import count_fault
from changai.documents.intake.rowwise import LongRow, read_rows
from changai.foundation import quarantine
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.ui.figures import written_moment

CHUNK = 1_000
ORIGIN = "facts.history"
_LONGEST_SENTENCE = 500
Status = HistoryImport.Status
State = HistoryRow.State
Item = TypeVar("Item")


class Overtaken(Exception):
    """Another worker has gone on with this file."""


def bring_history(
    actor: Actor, *, name: str, content: bytes, expected_rows: int | None, at: datetime, once: str = ""
) -> HistoryImport:
    """Keep a file of old figures for the job to check, and return its entry.

    :raises Unreadable: when it is of another kind or was taken over already
    """
    policies.require_enter(actor)
    with quarantine.refusals_kept(actor, name=name, content=content, at=at):
        if not name.lower().endswith((".xlsx", ".csv")):
            raise Unreadable(f"{name}：只接收 .xlsx 和 .csv 文件，请另存为 .xlsx 再上传。")
        digest = quarantine.digest_of(content)
        taken = HistoryImport.objects.filter(digest=digest, status=Status.TAKEN).order_by("-pk").first()
        if taken and taken.settled_at:
            moment = written_moment(taken.settled_at)
            raise Unreadable(f"该文件已于 {moment} 导入，批次 {taken.pk}；如有修改，请保存后再上传。")
    quarantine.keep(content)
    return enter_history(  # type: ignore[call-arg]
        actor, name=name[:200], digest=digest, expected_rows=expected_rows, at=at, once=once
    )


@action("history.bring")
def enter_history(
    actor: Actor, *, name: str, digest: str, expected_rows: int | None, at: datetime
) -> HistoryImport:
    """Enter a file that lies in quarantine.

    :raises RecordMoved: when another file is not settled: two at once could not be told apart in the preview
    """
    policies.require_enter(actor)
    open_status = [Status.CHECKING, Status.CHECKED, Status.TAKING]
    waiting = HistoryImport.objects.select_for_update().filter(status__in=open_status).first()
    if waiting is not None:
        raise RecordMoved(
            f"{waiting.brought_by_name}于 {written_moment(waiting.brought_at)} 上传的“{waiting.name}”"
            f"（批次 {waiting.pk}）还没有办完，请先导入或放弃那一份。"
        )
    batch = HistoryImport.objects.create(
        name=name, digest=digest, expected_rows=expected_rows, brought_at=at, brought_by_name=actor.name
    )
    record(actor, "history.bring", batch, at=at, digest=digest)
    return batch


def work_on(actor: Actor, batch_id: int, *, at: datetime) -> str:
    """Do what is to do with one file, from where it was left; return one sentence. For the job."""
    batch = HistoryImport.objects.get(pk=batch_id)
    try:
        if batch.status == Status.CHECKING:
            return _check(actor, batch, at)
        if batch.status == Status.TAKING:
            return _take_over(actor, batch, at)
    except Overtaken:
        return f"批次 {batch_id} 由另一个后台进程继续"
    return f"批次 {batch_id} 没有要做的"


def _check(actor: Actor, batch: HistoryImport, at: datetime) -> str:
    try:
        place = quarantine.place_of(batch.digest)
        rows = _figures(read_rows(place, name=batch.name), known_names(timezone.localdate(at)))
        for chunk in _chunks((row for row in rows if row.number > batch.rows_read), CHUNK):
            _stage(batch, chunk)
        if not batch.rows:
            raise Unreadable(f"{batch.name}：表头下面没有数据。")
        if told := count_fault(batch.expected_rows, batch.rows):
            raise Unreadable(f"{batch.name}：{told}")
    except ActionRefused as refusal:
        refuse_history(actor, batch.pk, sentence=refusal.sentence, at=at)
        quarantine.reject_import(actor, name=batch.name, digest=batch.digest, refusal=refusal, at=at)
        return f"批次 {batch.pk} 没有接收"
    finish_checking(actor, batch.pk, at=at)
    return f"批次 {batch.pk} 已检查 {batch.rows} 行"


def _figures(rows: Iterator[LongRow], known: Known) -> Iterator[OldFigure]:
    """Yield the rows below the headings as they are understood."""
    table = LongTable()
    for row in rows:
        if below := table.below_headings(row):
            yield read_row(below, table.columns, known)
    table.require_headings()


def _chunks(items: Iterator[Item], size: int) -> Iterator[list[Item]]:
    while chunk := list(islice(items, size)):
        yield chunk


def _stage(batch: HistoryImport, chunk: Sequence[OldFigure]) -> None:
    """Keep a chunk of rows and how far the file is read, together or not at all."""
    in_force = facts_in_force(
        (row.unit.unit_id, row.field.field_id, row.month.first_on)
        for row in chunk
        if row.unit and row.field and row.month
    )
    digest = batch.content_digest
    for row in chunk:
        digest = added_digest(digest, row.canonical)
    with transaction.atomic():
        mine = HistoryImport.objects.filter(pk=batch.pk, status=Status.CHECKING, rows_read=batch.rows_read)
        reached = {"rows_read": chunk[-1].number, "rows": batch.rows + len(chunk), "content_digest": digest}
        if not mine.update(**reached):
            raise Overtaken
        HistoryRow.objects.bulk_create(_line(batch, row, in_force) for row in chunk)
    for name, value in reached.items():
        setattr(batch, name, value)


def _line(
    batch: HistoryImport,
    row: OldFigure,
    in_force: Mapping[tuple[int, int, date], tuple[int, Decimal | None]],
) -> HistoryRow:
    line = HistoryRow(batch_id=batch.pk, number=row.number, note=row.note, value=row.value)
    line.unit_id = row.unit.unit_id if row.unit else None
    line.field_id = row.field.field_id if row.field else None
    line.month = row.month.first_on if row.month else None
    if row.faults or not (row.unit and row.field and row.month):
        line.state, line.value = State.FAULTY, None
        line.sentence, line.written = " ".join(row.faults)[:_LONGEST_SENTENCE], dict(row.cells)
        return line
    known = in_force.get((row.unit.unit_id, row.field.field_id, row.month.first_on))
    line.state = State.NEW
    if known is not None:
        line.state = State.SAME if known[1] == row.value else State.CHANGED
        line.replaces_id = known[0]
    return line


@action("history.check")
def finish_checking(actor: Actor, batch_id: int, *, at: datetime) -> HistoryImport:
    """Mark the rows that come twice, and open the file to the second step."""
    batch = _locked(batch_id, Status.CHECKING)
    sound = batch.lines.exclude(state=State.FAULTY)
    twice = sound.values("unit", "field", "month").annotate(rows=Count("pk"), first=Min("number"))
    for key in list(twice.filter(rows__gt=1).order_by("first")):
        later = sound.filter(
            unit=key["unit"], field=key["field"], month=key["month"], number__gt=key["first"]
        )
        numbers = "、".join(str(number) for number in later.values_list("number", flat=True)[:10])
        told = f"与第 {key['first']} 行重复（第 {key['first']} 行和第 {numbers} 行），请只保留一行。"
        later.update(state=State.FAULTY, sentence=told)
    batch.status = Status.CHECKED
    batch.save(update_fields=["status"])
    record(actor, "history.check", batch, at=at, rows=batch.rows, content=batch.content_digest)
    return batch


@action("history.rejected")
def refuse_history(actor: Actor, batch_id: int, *, sentence: str, at: datetime) -> HistoryImport:
    """Refuse a file that turned out unreadable; the rows read so far are dropped."""
    batch = _locked(batch_id, Status.CHECKING)
    batch.lines.all().delete()
    batch.status, batch.refusal, batch.settled_at = Status.REFUSED, sentence[:_LONGEST_SENTENCE], at
    batch.save(update_fields=["status", "refusal", "settled_at"])
    record(actor, "history.rejected", batch, at=at, digest=batch.digest)
    return batch


@action("history.take")
def order_taking(
    actor: Actor, batch_id: int, *, content_digest: str, replacing: bool, at: datetime
) -> HistoryImport:
    """Order the checked rows to be taken over; the job carries it out.

    :param content_digest: what the page had shown
    :param replacing: whether figures in force that say otherwise give way
    :raises RecordMoved: when the file is past it
    :raises Invalid: when nothing is to be taken
    """
    policies.require_enter(actor)
    batch = _locked(batch_id, Status.CHECKED)
    if batch.content_digest != content_digest:
        raise RecordMoved("文件内容与您核对的不同，请刷新页面后再核对。")
    wanted = [State.NEW, State.CHANGED] if replacing else [State.NEW]
    if not batch.lines.filter(state__in=wanted).exists():
        raise Invalid("没有可导入的数据：与现有数据都相同，或都有错误。")
    # Taken files are where figures come from: they stay with the evidence, longer than the quarantine keeps them.
    storage.keep(quarantine.kept(batch.digest))
    batch.status, batch.replaces = Status.TAKING, replacing
    batch.ordered_at, batch.ordered_by_name = at, actor.name
    batch.save(update_fields=["status", "replaces", "ordered_at", "ordered_by_name"])
    record(actor, "history.take", batch, at=at, replacing=replacing, content=content_digest)
    return batch


def _take_over(actor: Actor, batch: HistoryImport, at: datetime) -> str:
    wanted = [State.NEW, State.CHANGED] if batch.replaces else [State.NEW]
    rows = batch.lines.filter(state__in=wanted, fact__isnull=True)
    rows = rows.select_related("unit", "field").order_by("number")
    while chunk := list(rows.filter(number__gt=batch.rows_taken)[:CHUNK]):
        _make_facts(batch, chunk, at)
    try:
        finish_taking(actor, batch.pk, at=at)
    except RecordMoved as moved:
        reopen_history(actor, batch.pk, sentence=moved.sentence, at=at)
        return f"批次 {batch.pk} 需重新核对"
    return f"批次 {batch.pk} 已导入"


def _make_facts(batch: HistoryImport, chunk: Sequence[HistoryRow], at: datetime) -> None:
    """Make the figures of a chunk, not yet in force; readers see nothing before all are there."""
    with transaction.atomic():
        mine = HistoryImport.objects.filter(pk=batch.pk, status=Status.TAKING, rows_taken=batch.rows_taken)
        if not mine.update(rows_taken=chunk[-1].number):
            raise Overtaken
        facts = Fact.objects.bulk_create(
            Fact(
                unit=row.unit,
                field=row.field,
                month=row.month,
                value=row.value,
                status=REPORTED,
                origin_type=ORIGIN,
                origin_id=str(batch.pk),
                origin_label=f"历史数据导入 第 {batch.pk} 批第 {row.number} 行",
                accepted_by_name=batch.ordered_by_name,
                accepted_at=batch.ordered_at or at,
                is_current=False,
            )
            for row in chunk
            if row.unit and row.field and row.month
        )
        # One statement a row, sent together: `bulk_update` spells a CASE of a thousand branches and takes ten times.
        with connection.cursor() as cursor:
            links = [(fact.pk, row.pk) for row, fact in zip(chunk, facts, strict=True)]
            cursor.executemany("UPDATE history_row SET fact_id = %s WHERE id = %s", links)
    batch.rows_taken = chunk[-1].number


@action("history.finish")
def finish_taking(actor: Actor, batch_id: int, *, at: datetime) -> HistoryImport:
    """Put all figures of a file in force at once; what they replace steps back.

    :raises RecordMoved: when figures were changed by others since the check
    """
    batch = _locked(batch_id, Status.TAKING)
    taken = batch.lines.filter(fact__isnull=False)
    _refuse_moved(taken)
    replaced = Fact.objects.filter(pk__in=taken.filter(state=State.CHANGED).values("replaces"))
    successor = taken.filter(replaces=OuterRef("pk")).values("fact")[:1]
    replaced.update(is_current=False, superseded_by=Subquery(successor))
    Fact.objects.filter(pk__in=taken.values("fact")).update(is_current=True)
    batch.status, batch.settled_at, batch.settled_by_name = Status.TAKEN, at, batch.ordered_by_name
    batch.save(update_fields=["status", "settled_at", "settled_by_name"])
    record(actor, "history.finish", batch, at=at, content=batch.content_digest)
    return batch


def _refuse_moved(taken: QuerySet[HistoryRow]) -> None:
    same = Fact.objects.filter(
        unit=OuterRef("unit"), field=OuterRef("field"), month=OuterRef("month"), is_current=True
    )
    moved = taken.filter(state=State.NEW).filter(Exists(same)).count()
    moved += taken.filter(state=State.CHANGED, replaces__is_current=False).count()
    if moved:
        raise RecordMoved(f"检查之后有 {moved} 个数据被他人录入或更正，已重新检查，请再核对一遍。")


@action("history.reopen")
def reopen_history(actor: Actor, batch_id: int, *, sentence: str, at: datetime) -> HistoryImport:
    """Give a file back to be checked anew, because figures moved between the check and the taking over."""
    batch = _locked(batch_id, Status.TAKING)
    made = list(batch.lines.filter(fact__isnull=False).values_list("fact", flat=True))
    batch.lines.all().delete()
    Fact.objects.filter(pk__in=made, is_current=False).delete()
    batch.status, batch.refusal = Status.CHECKING, sentence[:_LONGEST_SENTENCE]
    batch.rows = batch.rows_read = batch.rows_taken = 0
    batch.content_digest = "0" * 64
    batch.save()
    record(actor, "history.reopen", batch, at=at)
    return batch


@action("history.discard")
def discard_history(actor: Actor, batch_id: int, *, at: datetime) -> HistoryImport:
    """Put a checked file aside; no figure changes."""
    policies.require_enter(actor)
    batch = _locked(batch_id, Status.CHECKED, Status.CHECKING)
    batch.lines.all().delete()
    batch.status, batch.settled_at, batch.settled_by_name = Status.DISCARDED, at, actor.name
    batch.save(update_fields=["status", "settled_at", "settled_by_name"])
    record(actor, "history.discard", batch, at=at)
    return batch


@action("history.undo")
def undo_history(actor: Actor, batch_id: int, *, at: datetime) -> HistoryImport:
    """Take a file's figures out of force again; those they replaced come back. What was corrected since stays.

    :raises RecordMoved: when the file was not taken over
    """
    policies.require_enter(actor)
    batch = _locked(batch_id, Status.TAKEN)
    standing = batch.lines.filter(fact__is_current=True)
    replaced = list(standing.filter(state=State.CHANGED).values_list("replaces", flat=True))
    before = Fact.objects.filter(pk__in=replaced)
    Fact.objects.filter(pk__in=standing.values("fact")).update(is_current=False)
    before.update(is_current=True, superseded_by=None)
    batch.status, batch.settled_at, batch.settled_by_name = Status.UNDONE, at, actor.name
    batch.save(update_fields=["status", "settled_at", "settled_by_name"])
    record(actor, "history.undo", batch, at=at)
    return batch


def _locked(batch_id: int, *statuses: str) -> HistoryImport:
    batch = HistoryImport.objects.select_for_update().filter(pk=batch_id).first()
    if batch is None:
        raise NotVisible
    if batch.status not in statuses:
        raise RecordMoved(f"这份文件{batch.get_status_display()}，请刷新页面。")
    return batch
