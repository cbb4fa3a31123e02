"""A frozen figure as a page: what it means, the records behind it, what became of them, and the way down to each."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from changai.areas.assessments.queries import told_scores
from changai.areas.briefings import queries
from changai.areas.briefings.models import FrozenFigure
from changai.areas.briefings.views.frame import briefing_crumb, crumbs
from changai.foundation.actors import Actor
from changai.foundation.pages import Request, page
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import Crumb


@page("briefing.view")
@require_safe
def figure(request: Request, pk: int, key: str) -> HttpResponse:
    """Show one frozen figure: what it means, how it was worked out, and the records behind it."""
    found = queries.figure_for(request.actor, pk, key)
    rows = _own_first(request.actor, found.records)
    listing = Listing(
        request.GET,
        rows,
        sorts={"label": "label", "place": "place"},
        filters={
            "q": lambda listed, text: [row for row in listed if text in row["label"]],
            "counted": lambda listed, text: [row for row in listed if row["is_counted"] == (text == "yes")],
        },
    )
    changed = queries.changed_since(request.actor, [row for row in rows if row["is_openable"]])
    context = {
        "figure": found,
        "briefing": found.briefing,
        "listing": listing,
        "rows": [{**row, "now": changed.get((row["type"], row["id"]), "")} for row in listing],
        "changed_count": len(changed),
        "openable_count": sum(row["is_openable"] for row in rows),
        "by_unit": _by_unit(rows),
        "now": _now(found) if "now" in request.GET else None,
        "errata": found.briefing.errata.all(),
        "has_parts": any(not row["is_counted"] for row in rows),
        "has_values": any(row["value"] for row in rows),
        "breadcrumbs": crumbs(briefing_crumb(found.briefing), Crumb(found.name)),
    }
    return render(request, "briefings/figure.html", context)


def _announced(actor: Actor, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the records with the names taken off results the actor is not told of."""
    ids = {row["id"] for row in rows if row["type"] == queries.SCORE}
    if not ids:
        return rows
    told = told_scores(actor, ids)
    unnamed = {"label": _("未公布的单位"), "unit": "", "value": ""}
    return [row if row["type"] != queries.SCORE or row["id"] in told else {**row, **unnamed} for row in rows]


def _own_first(actor: Actor, records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the records with their places, those the actor may open first: a unit looks for its own."""
    rows = _announced(actor, [{**record, "place": place} for place, record in enumerate(records, start=1)])
    opened = queries.openable(actor, rows)
    marked = [{**row, "is_openable": (row["type"], row["id"]) in opened} for row in rows]
    return sorted(marked, key=lambda row: not row["is_openable"])


def _by_unit(rows: Sequence[dict[str, Any]]) -> list[tuple[str, int, str]]:
    """Return unit, number of records and, where they are figures, their sum, of what the actor may open.

    Nothing when every unit has one record.
    """
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["is_openable"] and row["is_counted"] and row["unit"]:
            groups.setdefault(row["unit"], []).append(row)
    if all(len(listed) == 1 for listed in groups.values()):
        return []
    return [(unit, len(listed), _sum(listed)) for unit, listed in groups.items()]


def _sum(rows: Sequence[dict[str, Any]]) -> str:
    if rows[0]["type"] != "facts.fact":
        return ""
    return f"{sum((Decimal(row['value']) for row in rows), Decimal(0)).normalize():f}"


def _now(found: FrozenFigure) -> tuple[str, bool]:
    """Return what a figure says when it is worked out now, and whether that is what was printed."""
    with translation.override(settings.LANGUAGE_CODE):  # figures are Chinese in every language of the pages
        produced = queries.figure_now(found)
    return (produced.text, produced.text == found.printed) if produced else ("", False)


@page("briefing.view")
@require_safe
def record(request: Request, pk: int, place: int, key: str) -> HttpResponse:
    """Show the way from one record of a figure down to what was sent and who accepted it."""
    found = queries.figure_for(request.actor, pk, key)
    path = queries.record_path(request.actor, found, place)
    figure_crumb = Crumb(found.name, reverse("briefings:figure", args=[pk, key]))
    context = {
        "figure": found,
        "briefing": found.briefing,
        "path": _shown(path),
        "breadcrumbs": crumbs(briefing_crumb(found.briefing), figure_crumb, Crumb(path["label"])),
    }
    return render(request, "briefings/record.html", context)


def _shown(node: dict[str, Any]) -> dict[str, Any]:
    """Return a node ready to be read: its kind in words, its moments as moments, long trees folded."""
    moments = {
        name: datetime.fromisoformat(node[name]) if node.get(name) else None
        for name in ("accepted_at", "sent_at", "outcome_at")
    }
    outcomes = {"accepted": _("审核采用"), "returned": _("审核退回")}
    shown = {
        "kind": _kinds().get(node["type"], _("来源")),
        "outcome_label": outcomes.get(node.get("outcome", ""), ""),
        "is_open": node["type"] != "facts.fact",
        "below": [_shown(under) for under in node.get("from", [])],
    }
    return node | moments | shown


def _kinds() -> dict[str, str]:
    return {
        "assessments.score": _("考核得分"),
        "assessments.leaf": _("指标得分"),
        "assessments.reviewedpoints": _("核定"),
        "facts.fact": _("数据"),
        "facts.office": _("办公室录入"),
        "reporting.report": _("月报"),
        "reporting.record": _("报送记录"),
        "reporting.submission": _("报送"),
        "tasks.claim": _("任务"),
        "tasks.answer": _("认领情况"),
        "plans.measure": _("任务来源"),
        "evidence.file": _("佐证材料"),
        "schemes.comment": _("意见"),
        "schemes.answer": _("征求意见反馈"),
        "schemes.decision": _("采纳情况"),
        "schemes.sent": _("反馈"),
    }
