"""The sheet of a report as pages of a workbook, and the workbooks that were brought for it."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from django.db.models import QuerySet

from changai.areas.reporting.models import (
    CellChange,
    FigureLine,
    FigurePart,
    NarrativeLine,
    Report,
    TaskLine,
    WorkbookImport,
)
from changai.areas.reporting.queries.changes import latest_changes
from changai.areas.reporting.queries.sheets import parts_in, register_figures, visible_to
from changai.areas.reporting.rules.cells import LIMITS, TAKEN, TASK_COLUMNS, written
from changai.areas.reporting.rules.workbook_owner import remarks_on_owner
from changai.areas.reporting.rules.workbook_pages import (
    CONFIRM_COLUMN,
    CONFIRMED,
    FIGURE_PAGE,
    PURPOSE,
    TASK_PAGE,
    TOWNSHIP_PURPOSE,
    WORDS_PAGE,
    Asked,
    PageRow,
    SheetPage,
    Stamp,
    base_of,
)
from changai.areas.reporting.rules.workbook_pages import FIGURE_COLUMNS as FIGURE_PAGE_COLUMNS
from changai.areas.reporting.rules.workbook_pages import TASK_COLUMNS as TASK_PAGE_COLUMNS
from changai.areas.reporting.rules.workbook_pages import WORDS_COLUMNS as WORDS_PAGE_COLUMNS
from changai.areas.reporting.rules.workbook_reading import Reading, read_pages
from changai.core.errors import NotVisible, Unreadable
from changai.core.periods import Month
from changai.documents.intake.workbook import Workbook, read_workbook
from changai.documents.sheets_to_fill import STAMP
from changai.documents.workbooks import META_SHEET
from changai.foundation import quarantine
from changai.foundation.actors import Actor
from changai.foundation.stamps import read_stamp


def sheet_pages(report: Report) -> tuple[SheetPage, ...]:
    """Return the report's sheet as pages: what is known, what is asked and what stands there now."""
    tasks = report.task_lines.select_related("claim__measure")
    figures = list(report.figure_lines.select_related("field"))
    known, parts = register_figures(report, figures), parts_in(report)
    rows: list[PageRow] = []
    for line in figures:
        register = known[line.field_id].value if line.field_id in known else None
        own = [_figure_row(line, register), *(_part_row(line, part) for part in parts[line.pk])]
        rows += [_locked(row, line) for row in own]
    words = report.narrative_lines.select_related("item")
    return (
        SheetPage(TASK_PAGE, TASK_PAGE_COLUMNS, tuple(_locked(_task_row(line), line) for line in tasks)),
        SheetPage(FIGURE_PAGE, FIGURE_PAGE_COLUMNS, tuple(rows)),
        SheetPage(WORDS_PAGE, WORDS_PAGE_COLUMNS, tuple(_locked(_words_row(line), line) for line in words)),
    )


def _locked(row: PageRow, line: TaskLine | FigureLine | NarrativeLine) -> PageRow:
    """Return the row; nothing may be written into it once its line was accepted."""
    if line.taken_at is None:
        return row
    return replace(row, asked=tuple(replace(asked, lock=TAKEN) for asked in row.asked))


def _task_row(line: TaskLine) -> PageRow:
    ref = f"task:{line.claim_id}"
    asked = [
        Asked(
            f"{ref}:{column}",
            label,
            "words",
            written(getattr(line, column)),
            longest=LIMITS[column],
            note=f"最多 {LIMITS[column]} 字。",
        )
        for column, label in TASK_COLUMNS.items()
        if column in LIMITS
    ]
    percent = Asked(
        f"{ref}:percent",
        "完成进度（%）",
        "number",
        written(line.percent),
        unit_of_measure="%",
        decimals=1,
        minimum=Decimal(0),
        maximum=Decimal(100),
        note="填 0 到 100 的数，如 85；不带百分号。",
    )
    known: dict[str, str | Decimal | None] = {
        "完成时限": line.claim.due_on.isoformat() if line.claim.due_on else "",
        "序时进度（%）": line.scheduled_percent,
        "上月进度（%）": line.last_percent,
        "上月情况": line.last_text,
    }
    return PageRow(ref, line.claim.measure.code, line.claim.text, known, (percent, *asked))


def _figure_row(line: FigureLine, register: Decimal | None) -> PageRow:
    ref, field = f"figure:{line.field_id}", line.field
    known: dict[str, str | Decimal | None] = {
        "计量单位": field.unit_of_measure,
        "口径": field.definition,
        "上月数": line.last_value,
    }
    words = Asked(f"{ref}:remark", "说明", "words", line.remark, longest=LIMITS["remark"])
    if line.prefilled_value is not None:
        known["本月数"] = register if register is not None else line.prefilled_value
        confirmed = CONFIRMED if line.value is not None and line.value == register else ""
        note = "名册自动取数；核对后选“核对无误”。如有出入，请先更正名册。"
        first = Asked(f"{ref}:confirm", CONFIRM_COLUMN, "confirm", confirmed, note=note)
    else:
        first = Asked(
            f"{ref}:value",
            "本月数",
            "number",
            written(line.value),
            unit_of_measure=field.unit_of_measure,
            decimals=field.decimals,
            minimum=field.minimum,
            maximum=field.maximum,
            last=line.last_value,
            note=f"单位：{field.unit_of_measure}。没有数请留空并写说明；确为零填 0。",
        )
    return PageRow(ref, field.code, field.name, known, (first, words), field.unit_of_measure)


