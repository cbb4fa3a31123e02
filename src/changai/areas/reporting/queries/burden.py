"""What forms cost: before they are issued, measured afterwards, and year by year for those who ask."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

from changai.areas.facts import queries as facts
from changai.areas.organisations import queries as organisations
from changai.areas.reporting.models import (
    BurdenException,
    CellChange,
    FigureLine,
    FigurePart,
    Form,
    NarrativeLine,
    Obligation,
    Period,
    RepeatedAsk,
    Report,
    TaskLine,
)
from changai.areas.reporting.queries.calendar import days_of
from changai.areas.reporting.queries.composed import (
    asked_already,
    asked_fields,
    forms_in_force,
    owing_units,
)
from changai.areas.tasks import queries as tasks
from changai.core import burden
from changai.core.burden.meter import (
    Asked,
    YearLine,
    active_minutes,
    hours_of,
    measured_minutes,
    total,
)
from changai.core.burden.review import BurdenFinding, Wording
from changai.core.errors import NotVisible
from changai.core.periods import Month
from changai.foundation.actors import Actor

if TYPE_CHECKING:
    from changai.areas.organisations.models import Unit

# Two names this alike are worth a look: the one may be the other.
ALIKE = 0.75
# So many of the latest filled sheets of a form are measured.
MEASURED_SHEETS = 60


@dataclass(frozen=True)
class Neighbour:
    """Another form that the same units owe in the same week."""

    form: Form
    due_on: date
    units: int
    hours: Decimal


@dataclass(frozen=True)
class FormBurden:
    """What a form asks in one month: of all its units together, of each, and what stands beside it."""

    month: Month
    units: int
    whole: Asked
    least_minutes: Decimal
    most_minutes: Decimal
    measured: Decimal | None
    neighbours: tuple[Neighbour, ...]
    overlaps: tuple[str, ...]
    findings: tuple[BurdenFinding, ...]
    year: YearLine | None

    @property
    def minutes_a_sheet(self) -> Decimal:
        return self.whole.minutes_a_sheet if self.measured is None else self.measured

    @property
    def hours(self) -> Decimal:
        """Hours of all units together, by the measured time where there is one."""
        if self.measured is None:
            return self.whole.hours
        return hours_of(self.measured * self.units)

    @property
    def sentences(self) -> list[tuple[str, str, bool]]:
        """What needs a written reason before it is issued: rule, sentence, whether it is forbidden."""
        told = [
            (found.rule.key, burden.sentence_of(found), found.rule.weight is burden.Weight.BLOCK)
            for found in self.findings
        ]
        if self.year is not None and self.year.has_risen:
            told.append(("yearly_line", _year_sentence(self.year), False))
        return told


def _year_sentence(year: YearLine) -> str:
    now, before = year.this_year, year.last_year
    return (
        f"按此下发，本年要数 {now.cells} 格、约 {now.hours} 小时，上年为 {before.cells} 格、{before.hours} 小时，"
        "高于上年（依据：年度填表只减不增），确需增加的应书面说明理由。"
    )


def burden_of(form: Form, month: Month, *, today: date) -> FormBurden:
    """Return what a form costs the units that owe it in a month, whether it is issued or not."""
    units = owing_units(form, on=month.last_on)
    each = asked_of(form, units, month)
    minutes = [asked.minutes for asked in each.values()] or [Decimal(0)]
    return FormBurden(
        month=month,
        units=len(units),
        whole=total(each.values()),
        least_minutes=min(minutes),
        most_minutes=max(minutes),
        measured=measured_of(form),
        neighbours=tuple(_neighbours(form, units, month)),
        overlaps=tuple(_overlaps(form, month)),
        findings=tuple(burden.asking_findings(_wordings(form))),
        year=year_line(form.asked_by_id, today, adding=form) if form.asked_by_id else None,
    )


def asked_of(form: Form, units: "Sequence[Unit]", month: Month) -> dict[int, Asked]:
    """Return what a form asks of each unit in a month. A few queries, however many units."""
    counts: Counter[str] = Counter()
    sizes = Counter(category.breakdown_id for category in facts.categories_of(_breakdowns(form)))
    for asked in asked_fields(form, month):
        counts["prefilled" if asked.field.source == "register" else "figure"] += 1
        if asked.asks_parts and asked.field.breakdown_id is not None:
            counts["part"] += sizes[asked.field.breakdown_id]
    counts["words"] = form.narratives.count()
    counts["attachment"] = _attachments(form)
    items: Counter[int] = Counter()
    if form.asks_tasks:
        claims = tasks.reportable_claims_of([unit.pk for unit in units], month)
        items.update(claims.order_by().values_list("unit_id", flat=True))
    return {unit.pk: Asked({**counts, "task": items[unit.pk]}) for unit in units}


def _attachments(form: Form) -> int:
    """Return how many items of a form demand a file. Evidence that units may add of their own will asks nothing."""
    return sum(burden.asks_attachment(wording.texts) for wording in _wordings(form)[1:])


def _breakdowns(form: Form) -> list[int | None]:
    asked = form.form_fields.filter(asks_parts=True)
    return list(asked.values_list("field__breakdown_id", flat=True))


def measured_of(form: Form) -> Decimal | None:
    """Return the median minutes a sheet of the form took lately, None while too few were filled here."""
    sent = Report.objects.filter(obligation__period__form__series=form.series_id, submitted_at__isnull=False)
    latest = list(sent.order_by("-submitted_at", "-pk").values_list("pk", flat=True)[:MEASURED_SHEETS])
    moments: dict[int, list[datetime]] = defaultdict(list)
    changes = CellChange.objects.filter(report__in=latest).order_by("pk")
    for report_id, at in changes.values_list("report_id", "at"):
        moments[report_id].append(at)
    for report_id, sent_at in sent.filter(pk__in=list(moments)).values_list("pk", "submitted_at"):
        if sent_at is not None:
            moments[report_id].append(sent_at)
    worked = [active_minutes(found) for found in moments.values()]
    # A sheet taken from a workbook, or filled in one press, was not worked on here.
    return measured_minutes([minutes for minutes in worked if minutes >= 1])


def _neighbours(form: Form, units: "Sequence[Unit]", month: Month) -> Iterable[Neighbour]:
    mine, due_on = {unit.pk for unit in units}, days_of(form, month).due_on
    for other in forms_in_force(month):
        other_due = days_of(other, month).due_on
        if other.series_id == form.series_id or other_due.isocalendar()[:2] != due_on.isocalendar()[:2]:
            continue
        shared = [unit for unit in owing_units(other, on=month.last_on) if unit.pk in mine]
        if shared:
            cost = total(asked_of(other, shared, month).values())
            yield Neighbour(other, other_due, len(shared), cost.hours)


def _overlaps(form: Form, month: Month) -> Iterable[str]:
    for again in asked_already(form, month):
        yield again.sentence
    known = [field for field in facts.fields_on(month.last_on) if field.source != "report"]
    for asked in asked_fields(form, month):
        if asked.field.source != "report":
            continue
        for field in known:
            if SequenceMatcher(None, asked.field.name, field.name).ratio() >= ALIKE:
                source = field.get_source_display()
                yield f"“{asked.field.name}”与目录中的“{field.name}”（{source}）相近，请核对是否重复。"


def _wordings(form: Form) -> list[Wording]:
    texts = [Wording("", (form.name,))]
    texts += [
        Wording(asked.field.name, (asked.field.name, asked.field.definition))
        for asked in form.form_fields.select_related("field")
        if asked.field.source == "report"
    ]
    return texts + [Wording(item.title, (item.title, item.guidance)) for item in form.narratives.all()]


# --- year by year ---


def year_line(unit_id: int | None, today: date, *, adding: Form | None = None) -> YearLine:
    """Return what a unit asks this year beside what it asked last year; with a form that is about to be issued."""
    year = today.year
    return YearLine(
        _asked_in(unit_id, year) + _still_to_ask(unit_id, today, adding), _asked_in(unit_id, year - 1)
    )


def _asked_in(unit_id: int | None, year: int) -> Asked:
    """Return what was really laid out in the sheets of a year."""
    owed = Obligation.objects.filter(
        period__form__asked_by=unit_id, period__month__year=year, period__opened_at__isnull=False,
        exempted_at__isnull=True,
    )  # fmt: skip
    reports = Report.objects.filter(obligation__in=owed)
    figures = FigureLine.objects.filter(report__in=reports)
    return Asked(
        {
            "figure": figures.filter(prefilled_value__isnull=True).count(),
            "prefilled": figures.filter(prefilled_value__isnull=False).count(),
            "part": FigurePart.objects.filter(line__report__in=reports).count(),
            "task": TaskLine.objects.filter(report__in=reports).count(),
            "words": NarrativeLine.objects.filter(report__in=reports).count(),
            "attachment": _attachments_in(owed),
        },
        owed.count(),
    )


def _attachments_in(owed: QuerySet[Obligation]) -> int:
    sheets = dict(owed.order_by().values_list("period__form").annotate(sheets=Count("pk")))
    return sum(_attachments(form) * sheets[form.pk] for form in Form.objects.filter(pk__in=sheets))


def _still_to_ask(unit_id: int | None, today: date, adding: Form | None) -> Asked:
    """Return what the months of this year that are not opened yet will ask, as the forms stand now."""
    opened = set(
        Period.objects.filter(
            form__asked_by=unit_id, month__year=today.year, opened_at__isnull=False
        ).values_list("form__series_id", "month")
    )
    whole = []
    for month in Month.of(today).until(Month(today.year, 12)):
        forms = {form.series_id: form for form in forms_in_force(month) if form.asked_by_id == unit_id}
        if adding is not None and (adding.number == 1 or month > Month.of(today)):
            forms[adding.series_id] = adding
        whole += [
            total(asked_of(form, owing_units(form, on=month.first_on), month).values())
            for form in forms.values()
            if (form.series_id, month.first_on) not in opened
        ]
    return total(whole)


@dataclass(frozen=True)
class AskingUnit:
    """One body that asks: its line of the year."""

    unit: "Unit"
    line: YearLine


def asking_lines(today: date) -> list[AskingUnit]:
    """Return the yearly line of every body in whose name forms were sent out."""
    asking = Form.objects.filter(asked_by__isnull=False, issued_at__isnull=False)
    ids = set(asking.values_list("asked_by_id", flat=True))
    units = organisations.units_by_id(ids)
    return [AskingUnit(unit, year_line(unit.pk, today)) for unit in units]


# --- exceptions, and units that say they are asked again ---


def exceptions() -> QuerySet[BurdenException]:
    """Return the exceptions ever made, the latest first."""
    return BurdenException.objects.select_related("form__asked_by").order_by("-made_at", "pk")


def exceptions_called(words: str) -> QuerySet[BurdenException]:
    """Return the exceptions made for forms and other papers whose name holds the words."""
    return exceptions().filter(Q(form__name__icontains=words) | Q(origin_label__icontains=words))


def exceptions_of(origin_type: str, origin_id: int) -> list[BurdenException]:
    """Return the exceptions made for one record of another area, in the order they were told."""
    return list(BurdenException.objects.filter(origin_type=origin_type, origin_id=origin_id).order_by("pk"))


def repeated_for(actor: Actor) -> QuerySet[RepeatedAsk]:
    """Return what units of the actor's reach said is asked again, the latest first."""
    units = organisations.visible_to(actor, "report.view")
    return (
        RepeatedAsk.objects.filter(report__obligation__unit__in=units)
        .select_related("report__obligation__unit", "report__obligation__period__form")
        .order_by("-said_at", "-pk")
    )


