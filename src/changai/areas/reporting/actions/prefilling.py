"""How the sheets of a month are laid out: what is known already stands in them."""

from collections.abc import Sequence
from decimal import Decimal

from changai.areas.registers import figures as registers
from changai.areas.registers.rules import RegisterFigure
from changai.areas.reporting.models import FigureLine, Form, FormField, Obligation, Report, TaskLine
from changai.areas.reporting.queries import last_lines
from changai.areas.reporting.rules.moves import ACCEPTED, SIGNED
from changai.areas.tasks import queries as tasks
from changai.core.periods import Month


def lay_out_reports(form: Form, month: Month, obligations: Sequence[Obligation]) -> list[Report]:
    """Make the prefilled report of each obligation and return them."""
    reports = Report.objects.bulk_create(Report(obligation=obligation) for obligation in obligations)
    _lay_out_tasks(month, reports)
    _lay_out_figures(form, month, reports)
    return reports


def _lay_out_tasks(month: Month, reports: Sequence[Report]) -> None:
    claimed = [
        (report, place, claim)
        for report in reports
        for place, claim in enumerate(tasks.reportable_claims(report.obligation.unit_id, month), 1)
    ]
    last = last_lines([claim.pk for _, _, claim in claimed], before=month.first_on)
    TaskLine.objects.bulk_create(
        TaskLine(
            report=report,
            claim=claim,
            position=place,
            scheduled_percent=tasks.scheduled_for(claim, month.last_on),
            last_percent=last.get(claim.pk, {}).get("percent"),
            last_text=last.get(claim.pk, {}).get("progress", ""),
        )
        for report, place, claim in claimed
    )


def _lay_out_figures(form: Form, month: Month, reports: Sequence[Report]) -> None:
    asked = list(form.form_fields.select_related("field"))
    last = _last_values(asked, month, reports)
    lines = []
    for report in reports:
        unit_id = report.obligation.unit_id
        for found in asked:
            known = _register_figure(found, unit_id, month)
            lines.append(
                FigureLine(
                    report=report,
                    field=found.field,
                    position=found.position,
                    last_value=last.get((unit_id, found.field_id)),
                    prefilled_value=known.value if known else None,
                    prefilled_from=known.label if known else "",
                    prefilled_address=known.address if known else "",
                )
            )
    FigureLine.objects.bulk_create(lines)


def _register_figure(found: FormField, unit_id: int, month: Month) -> RegisterFigure | None:
    if found.field.source != "register":
        return None
    return registers.figure(found.field.source_key, unit_id, month)


def _last_values(
    asked: Sequence[FormField], month: Month, reports: Sequence[Report]
) -> dict[tuple[int, int], Decimal | None]:
    rows = FigureLine.objects.filter(
        field__in=[found.field_id for found in asked],
        report__obligation__unit__in=[report.obligation.unit_id for report in reports],
        report__obligation__period__month=month.plus(-1).first_on,
        report__status__in=[SIGNED, ACCEPTED],
    ).values_list("report__obligation__unit_id", "field_id", "value")
    return {(unit_id, field_id): value for unit_id, field_id, value in rows}
