"""人工核定: one judged item at a time, every unit a row."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from changai.areas.assessments import actions, queries
from changai.areas.assessments.forms import JudgedRow, kept_row, touched_rows
from changai.areas.assessments.models import Round
from changai.areas.assessments.views.places import index_crumb, round_crumb
from changai.core.errors import Invalid, RecordMoved
from changai.foundation.pages import Request, page, see_other
from changai.foundation.ui.parts import Crumb, Tab


@page("assessment.review")
@require_http_methods(["GET", "POST"])
def judge(request: Request, pk: int) -> HttpResponse:
    """Show the rows of one judged item, or save those that were changed on the page.

    Each row is an order of its own: those that can be saved are, the others come back with what was typed.
    """
    round_ = queries.round_for(request.actor, pk)
    every = queries.judgements(round_)
    item = _chosen(request, every)
    refused: dict[int, JudgedRow] = {}
    status = 200
    if request.method == "POST" and item:
        saved, refused, status = _save(request, round_, [row for row in every if row.field == item])
        if saved:
            sentence = ngettext("已保存 %(count)d 项核定。", "已保存 %(count)d 项核定。", saved)
            messages.success(request, sentence % {"count": saved})
        if not refused:
            return see_other(_address(round_, item))
        round_ = queries.round_for(request.actor, pk)  # a judgement opens a scored round again
        every = queries.judgements(round_)
    return render(
        request, "assessments/judge.html", _page(request, round_, every, item, refused), status=status
    )


def _save(
    request: Request, round_: Round, judgements: list[queries.Judgement]
) -> tuple[int, dict[int, JudgedRow], int]:
    """Return how many rows were saved, those that were refused by unit, and the status to answer with."""
    saved, refused, statuses = 0, {}, []
    for row, version in touched_rows(request.POST.dict(), judgements):
        try:
            _give(request, round_, row, version)
            saved += 1
        except (Invalid, RecordMoved) as refusal:
            refused[row.judgement.unit.pk] = row.refused(refusal.sentence)
            statuses.append(refusal.status)
    return (
        saved,
        refused,
        min(statuses, default=200),
    )  # somebody else's change (409) goes before a fault (422)


def _give(request: Request, round_: Round, row: JudgedRow, version: int) -> None:
    actions.give_points(
        request.actor, round_.pk, row.judgement.unit.pk, row.judgement.field,
        value=row.value(), reason=row.reason, version=version, at=timezone.now(),
    )  # fmt: skip


def _page(
    request: Request,
    round_: Round,
    every: list[queries.Judgement],
    item: str,
    refused: dict[int, JudgedRow],
) -> dict[str, Any]:
    rows = [kept_row(row, request.actor.unit_id) for row in every if row.field == item]
    return {
        "round": round_,
        "item": next((row.leaf for row in every if row.field == item), None),
        "rows": sorted((_with_refusal(row, refused) for row in rows), key=lambda row: not row.fault),
        "refused": list(refused.values()),
        "tabs": _tabs(round_, every, item),
        "done": sum(row.given is not None for row in every),
        "total": len(every),
        "is_closed": round_.status == Round.Status.PUBLISHED,
        "breadcrumbs": [index_crumb(), round_crumb(round_), Crumb(_("人工核定"))],
    }


def _with_refusal(row: JudgedRow, refused: dict[int, JudgedRow]) -> JudgedRow:
    """Return the row as it stands now, with what was typed and why it was refused."""
    typed = refused.get(row.judgement.unit.pk)
    if typed is None:
        return row
    return JudgedRow(row.judgement, typed.points, typed.reason, typed.fault, row.is_own)


def _chosen(request: Request, every: list[queries.Judgement]) -> str:
    """Return the field of the item asked for: the first with something open when none is."""
    asked = request.GET.get("item", "")
    fields = list(dict.fromkeys(row.field for row in every))
    if asked in fields:
        return asked
    return next((row.field for row in every if row.given is None), fields[0] if fields else "")


def _tabs(round_: Round, every: list[queries.Judgement], item: str) -> list[Tab]:
    tabs = []
    for leaf in dict.fromkeys(row.leaf for row in every):
        waiting = sum(row.given is None for row in every if row.field == leaf.field)
        tabs.append(Tab(leaf.name, _address(round_, leaf.field), waiting or None, leaf.field == item))
    return tabs


def _address(round_: Round, item: str) -> str:
    return f"{reverse('assessments:judge', args=[round_.pk])}?{urlencode({'item': item})}"
