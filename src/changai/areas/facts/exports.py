"""Rows of figures for workbooks."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from changai.areas.facts.models import Fact, Field, HistoryRow
from changai.areas.facts.queries import UnitFigures
from changai.areas.facts.queries.history import ExportedFigure
from changai.areas.facts.rules.history import HEADINGS, VALUE, added_digest, canonical
from changai.core.periods import Month
from changai.documents.long_workbooks import LongWorkbook
from changai.documents.workbooks import SIGNED, Cell, Column, SheetContent


def figures_sheet(field: Field, months: Sequence[Month], rows: Iterable[UnitFigures]) -> SheetContent:
    """Return the table units × months of a field as a sheet."""
    whole = "合计" if field.gathering == Field.Gathering.SUM else "最近一月"
    columns = (
        Column("单位", 14),
        *(Column(f"{month.number}月", 5, "number", decimals=field.decimals) for month in months),
        Column(whole, 6, "number", decimals=field.decimals),
    )
    title = f"{months[0].year}年{field.name}（{field.unit_of_measure}）"
    note = f"口径：{field.definition}　来源：{field.get_source_display()}"
    return SheetContent(field.name, title, columns, [_row(row) for row in rows], note=note, signature=SIGNED)


def _row(row: UnitFigures) -> list[Cell]:
    return [row.name, *(_value(cell) for cell in row.cells), row.total]


def _value(fact: Fact | None) -> Decimal | str | None:
    if fact is None:
        return None
    return fact.value if fact.value is not None else fact.get_status_display()


_TEXTS = zip((*HEADINGS, "来源"), (6, 14, 10, 14, 5, 5, 7, 16, 20), strict=True)
HISTORY_COLUMNS = tuple(
    Column(title, width, "number" if title == VALUE else "text") for title, width in _TEXTS
)
TELL_EVERY = 5_000


def write_history(
    path: Path, figures: Iterable[ExportedFigure], *, at: datetime, tell: Callable[[int], None]
) -> tuple[int, str]:
    """Write the figures into a file and return how many they are and the digest of them all.

    :param tell: called now and then with the number of rows written so far
    """
    digest = "0" * 64
    with LongWorkbook(path, name="历史数据", columns=HISTORY_COLUMNS, created=at) as book:
        for figure in figures:
            book.add(history_row(figure))
            spelt = canonical(figure.unit_code, figure.field_code, figure.month, figure.value, figure.note)
            digest = added_digest(digest, spelt)
            if book.rows % TELL_EVERY == 0:
                tell(book.rows)
        book.remark([("数据行数", str(book.rows)), ("内容校验码", digest), ("生成时间", at.isoformat())])
        return book.rows, digest


def history_row(figure: ExportedFigure) -> list[Cell]:
    """Return a figure as a row under `HISTORY_COLUMNS`; the months are texts, so that no programme changes them."""
    return [
        figure.unit_code,
        figure.unit_name,
        figure.field_code,
        figure.field_name,
        figure.unit_of_measure,
        f"{figure.month:%Y-%m}",
        figure.value,
        figure.note,
        figure.origin,
    ]


FAULT_COLUMNS = (Column("行号", 5, "whole"), *HISTORY_COLUMNS[:8], Column("问题和改法", 40))


def fault_row(row: HistoryRow) -> list[Cell]:
    """Return a faulty row of a file as it was written, with what is wrong."""
    written = row.written or _understood(row)
    return [row.number, *(written.get(title, "") for title in HEADINGS), row.sentence]


def _understood(row: HistoryRow) -> dict[str, str]:
    return {
        HEADINGS[0]: row.unit.code if row.unit else "",
        HEADINGS[1]: row.unit.name if row.unit else "",
        HEADINGS[2]: row.field.code if row.field else "",
        HEADINGS[3]: row.field.name if row.field else "",
        HEADINGS[5]: f"{row.month:%Y-%m}" if row.month else "",
        HEADINGS[6]: f"{row.value.normalize():f}" if row.value is not None else "",
        HEADINGS[7]: row.note,
    }
