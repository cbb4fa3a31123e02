"""How the sheets of a month are laid out: what is known already stands in them."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from changai.areas.facts import queries as facts
from changai.areas.registers import figures as registers
from changai.areas.registers.rules import RegisterFigure
from changai.areas.reporting.models import (
    FigureLine,
    FigurePart,
    Form,
    FormField,
    NarrativeLine,
    Obligation,
    Report,
    TaskLine,
)
from changai.areas.reporting.queries import last_lines
from changai.areas.reporting.rules.moves import ACCEPTED, SIGNED
from changai.areas.tasks import queries as tasks
from changai.core.periods import Month


def lay_out_reports(form: Form, month: Month, obligations: Sequence[Obligation]) -> list[Report]:
    """Make the prefilled report of each obligation and return them."""
    reports = Report.objects.bulk_create(Report(obligation=obligation) for obligation in obligations)
    _lay_out_tasks(month, reports)
    _lay_out_figures(form, month, reports)
    _lay_out_words(form, month, reports)
    return reports


def _lay_out_tasks(month: Month, reports: Sequence[Report]) -> None:
    by_unit = {report.obligation.unit_id: report for report in reports}
    claims = list(tasks.reportable_claims_of(by_unit, month))
    last = last_lines([claim.pk for claim in claims], before=month.first_on)
    places: Counter[int] = Counter()
    lines = []
    for claim in claims:
        places[claim.unit_id] += 1
        known = last.get(claim.pk, {})
        lines.append(
            TaskLine(
                report=by_unit[claim.unit_id],
                claim=claim,
                position=places[claim.unit_id],
                scheduled_percent=tasks.scheduled_for(claim, month.last_on),
                last_percent=known.get("percent"),
                last_text=known.get("progress", ""),
            )
        )
    TaskLine.objects.bulk_create(lines)


def _lay_out_figures(form: Form, month: Month, reports: Sequence[Report]) -> None:
    asked = list(form.form_fields.select_related("field__breakdown"))
    last = _last_values(asked, month, reports)
    known = registers.figures([report.obligation.unit_id for report in reports], month)
    lines = FigureLine.objects.bulk_create(
        _figure_line(report, found, known, last) for report in reports for found in asked
    )
    _lay_out_parts(month, [line for line in lines if line.breakdown_id is not None])


def _lay_out_parts(month: Month, lines: Sequence[FigureLine]) -> None:
    if not lines:
        return
    categories: dict[int, list[int]] = defaultdict(list)
    for breakdown_id, pk in facts.categories_of({line.breakdown_id for line in lines}):
        categories[breakdown_id].append(pk)
    last = _last_parts(month, lines)
    FigurePart.objects.bulk_create(
        FigurePart(
            line=line,
            category_id=category_id,
            last_value=last.get((line.report.obligation.unit_id, line.field_id, category_id)),
        )
        for line in lines
        for category_id in categories[line.breakdown_id or 0]
    )


def _last_parts(month: Month, lines: Sequence[FigureLine]) -> dict[tuple[int, int, int], Decimal | None]:
    rows = FigurePart.objects.filter(
        line__field__in={line.field_id for line in lines},
        line__report__obligation__unit__in={line.report.obligation.unit_id for line in lines},
        line__report__obligation__period__month=month.plus(-1).first_on,
        line__report__status__in=[SIGNED, ACCEPTED],
    ).values_list("line__report__obligation__unit_id", "line__field_id", "category_id", "value")
    return {(unit_id, field_id, category_id): value for unit_id, field_id, category_id, value in rows}


def _lay_out_words(form: Form, month: Month, reports: Sequence[Report]) -> None:
    items = list(form.narratives.all())
    if not items:
        return
    rows = NarrativeLine.objects.filter(
        item__key__in=[item.key for item in items],
        report__obligation__period__form__name=form.name,
        report__obligation__unit__in=[report.obligation.unit_id for report in reports],
        report__obligation__period__month=month.plus(-1).first_on,
        report__status__in=[SIGNED, ACCEPTED],
    ).values_list("report__obligation__unit_id", "item__key", "text")
    last = {(unit_id, key): text for unit_id, key, text in rows}
    NarrativeLine.objects.bulk_create(
        NarrativeLine(
            report=report,
            item=item,
            position=item.position,
            last_text=last.get((report.obligation.unit_id, item.key), ""),
        )
        for report in reports
        for item in items
    )


def _figure_line(
    report: Report,
    found: FormField,
    known: Mapping[tuple[str, int], RegisterFigure],
    last: Mapping[tuple[int, int], Decimal | None],
) -> FigureLine:
    unit_id = report.obligation.unit_id
    line = FigureLine(
        report=report,
        field=found.field,
        position=found.position,
        last_value=last.get((unit_id, found.field_id)),
        breakdown=found.field.breakdown if found.asks_parts else None,
    )
    if found.field.source == "register":
        register = known[found.field.source_key, unit_id]
        line.prefilled_value = register.value
        line.prefilled_from, line.prefilled_address = register.label, register.address
    return line


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
