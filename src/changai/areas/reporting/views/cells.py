"""One cell by itself: the months before, who wrote what, and what is said about it."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from changai.areas.reporting import actions, policies, queries
from changai.areas.reporting.models import Report
from changai.areas.reporting.queries import MonthValue
from changai.areas.reporting.rules.cells import LONGEST_COMMENT, Cell, NotACell, parse_cell, written
from changai.areas.reporting.rules.series import spark_points
from changai.areas.reporting.views.lists import crumbs, title_of
from changai.core.errors import NotVisible
from changai.foundation.pages import Request, page, press
from changai.foundation.ui.parts import Crumb

SPARK_WIDTH, SPARK_HEIGHT, SPARK_MARGIN = 240, 48, 6


@page("report.view")
@require_safe
def cell(request: Request, pk: int, cell: str) -> HttpResponse:
    """Show one cell: a page, or the panel of it to the script of the sheet."""
    report, found = queries.report_for(request.actor, pk), _parsed(cell)
    line = queries.line_of(report, found)
    is_own = policies.may_read_sheet(request.actor, report)
    reads_comments = policies.may_read_comments(request.actor, report)
    context = {
        "report": report,
        "cell": cell,
        "name": queries.name_of(line),
        "label": _(queries.label_of(found)),
        "value": written(getattr(line, found.column)) if is_own else "",
        "is_own": is_own,
        "changes": queries.cell_changes(report, cell) if is_own else [],
        "reads_comments": reads_comments,
        "thread": queries.thread_of(report, cell) if reads_comments else None,
        "may_comment": policies.comment_refusal(request.actor, report) is None,
        "longest": LONGEST_COMMENT,
        "back": _sheet_or_report(request, report),
        "breadcrumbs": crumbs(
            Crumb(title_of(report), _sheet_or_report(request, report)), Crumb(_("批注和历次内容"))
        ),
        **_months(queries.earlier_months(report, found)),
    }
    if request.headers.get("X-Panel") != "1":
        return render(request, "reporting/cell.html", context)
    context["told"] = [str(message) for message in messages.get_messages(request)]
    return render(request, "reporting/_cell.html", context)


def _parsed(cell: str) -> Cell:
    try:
        return parse_cell(cell)
    except NotACell as wrong:
        raise NotVisible from wrong


def _sheet_or_report(request: Request, report: Report) -> str:
    name = "sheet" if policies.may_read_sheet(request.actor, report) else "report"
    return reverse(f"reporting:{name}", args=[report.pk])


def _months(months: list[MonthValue]) -> dict[str, Any]:
    values = [month.value for month in reversed(months)]
    figures = [value if isinstance(value, Decimal) else None for value in values]
    points = spark_points(figures, width=SPARK_WIDTH, height=SPARK_HEIGHT)
    placed = [(x + SPARK_MARGIN, y + SPARK_MARGIN) for x, y in points]
    return {
        "months": [(month, written(month.value)) for month in months],
        "spark": placed if len(placed) > 1 else [],
        "spark_line": " ".join(f"{x},{y}" for x, y in placed),
        "spark_width": SPARK_WIDTH + 2 * SPARK_MARGIN,
        "spark_height": SPARK_HEIGHT + 2 * SPARK_MARGIN,
    }


@page("report.comment")
@require_POST
def comment(request: Request, pk: int, cell: str) -> HttpResponse:
    """Say something about the cell."""
    return press(
        request, actions.comment_cell, pk,
        cell=cell, words=request.POST.get("words", ""),
        done=_("已批注，对方将收到消息。"), then=_cell_address(pk, cell),
    )  # fmt: skip


@page("report.comment")
@require_POST
def settle(request: Request, pk: int, cell: str) -> HttpResponse:
    """Close the thread of the cell."""
    return press(
        request, actions.settle_thread, pk,
        cell=cell, done=_("已了结。"), then=_cell_address(pk, cell),
    )  # fmt: skip


def _cell_address(pk: int, cell: str) -> str:
    return reverse("reporting:cell", args=[pk, cell])
