"""The workbooks of the units below one that gathers: the blank for them, and what those brought say together."""

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from changai.areas.evidence import storage
from changai.areas.organisations.models import Unit
from changai.areas.organisations.queries import units_below
from changai.areas.reporting.models import Report, WorkbookImport
from changai.areas.reporting.queries.changes import latest_changes
from changai.areas.reporting.queries.workbooks import sheet_pages, stamp_in, stamp_of
from changai.areas.reporting.rules.merging import Brought, MergedRow, doubled, merge_rows
from changai.areas.reporting.rules.workbook_headings import PlacedPage
from changai.areas.reporting.rules.workbook_owner import remarks_on_owner
from changai.areas.reporting.rules.workbook_pages import (
    FIGURE_PAGE,
    TOWNSHIP_PAGE,
    TOWNSHIP_PURPOSE,
    TOWNSHIP_REF,
    PageRow,
    SheetPage,
    Stamp,
    gathered_rows,
    township_pages,
)
from changai.areas.reporting.rules.workbook_reading import Found, Reading, State, read_pages
from changai.core.errors import RecordMoved, Unreadable
from changai.documents.intake.workbook import (
    Workbook,
    parsed_together,
    parsed_xlsx,
    read_workbook,
    workbook_of,
)
from changai.foundation import quarantine

Given = tuple[str, bytes]
Answers = Mapping[str, Mapping[str, str]]
_SMALL = 256 * 1024  # bytes
_TOGETHER, _AT_ONCE = 10, min(4, os.cpu_count() or 1)


@dataclass(frozen=True)
class BroughtFile:
    """One file of an upload: whose it is and what is to tell of it, or why it does not count.

    One with `unplaced` columns does not count until a person has said which they are.
    """

    number: int
    name: str
    township: str
    fault: str = ""
    notes: tuple[str, ...] = ()
    is_earlier: bool = False
    unplaced: tuple[PlacedPage, ...] = ()
    doubtful: int = 0


@dataclass(frozen=True)
class Merged:
    """What the workbooks of an upload say together. `missing` are the units of which none came."""

    files: tuple[BroughtFile, ...]
    rows: tuple[MergedRow, ...]
    missing: tuple[str, ...]

    def having(self, *states: State) -> tuple[MergedRow, ...]:
        """Return the rows in these states that can be summed."""
        return tuple(row for row in self.rows if not row.is_listed and row.state in states)

    @property
    def summed(self) -> tuple[MergedRow, ...]:
        """The rows that can be summed and of which something came."""
        return tuple(row for row in self.rows if not row.is_listed and (row.has_parts or row.sentences))

    @property
    def townships(self) -> tuple[str, ...]:
        """The units that count, in the order of every row's parts."""
        return tuple(part.township for part in self.rows[0].parts) if self.rows else ()

    @property
    def listed(self) -> tuple[MergedRow, ...]:
        """The rows that cannot be summed and of which something came."""
        return tuple(row for row in self.rows if row.is_listed and (row.has_parts or row.sentences))


@dataclass(frozen=True)
class Gathering:
    """What a report asks of the units below its own: their names, the pages, the stamp of the blank."""

    report: Report
    units: tuple[Unit, ...]
    own: tuple[SheetPage, ...]
    pages: tuple[SheetPage, ...]
    stamp: Stamp

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(unit.name for unit in self.units)

    @property
    def has_figures(self) -> bool:
        return any(page.rows for page in self.pages if page.name == FIGURE_PAGE)


def gathering_of(report: Report) -> Gathering:
    """Return what a report asks of the units directly below its own."""
    below = tuple(units_below(report.obligation.unit, on=report.obligation.due_on))
    own = sheet_pages(report)
    pages = township_pages(own, [unit.name for unit in below])
    return Gathering(report, below, own, pages, stamp_of(report, pages))


