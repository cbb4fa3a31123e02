"""Tables of sums, and those that were issued."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from changai.areas.facts.models import Fact, Field, IssuedTable
from changai.areas.facts.queries.rollup import Rolled, RollupRow, rollup_table
from changai.areas.facts.rules import written
from changai.areas.facts.rules.tables import is_averaged
from changai.areas.organisations import queries as organisations
from changai.core.errors import NotVisible
from changai.core.periods import Month


@dataclass(frozen=True)
class TableSpan:
    """The months of a table, the day whose units it shows, and whether all months are recast to them."""

    months: Sequence[Month]
    day: date
    is_recast: bool
    top_id: int | None = None


def shown(field: Field, rolled: Rolled | None) -> Decimal | None:
    """Return what a table shows of a sum: rates are averaged over the figures, all else is added."""
    if rolled is None:
        return None
    if is_averaged(field.unit_of_measure):
        return round(rolled.mean, field.decimals or 1)
    return rolled.total


def table_rows(field: Field, span: TableSpan) -> list[RollupRow]:
    """Return the rows of a table."""
    return rollup_table(field, span.months, day=span.day, is_recast=span.is_recast, top_id=span.top_id)


def table_content(field: Field, span: TableSpan, title: str) -> dict[str, Any]:
    """Return a table as JSON values, figures as written: what issuing freezes."""
    rows = table_rows(field, span)
    return {
        "title": title,
        "field": {
            "code": field.code,
            "name": field.name,
            "unit_of_measure": field.unit_of_measure,
            "decimals": field.decimals,
            "definition": field.definition,
            "gathering": field.gathering,
            "includes_below": field.includes_below,
        },
        "months": [str(month) for month in span.months],
        "day": span.day.isoformat(),
        "basis": "now" if span.is_recast else "then",
        "rows": [
            {
                "unit_id": row.unit_id,
                "name": row.name,
                "depth": row.depth,
                "cells": [written(shown(field, cell)) for cell in row.cells],
                "counts": [cell.count if cell else 0 for cell in row.cells],
                "whole": written(shown(field, row.whole)),
            }
            for row in rows
        ],
        "changes": changes_of_units(span),
    }


def changes_of_units(span: TableSpan) -> list[str]:
    """Return the mergers, divisions and moves within the months of a table as sentences."""
    return organisations.restructurings(span.months[0].first_on, max(span.day, span.months[-1].last_on))


def issued_tables() -> QuerySet[IssuedTable]:
    """Return the issued tables, the latest first, without their content."""
    return (
        IssuedTable.objects.select_related("field").defer("content", "workbook").order_by("-issued_at", "-pk")
    )


def issued_table(table_id: int) -> IssuedTable:
    """Return one issued table.

    :raises NotVisible: when there is none
    """
    table = IssuedTable.objects.select_related("field").filter(pk=table_id).first()
    if table is None:
        raise NotVisible
    return table


def changed_since(table: IssuedTable) -> QuerySet[Fact]:
    """Return the figures in force of a table's field and months that were taken after it was issued."""
    return (
        Fact.objects.filter(
            is_current=True,
            field=table.field_id,
            month__range=(table.first_month, table.last_month),
            accepted_at__gt=table.issued_at,
        )
        .select_related("unit")
        .prefetch_related("supersedes")
        .order_by("accepted_at", "pk")
    )


def tables_citing(field_id: int, month: date) -> QuerySet[IssuedTable]:
    """Return the issued tables that show a field's month, the latest first, without their content."""
    return issued_tables().filter(field=field_id, first_month__lte=month, last_month__gte=month)
