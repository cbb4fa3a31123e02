"""How the sheets of a month are made, with what is known already standing in them."""

from collections.abc import Sequence

from changai.areas.reporting.models import FigureLine, Form, Obligation, Report
from changai.areas.reporting.queries import layout_of, parts_of
from changai.core.periods import Month
from changai.foundation.rows import insert_rows, insert_values

_COLUMNS = (
    "report",
    "field",
    "position",
    "last_value",
    "prefilled_value",
    "prefilled_from",
    "prefilled_address",
)


def lay_out_reports(form: Form, month: Month, obligations: Sequence[Obligation]) -> list[Report]:
    """Make the prefilled report of each obligation and return them."""
    reports = Report.objects.bulk_create(Report(obligation=obligation) for obligation in obligations)
    layout = layout_of(form, month, reports)
    insert_rows(layout.tasks)
    whole = (start for start in layout.figures if start.breakdown_id is None)
    insert_values(
        FigureLine,
        _COLUMNS,
        ((start.report.pk, start.asked.field_id, start.asked.position, *start[2:]) for start in whole),
    )
    told_apart = FigureLine.objects.bulk_create(
        start.line() for start in layout.figures if start.breakdown_id is not None
    )
    insert_rows(parts_of(month, told_apart))
    insert_rows(layout.words)
    return reports
