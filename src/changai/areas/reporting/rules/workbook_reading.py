"""What a workbook that was brought would change: every cell with its old and new content, or with its fault."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from changai.areas.reporting.rules.cells import written
from changai.areas.reporting.rules.workbook_headings import PlacedPage, folded, place_pages
from changai.areas.reporting.rules.workbook_pages import (
    CONFIRMED,
    Asked,
    PageRow,
    SheetPage,
    Stamp,
    base_of,
    short_digest,
)
from changai.documents.intake.addresses import column_letters, split_address
from changai.documents.intake.cells import CellFault, Place, clean_text, looks_like_total, parse_decimal
from changai.documents.intake.formulas import is_stale
from changai.documents.intake.workbook import Cell, Sheet, Workbook
from changai.documents.sheets_to_fill import KEY_HEADING
from changai.documents.workbooks import SIGNED

JUMP_FACTOR = 5


class State(StrEnum):
    """What may become of a cell: nothing, taken, taken once it is ticked, not taken."""

    SAME = "same"
    CHANGE = "change"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True)
class Found:
    """A cell that was read. `sentences` say what to look at; `raw` is what was typed where it was put right."""

    ref: str
    page: str
    row: str
    column: str
    address: str
    old: str
    new: str
    state: State
    sentences: tuple[str, ...] = ()
    raw: str = ""

    @property
    def is_put_right(self) -> bool:
        return self.state is not State.FAULT and self.raw not in ("", self.new)


@dataclass(frozen=True)
class Reading:
    """What a whole workbook says: its cells, remarks about what was passed over, and what is still to be asked."""

    cells: tuple[Found, ...]
    notes: tuple[str, ...]
    unplaced: tuple[PlacedPage, ...] = ()

    def having(self, *states: State) -> tuple[Found, ...]:
        """Return the cells in these states."""
        return tuple(cell for cell in self.cells if cell.state in states)


def read_pages(
    book: Workbook,
    pages: tuple[SheetPage, ...],
    *,
    stamp: Stamp | None,
    chosen: Mapping[str, Mapping[str, str]],
    form_name: str,
) -> Reading:
    """Return what the workbook says about the cells that are asked.

    :raises Unreadable: when it is another workbook or cannot be told what stands where
    """
    placed = place_pages(book, pages, chosen, form_name=form_name)
    unplaced = tuple(each for each in placed if each.open_titles and each.spare)
    notes = [*book.notes, *_notes_on_sheets(book, pages, placed)]
    cells: list[Found] = []
    now = base_of(pages)
    for each in placed:
        reader = _PageReader(each, now, stamp.base if stamp else None)
        cells += reader.cells()
        notes += reader.notes
    return Reading(tuple(cells), tuple(notes), unplaced)


def _notes_on_sheets(book: Workbook, pages: tuple[SheetPage, ...], placed: list[PlacedPage]) -> Iterator[str]:
    hidden = [sheet.name for sheet in book.sheets if sheet.hidden and sheet.name not in _OWN_SHEETS]
    if hidden:
        yield f"隐藏的工作表未读取：{'、'.join(hidden)}。"
    found = {each.page.name for each in placed}
    for page in pages:
        if page.rows and page.name not in found:
            yield f"文件中没有找到“{page.name}”，这一部分不作改动。"
    for each in placed:
        lost = [title for title in each.open_titles if not each.spare]
        if lost:
            yield f"“{each.page.name}”中没有这些列，不作改动：{'、'.join(lost)}。"
        if each.spare:
            names = "、".join(each.spare.values())
            yield f"“{each.page.name}”中多出的列不导入、不保存：{names}。"


_OWN_SHEETS = frozenset({"说明信息", "选项"})


class _PageReader:
    """Reads one page row by row, remembering which rows came already."""

    def __init__(self, placed: PlacedPage, now: Mapping[str, str], base: Mapping[str, str] | None) -> None:
        self._placed, self._now, self._base = placed, now, base
        self._sheet = placed.sheet
        self.notes: list[str] = []
        self._by_key = {row.key: row for row in placed.page.rows}
        self._by_code = _unambiguous((row.code, row) for row in placed.page.rows)
        self._by_name = _unambiguous((row.name, row) for row in placed.page.rows)
        self._merged = _merged_cells(self._sheet, placed.heading_row)

    def cells(self) -> list[Found]:
        """Return what every row says, the faults of doubled rows among it."""
        found: dict[str, list[Found]] = {}
        numbers: dict[str, int] = {}
        for number in range(self._placed.heading_row + 1, len(self._sheet.rows) + 1):
            if all(cell.is_empty for cell in self._sheet.rows[number - 1]):
                continue
            if self._is_signed(number):
                continue
            row = self._row(number)
            if row is None:
                continue
            if row.key in numbers:
                told = f"第 {numbers[row.key]} 行和第 {number} 行都是“{row.name[:24]}”，请只保留一行。"
                found[row.key] = [
                    replace(cell, state=State.FAULT, sentences=(told,)) for cell in found[row.key]
                ]
                continue
            numbers[row.key] = number
            found[row.key] = list(self._cells_of(row, number))
        hidden = [number for number in numbers.values() if number in self._sheet.hidden_rows]
        if hidden:
            listed = "、".join(str(number) for number in hidden)
            self.notes.append(
                f"“{self._sheet.name}”有 {len(hidden)} 行被隐藏或筛掉，仍会导入：第 {listed} 行。"
            )
        return [cell for cells in found.values() for cell in cells]

    def _is_signed(self, number: int) -> bool:
        first = next((cell.text for cell in self._sheet.rows[number - 1] if not cell.is_empty), "")
        return first.strip().startswith(SIGNED[:4])

    def _row(self, number: int) -> PageRow | None:
        page = self._placed.page
        key = self._text(KEY_HEADING, number)
        codes = [self._text(title, number) for title in page.titles("code")]
        names = [self._text(title, number) for title in page.titles("name")]
        found = self._by_key.get(key) or self._first(self._by_code, codes)
        if found is None:
            found = self._first(self._by_name, names)
        if found is None:
            name = next((text for text in (*names, *codes) if text), "")
            what = "疑似合计行" if looks_like_total(name) else f"“{name[:24]}”不在本期表内"
            self.notes.append(f"“{self._sheet.name}”第 {number} 行{what}，未导入。")
        return found

    def _first(self, rows: Mapping[str, PageRow], texts: list[str]) -> PageRow | None:
        return next((rows[folded(text)] for text in texts if text and folded(text) in rows), None)

    def _text(self, title: str, number: int) -> str:
        at = self._placed.columns.get(title)
        return self._cell(number, at).text.strip() if at else ""

    def _cell(self, number: int, at: int) -> Cell:
        return self._sheet.cell(f"{column_letters(at)}{number}")

    def _cells_of(self, row: PageRow, number: int) -> Iterator[Found]:
        wrong_unit = self._wrong_unit(row, number)
        for asked in row.asked:
            at = self._placed.columns.get(asked.column)
            if at is None:
                continue
            cell = self._cell(number, at)
            address = cell.address
            given, told = self._unmerged(asked, cell)
            found = self._read(row, asked, given, told)
            if asked.lock and found.state is not State.SAME:
                yield replace(found, address=address, state=State.FAULT, sentences=(asked.lock,))
                continue
            if wrong_unit and asked.kind == "number" and found.state is not State.SAME:
                found = replace(found, state=State.FAULT, sentences=(wrong_unit,))
            if number in self._sheet.hidden_rows and found.state is State.CHANGE:
                told_hidden = f"第 {number} 行被隐藏，仍会导入。"
                found = replace(found, state=State.WARNING, sentences=(*found.sentences, told_hidden))
            yield replace(found, address=address)

    def _wrong_unit(self, row: PageRow, number: int) -> str:
        for title in self._placed.page.titles("unit"):
            written_unit = self._text(title, number)
            if written_unit and row.unit_of_measure and folded(written_unit) != folded(row.unit_of_measure):
                return f"单位不一致：表内写“{written_unit}”，应为“{row.unit_of_measure}”，请按应填单位换算后重填。"
        return ""

    def _unmerged(self, asked: Asked, cell: Cell) -> tuple[Cell, tuple[str, ...]]:
        """Return the cell whose content counts: within a merged block of words that is its first cell."""
        block = self._merged.get(cell.address)
        if block is None:
            return cell, ()
        first, written_range = block
        if first == cell.address and asked.kind != "number":
            return cell, ()
        if asked.kind == "words" and _letters(first) == _letters(cell.address):
            above = self._sheet.cell(first)
            told = f"{written_range} 是合并单元格，按同一内容填入，请确认。"
            return replace(above, address=cell.address), (told,)
        told = f"{written_range} 是合并单元格，分不清各行的数，请取消合并后分别填写。"
        return Cell(None, cell.address, error=told), ()

    def _read(self, row: PageRow, asked: Asked, cell: Cell, told: tuple[str, ...]) -> Found:
        found = Found(
            asked.ref, self._placed.page.name, row.name, asked.column, cell.address, asked.now, "", State.SAME
        )
        merged = cell.error is not None and "合并单元格" in cell.error
        if self._is_untouched(asked, cell):
            return replace(found, new=asked.now)
        try:
            new = "" if merged else _value(asked, cell, self._sheet)
        except CellFault as fault:
            return replace(found, new=cell.text, state=State.FAULT, sentences=(fault.sentence,))
        if merged:
            return replace(found, state=State.FAULT, sentences=(cell.error or "",))
        found = replace(found, new=new, raw=cell.text.strip())
        if not self._is_news(asked, new):
            return found
        sentences = (*told, *self._doubts(asked, new, cell))
        return replace(found, state=State.WARNING if sentences else State.CHANGE, sentences=sentences)

    def _is_untouched(self, asked: Asked, cell: Cell) -> bool:
        """What reads as it did on download is not looked at: 1 in a column of per cent is no riddle then."""
        if cell.error is not None:
            return False
        text = cell.text.strip()
        base = self._base.get(asked.ref) if self._base else None
        return text == asked.now or (base is not None and short_digest(text) == base)

    def _is_news(self, asked: Asked, new: str) -> bool:
        """What stands in the system already is none; nor is what nobody touched since the download."""
        if new == asked.now:
            return False
        if self._base is None or asked.ref not in self._base:
            return bool(new)
        return short_digest(new) != self._base[asked.ref]

    def _doubts(self, asked: Asked, new: str, cell: Cell) -> Iterator[str]:
        base = self._base.get(asked.ref) if self._base else None
        if base is not None and base != self._now[asked.ref]:
            yield f"下载之后网上已改为“{asked.now[:60] or '（空）'}”，请确认以表内的为准。"
        if not new:
            yield f"将清空原有内容“{asked.now[:60]}”。"
        if cell.formula is not None:
            yield f"由公式得出，取已保存的结果 {new}。"
        if asked.kind == "number" and new and asked.last:
            value = Decimal(new)
            if value > asked.last * JUMP_FACTOR or (value and value * JUMP_FACTOR < asked.last):
                yield f"与上月 {written(asked.last)} 相差超过 {JUMP_FACTOR} 倍，请核对。"


def _value(asked: Asked, cell: Cell, sheet: Sheet) -> str:
    """Return what the cell says, as it would stand in the sheet.

    :raises CellFault: when it cannot stand there
    """
    at = Place(sheet.name, cell.address)
    if asked.kind == "number":
        if is_stale(cell, sheet):
            at.refuse(
                cell.text, "重新计算后的结果", "公式的结果与所引用的数不一致，请用 Excel 或 WPS 打开保存。"
            )
        number = parse_decimal(
            cell,
            at=at,
            unit=asked.unit_of_measure,
            minimum=asked.minimum,
            maximum=asked.maximum,
            places=asked.decimals,
        )
        return written(number)
    if asked.kind == "confirm":
        text = clean_text(cell, at=at)
        if text not in ("", CONFIRMED):
            at.refuse(text, f"“{CONFIRMED}”或空白", "如有出入，请先更正名册再核对。")
        return text
    if asked.kind == "choice":
        text = clean_text(cell, at=at)
        if text and text not in asked.choices:
            at.refuse(text, "下拉列表中的名称", f"请从这些中选择：{'、'.join(asked.choices)}。")
        return text
    return clean_text(cell, at=at, longest=asked.longest)


def _letters(address: str) -> str:
    return address.rstrip("0123456789")


def _unambiguous(pairs: Iterator[tuple[str, PageRow]]) -> dict[str, PageRow]:
    """Return the rows by text; a text that means two rows means none."""
    rows: dict[str, PageRow] = {}
    twice = set()
    for text, row in pairs:
        key = folded(text)
        if key in rows:
            twice.add(key)
        rows[key] = row
    return {key: row for key, row in rows.items() if key and key not in twice}


def _merged_cells(sheet: Sheet, heading_row: int) -> dict[str, tuple[str, str]]:
    """Return every cell of the merged blocks below the headings: address -> (first cell, the block as written)."""
    blocks = {}
    for written_range in sheet.merged:
        first, _, last = written_range.partition(":")
        try:
            (top, left), (bottom, right) = split_address(first), split_address(last or first)
        except ValueError:
            continue
        if top <= heading_row or (bottom - top + 1) * (right - left + 1) > 5_000:
            continue
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                blocks[f"{column_letters(column)}{row}"] = (first, written_range)
    return blocks


def fingerprint(reading: Reading) -> str:
    """Return what tells whether a workbook, against the sheet as it stands, still says what was previewed."""
    told = "\n".join(f"{cell.ref}|{cell.old}|{cell.new}|{cell.state}" for cell in reading.cells)
    return hashlib.sha256(told.encode()).hexdigest()[:24]
