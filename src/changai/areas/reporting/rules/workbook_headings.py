"""Where the pages stand in a workbook that was brought: found by their headings, in any order, below any title."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from changai.areas.reporting.rules.workbook_pages import SheetPage
from changai.core.errors import Unreadable
from changai.documents.intake.addresses import column_letters
from changai.documents.intake.workbook import Sheet, Workbook
from changai.documents.sheets_to_fill import KEY_HEADING

_ROWS_SEARCHED = 40
_DRESS = re.compile(r"[（(][^（）()]*[）)]|[\s*＊:：]")
_KEY_TITLES = frozenset({KEY_HEADING})
NO_COLUMN = "-"


@dataclass(frozen=True)
class PlacedPage:
    """A page found in a sheet: the row of its headings and the column (from 1) of each title that was found.

    `open_titles` are asked columns that were not found, `spare` the columns nobody claimed: letter -> heading.
    """

    page: SheetPage
    sheet: Sheet
    heading_row: int
    columns: Mapping[str, int]
    open_titles: tuple[str, ...] = ()
    spare: Mapping[str, str] = field(default_factory=dict)


def place_pages(
    book: Workbook, pages: tuple[SheetPage, ...], chosen: Mapping[str, Mapping[str, str]], *, form_name: str
) -> list[PlacedPage]:
    """Return where each page stands; a page that is nowhere in the workbook is left out.

    :param chosen: what a person answered for titles that were not found: page -> title -> column letters, or "-"
    :raises Unreadable: when it is another workbook, lacks a required column, or has two tables on one sheet
    """
    placed = [
        _completed(found, chosen.get(page.name, {}))
        for page in pages
        if page.rows and (found := _found(book, page))
    ]
    if not placed:
        raise Unreadable(f"不是“{form_name}”模板：没有找到表头。请用本页下载的表格填写后上传。")
    for each in placed:
        lacking = [title for title in each.page.required if title in each.open_titles]
        if lacking and not each.spare:
            raise Unreadable(
                f"工作表“{each.sheet.name}”缺少列：{'、'.join(lacking)}。请补上，或重新下载表格填写。"
            )
    return placed


def folded(heading: str) -> str:
    """Return a heading without width, blanks, asterisks and remarks in brackets."""
    return _DRESS.sub("", unicodedata.normalize("NFKC", heading).replace("（", "(")).casefold()


def _found(book: Workbook, page: SheetPage) -> PlacedPage | None:
    best: PlacedPage | None = None
    wanted = [*(column.title for column in page.columns), *_KEY_TITLES]
    for sheet in book.sheets:
        if sheet.hidden:
            continue
        rows = [(number, _columns(sheet, number, wanted)) for number in range(1, _last_row(sheet) + 1)]
        heads = [(number, columns) for number, columns in rows if _is_heading(page, columns)]
        if not heads:
            continue
        if len(heads) > 1:
            raise Unreadable(
                f"工作表“{sheet.name}”里有两张表（第 {heads[0][0]} 行和第 {heads[1][0]} 行都是表头），请只保留一张。"
            )
        number, columns = heads[0]
        if best is None or len(columns) > len(best.columns):
            best = PlacedPage(page, sheet, number, columns)
    return best


def _last_row(sheet: Sheet) -> int:
    return min(len(sheet.rows), 2_000)


def _columns(sheet: Sheet, number: int, wanted: list[str]) -> dict[str, int]:
    row = sheet.rows[number - 1]
    heads: dict[str, int] = {}
    for at, cell in enumerate(row, start=1):
        if isinstance(cell.value, str) and len(cell.value) <= 40:
            heads.setdefault(folded(cell.value), at)
    return {title: heads[folded(title)] for title in wanted if folded(title) in heads}


def _is_heading(page: SheetPage, columns: Mapping[str, int]) -> bool:
    """A heading row names the rows and something more: three titles, one of them what the rows are known by."""
    names = {*page.titles("code"), *page.titles("name"), *_KEY_TITLES}
    return len(columns) >= 3 and bool(names & set(columns)) and bool(set(page.titles("asked")) & set(columns))


def _completed(found: PlacedPage, chosen: Mapping[str, str]) -> PlacedPage:
    heads = found.sheet.rows[found.heading_row - 1]
    claimed = set(found.columns.values())
    spare = {
        column_letters(at): cell.text.strip()
        for at, cell in enumerate(heads, start=1)
        if at not in claimed and cell.text.strip()
    }
    letters = {column_letters(at): at for at in range(1, len(heads) + 1)}
    columns = dict(found.columns)
    open_titles = []
    for title in found.page.titles("asked"):
        if title in columns:
            continue
        answer = chosen.get(title, "")
        if answer in spare:
            columns[title] = letters[answer]
            spare.pop(answer)
        elif answer != NO_COLUMN or title in found.page.required:
            open_titles.append(title)
    return PlacedPage(found.page, found.sheet, found.heading_row, columns, tuple(open_titles), spare)
