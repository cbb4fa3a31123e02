"""The register of corrections: for its pages, and for assessments and briefings that cite figures."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from changai.areas.facts import queries as facts
from changai.areas.facts.models import Fact, Field
from changai.areas.facts.queries import rollup
from changai.areas.facts.queries.tables import tables_citing
from changai.areas.facts.rules.tables import is_averaged
from changai.areas.organisations import queries as organisations
from changai.areas.reporting.models import Correction, Report
from changai.areas.reporting.queries.checking import findings_of_reports
from changai.areas.reporting.rules.corrections import Picture, Standing
from changai.areas.reporting.rules.sheets import Fault
from changai.core.errors import NotVisible
from changai.core.periods import Month
from changai.foundation.actors import Actor

__all__ = [
    "correction_for",
    "corrections",
    "corrections_of",
    "fact_to_correct",
    "facts_of_month",
    "findings_of_correction",
    "moved_for",
    "picture_of",
    "tables_citing",
    "waiting_corrections",
]


def corrections(actor: Actor) -> QuerySet[Correction]:
    """Return the corrections of the units the actor may read, the latest first."""
    units = organisations.visible_to(actor, "fact.view")
    return (
        Correction.objects.filter(unit__in=units).select_related("unit", "field").order_by("-asked_at", "-pk")
    )


def correction_for(actor: Actor, correction_id: int) -> Correction:
    """Return one correction.

    :raises NotVisible: when there is none, or none for this actor
    """
    found = corrections(actor).filter(pk=correction_id).first()
    if found is None:
        raise NotVisible
    return found


def moved_for(actor: Actor, correction: Correction) -> list[dict[str, Any]]:
    """Return who moved by a correction, as far as the actor reads the figures of those units."""
    units = set(organisations.visible_to(actor, "fact.view").values_list("pk", flat=True))
    return [row for row in correction.moved if row["unit_id"] in units]


def waiting_corrections() -> QuerySet[Correction]:
    """Return the corrections that wait for the office, the oldest first."""
    return (
        Correction.objects.filter(status=Correction.Status.WAITING)
        .select_related("unit", "field")
        .order_by("asked_at", "pk")
    )


def corrections_of(fact_ids: Iterable[int]) -> dict[int, Correction]:
    """Return what became of figures that were frozen or printed: old figure -> the correction that replaced it.

    For those who cite figures (scoring rounds, briefings): whatever is in the answer says something else today.
    """
    rows = Correction.objects.filter(
        old_fact__in=list(fact_ids), status=Correction.Status.APPROVED
    ).select_related("unit", "field")
    return {row.old_fact_id: row for row in rows.order_by("settled_at", "pk")}


def fact_to_correct(actor: Actor, fact_id: int) -> Fact:
    """Return a figure that somebody wants corrected.

    :raises NotVisible: when there is none, or none for this actor
    """
    return facts.fact_for(actor, fact_id)


def findings_of_correction(fact: Fact, value: Decimal | None, reason: str) -> tuple[Fault, ...]:
    """Return what the checks find in the unit's sheet with `value` in place of the figure, and do not find with the
    figure as it is; the reason explains what asks for an explanation.
    """
    reports = list(
        Report.objects.filter(
            obligation__unit=fact.unit_id,
            obligation__period__month=fact.month,
            figure_lines__field=fact.field_id,
        ).select_related("obligation__unit", "obligation__period__form")
    )
    if not reports:
        return ()
    known = findings_of_reports(reports, typed={fact.field_id: fact.value})
    found = findings_of_reports(reports, typed={fact.field_id: value}, remarks={fact.field_id: reason})
    return tuple(fault for report in reports for fault in found[report.pk] if fault not in known[report.pk])


def facts_of_month(unit_id: int, month: Month) -> dict[int, Fact]:
    """Return a unit's figures in force of a month, by field."""
    rows = Fact.objects.filter(unit=unit_id, month=month.first_on, is_current=True)
    return {fact.field_id: fact for fact in rows.select_related("field")}


def picture_of(field: Field, month: Month) -> Picture:
    """Return what all units reported of a field in a month, and the sums of the month and of the year so far."""
    rows = Fact.objects.filter(
        field=field, month=month.first_on, is_current=True, value__isnull=False
    ).select_related("unit")
    values = {
        fact.unit_id: Standing(fact.unit.name, fact.unit.level, fact.value)
        for fact in rows
        if fact.value is not None
    }
    if is_averaged(field.unit_of_measure):
        return Picture(values, {})
    day = month.last_on
    of_month = rollup.by_month(field, month, month, day)
    so_far = rollup.whole(field, Month(month.year, 1), month, day)
    names = organisations.names_on({*so_far, *(unit for unit, _month in of_month)}, day)
    sums = {("本月汇总", unit): (names[unit], one.total) for (unit, _month), one in of_month.items()}
    sums |= {("本年累计", unit): (names[unit], one.total) for unit, one in so_far.items()}
    return Picture(values, sums)
