"""编写: the tree of a table with its points, and one indicator with its wording, rule and examples."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changai.areas.schemes import actions, queries
from changai.areas.schemes.forms.writing import IndicatorForm, indicator_values
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.policies import require_draft
from changai.areas.schemes.rules import tree
from changai.areas.schemes.rules.marks import mark_of
from changai.areas.schemes.views.frame import frame, language, table_tabs
from changai.core import scoring
from changai.core.errors import ActionRefused, AlreadyDone, Invalid, NotVisible
from changai.core.scoring.decimals import NotANumber, decimal_places, to_number
from changai.core.scoring.wordings import WORDINGS
from changai.foundation.pages import Request, number_in, page, press, see_other, version_sent

POINTS = "points-"
MOST_DECIMALS = 2


@page("scheme.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Show the tree of a table; take its points."""
    version = require_draft(queries.version_for(request.actor, pk))
    scheme = queries.scheme_of(version)
    place = number_in(request.GET.get("table", "")) or 0
    if place >= len(scheme.tables):
        raise NotVisible
    faults: tuple[str, ...] = ()
    if request.method == "POST":
        try:
            points = _points_sent(request)
            return press(
                request, actions.weigh_indicators, pk, place, points, version=version_sent(request),
                done=_("分值已保存。"), then=_edit_address(pk, place),
            )  # fmt: skip
        except Invalid as refusal:
            faults = refusal.faults or (refusal.sentence,)
    table = list(scheme.tables.values())[place]
    context = {
        "tree": queries.tree_of(version, scheme, table, language()),
        "place": place,
        "tabs": table_tabs(scheme, place, version.waiting),
        "last": version.steps.first(),
        "faults": faults,
        "parents": [(node.code, node.name) for node, level in table.walk() if level < tree.MOST_LEVELS],
        "first_waiting": next(iter(version.waiting.get(table.category, {})), ""),
        **frame(request.actor, version, "edit", _("编写")),
    }
    return render(request, "schemes/edit.html", context, status=422 if faults else 200)


def _edit_address(pk: int, place: int, code: str = "") -> str:
    anchor = f"#row-{code}" if code else ""
    return f"{reverse('schemes:edit', args=[pk])}?table={place}{anchor}"


def _points_sent(request: Request) -> dict[str, Fraction]:
    points, faults = {}, []
    for name, typed in request.POST.items():
        if not name.startswith(POINTS):
            continue
        code = name.removeprefix(POINTS)
        try:
            points[code] = _points(str(typed))
        except NotANumber:
            faults.append(f"指标 {code} 的分值“{str(typed)[:20]}”不对，应为不小于 0、最多两位小数的数字。")
    if faults:
        raise Invalid(faults[0], faults=tuple(faults))
    return points


def _points(typed: str) -> Fraction:
    number = to_number(typed)
    places = decimal_places(number)
    if number < 0 or number > 10_000 or places is None or places > MOST_DECIMALS:
        raise NotANumber(typed)
    return number