def _part_row(line: FigureLine, part: FigurePart) -> PageRow:
    ref, field = f"part:{part.pk}", line.field
    known: dict[str, str | Decimal | None] = {
        "计量单位": field.unit_of_measure,
        "口径": "分项，各项之和应等于合计；空白按零算。",
        "上月数": part.last_value,
    }
    asked = Asked(
        f"{ref}:value",
        "本月数",
        "number",
        written(part.value),
        unit_of_measure=field.unit_of_measure,
        decimals=field.decimals,
        last=part.last_value,
    )
    code = f"{field.code}/{part.category.position}"
    return PageRow(ref, code, f"{field.name}：{part.category.name}", known, (asked,), field.unit_of_measure)


def _words_row(line: NarrativeLine) -> PageRow:
    ref, item = f"words:{line.pk}", line.item
    length = f"{item.least} 到 {item.most} 字" if item.least else f"最多 {item.most} 字"
    known: dict[str, str | Decimal | None] = {
        "填写要求": "；".join(text for text in (item.guidance, length) if text),
        "上月内容": line.last_text,
    }
    asked = Asked(f"{ref}:text", "内容", "words", line.text, longest=item.most, note=f"{length}。")
    return PageRow(ref, "", item.title, known, (asked,))


def stamp_of(report: Report, pages: tuple[SheetPage, ...]) -> Stamp:
    """Return by what a workbook of this report is known again."""
    obligation = report.obligation
    form = obligation.period.form
    return Stamp(
        report.pk,
        obligation.unit_id,
        obligation.unit.name,
        form.pk,
        form.name,
        form.version,
        str(Month.of(obligation.period.month)),
        base_of(pages),
    )


def stamp_in(book: Workbook, purpose: str = PURPOSE) -> Stamp | None:
    """Return the stamp a workbook carries, or None when it has none of ours or it was changed."""
    sheet = book.sheet(META_SHEET)
    if sheet is None:
        return None
    pieces = [row[1].text for row in sheet.rows if len(row) > 1 and row[0].text.startswith(STAMP)]
    return Stamp.of(read_stamp(purpose, "".join(pieces)))


def imports_of(report: Report) -> QuerySet[WorkbookImport]:
    """Return the workbooks brought for a report, the latest first."""
    return report.imports.order_by("-pk")


def import_for(actor: Actor, import_id: int) -> WorkbookImport:
    """Return one upload with its report.

    :raises NotVisible: when there is none, or none of a report this actor may read
    """
    found = WorkbookImport.objects.filter(pk=import_id, report__in=visible_to(actor).values("pk"))
    batch = found.select_related("report__obligation__unit", "report__obligation__period__form").first()
    if batch is None:
        raise NotVisible
    return batch


def read_import(batch: WorkbookImport) -> tuple[Reading, Stamp | None]:
    """Return what the one file of an upload says now, and the stamp it carries.

    :raises NotVisible: when it gathers the workbooks of the units below
    :raises Unreadable: when it is no workbook of this report
    :raises RecordMoved: when its bytes are no longer kept
    """
    if batch.is_merge:
        raise NotVisible
    file = batch.files[0]
    return read_file(batch.report, quarantine.kept(file["digest"]), name=file["name"], answers=batch.answers)


def read_file(
    report: Report, content: bytes, *, name: str, answers: dict[str, dict[str, str]]
) -> tuple[Reading, Stamp | None]:
    """Return what a workbook says about a report, and the stamp it carries.

    :raises Unreadable: when it is no workbook, or none of this report
    """
    book = read_workbook(content, name=name)
    pages = sheet_pages(report)
    own, stamp = stamp_of(report, pages), stamp_in(book)
    if stamp is None and stamp_in(book, TOWNSHIP_PURPOSE):
        raise Unreadable("这是发给下级单位的表，请在“汇总下级单位”里上传，不能作为本单位的表。")
    remarks = remarks_on_owner(book, stamp, own)
    reading = read_pages(book, pages, stamp=stamp, chosen=answers, form_name=own.form_name)
    return Reading(reading.cells, (*remarks, *reading.notes), reading.unplaced), stamp


def taken_before(report: Report, digests: Sequence[str]) -> WorkbookImport | None:
    """Return the upload by which one of these files was taken over for this report already."""
    taken = report.imports.filter(state=WorkbookImport.State.TAKEN, is_merge=False).order_by("-pk")
    wanted = set(digests)
    return next(
        (batch for batch in taken if wanted & {file["digest"] for file in batch.files}),
        None,
    )


def undoable_import(batch: WorkbookImport) -> list[CellChange]:
    """Return the cells an upload filled that nobody has changed since; none once the sheet was sent after it."""
    sent_at = batch.report.submitted_at
    if batch.state != WorkbookImport.State.TAKEN or batch.settled_at is None:
        return []
    if sent_at is not None and sent_at >= batch.settled_at:
        return []
    newest = latest_changes(batch.report)
    return sorted(
        (change for change in newest.values() if change.batch_id == batch.pk), key=lambda one: one.pk
    )
