"""What stands beside the hundred, what holds for a whole table, and the tables of a draft."""

from fractions import Fraction
from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from changai.areas.schemes import actions, queries
from changai.areas.schemes.forms.tables import (
    GRADES,
    KINDS,
    AdjustmentForm,
    TableForm,
    VetoForm,
    grade_values,
    item_values,
    table_values,
)
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.policies import require_draft
from changai.areas.schemes.views.frame import frame
from changai.core import scoring
from changai.core.errors import Invalid, NotVisible
from changai.core.scoring.wordings import WORDINGS, Figures
from changai.foundation.pages import Request, number_in, page, press, see_other, version_sent

Item = scoring.Bonus | scoring.Penalty | scoring.Veto


def _table(request: Request, pk: int, place: int) -> tuple[SchemeVersion, scoring.Scheme, scoring.Table]:
    version = require_draft(queries.version_for(request.actor, pk))
    scheme = queries.scheme_of(version)
    tables = list(scheme.tables.values())
    if place >= len(tables):
        raise NotVisible
    return version, scheme, tables[place]


@page("scheme.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def new_item(request: Request, pk: int, place: int, kind: str) -> HttpResponse:
    """Write a new bonus, penalty or veto."""
    version, scheme, table = _table(request, pk, place)
    if kind not in KINDS:
        raise NotVisible
    return _item_page(request, version, scheme, table, place, kind, None)


@page("scheme.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: Request, pk: int, place: int, code: str) -> HttpResponse:
    """Write a bonus, penalty or veto."""
    version, scheme, table = _table(request, pk, place)
    for kind in KINDS:
        for each in getattr(table, kind):
            if each.code == code:
                return _item_page(request, version, scheme, table, place, kind, each)
    raise NotVisible


def _item_page(
    request: Request,
    version: SchemeVersion,
    scheme: scoring.Scheme,
    table: scoring.Table,
    place: int,
    kind: str,
    item: Item | None,
) -> HttpResponse:
    waiting = version.waiting.get(table.category, {}).get(item.code, {}) if item else {}
    first: dict[str, Any] = {"version": version.version}
    if item:
        first |= item_values(item, scheme.labels, waiting)
    sent = request.POST if request.method == "POST" else None
    form: BaseForm = (
        VetoForm(sent, initial=first) if kind == "veto" else AdjustmentForm(sent, kind=kind, initial=first)
    )
    if sent is not None and form.is_valid():
        try:
            made = _item(table, kind, item, form)
            return press(
                request, actions.put_item, version.pk, place, made, replaces=item.code if item else "",
                version=form.cleaned_data["version"], done=_("已保存。"),
                then=f"{reverse('schemes:edit', args=[version.pk])}?table={place}#extras",
            )  # fmt: skip
        except Invalid as refusal:
            form.add_error(None, list(refusal.faults) or refusal.sentence)
    title = item.name if item else _("新增%(kind)s") % {"kind": KINDS[kind]}
    context = {
        "form": form,
        "kind": kind,
        "title": title,
        "item": item,
        "waiting": waiting,
        "place": place,
        "sentences": [wording.example for wording in WORDINGS],
        "dictionary": queries.choices(),
        **frame(request.actor, version, "edit", title),
    }
    return render(request, "schemes/item.html", context, status=422 if sent is not None else 200)


def _item(table: scoring.Table, kind: str, item: Item | None, form: BaseForm) -> Item:
    code = item.code if item else ""
    if isinstance(form, VetoForm):
        veto = form.veto(code)
        when = queries.named_figures(Figures((veto.when,))).fields[0]
        return scoring.Veto(code, veto.name, when, veto.effect, veto.factor, veto.ceiling, veto.document)
    given = form.cleaned_data
    cap = None if given["cap"] is None else Fraction(given["cap"])
    points = table.full if cap is None else cap
    old = scoring.Node(code or "new", given["name"], points, getattr(item, "rule", None))
    rule = actions.read_rule(table, old, given["sentence"], given["figures"], points)
    if rule is None:
        raise Invalid(_("请填写计分句式和数据项。"))
    texts = {name: given[name] for name in ("wording", "evidence", "data_owner")}
    if kind == "bonus":
        return scoring.Bonus(code, given["name"], points, rule, **texts)
    rule = actions.deducting(rule)
    return scoring.Penalty(code, given["name"], rule, cap, matter=given["matter"], **texts)


@page("scheme.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: Request, pk: int, place: int) -> HttpResponse:
    """Write what holds for a whole table: full mark, policies, caps, grades, ranking."""
    version, scheme, table = _table(request, pk, place)
    sent = request.POST if request.method == "POST" else None
    form = TableForm(sent, initial={"version": version.version, **table_values(table)})
    grades = GRADES(sent, initial=grade_values(table, scheme.labels), prefix="grades")
    if sent is not None and form.is_valid() and grades.is_valid():
        made = [grade for row in grades if (grade := _grade(row)) is not None]
        try:
            return press(
                request, actions.set_table, pk, place, form.settings(made),
                version=form.cleaned_data["version"], done=_("已保存。"),
                then=f"{reverse('schemes:edit', args=[pk])}?table={place}",
            )  # fmt: skip
        except Invalid as refusal:
            form.add_error(None, list(refusal.faults) or refusal.sentence)
    context = {
        "form": form,
        "grades": grades,
        "table": table,
        "place": place,
        "is_only": len(scheme.tables) < 2,
        "indicators": [(node.code, node.name) for node, _level in table.walk()],
        **frame(request.actor, version, "edit", _("%(category)s表的规定") % {"category": table.category}),
    }
    return render(request, "schemes/settings.html", context, status=422 if sent is not None else 200)


def _grade(row: Any) -> scoring.Grade | None:
    grade: scoring.Grade | None = row.grade()
    if grade is None or not grade.bars:
        return grade
    bars = queries.named_figures(Figures(grade.bars)).fields
    return scoring.Grade(grade.name, grade.min, grade.quota, grade.top, grade.ties, bars)


@page("scheme.edit")
@require_POST
def add_table(request: Request, pk: int) -> HttpResponse:
    """Add a table of another category."""
    place = actions.add_table(  # type: ignore[call-arg]  # every action takes `once`
        request.actor, pk, category=request.POST.get("category", ""),
        copied=number_in(request.POST.get("copied", "")), version=version_sent(request), at=timezone.now(),
        once=request.POST.get("once", ""),
    )  # fmt: skip
    return see_other(f"{reverse('schemes:edit', args=[pk])}?table={place}")


@page("scheme.edit")
@require_POST
def drop_table(request: Request, pk: int, place: int) -> HttpResponse:
    """Remove a whole table."""
    return press(
        request, actions.drop_table, pk, place, version=version_sent(request),
        done=_("已删除，可用“撤销”恢复。"), then=reverse("schemes:edit", args=[pk]),
    )  # fmt: skip
