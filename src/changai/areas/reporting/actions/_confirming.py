"""How the figures of the registers are taken over into a sheet as they stand now."""

from collections.abc import Sequence

from changai.areas.reporting.actions._changing import Change
from changai.areas.reporting.models import FigureLine, Report
from changai.areas.reporting.queries import register_figures
from changai.areas.reporting.rules.cells import written


def prefilled_lines(report: Report) -> list[FigureLine]:
    """Return the lines whose figure comes from a register and was not taken already."""
    lines = report.figure_lines.filter(prefilled_value__isnull=False, taken_at__isnull=True)
    return list(lines.select_related("field"))


def confirm_lines(report: Report, lines: Sequence[FigureLine]) -> list[Change]:
    """Save the registers' figures of now as the lines' own and return what changed by it."""
    known = register_figures(report, lines)
    changes = []
    for line in lines:
        figure = known[line.field_id]
        changes.append(Change(f"figure:{line.field_id}:value", written(line.value), written(figure.value)))
        line.value = line.prefilled_value = figure.value
        line.prefilled_from, line.prefilled_address = figure.label, figure.address
    FigureLine.objects.bulk_update(lines, ["value", "prefilled_value", "prefilled_from", "prefilled_address"])
    return changes
