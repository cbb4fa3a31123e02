"""拆解校对: the original text beside the proposed tree, and every correction of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from changai.areas.plans import actions, policies, queries, rules
from changai.areas.plans.forms import CorrectionForm
from changai.areas.plans.models import Measure, Plan
from changai.areas.plans.views.frame import plan_frame
from changai.core.errors import Invalid
from changai.foundation.pages import Request, page, press

OUTSIDE = ("preamble", "closing")


@page("plan.edit")
@require_GET
def draft(request: Request, pk: int) -> HttpResponse:
    """Show the text on the left, the tree on the right, and what may be done to the chosen clause."""
    plan = queries.plan_for(request.actor, pk)
    policies.require(request.actor, "edit", plan.status)
    branches = queries.flattened(queries.desk_tree(plan))
    asked = request.GET.get("clause", "")
    chosen = next((branch for branch in branches if str(branch.clause.pk) == asked), None)
    context: dict[str, Any] = {
        "branches": [(branch, min(branch.clause.level, 6)) for branch in branches],
        "chosen": chosen,
        "outside": asked if asked in OUTSIDE else "",
        "last": plan.corrections.first(),
        "kept_count": sum(branch.kept_count for branch in branches),
    }
    if chosen is not None:
        context |= _chosen_context(chosen, branches)
    elif asked in OUTSIDE:
        context["places"] = _places_outside(plan, asked)
    frame = plan_frame(request.actor, plan, "draft", _("拆解校对"))
    return render(request, "plans/draft.html", context | frame)


@page("plan.edit")
@require_POST
def correct(request: Request, pk: int) -> HttpResponse:
    """Carry out one correction and show the clause it was about."""
    plan = queries.plan_for(request.actor, pk)
    known = [*plan.measures.values_list("pk", flat=True)]
    form = CorrectionForm(request.POST, measures=known)
    if not form.is_valid() or form.cleaned_data["act"] not in CORRECTIONS:
        raise Invalid(_("没有选好要修改的内容，请返回后重新选择。"))
    order = Order(plan, **{name: form.cleaned_data[name] for name in _ORDERED})
    correction = CORRECTIONS[form.cleaned_data["act"]]
    then = reverse("plans:draft", args=[pk])
    shown = correction.shown(order)
    return press(
        request, correction.act, *correction.subject(order), version=form.cleaned_data["version"],
        done=str(correction.done), then=f"{then}?clause={shown}#source-{shown}" if shown else then,
        **correction.named(order),
    )  # fmt: skip


_ORDERED = ("clause", "measure", "offset", "source", "text")


@dataclass(frozen=True)
class Order:
    """What a correction was asked to be about."""

    plan: Plan
    clause: int | None
    measure: list[int]
    offset: int | None
    source: str
    text: str

    @property
    def clause_id(self) -> int:
        """The clause meant.

        :raises Invalid: when none was named
        """
        return _needed(self.clause)

    @property
    def measure_id(self) -> int:
        """The one measure meant.

        :raises Invalid: when none was named
        """
        return _needed(self.measure[0] if self.measure else None)

    @property
    def place(self) -> int:
        """Where to cut.

        :raises Invalid: when no place was chosen
        """
        return _needed(self.offset)

    @property
    def above(self) -> int | str:
        """The clause before the one meant, which takes it in; the preamble for the first."""
        keys = [piece.key for piece in queries.draft_of(self.plan).pieces]
        at = keys.index(self.clause_id) if self.clause_id in keys else 0
        return keys[at - 1] if at else "preamble"


@dataclass(frozen=True)
class Correction:
    """One correction: its action, what it is about, its arguments, what is said and shown when it is done."""

    act: Callable[..., Any]
    done: Promise
    subject: Callable[[Order], tuple[int, ...]]
    named: Callable[[Order], dict[str, Any]] = lambda _order: {}
    shown: Callable[[Order], int | str | None] = lambda order: order.clause


def _clause(order: Order) -> tuple[int, ...]:
    return (order.clause_id,)


def _measure(order: Order) -> tuple[int, ...]:
    return (order.measure_id,)


def _plan(order: Order) -> tuple[int, ...]:
    return (order.plan.pk,)


def _offset(order: Order) -> dict[str, Any]:
    return {"offset": order.place}


def _measures(order: Order) -> dict[str, Any]:
    return {"measure_ids": order.measure}


def _text(order: Order) -> dict[str, Any]:
    return {"text": order.text}


CORRECTIONS: dict[str, Correction] = {
    "merge": Correction(
        actions.merge_clause, gettext_lazy("已并入上一条。"), _clause, shown=lambda order: order.above
    ),
    "split": Correction(actions.split_clause, gettext_lazy("已拆分。"), _clause, _offset),
    "promote": Correction(actions.promote_clause, gettext_lazy("已升一级。"), _clause),
    "demote": Correction(actions.demote_clause, gettext_lazy("已降一级。"), _clause),
    "add_clause": Correction(
        actions.add_clause,
        gettext_lazy("已列为一条。"),
        _plan,
        lambda order: {"source": order.source or "preamble", "offset": order.place},
        lambda order: order.source,
    ),
    "drop": Correction(actions.drop_measures, gettext_lazy("已删去，可恢复。"), _plan, _measures),
    "restore": Correction(actions.restore_measures, gettext_lazy("已恢复。"), _plan, _measures),
    "edit_measure": Correction(actions.edit_measure, gettext_lazy("已修改任务内容。"), _measure, _text),
    "split_measure": Correction(actions.split_measure, gettext_lazy("已拆分任务。"), _measure, _offset),
    "merge_measure": Correction(actions.merge_measure, gettext_lazy("已合并任务。"), _measure),
    "add_measure": Correction(actions.add_measure, gettext_lazy("已增列任务。"), _clause, _text),
    "undo": Correction(actions.undo_correction, gettext_lazy("已撤销上一步修改。"), _plan),
}


def _needed(value: int | None) -> int:
    if value is None:
        raise Invalid(_("没有选好要修改的内容，请返回后重新选择。"))
    return value


def _chosen_context(chosen: queries.Branch, branches: list[queries.Branch]) -> dict[str, Any]:
    clause = chosen.clause
    at = branches.index(chosen)
    known = {measure.text for measure in chosen.measures if not measure.is_dropped}
    kept = [measure for measure in chosen.measures if not measure.is_dropped]
    return {
        "places": rules.places(clause.text),
        "candidates": [s for s in rules.sentences(clause.heading + clause.text) if s not in known],
        "measures": [_measure_row(measure, kept) for measure in chosen.measures],
        "can_promote": clause.level > 0,
        "can_demote": at > 0 and clause.level <= branches[at - 1].clause.level,
        "previous": branches[at - 1].clause if at else None,
        "following": branches[at + 1].clause if at + 1 < len(branches) else None,
    }


def _measure_row(measure: Measure, kept: list[Measure]) -> dict[str, Any]:
    return {
        "measure": measure,
        "places": rules.places(measure.text, soft=True),
        "is_first": not kept or measure.pk == kept[0].pk,
    }


def _places_outside(plan: Plan, source: str) -> list[tuple[int, str]]:
    text = plan.preamble if source == "preamble" else plan.closing
    places = rules.places(text)
    if source == "preamble":
        begin = len(text) - len(text.lstrip())
        return [(begin, text.strip()[:80]), *places] if text.strip() else []
    # The closing is cut after a sentence: what stands before the cut becomes the last clause.
    ends = [*(offset for offset, _sentence in places), len(text)]
    return [(end, text[:end].strip()[-80:]) for end in ends if text[:end].strip()]
