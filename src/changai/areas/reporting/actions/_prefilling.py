"""How the sheets of a month are made, with what is known already standing in them."""

from collections.abc import Sequence

from changai.areas.reporting.models import FigureLine, Form, Obligation, Report
from changai.areas.reporting.queries import layout_of, parts_of
from changai.core.periods import Month
from changai.foundation.rows import insert_rows


def lay_out_reports(form: Form, month: Month, obligations: Sequence[Obligation]) -> list[Report]:
    """Make the prefilled report of each obligation and return them."""
    reports = Report.objects.bulk_create(Report(obligation=obligation) for obligation in obligations)
    layout = layout_of(form, month, reports)
    insert_rows(layout.tasks)
    insert_rows([line for line in layout.figures if line.breakdown_id is None])
    told_apart = FigureLine.objects.bulk_create(
        line for line in layout.figures if line.breakdown_id is not None
    )
    insert_rows(parts_of(month, told_apart))
    insert_rows(layout.words)
    return reports
