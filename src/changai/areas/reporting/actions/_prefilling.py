"""How the sheets of a month are made, with what is known already standing in them."""

from collections.abc import Sequence

from changai.areas.reporting.models import (
    FigureLine,
    FigurePart,
    Form,
    NarrativeLine,
    Obligation,
    Report,
    TaskLine,
)
from changai.areas.reporting.queries import layout_of, parts_of
from changai.core.periods import Month


def lay_out_reports(form: Form, month: Month, obligations: Sequence[Obligation]) -> list[Report]:
    """Make the prefilled report of each obligation and return them."""
    reports = Report.objects.bulk_create(Report(obligation=obligation) for obligation in obligations)
    layout = layout_of(form, month, reports)
    TaskLine.objects.bulk_create(layout.tasks)
    figures = FigureLine.objects.bulk_create(layout.figures)
    FigurePart.objects.bulk_create(parts_of(month, figures))
    NarrativeLine.objects.bulk_create(layout.words)
    return reports
