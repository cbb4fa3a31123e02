"""Groupings beside the tree, and the names of the city's bodies."""

from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changai.areas.organisations import actions, queries
from changai.areas.organisations.forms.units import CityForm, NameForm
from changai.core.errors import Invalid
from changai.foundation.pages import Request, page, press
from changai.foundation.ui.parts import Crumb


@page("unit.view")
@require_safe
def show_groups(request: Request) -> HttpResponse:
    """List the groupings, their groups and the units in them."""
    crumbs = [Crumb(_("组织机构"), reverse("organisations:tree")), Crumb(_("分类"))]
    context = {"groupings": queries.groupings(), "form": NameForm(), "breadcrumbs": crumbs}
    return render(request, "organisations/groups.html", context)


@page("unit.edit")
@require_POST
def add_grouping(request: Request) -> HttpResponse:
    """Add a way to sort units."""
    name = request.POST.get("name", "")
    return press(request, actions.add_grouping, name=name, done=_("已添加分类方式。"), then=_groups())


@page("unit.edit")
@require_POST
def add_group(request: Request, pk: int) -> HttpResponse:
    """Add a class to a grouping."""
    name = request.POST.get("name", "")
    return press(request, actions.add_group, pk, name=name, done=_("已添加类别。"), then=_groups())


@page("unit.edit")
@require_POST
def rename_group(request: Request, pk: int) -> HttpResponse:
    """Call a group otherwise."""
    name = request.POST.get("name", "")
    return press(request, actions.rename_group, pk, name=name, done=_("已改名。"), then=_groups())


@page("setting.edit")
@require_http_methods(["GET", "POST"])
def edit_city(request: Request) -> HttpResponse:
    """Say how the city and its bodies are called."""
    city = queries.city()
    form = CityForm(request.POST or None, initial=model_to_dict(city))
    if request.method == "POST" and form.is_valid():
        try:
            return press(
                request, actions.save_city, done=_("已保存，页面和今后的公文按新名称显示。"),
                then=reverse("organisations:city"), **form.cleaned_data,
            )  # fmt: skip
        except Invalid as refusal:
            form.add_error(None, refusal.sentence)
    crumbs = [Crumb(_("组织机构"), reverse("organisations:tree")), Crumb(_("机构名称设置"))]
    context = {"form": form, "city_settings": city, "breadcrumbs": crumbs}
    return render(request, "organisations/city.html", context, status=422 if form.errors else 200)


def _groups() -> str:
    return reverse("organisations:groups")
