"""Evidence of the sheet: put to lines, taken off, used again; one file may serve many lines."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from changai.areas.evidence import queries as evidence
from changai.areas.evidence.actions import keep_file
from changai.areas.reporting import actions, policies, queries
from changai.areas.reporting.models import Report
from changai.areas.reporting.rules.cells import TAKEN
from changai.areas.reporting.views.grid import GridLine, Told, figure_lines, task_lines
from changai.areas.reporting.views.lists import crumbs, title_of
from changai.core.errors import ActionRefused, Invalid, NotVisible, Unreadable
from changai.foundation.pages import Request, number_in, page, press
from changai.foundation.ui.parts import Crumb


@page("report.fill")
def attachments(request: Request, pk: int, line: str) -> HttpResponse:
    """Show and change the evidence of one line; a file is uploaded here, or one of the unit's files is used again."""
    if request.method == "POST":
        return _attach(request, pk, line)
    return _show(request, _fillable(request, pk), line)


def _fillable(request: Request, pk: int) -> Report:
    report = queries.report_for(request.actor, pk)
    policies.require(request.actor, "fill", report)
    return report


def _lines(report: Report) -> list[GridLine]:
    return [*task_lines(report, Told()), *figure_lines(report, Told())]


def _found(lines: Iterable[GridLine], line: str) -> GridLine:
    """Return the line of the sheet, when its evidence may still change."""
    found = next((entry for entry in lines if entry.ref == line), None)
    if found is None:
        raise Invalid("表中没有这一行，请刷新页面。")
    if found.line.taken_at is not None:
        raise Invalid(TAKEN)
    return found


def _crumbs(report: Report) -> list[Crumb]:
    return crumbs(Crumb(title_of(report), reverse("reporting:sheet", args=[report.pk])), Crumb(_("佐证材料")))


def _show(request: Request, report: Report, line: str, refusal: ActionRefused | None = None) -> HttpResponse:
    lines = _lines(report)
    found = _found(lines, line)
    attached = list(found.line.evidence.all())
    others = evidence.visible_to(request.actor).filter(unit=report.obligation.unit_id)
    context = {
        "report": report,
        "line": found,
        "name": found.name,
        "attached": [(file, _served(lines, file.pk)) for file in attached],
        "others": others.exclude(pk__in=[file.pk for file in attached])[:30],
        "refusal": refusal,
        "breadcrumbs": _crumbs(report),
    }
    return render(request, "reporting/attachments.html", context, status=refusal.status if refusal else 200)


def _served(lines: Iterable[GridLine], file_id: int) -> int:
    return sum(any(file.pk == file_id for file in entry.line.evidence.all()) for entry in lines)


def _attach(request: Request, pk: int, line: str) -> HttpResponse:
    then = reverse("reporting:attachments", args=[pk, line])
    if uploaded := request.FILES.get("file"):
        return _upload(request, pk, line, uploaded.name or "", uploaded.read())
    chosen = number_in(request.POST.get("file_id", ""))
    act = actions.detach_evidence if request.POST.get("move") == "detach" else actions.attach_evidence
    if chosen is None:
        return _show(request, _fillable(request, pk), line, Invalid("请选择文件。"))
    return press(request, act, pk, line=line, evidence_id=chosen, done=_("已更新佐证材料。"), then=then)


def _upload(request: Request, pk: int, line: str, name: str, content: bytes) -> HttpResponse:
    """Take the file in and put it to the line; one that is no evidence is refused at the place, with its reason."""
    report = _fillable(request, pk)
    _found(_lines(report), line)  # before a file is taken in that could not be put to it
    try:
        file = keep_file(
            request.actor, unit_id=report.obligation.unit_id, name=name, content=content, at=timezone.now()
        )  # fmt: skip
    except Unreadable as refused:
        return _show(request, report, line, refused)
    return press(
        request, actions.attach_evidence, pk,
        line=line, evidence_id=file.pk, done=_("已添加。"), then=reverse("reporting:attachments", args=[pk, line]),
    )  # fmt: skip


@page("report.fill")
def placing(request: Request, pk: int, file_id: int) -> HttpResponse:
    """Show which lines a file serves; choose them all at once."""
    report = _fillable(request, pk)
    file = evidence.visible_to(request.actor).filter(pk=file_id, unit=report.obligation.unit_id).first()
    if file is None:
        raise NotVisible
    if request.method == "POST":
        return press(
            request, actions.place_evidence, pk,
            evidence_id=file_id, lines=request.POST.getlist("line"), done=_("已更新这份材料用于的事项。"),
            then=reverse("reporting:sheet", args=[pk]),
        )  # fmt: skip
    context = {
        "report": report,
        "file": file,
        "lines": [(entry, _served([entry], file_id)) for entry in _lines(report)],
        "breadcrumbs": _crumbs(report),
    }
    return render(request, "reporting/placing.html", context)