def repeated_by_id(actor: Actor, pk: int) -> RepeatedAsk:
    """Return one of them.

    :raises NotVisible: when there is none, or none for this actor
    """
    found = repeated_for(actor).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def said_of_form(form: Form) -> list[tuple[str, int]]:
    """Return the lines of a form that units said are asked again, and how many said so; the open ones."""
    said = RepeatedAsk.objects.filter(report__obligation__period__form__series=form.series_id, outcome="")
    return list(said.values_list("name").annotate(times=Count("pk")).order_by("-times", "name"))


def asked_line_name(report: Report, line: str) -> str:
    """Return what a line of a sheet is called, empty when the sheet has no such line."""
    kind, _colon, key = line.partition(":")
    if not (key.isascii() and key.isdigit()) or len(key) > 18:
        return ""
    names = {
        "figure": report.figure_lines.filter(field_id=int(key)).values_list("field__name", flat=True),
        "words": report.narrative_lines.filter(pk=int(key)).values_list("item__title", flat=True),
        "task": report.task_lines.filter(claim_id=int(key)).values_list("claim__text", flat=True),
    }
    return str(next(iter(names.get(kind, ())), ""))[:200]


def known_of(report: Report, name: str) -> str:
    """Return where a line seems to be known already: by a figure of another source with a name alike, or empty."""
    on = Month.of(report.obligation.period.month).last_on
    best = max(
        (field for field in facts.fields_on(on) if field.source != "report"),
        key=lambda field: SequenceMatcher(None, name, field.name).ratio(),
        default=None,
    )
    if best is None or SequenceMatcher(None, name, best.name).ratio() < ALIKE:
        return ""
    return f"{best.get_source_display()}：{best.name}"
