"""Tags and filters of the shared components, built in: no `{% load %}`. See `foundation/ui/README.md`."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import forms, template
from django.core.paginator import Page
from django.http import HttpRequest
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString

from changai.core.periods import Month
from changai.foundation.matrix import allows
from changai.foundation.ui import figures
from changai.foundation.ui.listing import PAGE_SIZES, Listing
from changai.foundation.ui.parts import LIGHTS, ChartTable
from changai.foundation.ui.words import WORDS

register = template.Library()

_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "form-check-input"),
    (forms.RadioSelect, "form-choices"),
    (forms.CheckboxSelectMultiple, "form-choices"),
    (forms.Select, "form-select"),
    (forms.Widget, "form-control"),
)


@register.simple_tag
def once() -> SafeString:
    """Write the hidden key that makes a double click one order (see `foundation.receipts`)."""
    return format_html('<input type="hidden" name="once" value="{}">', uuid4())


@register.simple_tag
def words_for_scripts() -> SafeString:
    """Write the sentences of the scripts into the page, in its language."""
    return json_script({name: str(sentence) for name, sentence in WORDS.items()}, "said-by-scripts")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Write the icon `name` of `static/ui/icons.svg`; without `label` it is decoration for screen readers."""
    address = f"{static('ui/icons.svg')}#{name}"
    drawing = format_html(
        '<svg class="icon icon-{}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>',
        name,
        address,
    )
    return format_html('{}<span class="visually-hidden">{}</span>', drawing, label) if label else drawing


@register.inclusion_tag("ui/_light.html")
def light(state: str, label: str = "") -> dict[str, Any]:
    """Write a status light: colour, shape, word. `state` is one of `LIGHTS`; `label` says it more exactly.

    :raises KeyError: when there is no such state
    """
    return {"state": state, "label": label or LIGHTS[str(state)]}


@register.simple_tag(name="number")
def number_tag(value: figures.Figure, decimals: int | None = None, unit: str = "") -> SafeString:
    """Write a figure with its unit, digits aligned."""
    written = figures.written_number(value, decimals)
    if not unit or written == figures.ABSENT:
        return format_html('<span class="num">{}</span>', written)
    return format_html('<span class="num">{}</span><span class="unit">{}</span>', written, unit)


@register.simple_tag(name="percent")
def percent_tag(ratio: figures.Figure, decimals: int = 1) -> SafeString:
    """Write a ratio (1 is the whole) as a percentage."""
    return format_html('<span class="num">{}</span>', figures.written_percent(ratio, decimals))


@register.simple_tag
def share(part: int | None, whole: int | None, decimals: int = 1) -> SafeString:
    """Write the share of `part` in `whole` as a percentage; `—` when there is no whole."""
    return format_html('<span class="num">{}</span>', figures.written_share(part, whole, decimals))


@register.simple_tag
def meter(part: int | None, whole: int | None, label: str = "") -> SafeString:
    """Draw the share of `part` in `whole` as a bar with its percentage."""
    written = figures.written_share(part, whole)
    if written == figures.ABSENT:
        return format_html('<span class="num">{}</span>', written)
    return format_html(
        '<span class="meter"><progress max="{}" value="{}" aria-label="{}"></progress>'
        '<span class="num">{}</span></span>',
        whole,
        part,
        label or written,
        written,
    )


@register.filter(name="number")
def number_filter(value: figures.Figure, decimals: int | None = None) -> str:
    return figures.written_number(value, decimals)


@register.filter(name="percent")
def percent_filter(ratio: figures.Figure, decimals: int = 1) -> str:
    return figures.written_percent(ratio, decimals)


@register.filter
def points(hundredths: int | None) -> str:
    return figures.written_points(hundredths)


@register.filter
def day(value: date | datetime | None) -> str:
    return figures.written_day(value)


@register.filter
def moment(value: datetime | None) -> str:
    return figures.written_moment(value)


@register.filter
def month(value: Month | date | str | None) -> str:
    return figures.written_month(value)


@register.filter
def deadline(due_on: date | None) -> str:
    """Return how far a deadline is from today."""
    return figures.written_deadline(due_on, timezone.localdate())


@register.filter
def size(size_bytes: int | None) -> str:
    return figures.written_size(size_bytes)


@register.filter
def item(mapping: Mapping[Any, Any], key: Any) -> Any:
    """Return the value under a key that is only known in the template, or None."""
    return mapping.get(key)


@register.filter
def may(request: HttpRequest, permission: str) -> bool:
    """Return whether the request's actor holds the permission at all: `{% if request|may:"plan.edit" %}`."""
    actor = getattr(request, "actor", None)
    return actor is not None and allows(actor, permission)


@register.inclusion_tag("ui/_field.html")
def field(bound: forms.BoundField, label: str = "") -> dict[str, Any]:
    """Write a form field: label, control, help and faults, tied together for screen readers."""
    widget = bound.field.widget
    look = next(name for kind, name in _CLASSES if isinstance(widget, kind))
    described = [f"{bound.auto_id}_help"] if bound.help_text else []
    described += [f"{bound.auto_id}_faults"] if bound.errors else []
    attributes: dict[str, str | bool] = {
        "class": f"{widget.attrs.get('class', '')} {look}{' is-invalid' if bound.errors else ''}".strip()
    }
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return {
        "bound": bound,
        "label": label or bound.label,
        "control": bound.as_widget(attrs=attributes),
        "is_check": look == "form-check-input",
        "is_group": look == "form-choices",
    }


@register.inclusion_tag("ui/_form.html")
def fields(form: forms.BaseForm) -> dict[str, Any]:
    """Write a whole form: summary of faults, hidden fields, then every visible field."""
    return {"form": form}


@register.inclusion_tag("ui/_faults.html")
def faults(form: forms.BaseForm) -> dict[str, Any]:
    """Write the summary of a form's faults, each a link to its field."""
    return {"form": form}


@register.inclusion_tag("ui/_pager.html", takes_context=True)
def pager(context: Context, listing: Listing | Page[Any]) -> dict[str, Any]:
    """Write the pager of a `Listing` or a Django page, keeping the other parameters of the address."""
    page = listing.page if isinstance(listing, Listing) else listing
    paginator = page.paginator
    return {
        "page": page,
        "numbers": paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        "ellipsis": paginator.ELLIPSIS,
        "sizes": PAGE_SIZES if isinstance(listing, Listing) and paginator.count > PAGE_SIZES[0] else (),
        "request": context["request"],
    }


@register.inclusion_tag("ui/_sort_header.html", takes_context=True)
def sort_header(context: Context, listing: Listing, name: str, label: str, kind: str = "") -> dict[str, Any]:
    """Write the `<th>` of a sortable column; `kind` is `num` for a column of figures."""
    is_up, is_down = listing.sort == name, listing.sort == f"-{name}"
    parameters = context["request"].GET.copy()
    parameters.pop("page", None)
    parameters["sort"] = f"-{name}" if is_up else name
    direction = "ascending" if is_up else "descending" if is_down else ""
    return {"label": label, "kind": kind, "direction": direction, "link": f"?{parameters.urlencode()}"}


@register.inclusion_tag("ui/_chart.html")
def chart(name: str, option: Mapping[str, Any], table: ChartTable, alt: str) -> dict[str, Any]:
    """Draw an ECharts `option` (plain JSON); `table` holds its figures, `alt` says what it shows."""
    return {"name": name, "option_id": f"{name}-option", "option": option, "table": table, "alt": alt}
