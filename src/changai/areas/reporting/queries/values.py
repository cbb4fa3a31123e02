"""What the cells of a sheet say, and which of them a posted form has changed."""

from collections.abc import Iterator, Mapping

from changai.areas.reporting.models import CellChange, FigurePart, Report
from changai.areas.reporting.queries.changes import latest_changes
from changai.areas.reporting.rules.cells import COLUMNS, FIGURE_COLUMNS, TASK_COLUMNS, written


def cell_values(report: Report) -> dict[str, str]:
    """Return every cell of the sheet with its content as written; figures of registers are not typed and left out."""
    values = {
        f"task:{line.claim_id}:{column}": written(getattr(line, column))
        for line in report.task_lines.all()
        for column in TASK_COLUMNS
    }
    values |= {
        f"figure:{line.field_id}:{column}": written(getattr(line, column))
        for line in report.figure_lines.all()
        for column in FIGURE_COLUMNS
        if column != "value" or line.prefilled_value is None
    }
    parts = FigurePart.objects.filter(line__report=report)
    values |= {f"part:{part.pk}:value": written(part.value) for part in parts}
    return values | {f"words:{line.pk}:text": line.text for line in report.narrative_lines.all()}


def changed_cells(
    report: Report, posted: Mapping[str, str], shown: Mapping[str, int]
) -> Iterator[tuple[str, str, int]]:
    """Yield the posted cells that were typed into: name, text, and the version the page had shown.

    A cell that still says what the page had shown was not touched, even when somebody else changed it meanwhile.
    """
    values, newest = cell_values(report), latest_changes(report)
    for ref, text in posted.items():
        if ref.partition(":")[0] not in COLUMNS:
            continue
        typed = text.replace("\r\n", "\n").strip()
        if typed == values.get(ref):
            continue
        version = shown.get(ref, 0)
        is_stale = ref in newest and newest[ref].version != version
        if not (is_stale and typed == _as_shown(report, ref, version)):
            yield ref, text, version


def _as_shown(report: Report, ref: str, version: int) -> str:
    change = CellChange.objects.filter(report=report, cell=ref, version=version or 1).first()
    if change is None:
        return ""
    return change.value if version else change.before


def cells_before(report: Report, before: Report) -> dict[str, str]:
    """Return what the cells of the report said in the report `before`: parts and words are matched by what they ask."""
    values = cell_values(before)
    values |= {f"figure:{line.field_id}:value": written(line.value) for line in before.figure_lines.all()}
    parts = FigurePart.objects.filter(line__report=report)
    values |= {f"part:{part.pk}:value": written(part.last_value) for part in parts}
    return values | {f"words:{line.pk}:text": line.last_text for line in report.narrative_lines.all()}
