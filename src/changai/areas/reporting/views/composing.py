"""Settings of the forms."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from changai.areas.reporting import actions, queries
from changai.areas.reporting.forms.composing import FormSettings, MonthForm
from changai.areas.reporting.models import Form
from changai.areas.reporting.views.lists import crumbs
from changai.core.errors import Invalid
from changai.core.periods import Month
from changai.foundation.pages import Request, page, press
from changai.foundation.ui.parts import Crumb


@page("form.edit")
@require_safe
def forms(request: Request) -> HttpResponse:
    """List the forms with what they ask and of whom."""
    names = queries.level_names()
    rows = [
        (
            form,
            _("、").join(names[level] for level in form.levels),
            form.form_fields.count(),
            form.periods.first(),
        )
        for form in queries.forms()
    ]
    return render(
        request, "reporting/forms.html", {"rows": rows, "breadcrumbs": crumbs(Crumb(_("报表设置")))}
    )


@page("form.edit")
def form_new(request: Request) -> HttpResponse:
    """Compose a form."""
    settings = FormSettings(request.POST or None)
    if request.method == "POST" and settings.is_valid():
        try:
            return press(
                request, actions.create_form, settings.entry(),
                done=_("已保存，核对后即可下发。"), then=reverse("reporting:forms"),
            )  # fmt: skip
        except Invalid as refused:
            _show(settings, refused)
    return _page(request, settings, None)


@page("form.edit")
def form(request: Request, pk: int) -> HttpResponse:
    """Change a form, issue it, open a month of it."""
    found = queries.form_by_id(pk)
    settings = FormSettings(request.POST or None, initial=_initial(found))
    if request.method == "POST" and settings.is_valid():
        try:
            return press(
                request, actions.edit_form, pk, settings.entry(),
                version=settings.cleaned_data["version"] or 0, done=_("已保存。"), then=request.path,
            )  # fmt: skip
        except Invalid as refused:
            _show(settings, refused)
    return _page(request, settings, found)


def _show(settings: FormSettings, refused: Invalid) -> None:
    for sentence in refused.faults or (refused.sentence,):
        settings.add_error(None, sentence)


def _initial(found: Form) -> dict[str, object]:
    return {
        "name": found.name,
        "levels": found.levels,
        "fields_asked": list(found.form_fields.values_list("field_id", flat=True)),
        "opens_day": found.opens_day,
        "due_day": found.due_day,
        "version": found.version,
    }


def _page(request: Request, settings: FormSettings, found: Form | None) -> HttpResponse:
    context = {
        "form": settings,
        "found": found,
        "month_form": MonthForm(initial={"month": str(Month.of(timezone.localdate()))}),
        "periods": found.periods.order_by("-month")[:12] if found else [],
        "breadcrumbs": crumbs(
            Crumb(_("报表设置"), reverse("reporting:forms")), Crumb(found.name if found else _("新增报表"))
        ),
    }
    return render(request, "reporting/form.html", context, status=422 if settings.errors else 200)


@page("form.edit")
@require_POST
def issue(request: Request, pk: int) -> HttpResponse:
    """Issue a form."""
    return press(
        request,
        actions.issue_form,
        pk,
        done=_("已下发，到开始填报日自动开启。"),
        then=reverse("reporting:form", args=[pk]),
    )


@page("form.edit")
@require_POST
def retire(request: Request, pk: int) -> HttpResponse:
    """Stop a form."""
    return press(
        request, actions.retire_form, pk, done=_("已停用。"), then=reverse("reporting:form", args=[pk])
    )


@page("form.edit")
@require_POST
def open_month(request: Request, pk: int) -> HttpResponse:
    """Open a month of a form."""
    month_form = MonthForm(request.POST)
    if not month_form.is_valid():
        raise Invalid("请按“2026-10”的格式填写月份。")
    month = month_form.cleaned_data["month"]
    return press(
        request, actions.open_period, pk,
        month=month, done=_("已开启，各单位可以填报。"), then=reverse("reporting:board") + f"?month={month}",
    )  # fmt: skip
