"""Settings of the forms: compose, preview, issue, revise, stop, open a month."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from changai.areas.reporting import actions, queries
from changai.areas.reporting.forms.composing import FormSettings, MonthForm, initial_of
from changai.areas.reporting.models import Form
from changai.areas.reporting.queries.staffing import unmanned_steps
from changai.areas.reporting.views.burden import tiles_of
from changai.areas.reporting.views.lists import crumbs
from changai.core.errors import Invalid
from changai.core.periods import Month
from changai.foundation.pages import Request, number_in, page, press, press_form, see_other
from changai.foundation.ui.parts import Crumb


@page("form.edit")
@require_safe
def forms(request: Request) -> HttpResponse:
    """List the forms with what they ask and of whom."""
    rows = [
        (
            form,
            addressees(form),
            form.form_fields.count(),
            form.narratives.count(),
            queries.periods_of(form).first(),
        )
        for form in queries.forms().prefetch_related("groups")
    ]
    return render(
        request, "reporting/forms.html", {"rows": rows, "breadcrumbs": crumbs(Crumb(_("报表设置")))}
    )


def addressees(form: Form) -> str:
    """Return who owes a form, in words."""
    names = queries.level_names()
    return _("、").join([names[level] for level in form.levels] + [group.name for group in form.groups.all()])


def _places(*further: Crumb) -> list[Crumb]:
    return crumbs(Crumb(_("报表设置"), reverse("reporting:forms")), *further)


@page("form.edit")
def form_new(request: Request) -> HttpResponse:
    """Compose a form."""
    settings = FormSettings(request.POST or None, initial={"asked_by": queries.asking_unit_of(request.actor)})
    if request.method == "POST" and settings.is_valid():
        try:
            once = request.POST.get("once", "")
            made = actions.create_form(request.actor, settings.entry(), at=timezone.now(), once=once)  # type: ignore[call-arg]
        except Invalid as refused:
            settings.add_error(None, list(refused.faults) or refused.sentence)
        else:
            return see_other(reverse("reporting:form", args=[made.pk]))
    return _edit_page(request, settings, None)


@page("form.edit")
def form(request: Request, pk: int) -> HttpResponse:
    """Show a form; a version that was not issued yet is composed here."""
    found = queries.form_by_id(pk)
    if found.issued_at is not None:
        if request.method == "POST":
            raise Invalid("在用的报表不直接修改。请点“修订”编制下一版，从以后月份起执行，已开启的月份不变。")
        return render(request, "reporting/form_issued.html", _issued(found))
    settings = FormSettings(request.POST or None, initial=initial_of(found))
    if request.method == "POST" and settings.is_valid():
        pressed = press_form(
            request, settings, actions.edit_form, pk, settings.entry(),
            version=settings.cleaned_data["version"] or 0, done=_("已保存。"), then=request.path,
        )  # fmt: skip
        if pressed:
            return pressed
    return _edit_page(request, settings, found)


def _edit_page(request: Request, settings: FormSettings, found: Form | None) -> HttpResponse:
    month = Month.of(timezone.localdate())
    context = {
        "form": settings,
        "found": found,
        "asked_already": queries.asked_already(found, month) if found else [],
        "owing": len(queries.owing_units(found, on=timezone.localdate())) if found else 0,
        "tiles": tiles_of(queries.burden_of(found, month, today=timezone.localdate())) if found else [],
        "breadcrumbs": _places(Crumb(found.name if found else _("新增报表"))),
    }
    return render(request, "reporting/form.html", context, status=422 if settings.errors else 200)


def _issued(found: Form) -> dict[str, Any]:
    return {
        "found": found,
        "addressees": addressees(found),
        "owing": len(queries.owing_units(found, on=timezone.localdate())),
        "asked": found.form_fields.select_related("field__breakdown"),
        "narratives": found.narratives.all(),
        "versions": queries.versions_of(found),
        "following": queries.following_version(found),
        "unmanned": [] if found.is_closed else unmanned_steps(found, on=timezone.localdate()),
        "month_form": MonthForm(initial={"month": str(Month.of(timezone.localdate()))}),
        "periods": queries.periods_of(found)[:12],
        "opening": [one for one in queries.months_being_opened() if one[0].form.series_id == found.series_id],
        "breadcrumbs": _places(Crumb(found.name)),
    }


@page("form.edit")
@require_safe
def preview(request: Request, pk: int) -> HttpResponse:
    """Show how the sheet of a form will look for a chosen unit, before anything is issued."""
    found = queries.form_by_id(pk)
    units = queries.owing_units(found, on=timezone.localdate())
    chosen = number_in(request.GET.get("unit", ""))
    unit = next((one for one in units if one.pk == chosen), units[0] if units else None)
    month = _month(request)
    context = {
        "found": found,
        "units": units,
        "unit": unit,
        "month": month,
        "sheet": queries.preview_of(found, unit, month) if unit else None,
        "breadcrumbs": _places(Crumb(found.name, reverse("reporting:form", args=[pk])), Crumb(_("预览"))),
    }
    return render(request, "reporting/form_preview.html", context)


def _month(request: Request) -> Month:
    try:
        return Month.parse(request.GET.get("month", ""))
    except ValueError:
        return Month.of(timezone.localdate())


@page("form.edit")
@require_POST
def revise(request: Request, pk: int) -> HttpResponse:
    """Begin the next version of a form in use."""
    once = request.POST.get("once", "")
    following = actions.revise_form(request.actor, pk, at=timezone.now(), once=once)  # type: ignore[call-arg]
    return see_other(reverse("reporting:form", args=[following.pk]))


@page("form.edit")
@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    """Throw away a form or version that was never issued."""
    return press(request, actions.discard_form, pk, done=_("已删除。"), then=reverse("reporting:forms"))


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
    once = request.POST.get("once", "")
    opened = actions.open_period(request.actor, pk, month=month, at=timezone.now(), once=once)  # type: ignore[call-arg]
    if opened.opened_at is None:
        messages.info(request, _("单位较多，正在准备报表，备齐后自动开启，不必等待。"))
    else:
        messages.success(request, _("已开启，各单位可以填报。"))
    return see_other(reverse("reporting:board") + f"?month={month}")
