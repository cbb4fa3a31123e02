"""How sheets not yet sent quote the months before: in step when one is sent, accepted or corrected."""

from django.db.models import OuterRef, Subquery

from changai.areas.facts.models import Fact
from changai.areas.facts.rules import SPANS
from changai.areas.reporting.models import FigureLine, FigurePart, NarrativeLine, Report
from changai.areas.reporting.queries.sheets import last_lines
from changai.areas.reporting.rules.moves import DRAFT, RETURNED, SUBMITTED
from changai.core.periods import Month

_NOT_SENT = (DRAFT, SUBMITTED, RETURNED)


def requote(fact: Fact) -> None:
    """Bring sheets not yet sent in step with a corrected figure; what was sent stays as it was sent."""
    following = FigureLine.objects.filter(
        field=fact.field_id,
        report__obligation__unit=fact.unit_id,
        report__obligation__period__month=Month.of(fact.month).plus(SPANS[fact.field.frequency]).first_on,
        report__status__in=_NOT_SENT,
    )
    following.update(last_value=fact.value)


def requote_from(report: Report) -> None:
    """Bring the unit's sheets of later months that are not yet sent in step with what a sent report says.

    One question when there is none; some five for each there is.
    """
    obligation = report.obligation
    later = Report.objects.filter(
        obligation__unit=obligation.unit_id,
        obligation__period__month__gt=obligation.period.month,
        status__in=_NOT_SENT,
    )
    for sheet in later.select_related("obligation__period__form"):
        _requote_figures(report, sheet)
        _requote_tasks(report, sheet)
        _requote_words(report, sheet)


def _requote_figures(report: Report, sheet: Report) -> None:
    month = Month.of(report.obligation.period.month)
    following = Month.of(sheet.obligation.period.month)
    frequencies = [kind for kind, span in SPANS.items() if month.plus(span) == following]
    if not frequencies:
        return
    said = report.figure_lines.filter(field=OuterRef("field"))
    sheet.figure_lines.filter(
        field__frequency__in=frequencies, field__in=report.figure_lines.values("field")
    ).update(last_value=Subquery(said.values("value")))
    parts = FigurePart.objects.filter(line__report=report).values_list("line__field", "category", "value")
    told = {(field_id, category_id): value for field_id, category_id, value in parts}
    if not told:
        return
    quoting = list(
        FigurePart.objects.filter(line__report=sheet, line__field__frequency__in=frequencies).select_related(
            "line"
        )
    )
    for part in quoting:
        part.last_value = told.get((part.line.field_id, part.category_id), part.last_value)
    FigurePart.objects.bulk_update(quoting, ["last_value"])


def _requote_tasks(report: Report, sheet: Report) -> None:
    lines = list(sheet.task_lines.filter(claim__in=report.task_lines.values("claim")))
    if not lines:
        return
    known = last_lines([line.claim_id for line in lines], before=sheet.obligation.period.month)
    moved = []
    for line in lines:
        said = known.get(line.claim_id)
        if said and (line.last_percent, line.last_text) != (said["percent"], said["progress"]):
            line.last_percent, line.last_text = said["percent"], said["progress"]
            moved.append(line)
    sheet.task_lines.bulk_update(moved, ["last_percent", "last_text"])


def _requote_words(report: Report, sheet: Report) -> None:
    before, after = report.obligation.period, sheet.obligation.period
    is_next = Month.of(before.month).plus(1) == Month.of(after.month)
    if not is_next or before.form.series_id != after.form.series_id:
        return
    said = dict(report.narrative_lines.values_list("item__key", "text"))
    quoting = list(NarrativeLine.objects.filter(report=sheet).select_related("item")) if said else []
    for line in quoting:
        line.last_text = said.get(line.item.key, line.last_text)
    NarrativeLine.objects.bulk_update(quoting, ["last_text"])
