"""The tree on the left, one unit on the right, as of any day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from changai.areas.organisations import queries
from changai.areas.organisations.models import Level, Unit
from changai.foundation.pages import Request, page
from changai.foundation.ui.parts import Node


@page("unit.view")
@require_safe
def show_tree(request: Request) -> HttpResponse:
    """Show the tree with the actor's own unit, or the root, opened."""
    own = request.actor.unit_id
    day = _day(request)
    shown = _visible(request)
    unit = shown.filter(pk=own or 0).first() or shown.order_by("path").first()
    return _render(request, unit, day)


@page("unit.view")
@require_safe
def show_unit(request: Request, pk: int) -> HttpResponse:
    """Show the tree with one unit opened."""
    return _render(request, queries.unit_for(request.actor, pk), _day(request))


@dataclass(frozen=True)
class Section:
    """The units of one level that stand directly below the opened branch of the tree."""

    label: str
    branches: tuple[queries.Branch, ...]
    is_open: bool


def _render(request: Request, unit: Unit | None, day: date) -> HttpResponse:
    today = timezone.localdate()
    asked = request.GET.get("q", "").strip()
    roots = queries.tree_on(day)
    context = {
        "unit": unit,
        "day": day,
        "is_today": day == today,
        "asked": asked,
        "found": [branch for branch in queries.flat_tree(day) if asked in branch.name] if asked else [],
        "roots": [(root, list(_sections(root, unit))) for root in roots],
        **(_unit_context(unit, day) if unit else {}),
    }
    return render(request, "organisations/tree.html", context)


def _sections(root: queries.Branch, unit: Unit | None) -> Iterable[Section]:
    for level in Level:
        branches = tuple(child for child in root.children if child.unit.level == level)
        if branches:
            is_open = any(unit is not None and unit.path.startswith(child.unit.path) for child in branches)
            yield Section(str(level.label), branches, is_open)


def _unit_context(unit: Unit, day: date) -> dict[str, object]:
    version = queries.versions_on(day).filter(unit=unit).select_related("parent").first()
    return {
        "name": version.name if version else unit.name,
        "parent": version.parent if version else unit.parent,
        "parent_name": queries.name_on(version.parent, day) if version and version.parent else "",
        "exists": version is not None,
        "liaison": queries.liaison_on(unit, day),
        "groups": queries.groups_of(unit),
        "below": queries.versions_on(day).filter(parent=unit).select_related("unit").order_by(
            "unit__position", "unit__code", "unit__pk"
        ),
        "history": _history(unit),
    }  # fmt: skip


def _history(unit: Unit) -> list[Node]:
    """Return what happened to the unit, oldest first."""
    nodes = []
    earlier = None
    for version in unit.versions.select_related("parent"):
        if earlier is None:
            nodes.append(Node(_("设立"), version.valid_from, sentence=version.name, state="done"))
        elif earlier.name != version.name or earlier.short_name != version.short_name:
            words = _("由“%(was)s”改为“%(is)s”") % {"was": earlier.name, "is": version.name}
            nodes.append(Node(_("更名"), version.valid_from, sentence=words, state="done"))
        elif earlier.parent_id != version.parent_id:
            words = _("上级改为“%(parent)s”") % {"parent": version.parent.name if version.parent else "—"}
            nodes.append(Node(_("调整上级"), version.valid_from, sentence=words, state="done"))
        earlier = version
    lines = [*unit.predecessors.select_related("source"), *unit.successors.select_related("target")]
    for line in lines:
        words = _("%(from)s → %(to)s（%(reason)s）") % {
            "from": line.source.name, "to": line.target.name, "reason": line.reason,
        }  # fmt: skip
        nodes.append(Node(line.get_kind_display(), line.happened_on, sentence=words, state="done"))
    if unit.closed_on:
        nodes.append(Node(_("撤销"), unit.closed_on, state="none"))
    return sorted(nodes, key=lambda node: node.at or date.min)


def _day(request: Request) -> date:
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return timezone.localdate()


def _visible(request: Request) -> QuerySet[Unit]:
    return queries.visible_to(request.actor)
