"""Forms and their months."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from changai.areas.facts import queries as facts
from changai.areas.facts.rules import is_asked_in
from changai.areas.organisations import queries as organisations
from changai.areas.organisations.rules.units import CITY, LEVEL_NAMES, MEMBER, OFFICE
from changai.areas.registers import figures as registers
from changai.areas.reporting.models import Form, FormField, Period
from changai.core.errors import NotVisible
from changai.core.periods import Month
from changai.foundation.actors import MACHINE, Actor

if TYPE_CHECKING:
    from changai.areas.facts.models import Field
    from changai.areas.organisations.models import Unit


def level_names() -> dict[str, str]:
    """Return the levels of units that may owe a report: code -> name in the reader's language."""
    return {code: _(name) for code, name in LEVEL_NAMES.items() if code != CITY}


def asking_units() -> "QuerySet[Unit]":
    """Return the units in whose name forms are sent out: the office and the member units."""
    return (
        organisations.visible_to(MACHINE)
        .filter(level__in=[OFFICE, MEMBER], closed_on__isnull=True)
        .order_by("position", "code", "pk")
    )


def asking_unit_of(actor: Actor) -> int | None:
    """Return the unit in whose name an actor's new form goes out: the own one if it may ask, else the office."""
    units = list(asking_units())
    own = [unit for unit in units if unit.pk == actor.unit_id]
    offices = [unit for unit in units if unit.level == OFFICE]
    return next((unit.pk for unit in (*own, *offices)), None)


def versions_of(form: Form) -> QuerySet[Form]:
    """Return all versions of a form, the latest first."""
    return Form.objects.filter(series=form.series_id).order_by("-number")


def following_version(form: Form) -> Form | None:
    """Return the version that follows, drafted or issued."""
    return Form.objects.filter(supersedes=form).first()


def periods_of(form: Form) -> QuerySet[Period]:
    """Return the opened months of a form in all its versions, the latest first."""
    return periods().filter(form__series=form.series_id)


def askable_fields() -> "list[Field]":
    """Return the fields a form may hold: what units report, and what a register really gives.

    What the ledger or the tasks know is counted at the closing, and never asked.
    """
    return [
        field
        for field in facts.fields().filter(source__in=["report", "register"])
        if field.source == "report" or field.source_key in registers.SOURCES
    ]


# Why a figure of another source is never asked: where it is known.
KNOWN_ELSEWHERE = {
    "register": "数据“{name}”取自名册，但名册还没有这项统计，不能列入报表。",
    "task": "数据“{name}”由任务台账自动取数，不再向单位要。",
    "ledger": "数据“{name}”由报送记录自动统计，不再向单位要。",
    "office": "数据“{name}”由办公室下达或核验，不再向单位要。",
}


def known_elsewhere(field_ids: Iterable[int]) -> list[str]:
    """Return why each of the fields may not be asked, a sentence each that names where it is known."""
    known = {field.pk: field for field in facts.fields()}
    return [
        KNOWN_ELSEWHERE.get(known[pk].source, "数据“{name}”不能列入报表。").format(name=known[pk].name)
        if pk in known
        else "有一个数据项不在目录中，请刷新页面后重选。"
        for pk in field_ids
    ]


def forms() -> QuerySet[Form]:
    """Return the latest issued version of every form, and the version being drafted; those in use first."""
    return Form.objects.filter(
        Q(superseded_by__isnull=True) | Q(superseded_by__issued_at__isnull=True)
    ).order_by("is_closed", "series", "number")


def form_in_force(series_id: int | None, month: Month) -> Form | None:
    """Return the version of a form that holds for a month; None before the first one holds."""
    return (
        Form.objects.filter(series=series_id, issued_at__isnull=False)
        .filter(Q(from_month__isnull=True) | Q(from_month__lte=month.first_on))
        .order_by("-number")
        .first()
    )


