"""逐级汇总 over the tree of units as of any day, in both bases; and 定表: tables issued for good."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from changai.areas.facts import actions, queries
from changai.areas.facts.models import Field
from changai.areas.facts.queries import rollup as sums
from changai.areas.facts.queries import tables as frozen
from changai.areas.facts.queries.tables import TableSpan
from changai.areas.facts.rules.tables import is_averaged
from changai.areas.organisations import queries as organisations
from changai.core.errors import Invalid, NotVisible
from changai.core.periods import Month
from changai.foundation.downloads import workbook_called
from changai.foundation.matrix import Scope, allows, scope_of
from changai.foundation.pages import Request, number_in, page, press
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import Crumb, Tab

INDENT = "　"


@dataclass(frozen=True)
class Asked:
    """What the address asks: the field, the months, the day, the basis, and the tree's top for this reader."""

    field: Field
    year: int
    span: TableSpan

    @property
    def address(self) -> str:
        basis = "now" if self.span.is_recast else "then"
        return f"field={self.field.code}&year={self.year}&day={self.span.day:%Y-%m-%d}&basis={basis}"


def _asked(request: Request) -> Asked | None:
    asked = request.POST if request.method == "POST" else request.GET
    known = {field.code: field for field in queries.fields()}
    field = known.get(asked.get("field", "")) or next(iter(known.values()), None)
    if field is None:
        return None
    today = timezone.localdate()
    year = number_in(asked.get("year", "")) or 0
    year = year if 2000 <= year <= today.year else today.year
    months = list(Month(year, 1).until(Month(year, 12)))
    day = _day(asked.get("day", ""), today)
    own = scope_of(request.actor.role, "fact.view") is not Scope.ALL
    span = TableSpan(months, day, asked.get("basis") != "then", (request.actor.unit_id or 0) if own else None)
    return Asked(field, year, span)


def _day(written: str, today: date) -> date:
    try:
        return min(date.fromisoformat(written), today)
    except ValueError:
        return today


def _crumbs(*further: Crumb) -> list[Crumb]:
    return [Crumb(_("数据"), reverse("facts:figures")), *further]


@page("fact.view")
@require_safe
def rollup(request: Request) -> HttpResponse:
    """Show one field's sums as a table of units and months, in one of two bases."""
    asked = _asked(request)
    if asked is None:
        raise NotVisible
    rows = frozen.table_rows(asked.field, asked.span)
    context = {
        "asked": asked,
        "field": asked.field,
        "fields": queries.fields(),
        "years": queries.years_with_facts(request.actor) or [asked.year],
        "is_averaged": is_averaged(asked.field.unit_of_measure),
        "tabs": _bases(asked),
        "rows": [
            (
                row,
                INDENT * row.depth,
                [
                    (month, frozen.shown(asked.field, cell))
                    for month, cell in zip(asked.span.months, row.cells, strict=True)
                ],
                frozen.shown(asked.field, row.whole),
            )
            for row in rows
        ],
        "changes": frozen.changes_of_units(asked.span),
        "may_issue": allows(request.actor, "table.issue"),
        "breadcrumbs": _crumbs(Crumb(_("逐级汇总"))),
    }
    return render(request, "facts/rollup.html", context)


def _bases(asked: Asked) -> list[Tab]:
    start = f"?field={asked.field.code}&year={asked.year}&day={asked.span.day:%Y-%m-%d}&basis="
    return [
        Tab(_("新口径"), f"{start}now", is_current=asked.span.is_recast),
        Tab(_("原口径"), f"{start}then", is_current=not asked.span.is_recast),
    ]


@page("fact.view")
@require_safe
def rows(request: Request) -> HttpResponse:
    """Show the named figures that one sum is made of."""
    asked = _asked(request)
    unit_id = number_in(request.GET.get("unit", ""))
    if asked is None or unit_id is None:
        raise NotVisible
    unit = organisations.unit_for(request.actor, unit_id, "fact.view")
    months = [month for month in asked.span.months if str(month) == request.GET.get("month")]
    months = months or list(asked.span.months)
    day = asked.span.day if asked.span.is_recast else months[-1].last_on
    facts = sums.facts_below(unit.pk, asked.field, months, day)
    listing = Listing(
        request.GET, facts, size=100, sorts={"unit": ("unit__position", "month"), "value": "value"}
    )
    included = sums.included_in(unit.pk, list(listing), day)
    context = {
        "asked": asked,
        "unit": unit,
        "included": included,
        "month": months[0] if len(months) == 1 else None,
        "listing": listing,
        "breadcrumbs": _crumbs(
            Crumb(_("逐级汇总"), f"{reverse('facts:rollup')}?{asked.address}"), Crumb(unit.short_name)
        ),
    }
    return render(request, "facts/rollup_rows.html", context)


@page("table.issue")
@require_POST
def issue(request: Request) -> HttpResponse:
    """Freeze the table as it is shown."""
    asked = _asked(request)
    if asked is None:
        raise Invalid("数据项目录为空，没有可定的表。")
    order = actions.TableOrder(request.POST.get("title", ""), asked.field.pk, asked.span)
    return press(
        request, actions.issue_table, order,
        done=_("已定表，今后打印、下载都与今天一致。"), then=reverse("facts:tables"),
    )  # fmt: skip


@page("fact.view")
@require_safe
def tables(request: Request) -> HttpResponse:
    """List the issued tables."""
    _require_all(request)
    listing = Listing(
        request.GET,
        frozen.issued_tables(),
        size=50,
        default="-issued",
        sorts={"issued": "issued_at", "title": "title"},
        filters={"q": lambda found, words: found.filter(title__icontains=words)},
    )
    context = {"listing": listing, "breadcrumbs": _crumbs(Crumb(_("定表")))}
    return render(request, "facts/tables.html", context)


def _require_all(request: Request) -> None:
    """Issued tables show the whole city: they are there for those who read all of it."""
    if scope_of(request.actor.role, "fact.view") is not Scope.ALL:
        raise NotVisible


@page("fact.view")
@require_safe
def table(request: Request, pk: int) -> HttpResponse:
    """Show an issued table from its frozen content, and apart from it what was corrected since."""
    _require_all(request)
    found = frozen.issued_table(pk)
    context = {
        "table": found,
        "content": found.content,
        "rows": [
            (
                INDENT * row["depth"],
                row["name"],
                [_number(cell) for cell in row["cells"]],
                _number(row["whole"]),
            )
            for row in found.content["rows"]
        ],
        "months": [Month.parse(month) for month in found.content["months"]],
        "changed": list(frozen.changed_since(found)),
        "breadcrumbs": _crumbs(Crumb(_("定表"), reverse("facts:tables")), Crumb(found.title)),
    }
    return render(request, "facts/table.html", context)


def _number(written: str) -> Decimal | None:
    return Decimal(written) if written else None


@page("fact.view")
@require_safe
def workbook(request: Request, pk: int) -> HttpResponse:
    """Download the very workbook that was issued."""
    _require_all(request)
    found = frozen.issued_table(pk)
    return workbook_called(f"{found.title}", bytes(found.workbook))
