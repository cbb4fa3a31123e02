"""数据查询 and 数据项目录."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from changai.areas.facts import actions, policies, queries
from changai.areas.facts.exports import figures_sheet
from changai.areas.facts.forms import BreakdownForm, FieldForm
from changai.areas.facts.models import Fact, Field
from changai.areas.facts.queries import FieldChange, UnitFigures
from changai.areas.facts.rules import ORIGIN_PAGES
from changai.areas.organisations import queries as organisations
from changai.core.errors import Invalid
from changai.core.periods import Month
from changai.foundation.actors import Actor
from changai.foundation.downloads import workbook_called
from changai.foundation.matrix import allows
from changai.foundation.pages import Request, number_in, page, press, press_form
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import Crumb

LIGHT_OF_STATUS = {
    "REPORTED": "done",
    "NOT_REPORTED": "overdue",
    "NOT_APPLICABLE": "none",
    "PENDING": "waiting",
    "REJECTED": "returned",
    "VOID": "none",
}


def _crumbs(*further: Crumb) -> list[Crumb]:
    return [Crumb(_("数据"), reverse("facts:figures")), *further]


def _asked(request: Request) -> tuple[Field | None, int, list[int]]:
    """Return the field and the year of the address, and the years there are; the nearest for what is not understood."""
    years = queries.years_with_facts(request.actor) or [timezone.localdate().year]
    written = request.GET.get("year", "")
    year = int(written) if written in {str(one) for one in years} else years[0]
    known = {field.code: field for field in queries.fields()}
    field = known.get(request.GET.get("field", "")) or next(iter(known.values()), None)
    return field, year, years


def _months(year: int) -> list[Month]:
    return list(Month(year, 1).until(Month(year, 12)))


@page("fact.view")
@require_safe
def figures(request: Request) -> HttpResponse:
    """Show one field's figures as a table of units and months; each opens to where it comes from."""
    field, year, years = _asked(request)
    months = _months(year)
    rows = queries.table_of(request.actor, field, months) if field else []
    listing = Listing(
        request.GET,
        rows,
        size=100,
        default="unit",
        sorts={"unit": "position", "total": "total"},
        filters={"q": lambda all_rows, words: [row for row in all_rows if words in row.name]},
    )
    context = {
        "field": field,
        "fields": queries.fields(),
        "year": year,
        "years": years,
        "months": months,
        "listing": listing,
        "sums": _sums(listing.rows, months) if field else [],
    }
    return render(request, "facts/figures.html", context)


def _sums(rows: Iterable[UnitFigures], months: list[Month]) -> list[Decimal | None]:
    """Return the sum over the units for every month and for the last column, None where nothing was reported."""
    listed = list(rows)
    columns = [[row.cells[place] for row in listed] for place in range(len(months))]
    values = [[fact.value for fact in cells if fact and fact.value is not None] for cells in columns]
    values.append([row.total for row in listed if row.total is not None])
    return [sum(found, Decimal(0)) if found else None for found in values]


@page("fact.view")
@require_safe
def export(request: Request) -> HttpResponse:
    """Download the table of one field and year."""
    field, year, _years = _asked(request)
    if field is None:
        raise Invalid("数据项目录为空，没有可导出的数据。")
    months = _months(year)
    sheet = figures_sheet(field, months, queries.table_of(request.actor, field, months))
    return workbook_called(
        f"{year}年{field.name}", organisations.workbook_of(request.actor, [sheet], at=timezone.now())
    )


@page("fact.view")
@require_safe
def fact(request: Request, pk: int) -> HttpResponse:
    """Show one figure: what it says, where it comes from, who accepted it, and what it said before."""
    found = queries.fact_for(request.actor, pk)
    context = {
        "fact": found,
        "light": LIGHT_OF_STATUS[found.status],
        "origin": origin_address(request.actor, found),
        "history": [(one, LIGHT_OF_STATUS[one.status]) for one in queries.fact_history(found)],
        "breadcrumbs": _crumbs(
            Crumb(
                found.field.name,
                f"{reverse('facts:figures')}?field={found.field.code}&year={found.month.year}",
            ),
            Crumb(found.unit.short_name),
        ),
    }
    return render(request, "facts/fact.html", context)


