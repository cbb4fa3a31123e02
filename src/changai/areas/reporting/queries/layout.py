"""How the sheets of a month are laid out: what is known already stands in them. Nothing is saved here."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from changai.areas.facts import queries as facts
from changai.areas.facts.rules import SPANS
from changai.areas.registers import figures as registers
from changai.areas.registers.rules import RegisterFigure
from changai.areas.reporting.models import (
    FigureLine,
    FigurePart,
    Form,
    FormField,
    NarrativeLine,
    Obligation,
    Period,
    Report,
    TaskLine,
)
from changai.areas.reporting.queries.composed import asked_fields
from changai.areas.reporting.queries.sheets import last_lines
from changai.areas.reporting.rules.moves import ACCEPTED, SIGNED
from changai.areas.tasks import queries as tasks
from changai.core.periods import Month

if TYPE_CHECKING:
    from changai.areas.facts.models import Category
    from changai.areas.organisations.models import Unit
    from changai.areas.tasks.models import Claim


class FigureStart(NamedTuple):
    """What stands in the line of a figure when the month opens. A tuple: there are hundreds of thousands."""

    report: Report
    asked: FormField
    last_value: Decimal | None
    prefilled_value: Decimal | None = None
    prefilled_from: str = ""
    prefilled_address: str = ""

    @property
    def breakdown_id(self) -> int | None:
        return self.asked.field.breakdown_id if self.asked.asks_parts else None

    def line(self) -> FigureLine:
        """Return the line itself, unsaved."""
        return FigureLine(
            report=self.report,
            field=self.asked.field,
            position=self.asked.position,
            breakdown=self.asked.field.breakdown if self.asked.asks_parts else None,
            last_value=self.last_value,
            prefilled_value=self.prefilled_value,
            prefilled_from=self.prefilled_from,
            prefilled_address=self.prefilled_address,
        )


@dataclass(frozen=True)
class Layout:
    """The lines of the reports of a month, unsaved, in the order of the sheets."""

    tasks: list[TaskLine]
    figures: list[FigureStart]
    words: list[NarrativeLine]


def layout_of(form: Form, month: Month, reports: Sequence[Report]) -> Layout:
    """Return the prefilled lines of reports of one form and month. The reports themselves may be unsaved."""
    return Layout(
        _task_lines(month, reports) if form.asks_tasks else [],
        _figure_lines(form, month, reports),
        _words_lines(form, month, reports),
    )


def _task_lines(month: Month, reports: Sequence[Report]) -> list[TaskLine]:
    by_unit = {report.obligation.unit_id: report for report in reports}
    # Many claims share a few measures: each is read once, not beside every claim.
    claimed = tasks.reportable_claims_of(by_unit, month).select_related(None).prefetch_related(None)
    claims = list(claimed.prefetch_related("measure__plan"))
    # An item stands in one sheet of a month, however many forms the unit owes.
    asked = TaskLine.objects.filter(
        claim__unit__in=list(by_unit),
        report__obligation__period__month=month.first_on,
        report__obligation__exempted_at__isnull=True,
    )
    elsewhere = set(asked.values_list("claim_id", flat=True))
    return lines_of_claims(
        month, [(by_unit[claim.unit_id], claim) for claim in claims if claim.pk not in elsewhere]
    )


def lines_of_claims(
    month: Month, asked: "Sequence[tuple[Report, Claim]]", *, after: int = 0
) -> list[TaskLine]:
    """Return the lines of claimed items, the first of a report at the place behind `after`."""
    last = last_lines([claim.pk for _report, claim in asked], before=month.first_on)
    scheduled = tasks.scheduled_of((claim for _report, claim in asked), month.last_on)
    places: Counter[int] = Counter()
    lines = []
    for report, claim in asked:
        places[claim.unit_id] += 1
        known = last.get(claim.pk, {})
        lines.append(
            TaskLine(
                report=report,
                claim=claim,
                position=after + places[claim.unit_id],
                scheduled_percent=scheduled[claim.pk],
                last_percent=known.get("percent"),
                last_text=known.get("progress", ""),
            )
        )
    return lines


def _figure_lines(form: Form, month: Month, reports: Sequence[Report]) -> list[FigureStart]:
    asked = asked_fields(form, month)
    last = _last_values(asked, month, reports)
    known: Mapping[tuple[str, int], RegisterFigure] = {}
    if any(found.field.source == "register" for found in asked):
        known = registers.figures([report.obligation.unit_id for report in reports], month)
    return [
        _figure_start(report, found, known, last.get((unit_id, found.field_id)))
        for report, unit_id in [(report, report.obligation.unit_id) for report in reports]
        for found in asked
    ]


def _figure_start(
    report: Report,
    found: FormField,
    known: Mapping[tuple[str, int], RegisterFigure],
    last: Decimal | None,
) -> FigureStart:
    if found.field.source != "register":
        return FigureStart(report, found, last)
    register = known[found.field.source_key, report.obligation.unit_id]
    return FigureStart(report, found, last, register.value, register.label, register.address)


def _last_values(
    asked: Sequence[FormField], month: Month, reports: Sequence[Report]
) -> dict[tuple[int, int], Decimal | None]:
    rows = FigureLine.objects.filter(
        field__in=[found.field_id for found in asked],
        report__obligation__unit__in=[report.obligation.unit_id for report in reports],
        report__obligation__period__month__in=[month.plus(-span).first_on for span in SPANS.values()],
        report__status__in=[SIGNED, ACCEPTED],
    ).values_list("report__obligation__unit_id", "field_id", "value", "report__obligation__period__month")
    before = {found.field_id: month.plus(-SPANS[found.field.frequency]).first_on for found in asked}
    return {(unit_id, field_id): value for unit_id, field_id, value, on in rows if on == before[field_id]}


def parts_of(month: Month, lines: Sequence[FigureLine]) -> list[FigurePart]:
    """Return the items of the figures that are asked item by item, unsaved."""
    told_apart = [line for line in lines if line.breakdown_id is not None]
    if not told_apart:
        return []
    categories: dict[int, list[Category]] = defaultdict(list)
    for category in facts.categories_of({line.breakdown_id for line in told_apart}):
        categories[category.breakdown_id].append(category)
    last = _last_parts(month, told_apart)
    return [
        FigurePart(
            line=line,
            category=category,
            last_value=last.get((line.report.obligation.unit_id, line.field_id, category.pk)),
        )
        for line in told_apart
        for category in categories[line.breakdown_id or 0]
    ]


def _last_parts(month: Month, lines: Sequence[FigureLine]) -> dict[tuple[int, int, int], Decimal | None]:
    rows = FigurePart.objects.filter(
        line__field__in={line.field_id for line in lines},
        line__report__obligation__unit__in={line.report.obligation.unit_id for line in lines},
        line__report__obligation__period__month=month.plus(-1).first_on,
        line__report__status__in=[SIGNED, ACCEPTED],
    ).values_list("line__report__obligation__unit_id", "line__field_id", "category_id", "value")
    return {(unit_id, field_id, category_id): value for unit_id, field_id, category_id, value in rows}


def _words_lines(form: Form, month: Month, reports: Sequence[Report]) -> list[NarrativeLine]:
    items = list(form.narratives.all())
    if not items:
        return []
    rows = NarrativeLine.objects.filter(
        item__key__in=[item.key for item in items],
        report__obligation__period__form__series=form.series_id,
        report__obligation__unit__in=[report.obligation.unit_id for report in reports],
        report__obligation__period__month=month.plus(-1).first_on,
        report__status__in=[SIGNED, ACCEPTED],
    ).values_list("report__obligation__unit_id", "item__key", "text")
    last = {(unit_id, key): text for unit_id, key, text in rows}
    return [
        NarrativeLine(
            report=report,
            item=item,
            position=item.position,
            last_text=last.get((report.obligation.unit_id, item.key), ""),
        )
        for report in reports
        for item in items
    ]


@dataclass(frozen=True)
class PreviewLine:
    """A figure of a previewed sheet with its items."""

    line: FigureLine
    parts: tuple[FigurePart, ...]


@dataclass(frozen=True)
class Preview:
    """A sheet as a unit would find it, with nothing saved."""

    tasks: list[TaskLine]
    figures: list[PreviewLine]
    words: list[NarrativeLine]


def preview_of(form: Form, unit: "Unit", month: Month) -> Preview:
    """Return the sheet that a form would lay out for a unit in a month, whether it is issued or not."""
    period = Period(form=form, month=month.first_on)
    report = Report(obligation=Obligation(period=period, unit=unit))
    layout = layout_of(form, month, [report])
    figures = [start.line() for start in layout.figures]
    parts = parts_of(month, figures)
    return Preview(
        layout.tasks,
        [PreviewLine(line, tuple(part for part in parts if part.line is line)) for line in figures],
        layout.words,
    )
