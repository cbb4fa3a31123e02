"""Evidence of the sheet: put to lines, taken off, used again."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from changai.areas.evidence import queries as evidence
from changai.areas.evidence.actions import keep_file
from changai.areas.reporting import actions, policies, queries
from changai.areas.reporting.views.grid import Told, figure_lines, task_lines
from changai.areas.reporting.views.lists import crumbs, title_of
from changai.core.errors import Invalid
from changai.foundation.pages import Request, number_in, page, press
from changai.foundation.ui.parts import Crumb


@page("report.fill")
def attachments(request: Request, pk: int, line: str) -> HttpResponse:
    """Show and change the evidence of one line; a file is uploaded here, or one of the unit's files is used again."""
    if request.method == "POST":
        return _attach(request, pk, line)
    report = queries.report_for(request.actor, pk)
    policies.require(request.actor, "fill", report)
    found = {entry.ref: entry for entry in (*task_lines(report, Told()), *figure_lines(report, Told()))}.get(
        line
    )
    if found is None:
        raise Invalid("表中没有这一行，请刷新页面。")
    attached = list(found.line.evidence.all())
    others = evidence.visible_to(request.actor).filter(unit=report.obligation.unit_id)
    context = {
        "report": report,
        "line": found,
        "name": found.name,
        "attached": attached,
        "others": others.exclude(pk__in=[file.pk for file in attached])[:30],
        "breadcrumbs": crumbs(
            Crumb(title_of(report), reverse("reporting:sheet", args=[pk])), Crumb(_("佐证材料"))
        ),
    }
    return render(request, "reporting/attachments.html", context)


def _attach(request: Request, pk: int, line: str) -> HttpResponse:
    then = reverse("reporting:attachments", args=[pk, line])
    if uploaded := request.FILES.get("file"):
        now = timezone.now()
        report = queries.report_for(request.actor, pk)
        policies.require(request.actor, "fill", report)
        file = keep_file(
            request.actor,
            unit_id=report.obligation.unit_id,
            name=uploaded.name or "",
            content=uploaded.read(),
            at=now,
        )
        return press(
            request,
            actions.attach_evidence,
            pk,
            line=line,
            evidence_id=file.pk,
            done=_("已添加。"),
            then=then,
        )
    chosen = number_in(request.POST.get("file_id", ""))
    act = actions.detach_evidence if request.POST.get("move") == "detach" else actions.attach_evidence
    if chosen is None:
        raise Invalid("请选择文件。")
    return press(request, act, pk, line=line, evidence_id=chosen, done=_("已更新佐证材料。"), then=then)