@page("scheme.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def indicator(request: Request, pk: int, place: int, code: str) -> HttpResponse:
    """Show one indicator with what its rule does; save it, confirm it, or show the rule as typed."""
    open_ = _opened(request, pk, place, code)
    sent = request.POST if request.method == "POST" else None
    form = IndicatorForm(sent, node=open_.node, initial=open_.values())
    status = 200
    if sent is not None:
        if form.is_valid() and "look" not in sent:
            try:
                return _saved(request, open_, form)
            except AlreadyDone:
                raise
            except Invalid as refusal:
                form.add_error(None, list(refusal.faults) or refusal.sentence)
        status = 200 if "look" in sent else 422
    context = {
        **open_.context(),
        "form": form,
        "preview": _preview(open_, form),
        "sentences": [wording.example for wording in WORDINGS],
        "dictionary": queries.choices(),
        **frame(request.actor, open_.version, "edit", f"{code} {open_.node.name}"),
    }
    return render(request, "schemes/indicator.html", context, status=status)


@page("scheme.edit")
@require_POST
def preview(request: Request, pk: int, place: int, code: str) -> HttpResponse:
    """Show what the rule does as it is typed; nothing is saved."""
    open_ = _opened(request, pk, place, code)
    form = IndicatorForm(request.POST, node=open_.node)
    form.is_valid()
    return render(request, "schemes/_preview.html", {"preview": _preview(open_, form)})


@page("scheme.edit")
@require_POST
def autosave(request: Request, pk: int, place: int, code: str) -> HttpResponse:
    """Save an indicator while it is written; what cannot be saved yet is told, and kept in the page."""
    open_ = _opened(request, pk, place, code)
    form = IndicatorForm(request.POST, node=open_.node)
    if not form.is_valid():
        return JsonResponse({"sentence": " ".join(str(each[0]) for each in form.errors.values())}, status=422)
    try:
        _write(request, open_, form, is_confirmed=not open_.waiting, once="")
    except ActionRefused as refusal:
        return JsonResponse({"sentence": refusal.sentence}, status=refusal.status)
    again = _opened(request, pk, place, code)
    moment = timezone.localtime().strftime("%H:%M:%S")
    return JsonResponse({"seen": again.seen, "sentence": _("%(moment)s 已自动保存") % {"moment": moment}})


@dataclass(frozen=True)
class Opened:
    """One indicator of a draft, opened by somebody."""

    version: SchemeVersion
    scheme: scoring.Scheme
    table: scoring.Table
    place: int
    node: scoring.Node
    waiting: dict[str, Any]

    @property
    def seen(self) -> str:
        return mark_of(self.node, self.waiting or None)

    def values(self) -> dict[str, Any]:
        return {"seen": self.seen, **indicator_values(self.node, self.scheme.labels, self.waiting)}

    @property
    def is_formula(self) -> bool:
        """Whether the rule is one that no sentence of the closed set says."""
        values = indicator_values(self.node, self.scheme.labels, None)
        return self.node.rule is not None and not values["sentence"]

    def context(self) -> dict[str, Any]:
        codes = [node.code for node, _level in self.table.walk()]
        at = codes.index(self.node.code)
        names = {node.code: node.name for node, _level in self.table.walk()}
        above = self.node.code
        path = []
        while above := tree.parent_code(self.table, above):
            path.append(names[above])
        return {
            "node": self.node,
            "place": self.place,
            "path": list(reversed(path)),
            "waiting": self.waiting,
            "is_formula": self.is_formula,
            "previous": codes[at - 1] if at else "",
            "following": codes[at + 1] if at + 1 < len(codes) else "",
            "left": self.version.waiting_count,
        }


def _opened(request: Request, pk: int, place: int, code: str) -> Opened:
    version = require_draft(queries.version_for(request.actor, pk))
    scheme = queries.scheme_of(version)
    tables = list(scheme.tables.values())
    if place >= len(tables):
        raise NotVisible
    table = tables[place]
    try:
        node = tree.node_at(table, code)
    except KeyError:
        raise NotVisible("这项指标已被删除或移到别处，请从指标表重新打开。") from None
    return Opened(version, scheme, table, place, node, version.waiting.get(table.category, {}).get(code, {}))


def _saved(request: Request, open_: Opened, form: IndicatorForm) -> HttpResponse:
    is_confirmed = not open_.waiting or "confirm" in request.POST
    version = _write(request, open_, form, is_confirmed=is_confirmed, once=request.POST.get("once", ""))
    messages.success(request, _("已确认。") if open_.waiting and is_confirmed else _("已保存。"))
    return see_other(_next_address(request, open_, version))


def _write(
    request: Request, open_: Opened, form: IndicatorForm, *, is_confirmed: bool, once: str
) -> SchemeVersion:
    keeps_rule = open_.is_formula and not form.cleaned_data.get("sentence")
    saved: SchemeVersion = actions.write_indicator(  # type: ignore[call-arg]  # every action takes `once`
        request.actor, open_.version.pk, open_.place, open_.node.code,
        form.entry(is_confirmed=is_confirmed, keeps_rule=keeps_rule),
        seen=form.cleaned_data["seen"], at=timezone.now(), once=once,
    )  # fmt: skip
    return saved


def _next_address(request: Request, open_: Opened, version: SchemeVersion) -> str:
    pk, place = version.pk, open_.place
    if "confirm" in request.POST:
        for at, (category, codes) in enumerate(version.waiting.items()):
            if codes:
                tables = list(queries.scheme_of(version).tables)
                place = tables.index(category) if category in tables else at
                return _waiting_address(pk, place, next(iter(codes)))
        return _edit_address(pk, place)
    following = open_.context()["following"]
    if "next" in request.POST and following:
        return reverse("schemes:indicator", args=[pk, place, following])
    return _edit_address(pk, place, open_.node.code)


def _waiting_address(pk: int, place: int, code: str) -> str:
    if code[:1] in {"B", "P", "V"}:
        return reverse("schemes:item", args=[pk, place, code])
    return reverse("schemes:indicator", args=[pk, place, code])


def _preview(open_: Opened, form: IndicatorForm) -> dict[str, Any]:
    """Return what stands beside the form: examples of the rule as it is typed now, or why there are none."""
    if open_.node.children:
        return {}
    given = {name: form[name].value() or "" for name in ("points", "sentence", "figures")}
    try:
        points = _points(str(given["points"]))
        rule = actions.read_rule(
            open_.table, open_.node, str(given["sentence"]), str(given["figures"]), points
        )
    except NotANumber:
        return {"fault": _("请先填写分值。")}
    except Invalid as refusal:
        return {"fault": refusal.sentence}
    rule = rule or (open_.node.rule if open_.is_formula else None)
    return {"shown": queries.preview_of(rule, points, language())} if rule else {}


@page("scheme.edit")
@require_POST
def arrange(request: Request, pk: int, place: int) -> HttpResponse:
    """Add, remove or move an indicator, or take the last step back."""
    act = ARRANGEMENTS.get(request.POST.get("act", ""))
    if act is None:
        raise Invalid(_("没有选好要做的修改，请返回后重新选择。"))
    return act(request, pk, place)


def _add(request: Request, pk: int, place: int) -> HttpResponse:
    code = actions.add_indicator(  # type: ignore[call-arg]  # every action takes `once`
        request.actor, pk, place, parent=request.POST.get("parent", ""), name=request.POST.get("name", ""),
        version=version_sent(request), at=timezone.now(), once=request.POST.get("once", ""),
    )  # fmt: skip
    messages.success(request, _("已增加指标，请填写分值和评分标准。"))
    return see_other(reverse("schemes:indicator", args=[pk, place, code]))


def _drop(request: Request, pk: int, place: int) -> HttpResponse:
    return press(
        request, actions.drop_indicator, pk, place, request.POST.get("code", ""), version=version_sent(request),
        done=_("已删除，可用“撤销”恢复。"), then=_edit_address(pk, place),
    )  # fmt: skip


def _moved(step: int) -> Callable[[Request, int, int], HttpResponse]:
    def move(request: Request, pk: int, place: int) -> HttpResponse:
        return press(
            request, actions.move_indicator, pk, place, request.POST.get("code", ""), step=step,
            version=version_sent(request), done=_("已移动。"), then=_edit_address(pk, place),
        )  # fmt: skip

    return move


def _put_below(request: Request, pk: int, place: int) -> HttpResponse:
    return press(
        request, actions.move_indicator, pk, place, request.POST.get("code", ""),
        below=request.POST.get("parent", ""), version=version_sent(request), done=_("已移动。"),
        then=_edit_address(pk, place),
    )  # fmt: skip


def _take_out(request: Request, pk: int, place: int) -> HttpResponse:
    return press(
        request, actions.take_out_item, pk, place, request.POST.get("code", ""), version=version_sent(request),
        done=_("已删除，可用“撤销”恢复。"), then=_edit_address(pk, place),
    )  # fmt: skip


ARRANGEMENTS: dict[str, Callable[[Request, int, int], HttpResponse]] = {
    "add": _add,
    "drop": _drop,
    "up": _moved(-1),
    "down": _moved(1),
    "below": _put_below,
    "take_out": _take_out,
}


@page("scheme.edit")
@require_POST
def undo(request: Request, pk: int) -> HttpResponse:
    """Take back the last step."""
    sentence = actions.undo_step(  # type: ignore[call-arg]  # every action takes `once`
        request.actor, pk, version=version_sent(request), at=timezone.now(), once=request.POST.get("once", "")
    )
    messages.success(request, _("已撤销：%(step)s") % {"step": sentence})
    return see_other(reverse("schemes:edit", args=[pk]))


@page("scheme.edit")
@require_safe
def waiting(request: Request, pk: int) -> HttpResponse:
    """Go to the first scoring sentence that waits to be confirmed."""
    version = require_draft(queries.version_for(request.actor, pk))
    tables = list(queries.scheme_of(version).tables)
    for category, codes in version.waiting.items():
        if codes and category in tables:
            return see_other(_waiting_address(pk, tables.index(category), next(iter(codes))))
    return see_other(reverse("schemes:edit", args=[pk]))
