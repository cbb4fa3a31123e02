"""审核路线 and 退回原因: what the office decides about review."""

from django.forms import formset_factory
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from changai.areas.reporting import actions, queries
from changai.areas.reporting.forms.routing import ReasonChangeForm, ReasonForm, StepForm, initial_rows
from changai.areas.reporting.models import Form, Route
from changai.areas.reporting.queries import reviewing as reviews
from changai.areas.reporting.queries.staffing import unmanned_steps
from changai.areas.reporting.rules.routes import MOST_STEPS
from changai.areas.reporting.views.lists import crumbs
from changai.core.errors import Invalid, NotVisible
from changai.foundation.pages import Request, number_in, page, press, press_form
from changai.foundation.ui.parts import Crumb, Tab

ALL = "all"
ROWS = 4  # empty rows offered below the steps there are


@page("form.edit")
def route(request: Request, pk: int, level: str) -> HttpResponse:
    """Show and set how reports of a form are reviewed, for one level of units or all others."""
    form = queries.form_by_id(pk)
    names = {
        ALL: _("各类单位"),
        **{name: label for name, label in queries.level_names().items() if name in form.levels},
    }
    if level not in names:
        raise NotVisible
    stored = {one.level or ALL: one for one in reviews.routes_of(form)}
    found = stored.get(level)
    units = [("", "—"), *((unit.pk, unit.short_name) for unit in reviews.reviewing_units())]
    rows = formset_factory(StepForm, extra=ROWS, max_num=MOST_STEPS)(
        request.POST or None,
        initial=initial_rows(list(found.steps.all())) if found else [],
        form_kwargs={"units": units},
    )
    faults: tuple[str, ...] = ()
    if request.method == "POST" and rows.is_valid():
        steps = [row.step for row in rows if row.step is not None]
        try:
            return press(
                request, actions.set_route, pk, "" if level == ALL else level, steps,
                version=number_in(request.POST.get("version", "")) or 0,
                done=_("已保存，从下次审签报出起执行。"), then=request.path,
            )  # fmt: skip
        except Invalid as refused:
            faults = refused.faults or (refused.sentence,)
    elif request.method == "POST":
        faults = (_("有的行填写不完整，请核对顺序和单位。"),)
    return _route_page(request, form, level, names, stored, rows, faults)


def _route_page(
    request: Request,
    form: Form,
    level: str,
    names: dict[str, str],
    stored: dict[str, Route],
    rows: object,
    faults: tuple[str, ...],
) -> HttpResponse:
    address = reverse("reporting:form", args=[form.pk])
    context = {
        "form": form,
        "level": level,
        "level_name": names[level],
        "tabs": [
            Tab(
                f"{label}{_('（已设）') if name in stored else ''}",
                reverse("reporting:route", args=[form.pk, name]),
                is_current=name == level,
            )
            for name, label in names.items()
        ],
        "found": stored.get(level),
        "falls_back": level != ALL and ALL in stored,
        "rows": rows,
        "unmanned": unmanned_steps(form, on=timezone.localdate()),
        "faults": faults,
        "breadcrumbs": crumbs(
            Crumb(_("报表设置"), reverse("reporting:forms")), Crumb(form.name, address), Crumb(_("审核路线"))
        ),
    }
    return render(request, "reporting/route.html", context, status=422 if faults else 200)


@page("form.edit")
@require_POST
def drop_route(request: Request, pk: int, level: str) -> HttpResponse:
    """Take a route away."""
    return press(
        request, actions.drop_route, pk, "" if level == ALL else level,
        done=_("已删除，从下次审签报出起按默认办理。"), then=reverse("reporting:route", args=[pk, level]),
    )  # fmt: skip


@page("form.edit")
def reasons(request: Request) -> HttpResponse:
    """Keep the list of reasons reviewers may pick."""
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        pressed = press_form(
            request,
            form,
            actions.add_reason,
            form.cleaned_data["words"],
            done=_("已添加。"),
            then=request.path,
        )
        if pressed is not None:
            return pressed
    rows = [
        (
            one,
            ReasonChangeForm(
                initial={
                    "words": one.words,
                    "position": one.position,
                    "is_closed": one.is_closed,
                    "version": one.version,
                },
                auto_id=f"id-{one.pk}-%s",
            ),
        )
        for one in reviews.return_reasons(with_closed=True)
    ]
    context = {"form": form, "rows": rows, "breadcrumbs": crumbs(Crumb(_("退回原因")))}
    return render(request, "reporting/reasons.html", context, status=422 if form.errors else 200)


@page("form.edit")
@require_POST
def change_reason(request: Request, pk: int) -> HttpResponse:
    """Reword, move or take out of use one reason."""
    form = ReasonChangeForm(request.POST)
    if not form.is_valid():
        raise Invalid("请填写退回原因和排序。")
    return press(
        request, actions.edit_reason, pk, **form.cleaned_data,
        done=_("已保存。"), then=reverse("reporting:reasons"),
    )  # fmt: skip