def origin_address(actor: Actor, found: Fact) -> str:
    """Return the path of the page of the record a figure comes from, empty when the actor may open none."""
    name = ORIGIN_PAGES.get(found.origin_type)
    if name == "facts:history_import" and not allows(actor, "fact.enter"):
        return ""
    if name is None or not found.origin_id.isdigit():
        return ""
    try:
        return reverse(name, args=[int(found.origin_id)])
    except NoReverseMatch:
        return ""


@page("fact.view")
@require_safe
def dictionary(request: Request) -> HttpResponse:
    """List the field dictionary."""
    listing = Listing(
        request.GET,
        queries.fields(),
        size=100,
        default="code",
        sorts={"code": "code", "name": "name", "source": ("source", "code")},
        filters={
            "source": lambda rows, source: rows.filter(source=source),
            "q": lambda rows, q: rows.filter(name__icontains=q),
        },
    )
    context = {
        "listing": listing,
        "sources": Field.Source.choices,
        "today": timezone.localdate(),
        "may_edit": policies.may_edit_fields(request.actor),
        "breadcrumbs": _crumbs(Crumb(_("数据项目录"))),
    }
    return render(request, "facts/dictionary.html", context)


@page("fact.view")
@require_safe
def field(request: Request, pk: int) -> HttpResponse:
    """Show one field of the dictionary."""
    found = queries.field_by_id(pk)
    context = {
        "field": found,
        "history": [(change, _told(change)) for change in queries.field_changes(found)],
        "may_edit": policies.may_edit_fields(request.actor),
        "breadcrumbs": _crumbs(Crumb(_("数据项目录"), reverse("facts:dictionary")), Crumb(found.name)),
    }
    return render(request, "facts/field.html", context)


def _told(change: FieldChange) -> list[tuple[str, str, str]]:
    """Return the changes with the names of what they are about and of what was chosen."""
    labels = {one.attname: one for one in Field._meta.concrete_fields}
    return [
        (str(labels[name].verbose_name), _shown(labels[name], before), _shown(labels[name], after))
        for name, before, after in change.changes
    ]


def _shown(column: Any, value: str) -> str:
    if column.is_relation:
        found = column.related_model.objects.filter(pk=number_in(value) or 0).first()
        return str(found or "—")
    return str(dict(column.flatchoices).get(value, value)) or "—"


@page("field.edit")
def breakdowns(request: Request) -> HttpResponse:
    """List the ways figures are told apart, and add one."""
    form = BreakdownForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        pressed = press_form(
            request, form, actions.add_breakdown,
            form.cleaned_data["name"], form.cleaned_data["items"].splitlines(),
            done=_("已新增。"), then=request.path,
        )  # fmt: skip
        if pressed:
            return pressed
    context = {
        "form": form,
        "breakdowns": queries.breakdowns(),
        "breadcrumbs": _crumbs(Crumb(_("数据项目录"), reverse("facts:dictionary")), Crumb(_("分项方式"))),
    }
    return render(request, "facts/breakdowns.html", context, status=422 if form.errors else 200)


@page("field.edit")
def field_new(request: Request) -> HttpResponse:
    """Add a field."""
    first = {"valid_from": timezone.localdate(), "name": request.GET.get("name", "")[:60]}
    form = FieldForm(request.POST or None, is_new=True, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            return press(
                request, actions.add_field, form.cleaned_data["code"], form.entry(),
                done=_("已新增。"), then=reverse("facts:dictionary"),
            )  # fmt: skip
        except Invalid as refused:
            form.add_error(None, refused.sentence)
    return _field_page(request, form, _("新增数据项"))


@page("field.edit")
def field_edit(request: Request, pk: int) -> HttpResponse:
    """Change a field."""
    found = queries.field_by_id(pk)
    form = FieldForm(
        request.POST or None, instance=found, is_new=False, initial={"version_read": found.version}
    )
    if request.method == "POST" and form.is_valid():
        try:
            return press(
                request, actions.edit_field, pk, form.entry(),
                version=form.cleaned_data["version_read"] or 0,
                done=_("已保存。"), then=reverse("facts:field", args=[pk]),
            )  # fmt: skip
        except Invalid as refused:
            form.add_error(None, refused.sentence)
    return _field_page(request, form, _("修改数据项"))


def _field_page(request: Request, form: FieldForm, title: str) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "breadcrumbs": _crumbs(Crumb(_("数据项目录"), reverse("facts:dictionary")), Crumb(title)),
    }
    return render(request, "facts/field_form.html", context, status=422 if form.errors else 200)
