"""What stood in a cell in the months before, and who entered it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model, QuerySet

from changai.areas.reporting.models import (
    CellChange,
    FigureLine,
    FigurePart,
    NarrativeLine,
    Report,
    TaskLine,
)
from changai.areas.reporting.rules.cells import COLUMNS, Cell, Value
from changai.areas.reporting.rules.moves import ACCEPTED, SIGNED
from changai.core.errors import NotVisible

MOST_MONTHS = 12


@dataclass(frozen=True)
class MonthValue:
    """What a month's report said in a cell; `by_name` entered it at `at`."""

    report_id: int
    month: date
    value: Value
    by_name: str
    at: datetime | None


def line_of(report: Report, cell: Cell) -> Any:
    """Return the line of the report that the cell stands in.

    :raises NotVisible: when the report has no such line
    """
    found: Model | None
    if cell.kind == "task":
        found = report.task_lines.filter(claim=cell.key).select_related("claim").first()
    elif cell.kind == "figure":
        found = report.figure_lines.filter(field=cell.key).select_related("field").first()
    elif cell.kind == "part":
        found = (
            FigurePart.objects.filter(line__report=report, pk=cell.key)
            .select_related("line__field", "category")
            .first()
        )
    else:
        found = report.narrative_lines.filter(pk=cell.key).select_related("item").first()
    if found is None:
        raise NotVisible
    return found


def name_of(line: Any) -> str:
    """Return how a line is called in a sentence."""
    if isinstance(line, TaskLine):
        return line.claim.text
    if isinstance(line, FigureLine):
        return line.field.name
    if isinstance(line, FigurePart):
        return f"{line.line.field.name}：{line.category.name}"
    return str(line.item.title)


def line_name(report: Report, ref: str) -> str:
    """Return how the line of a cell or of its evidence is called."""
    kind, key, _column = ref.split(":")
    return name_of(line_of(report, Cell(kind, int(key), "")))


def label_of(cell: Cell) -> str:
    """Return how the cell's column is called."""
    return COLUMNS[cell.kind][cell.column]


def earlier_months(report: Report, cell: Cell) -> list[MonthValue]:
    """Return the cell in the unit's last signed reports up to this month, the newest first, twelve at most."""
    rows = list(_same_lines(line_of(report, cell), report.obligation.unit_id, report.obligation.period.month))
    entered = _entered(rows, cell)
    return [_month_value(row, cell, entered) for row in rows]


def _same_lines(line: Any, unit_id: int, month: date) -> QuerySet[Any]:
    to_report = "line__report" if isinstance(line, FigurePart) else "report"
    rows: QuerySet[Any]
    if isinstance(line, TaskLine):
        rows = TaskLine.objects.filter(claim=line.claim_id)
    elif isinstance(line, FigureLine):
        rows = FigureLine.objects.filter(field=line.field_id)
    elif isinstance(line, FigurePart):
        rows = FigurePart.objects.filter(line__field=line.line.field_id, category=line.category_id)
    else:
        rows = NarrativeLine.objects.filter(item__key=line.item.key)
    path = f"{to_report}__obligation"
    return (
        rows.filter(
            **{
                f"{to_report}__status__in": [SIGNED, ACCEPTED],
                f"{path}__unit": unit_id,
                f"{path}__period__month__lte": month,
            }
        )
        .select_related(f"{path}__period")
        .order_by(f"-{path}__period__month", "-pk")[:MOST_MONTHS]
    )


def _report_of(row: Any) -> Report:
    report: Report = row.line.report if isinstance(row, FigurePart) else row.report
    return report


def _ref_in(row: Any, cell: Cell) -> str:
    """Return the cell's name in another month: parts and words have numbers of their own in each."""
    key = row.pk if isinstance(row, FigurePart | NarrativeLine) else cell.key
    return f"{cell.kind}:{key}:{cell.column}"


def _entered(rows: Iterable[Any], cell: Cell) -> dict[tuple[int, str], CellChange]:
    refs = {_report_of(row).pk: _ref_in(row, cell) for row in rows}
    changes = CellChange.objects.filter(report__in=refs, cell__in=set(refs.values())).order_by("pk")
    return {(change.report_id, change.cell): change for change in changes}


def _month_value(row: Any, cell: Cell, entered: dict[tuple[int, str], CellChange]) -> MonthValue:
    report = _report_of(row)
    change = entered.get((report.pk, _ref_in(row, cell)))
    by_name = change.by_name if change else report.submitted_by_name
    at = change.at if change else report.submitted_at
    return MonthValue(report.pk, report.obligation.period.month, getattr(row, cell.column), by_name, at)


def cell_changes(report: Report, ref: str) -> list[CellChange]:
    """Return the changes of one cell, the newest first."""
    return list(
        report.cell_changes.filter(cell=ref).select_related("batch").order_by("-version")[:MOST_MONTHS]
    )
