"""The forms of one unit's changes: one view, a table of changes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from changai.areas.organisations import actions, queries
from changai.areas.organisations.forms import units as forms
from changai.core.errors import NotVisible
from changai.foundation.pages import Request, page, press_form
from changai.foundation.ui.parts import Crumb


@dataclass(frozen=True)
class Change:
    """One change of a unit: its heading, form, action and what is said when it is done."""

    title: Promise
    form: type[forms.ChangeForm]
    act: Callable[..., Any]
    done: Promise
    template: str = "organisations/change.html"


CHANGES: dict[str, Change] = {
    "rename": Change(
        gettext_lazy("更名"), forms.RenameForm, actions.rename_unit, gettext_lazy("已更名。")
    ),
    "move": Change(
        gettext_lazy("调整上级"), forms.MoveForm, actions.move_unit, gettext_lazy("已调整上级。")
    ),
    "number": Change(
        gettext_lazy("编号和排序"), forms.NumberForm, actions.number_unit, gettext_lazy("已保存编号和排序。")
    ),
    "liaison": Change(
        gettext_lazy("更换联络员"), forms.LiaisonForm, actions.name_liaison, gettext_lazy("已登记联络员。")
    ),
    "sort": Change(
        gettext_lazy("调整分类"), forms.GroupsForm, actions.sort_unit, gettext_lazy("已调整分类。")
    ),
    "split": Change(
        gettext_lazy("拆分"), forms.SplitForm, actions.split_unit, gettext_lazy("已拆分。"),
        "organisations/split.html",
    ),
    "close": Change(gettext_lazy("撤销单位"), forms.CloseForm, actions.close_unit, gettext_lazy("已撤销。")),
}  # fmt: skip


@page("unit.edit")
@require_http_methods(["GET", "POST"])
def change(request: Request, pk: int, verb: str) -> HttpResponse:
    """Change one unit as `verb` says."""
    made = CHANGES.get(verb)
    if made is None:
        raise NotVisible
    unit = queries.unit_for(request.actor, pk)
    form = made.form(unit, request.POST or None)
    then = reverse("organisations:unit", args=[pk])
    if form.is_valid() and (
        answer := press_form(request, form, made.act, pk, done=str(made.done), then=then, **form.order())
    ):
        return answer
    return _form_page(request, made.template, form, made.title, unit=unit)


@page("unit.edit")
@require_http_methods(["GET", "POST"])
def merge(request: Request, pk: int) -> HttpResponse:
    """Merge other units into one."""
    unit = queries.unit_for(request.actor, pk)
    form = forms.MergeForm(unit, request.POST or None)
    then = reverse("organisations:unit", args=[pk])
    if form.is_valid() and (
        answer := press_form(
            request, form, actions.merge_units, done=_("已合并。"), then=then, **form.order()
        )
    ):
        return answer
    return _form_page(request, "organisations/change.html", form, _("合并"), unit=unit)


@page("unit.edit")
@require_http_methods(["GET", "POST"])
def add(request: Request) -> HttpResponse:
    """Add a unit."""
    asked = {"parent_id": request.GET.get("parent", ""), "level": request.GET.get("level", "")}
    form = forms.AddForm(request.POST or None, initial={name: text for name, text in asked.items() if text})
    if form.is_valid() and (
        answer := press_form(
            request, form, actions.add_unit, form.unit(), parent_id=form.cleaned_data["parent_id"],
            on=form.cleaned_data["on"], done=_("已添加单位。"), then=reverse("organisations:tree"),
        )
    ):  # fmt: skip
        return answer
    return _form_page(request, "organisations/change.html", form, _("添加单位"), unit=None)


def _form_page(request: Request, template: str, form: Any, title: Any, *, unit: Any) -> HttpResponse:
    back = reverse("organisations:unit", args=[unit.pk]) if unit else reverse("organisations:tree")
    crumbs = [Crumb(_("组织机构"), reverse("organisations:tree"))]
    crumbs += [Crumb(unit.name, back)] if unit else []
    context = {
        "form": form,
        "title": title,
        "unit": unit,
        "back": back,
        "breadcrumbs": [*crumbs, Crumb(title)],
    }
    return render(request, template, context, status=422 if form.errors else 200)
