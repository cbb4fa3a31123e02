"""Rows of figures for workbooks."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from changai.areas.facts.models import Fact, Field
from changai.areas.facts.queries import UnitFigures
from changai.core.periods import Month
from changai.documents.workbooks import Cell, Column, ColumnKind, SheetContent


def figures_sheet(field: Field, months: Sequence[Month], rows: Iterable[UnitFigures]) -> SheetContent:
    """Return the table units × months of a field as a sheet."""
    kind: ColumnKind = "number" if field.decimals else "whole"
    whole = "合计" if field.gathering == Field.Gathering.SUM else "最近一月"
    columns = (
        Column("单位", 14),
        *(Column(f"{month.number}月", 5, kind) for month in months),
        Column(whole, 6, kind),
    )
    title = f"{months[0].year}年{field.name}（{field.unit_of_measure}）"
    note = f"口径：{field.definition}　来源：{field.get_source_display()}"
    return SheetContent(field.name, title, columns, [_row(row) for row in rows], note=note)


def _row(row: UnitFigures) -> list[Cell]:
    return [row.name, *(_value(cell) for cell in row.cells), row.total]


def _value(fact: Fact | None) -> Decimal | str | None:
    if fact is None:
        return None
    return fact.value if fact.value is not None else fact.get_status_display()