def read_ahead(files: Iterable[Given]) -> None:
    """Parse several workbooks, a few together in one child process; `read_township` then finds them parsed.

    Large ones, and those that are refused, are left to it.
    """
    contents = {quarantine.digest_of(content): content for _name, content in files if len(content) <= _SMALL}
    fresh = [digest for digest in contents if not quarantine.has_reading(digest)]

    def parse(digests: Sequence[str]) -> None:
        parsed = parsed_together([contents[digest] for digest in digests])
        for digest, found in zip(digests, parsed, strict=True):
            if found is not None:
                quarantine.reading_of(digest, partial(dict, found))

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(parse, [fresh[at : at + _TOGETHER] for at in range(0, len(fresh), _TOGETHER)]))


def read_township(
    gathering: Gathering, content: bytes, *, name: str, answers: Answers | None = None
) -> tuple[str, Reading]:
    """Return of which unit a workbook is, and what it says.

    Both the blank of the gathering unit and the unit's own workbook of the same form and month are taken.

    :param answers: what a person said about columns with unknown headings: page -> title -> column letters
    :raises Unreadable: when it is neither, or does not say of which unit it is
    """
    book = _book(content, name)
    own_stamp = stamp_in(book)
    if own_stamp is None:
        township, notes = None, _remarks_on_blank(gathering, book)
    else:
        township, notes = _of_unit_below(gathering, own_stamp), ()
    pages = gathering.pages if township is None else gathering.pages[1:]
    form_name = gathering.stamp.form_name
    reading = read_pages(book, pages, stamp=None, chosen=answers or {}, form_name=form_name)
    if township is None:
        township = _chosen(reading)
    cells = tuple(cell for cell in reading.cells if cell.ref != TOWNSHIP_REF)
    return township, Reading(cells, (*notes, *reading.notes), reading.unplaced)


def _book(content: bytes, name: str) -> Workbook:
    """Return a workbook, parsed once for the preview and the presses that follow."""
    if not name.lower().endswith(".xlsx"):
        return read_workbook(content, name=name)
    digest = quarantine.digest_of(content)
    parsed = quarantine.reading_of(digest, lambda: parsed_xlsx(content, name=name))
    return workbook_of(parsed, name=name)


def _remarks_on_blank(gathering: Gathering, book: Workbook) -> tuple[str, ...]:
    stamp = stamp_in(book, TOWNSHIP_PURPOSE)
    if stamp is None:
        raise Unreadable("表内没有系统标识，不能汇总。请用“下载下级单位空白表”得到的 .xlsx 填写后上传。")
    return remarks_on_owner(book, stamp, gathering.stamp)


def _of_unit_below(gathering: Gathering, stamp: Stamp) -> str:
    found = next((unit for unit in gathering.units if unit.pk == stamp.unit_id), None)
    if found is None:
        raise Unreadable(f"表内单位为“{stamp.unit_name}”，不是本单位的下级单位。")
    own = gathering.stamp
    if (stamp.form_id, stamp.month) != (own.form_id, own.month):
        raise Unreadable(
            f"这是“{stamp.form_name}”{stamp.month}的表，与本期的“{own.form_name}”{own.month}不符。"
        )
    return found.name


def _chosen(reading: Reading) -> str:
    found = next((cell for cell in reading.cells if cell.ref == TOWNSHIP_REF), None)
    if found is None or not found.new:
        raise Unreadable(f"没有选填报单位。请在“{TOWNSHIP_PAGE}”表中从下拉列表选择后再上传。")
    if found.state is State.FAULT:
        raise Unreadable("".join(found.sentences))
    return found.new


def read_merge(batch: WorkbookImport) -> Merged:
    """Return what the workbooks of an upload say now, against the sheet as it stands.

    :raises RecordMoved: when their bytes are no longer kept
    """
    gathering = gathering_of(batch.report)
    files, brought = _read_all(gathering, batch)
    twice = doubled(brought)
    files = [_told_of_double(file, twice) for file in files]
    rows = merge_rows(
        gathered(gathering), brought, order=gathering.names, gathered=_sums_that_stand(batch.report)
    )
    came = {file.township for file in files if not (file.fault or file.unplaced)}
    return Merged(tuple(files), rows, tuple(name for name in gathering.names if name not in came))


