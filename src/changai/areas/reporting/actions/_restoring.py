"""How cells of a sheet get back what they held before."""

from collections.abc import Iterable
from decimal import Decimal

from changai.areas.reporting.models import CellChange, FigureLine, FigurePart, NarrativeLine, Report, TaskLine
from changai.areas.reporting.rules.cells import Cell, Value, parse_cell

Line = TaskLine | FigureLine | FigurePart | NarrativeLine
_NUMBERS = frozenset({"percent", "value"})


def put_back(report: Report, filled: Iterable[CellChange]) -> None:
    """Give every changed cell its content before the change."""
    lines: dict[str, Line] = {f"task:{line.claim_id}": line for line in report.task_lines.all()}
    lines |= {f"figure:{line.field_id}": line for line in report.figure_lines.all()}
    lines |= {f"part:{part.pk}": part for part in FigurePart.objects.filter(line__report=report)}
    lines |= {f"words:{line.pk}": line for line in report.narrative_lines.all()}
    for change in filled:
        cell = parse_cell(change.cell)
        if line := lines.get(cell.line):
            put(line, {cell.column: _value_of(cell, change.before)})


def _value_of(cell: Cell, text: str) -> Value:
    if cell.column not in _NUMBERS:
        return text
    return Decimal(text) if text else None


def put(line: Line, values: dict[str, Value]) -> None:
    """Save columns of a line."""
    for column, value in values.items():
        setattr(line, column, value)
    line.save(update_fields=list(values))