def forms_in_force(month: Month) -> list[Form]:
    """Return the version of every form in use that holds for a month."""
    issued = Form.objects.filter(issued_at__isnull=False, is_closed=False).filter(
        Q(from_month__isnull=True) | Q(from_month__lte=month.first_on)
    )
    latest = {form.series_id: form for form in issued.order_by("number")}
    return sorted(latest.values(), key=lambda form: (form.series_id or 0, form.pk))


def owing_units(form: Form, *, on: date) -> "list[Unit]":
    """Return the units that owe a form on a day: those of its levels and of its groups, in the tree's order."""
    return list(_owing(form, on).distinct().order_by("position", "code", "pk"))


def owing_ids(form: Form, *, on: date) -> set[int]:
    """Return the ids of the units that owe a form on a day."""
    return set(_owing(form, on).order_by().values_list("pk", flat=True))


def _owing(form: Form, on: date) -> "QuerySet[Unit]":
    units = organisations.open_units(on=on)
    groups = list(form.groups.values_list("pk", flat=True))
    if not groups:
        return units.filter(level__in=form.levels)
    return units.filter(Q(level__in=form.levels) | Q(groups__in=groups))


def asked_fields(form: Form, month: Month) -> list[FormField]:
    """Return what a form asks for a month: a quarterly figure only in the last month of its quarter, and so on.

    A figure that was stopped before the month began is asked no more.
    """
    still_kept = Q(field__valid_to__isnull=True) | Q(field__valid_to__gt=month.first_on)
    return [
        asked
        for asked in form.form_fields.filter(still_kept).select_related("field__breakdown")
        if is_asked_in(asked.field.frequency, month.number)
    ]


@dataclass(frozen=True)
class AskedAlready:
    """A figure of a form that the same units give elsewhere: on another form in force."""

    field_id: int
    field_name: str
    form_id: int
    form_name: str
    units: int

    @property
    def sentence(self) -> str:
        return (
            f"数据“{self.field_name}”已由《{self.form_name}》向其中 {self.units} 个单位要报，同一数据一期只报一次，"
            "请从本表删去。"
        )


def asked_already(form: Form, month: Month) -> list[AskedAlready]:
    """Return the figures of a form that other forms in force that month ask of the same units."""
    mine = {asked.field_id: asked.field.name for asked in form.form_fields.select_related("field")}
    owing = {unit.pk for unit in owing_units(form, on=month.last_on)}
    found = []
    for other in forms_in_force(month):
        if other.series_id == form.series_id:
            continue
        shared = other.form_fields.filter(field__in=mine, field__source="report").values_list(
            "field_id", flat=True
        )
        units = len(owing & {unit.pk for unit in owing_units(other, on=month.last_on)}) if shared else 0
        found += [
            AskedAlready(field_id, mine[field_id], other.pk, other.name, units)
            for field_id in shared
            if units
        ]
    return found


def form_by_id(form_id: int) -> Form:
    """Return one form.

    :raises NotVisible: when there is none
    """
    form = Form.objects.filter(pk=form_id).first()
    if form is None:
        raise NotVisible
    return form


def periods(month: Month | None = None) -> QuerySet[Period]:
    """Return the opened months, the latest first; of one month when it is given."""
    found = Period.objects.filter(opened_at__isnull=False).select_related("form").order_by("-month", "pk")
    return found.filter(month=month.first_on) if month else found


def months_opened() -> list[Month]:
    """Return the months for which anything was opened, the latest first."""
    months = periods().order_by("-month").values_list("month", flat=True).distinct()
    return [Month.of(month) for month in months]


def names_of_forms_opened() -> list[str]:
    """Return the names of the forms that were ever opened, each once."""
    return list(periods().order_by("form__name").values_list("form__name", flat=True).distinct())


def period_by_id(period_id: int) -> Period:
    """Return one opened month.

    :raises NotVisible: when there is none
    """
    period = periods().filter(pk=period_id).first()
    if period is None:
        raise NotVisible
    return period