def gathered(gathering: Gathering) -> list[PageRow]:
    """Return the rows of the gathering unit that the units below can give."""
    return [row for page in gathering.own for row in gathered_rows(page)]


def _read_all(gathering: Gathering, batch: WorkbookImport) -> tuple[list[BroughtFile], list[Brought]]:
    files, brought = [], []
    contents = [(file["name"], content_of_file(file)) for file in batch.files]
    read_ahead(contents)
    for number, (file, (name, content)) in enumerate(zip(batch.files, contents, strict=True), start=1):
        one = BroughtFile(number, name, "", is_earlier=bool(file.get("earlier")))
        try:
            township, reading = read_township(
                gathering, content, name=name, answers=answers_for(batch, file["digest"])
            )
        except Unreadable as refusal:
            files.append(replace(one, fault=refusal.sentence))
            continue
        doubtful = len(reading.having(State.FAULT, State.WARNING))
        one = replace(
            one, township=township, notes=reading.notes, unplaced=reading.unplaced, doubtful=doubtful
        )
        files.append(one)
        if not reading.unplaced:
            cells: dict[str, Found] = {cell.ref: cell for cell in reading.cells}
            brought.append(Brought(number, name, township, cells))
    return files, brought


def answers_for(batch: WorkbookImport, digest: str) -> dict[str, dict[str, str]]:
    """Return what a person said about the columns of one file of an upload."""
    return {
        page: told
        for key, told in batch.answers.items()
        for of_file, _bar, page in [key.partition("|")]
        if of_file == digest
    }


def marked_reading(batch: WorkbookImport, number: int) -> tuple[Gathering, Reading]:
    """Return what one file of an upload says, its unit with it and only what is wrong or doubtful still marked.

    :raises Unreadable: when it is no workbook of a unit below
    """
    gathering, file = gathering_of(batch.report), batch.files[number - 1]
    township, reading = read_township(
        gathering, content_of_file(file), name=file["name"], answers=answers_for(batch, file["digest"])
    )
    own = Found(TOWNSHIP_REF, TOWNSHIP_PAGE, "单位名称", "填写", "", "", township, State.SAME)
    cells = [
        replace(cell, state=State.SAME) if cell.state is State.CHANGE else cell for cell in reading.cells
    ]
    return gathering, replace(reading, cells=(own, *cells))


def content_of_file(file: dict[str, str]) -> bytes:
    """Return the bytes of a file of an upload: from quarantine, or once it was taken over, where evidence is kept.

    :raises RecordMoved: when neither has them
    """
    try:
        return quarantine.kept(file["digest"])
    except RecordMoved:
        if storage.fault_of(file["digest"]):
            raise
        return storage.open_digest(file["digest"])


def _told_of_double(file: BroughtFile, twice: dict[str, list[Brought]]) -> BroughtFile:
    if file.township not in twice:
        return file
    listed = "、".join(f"第 {one.number} 份“{one.file}”" for one in twice[file.township])
    told = f"{listed}都是{file.township}的表，都没有计入，请只留一份。"
    return replace(file, fault=told)


def _sums_that_stand(report: Report) -> frozenset[str]:
    merges = set(
        report.imports.filter(is_merge=True, state=WorkbookImport.State.TAKEN).values_list("pk", flat=True)
    )
    newest = latest_changes(report) if merges else {}
    return frozenset(ref for ref, change in newest.items() if change.batch_id in merges)


def earlier_files(report: Report, townships: Sequence[str]) -> list[dict[str, str]]:
    """Return the files of the last merge that was taken over, but for those of the given units."""
    last = report.imports.filter(is_merge=True, state=WorkbookImport.State.TAKEN).order_by("-pk").first()
    if last is None:
        return []
    return [
        {**file, "earlier": "1"}
        for file in last.files
        if file.get("township") and file["township"] not in townships
    ]
